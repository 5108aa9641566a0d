#include "analysis/stats/entropy.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/random.h"

/* Complete ratings sorted by cluster, each with its cell. */
typedef struct {
  const EntropyOptions *options;
  JointDensity *density;
  gsize n, n_groups, n_clusters, area; /* area: cells of the plane */
  gsize *cell;                         /* (n) */
  gsize *group;                        /* (n) */
  gsize *start;                        /* (n_clusters + 1) */
  double *work;                        /* (n_workers, n_groups + 2, area) */
  gsize *order;                        /* (n_workers, n) */
  double *null, *bootstrap;            /* (n_groups, n_replicates) */
} Entropy;

static void entropy_clear(Entropy *entropy) {
  joint_density_free(entropy->density);
  g_free(entropy->cell);
  g_free(entropy->group);
  g_free(entropy->start);
  g_free(entropy->work);
  g_free(entropy->order);
  g_free(entropy->null);
  g_free(entropy->bootstrap);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entropy, entropy_clear)

/* The entropy of counts (area) once smoothed; half and map are workspaces of the same size. */
static double smoothed_entropy(const Entropy *entropy, const double *counts, double *half, double *map) {
  return joint_density_smooth(entropy->density, counts, half, map) ? joint_density_entropy(map, entropy->area) : NAN;
}

static void count_rating(const Entropy *entropy, double *counts, gsize rating, gsize group) {
  counts[group * entropy->area + entropy->cell[rating]]++;
}

static void measure(const Entropy *entropy, double *counts, double *out, gsize stride) {
  double *half = counts + entropy->n_groups * entropy->area, *map = half + entropy->area;
  for (gsize g = 0; g < entropy->n_groups; g++)
    out[g * stride] = smoothed_entropy(entropy, counts + g * entropy->area, half, map);
}

static bool run_replicate(gpointer context, gsize replicate, gsize worker, GError **error) {
  (void)error;
  Entropy *entropy = context;
  gsize area = entropy->area, replicates = entropy->options->n_replicates;
  double *counts = entropy->work + worker * (entropy->n_groups + 2) * area;
  gsize *labels = entropy->order + worker * entropy->n;
  Random random;
  char name[40];
  g_snprintf(name, sizeof name, "entropy %" G_GSIZE_FORMAT, replicate);
  random_init_stream(&random, entropy->options->seed, name);
  memset(counts, 0, entropy->n_groups * area * sizeof *counts);
  memcpy(labels, entropy->group, entropy->n * sizeof *labels);
  for (gsize c = 0; c < entropy->n_clusters; c++)
    random_shuffle(&random, labels + entropy->start[c], entropy->start[c + 1] - entropy->start[c]);
  for (gsize i = 0; i < entropy->n; i++)
    count_rating(entropy, counts, i, labels[i]);
  measure(entropy, counts, entropy->null + replicate, replicates);
  memset(counts, 0, entropy->n_groups * area * sizeof *counts);
  for (gsize draw = 0; draw < entropy->n_clusters; draw++) {
    gsize c = random_below(&random, (guint32)entropy->n_clusters);
    for (gsize i = entropy->start[c]; i < entropy->start[c + 1]; i++)
      count_rating(entropy, counts, i, entropy->group[i]);
  }
  measure(entropy, counts, entropy->bootstrap + replicate, replicates);
  return true;
}

static bool usable(const EntropyData *data, gsize i) { return !isnan(data->x[i]) && !isnan(data->y[i]); }

/* Sorts the ratings by cluster. */
static bool load(Entropy *entropy, const EntropyData *data, gsize n_workers, GError **error) {
  const EntropyOptions *options = entropy->options;
  for (gsize i = 0; i < data->n; i++)
    entropy->n += usable(data, i);
  if (!joint_density_new(&options->plane, &entropy->density, error) ||
      (entropy->cell = memory_items(entropy->n, sizeof *entropy->cell, error)) == NULL ||
      (entropy->group = memory_items(entropy->n, sizeof *entropy->group, error)) == NULL ||
      (entropy->start = memory_items(entropy->n_clusters + 2, sizeof *entropy->start, error)) == NULL ||
      (entropy->work = memory_doubles(n_workers * (entropy->n_groups + 2), entropy->area, error)) == NULL ||
      (entropy->order = memory_items(entropy->n * n_workers, sizeof *entropy->order, error)) == NULL ||
      (entropy->null = memory_doubles(entropy->n_groups, options->n_replicates, error)) == NULL ||
      (entropy->bootstrap = memory_doubles(entropy->n_groups, options->n_replicates, error)) == NULL)
    return false;
  /* start[c + 1] is where cluster c goes on; once all are placed, start[c] is where it began. */
  for (gsize i = 0; i < data->n; i++)
    if (usable(data, i))
      entropy->start[data->cluster[i] + 2]++;
  for (gsize c = 2; c < entropy->n_clusters + 2; c++)
    entropy->start[c] += entropy->start[c - 1];
  for (gsize i = 0; i < data->n; i++) {
    if (!usable(data, i))
      continue;
    gsize at = entropy->start[data->cluster[i] + 1]++;
    entropy->group[at] = data->group[i];
    entropy->cell[at] = joint_density_cell(entropy->density, data->x[i], data->y[i]);
  }
  return true;
}

static void compare(const Entropy *entropy, gsize g, EntropyGroup *group) {
  gsize n = entropy->options->n_replicates;
  const double *null = entropy->null + g * n;
  gsize below = 0, above = 0;
  group->null_mean = descriptive_mean(null, n);
  group->null_sd = descriptive_sd(null, n);
  for (gsize r = 0; r < n; r++) {
    below += null[r] <= group->entropy;
    above += null[r] >= group->entropy;
  }
  group->p = fmin(1, 2 * (1 + (double)MIN(below, above)) / (1 + (double)n));
  if (entropy->n_clusters < 2)
    return; /* its bootstrap samples are all itself */
  double half =
      distribution_normal_quantile((1 + DESCRIPTIVE_CONFIDENCE) / 2) * descriptive_sd(entropy->bootstrap + g * n, n);
  group->ci_low = group->entropy - half;
  group->ci_high = group->entropy + half;
}

bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error) {
  BatchOptions batch = {.n_workers = options->n_workers};
  gsize workers = batch_workers(&batch, options->n_replicates);
  g_auto(Entropy) entropy = {.options = options,
                             .n_groups = data->n_groups,
                             .n_clusters = data->n_clusters,
                             .area = options->plane.cells * options->plane.cells};
  if (!load(&entropy, data, workers, error))
    return false;
  static const EntropyGroup none = {0, NAN, NAN, NAN, NAN, NAN, NAN};
  g_autofree double *observed = memory_doubles(data->n_groups, 1, error);
  if (observed == NULL)
    return false;
  for (gsize g = 0; g < data->n_groups; g++)
    groups[g] = none;
  for (gsize i = 0; i < entropy.n; i++) {
    count_rating(&entropy, entropy.work, i, entropy.group[i]);
    groups[entropy.group[i]].n++;
  }
  measure(&entropy, entropy.work, observed, 1);
  if (options->n_replicates > 0 && !batch_run(&batch, options->n_replicates, run_replicate, &entropy, error))
    return false;
  for (gsize g = 0; g < data->n_groups; g++) {
    groups[g].entropy = observed[g];
    if (groups[g].n > 0 && options->n_replicates > 0)
      compare(&entropy, g, &groups[g]);
  }
  return true;
}
