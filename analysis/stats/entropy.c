#include "analysis/stats/entropy.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/random.h"

#define ENOUGH 10 /* permutations in the tail */
#define ROUND 256 /* further permutations at a time, at least */

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
  gsize round;                         /* replicates that null has room for */
  double *null;                        /* (n_groups, round) */
  gsize done;                          /* permutations of earlier rounds */
  gsize *below, *above;                /* (n_groups) permutations as low, and as high, as observed */
  bool *closed;                        /* (n_groups) have enough of them */
  EntropyGroup *groups;                /* (n_groups) the caller's */
} Entropy;

static void entropy_clear(Entropy *entropy) {
  joint_density_free(entropy->density);
  g_free(entropy->cell);
  g_free(entropy->group);
  g_free(entropy->start);
  g_free(entropy->work);
  g_free(entropy->order);
  g_free(entropy->null);
  g_free(entropy->below);
  g_free(entropy->closed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entropy, entropy_clear)

/* The entropy of counts (area) once smoothed; half and map are workspaces of the same size. */
static double smoothed_entropy(const Entropy *entropy, const double *counts, double *half, double *map) {
  return joint_density_smooth(entropy->density, counts, half, map) ? joint_density_entropy(map, entropy->area) : NAN;
}

static void count_rating(const Entropy *entropy, double *counts, gsize rating, gsize group) {
  counts[group * entropy->area + entropy->cell[rating]]++;
}

/* Of the groups that are not closed. */
static void measure(const Entropy *entropy, double *counts, double *out, gsize stride) {
  double *half = counts + entropy->n_groups * entropy->area, *map = half + entropy->area;
  for (gsize g = 0; g < entropy->n_groups; g++)
    if (!entropy->closed[g])
      out[g * stride] = smoothed_entropy(entropy, counts + g * entropy->area, half, map);
}

/* Replicate number `replicate` of this round. */
static bool run_permutation(gpointer context, gsize replicate, gsize worker, GError **error) {
  (void)error;
  Entropy *entropy = context;
  gsize area = entropy->area;
  double *counts = entropy->work + worker * (entropy->n_groups + 2) * area;
  gsize *labels = entropy->order + worker * entropy->n;
  Random random;
  char name[40];
  g_snprintf(name, sizeof name, "entropy %" G_GSIZE_FORMAT, entropy->done + replicate);
  random_init_stream(&random, entropy->options->seed, name);
  memset(counts, 0, entropy->n_groups * area * sizeof *counts);
  memcpy(labels, entropy->group, entropy->n * sizeof *labels);
  for (gsize c = 0; c < entropy->n_clusters; c++)
    random_shuffle(&random, labels + entropy->start[c], entropy->start[c + 1] - entropy->start[c]);
  for (gsize i = 0; i < entropy->n; i++)
    count_rating(entropy, counts, i, labels[i]);
  measure(entropy, counts, entropy->null + replicate, entropy->round);
  return true;
}

/* Adds weight times the group's ratings of cluster c to counts (area); returns how many there are. */
static gsize count_cluster(const Entropy *entropy, gsize c, gsize group, double weight, double *counts) {
  gsize found = 0;
  for (gsize i = entropy->start[c]; i < entropy->start[c + 1]; i++)
    if (entropy->group[i] == group) {
      counts[entropy->cell[i]] += weight;
      found++;
    }
  return found;
}

static bool run_jackknife(gpointer context, gsize g, gsize worker, GError **error) {
  (void)error;
  Entropy *entropy = context;
  EntropyGroup *group = &entropy->groups[g];
  gsize area = entropy->area;
  double *counts = entropy->work + worker * (entropy->n_groups + 2) * area, *half = counts + area, *map = half + area;
  double clusters = 0, mean = 0, squares = 0; /* of the entropies without one cluster, as they come */
  memset(counts, 0, area * sizeof *counts);
  for (gsize c = 0; c < entropy->n_clusters; c++)
    count_cluster(entropy, c, g, 1, counts);
  for (gsize c = 0; c < entropy->n_clusters; c++) {
    if (count_cluster(entropy, c, g, -1, counts) == 0)
      continue;
    double without = smoothed_entropy(entropy, counts, half, map), difference = without - mean;
    count_cluster(entropy, c, g, 1, counts);
    clusters++;
    mean += difference / clusters;
    squares += difference * (without - mean);
  }
  if (clusters < 2)
    return true; /* how others would differ cannot be seen in one */
  double most = 2 * log2((double)entropy->options->plane.cells);
  double corrected = group->entropy - (clusters - 1) * (mean - group->entropy);
  double reach = distribution_t_quantile((1 + DESCRIPTIVE_CONFIDENCE) / 2, clusters - 1) *
                 sqrt(squares * (clusters - 1) / clusters);
  group->corrected = CLAMP(corrected, 0, most);
  group->ci_low = CLAMP(corrected - reach, 0, most);
  group->ci_high = CLAMP(corrected + reach, 0, most);
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
      (entropy->null = memory_doubles(entropy->n_groups, entropy->round, error)) == NULL ||
      (entropy->below = memory_items(entropy->n_groups, 2 * sizeof(gsize), error)) == NULL ||
      (entropy->closed = memory_items(entropy->n_groups, sizeof(bool), error)) == NULL)
    return false;
  entropy->above = entropy->below + entropy->n_groups;
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

/* Counts a round of n permutations and closes groups; returns how many are open. */
static gsize count_tails(Entropy *entropy, EntropyGroup *groups, gsize n) {
  gsize open = 0;
  entropy->done += n;
  for (gsize g = 0; g < entropy->n_groups; g++) {
    const double *null = entropy->null + g * entropy->round;
    if (entropy->closed[g])
      continue;
    for (gsize r = 0; r < n; r++) {
      entropy->below[g] += null[r] <= groups[g].entropy;
      entropy->above[g] += null[r] >= groups[g].entropy;
    }
    gsize tail = MIN(entropy->below[g], entropy->above[g]);
    groups[g].n_permutations = entropy->done;
    groups[g].p = fmin(1, 2 * (1 + (double)tail) / (1 + (double)entropy->done));
    entropy->closed[g] = tail >= ENOUGH;
    open += !entropy->closed[g];
  }
  return open;
}

static bool resample(Entropy *entropy, const BatchOptions *batch, EntropyGroup *groups, GError **error) {
  gsize n = entropy->options->n_replicates, most = ENTROPY_MOST * entropy->n_groups;
  for (gsize g = 0; g < entropy->n_groups; g++)
    entropy->closed[g] = groups[g].n == 0;
  if (!batch_run(batch, n, run_permutation, entropy, error))
    return false;
  for (gsize g = 0; g < entropy->n_groups; g++)
    if (groups[g].n > 0) {
      groups[g].null_mean = descriptive_mean(entropy->null + g * entropy->round, n);
      groups[g].null_sd = descriptive_sd(entropy->null + g * entropy->round, n);
    }
  for (gsize open; (open = count_tails(entropy, groups, n)) > 0 && entropy->done * open < most;) {
    n = MIN(entropy->round, (most + open - 1) / open - entropy->done);
    if (!batch_run(batch, n, run_permutation, entropy, error))
      return false;
  }
  return true;
}

bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error) {
  BatchOptions batch = {.n_workers = options->n_workers};
  gsize round = MAX(options->n_replicates, ROUND), workers = batch_workers(&batch, MAX(round, data->n_groups));
  g_auto(Entropy) entropy = {.options = options,
                             .n_groups = data->n_groups,
                             .n_clusters = data->n_clusters,
                             .round = round,
                             .groups = groups,
                             .area = options->plane.cells * options->plane.cells};
  if (!load(&entropy, data, workers, error))
    return false;
  static const EntropyGroup none = {0, NAN, NAN, NAN, NAN, 0, NAN, NAN, NAN};
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
  for (gsize g = 0; g < data->n_groups; g++)
    groups[g].entropy = observed[g];
  return batch_run(&batch, data->n_groups, run_jackknife, &entropy, error) &&
         (options->n_replicates == 0 || resample(&entropy, &batch, groups, error));
}
