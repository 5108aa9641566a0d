#include "analysis/stats/entropy.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/random.h"

#define HALF_WIDTH 1.959963984540054 /* the normal's 97.5 % */

double entropy_bandwidth(double sd, double n_per_group) { return sd * pow(n_per_group, -1.0 / 6); }

/* Complete ratings sorted by cluster, each with its cell; and the smoothing matrices. */
typedef struct {
  const EntropyOptions *options;
  gsize n, n_groups, n_clusters, cells;
  double *kernel[2];        /* (cells, cells): mass that a rating in cell j puts into cell i, at [j * cells + i] */
  guint32 *cell;            /* (2, n) */
  gsize *group;             /* (n) */
  gsize *start;             /* (n_clusters + 1) */
  double *work;             /* (n_workers, n_groups + 2, cells^2) */
  gsize *order;             /* (n_workers, n) */
  double *null, *bootstrap; /* (n_groups, n_replicates) */
} Entropy;

static void entropy_clear(Entropy *entropy) {
  g_free(entropy->kernel[0]);
  g_free(entropy->kernel[1]);
  g_free(entropy->cell);
  g_free(entropy->group);
  g_free(entropy->start);
  g_free(entropy->work);
  g_free(entropy->order);
  g_free(entropy->null);
  g_free(entropy->bootstrap);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Entropy, entropy_clear)

static double normal_mass(double from, double to, double mean, double sd) {
  return 0.5 * (erf((to - mean) / (sd * G_SQRT2)) - erf((from - mean) / (sd * G_SQRT2)));
}

/* Reflections as far as they hold any mass; each cell's column is made to add up to 1. */
static void fill_kernel(double *kernel, gsize cells, double low, double high, double bandwidth) {
  double range = high - low, width = range / (double)cells;
  int reflections = (int)fmin(20, ceil(6 * bandwidth / range) + 1);
  for (gsize j = 0; j < cells; j++) {
    double centre = (0.5 + (double)j) * width, sum = 0;
    for (gsize i = 0; i < cells; i++) {
      double mass = 0, from = (double)i * width, to = from + width;
      for (int k = -reflections; k <= reflections; k++) {
        mass += normal_mass(from, to, 2 * k * range + centre, bandwidth);
        mass += normal_mass(from, to, 2 * k * range - centre, bandwidth);
      }
      kernel[j * cells + i] = mass;
      sum += mass;
    }
    for (gsize i = 0; i < cells; i++)
      kernel[j * cells + i] /= sum;
  }
}

static gsize cell_of(double value, double low, double high, gsize cells) {
  double at = floor((value - low) / (high - low) * (double)cells);
  return (gsize)CLAMP(at, 0, (double)cells - 1);
}

/* The entropy of counts (cells, cells; y by rows) once smoothed; half and density are workspaces of the same size. */
static double smoothed_entropy(const Entropy *entropy, const double *counts, double *half, double *density) {
  gsize m = entropy->cells;
  double total = 0, bits = 0;
  memset(half, 0, m * m * sizeof *half);
  memset(density, 0, m * m * sizeof *density);
  for (gsize row = 0; row < m; row++)
    for (gsize j = 0; j < m; j++) {
      double count = counts[row * m + j];
      if (count == 0)
        continue;
      total += count;
      for (gsize i = 0; i < m; i++)
        half[row * m + i] += count * entropy->kernel[0][j * m + i];
    }
  if (total == 0)
    return NAN;
  for (gsize j = 0; j < m; j++)
    for (gsize row = 0; row < m; row++) {
      double mass = entropy->kernel[1][j * m + row];
      for (gsize i = 0; i < m; i++)
        density[row * m + i] += mass * half[j * m + i];
    }
  for (gsize i = 0; i < m * m; i++) {
    double p = density[i] / total;
    if (p > 0)
      bits -= p * log2(p);
  }
  return bits;
}

static void count_rating(const Entropy *entropy, double *counts, gsize rating, gsize group) {
  gsize m = entropy->cells;
  counts[group * m * m + entropy->cell[entropy->n + rating] * m + entropy->cell[rating]]++;
}

static void measure(const Entropy *entropy, double *counts, double *out, gsize stride) {
  gsize area = entropy->cells * entropy->cells;
  double *half = counts + entropy->n_groups * area, *density = half + area;
  for (gsize g = 0; g < entropy->n_groups; g++)
    out[g * stride] = smoothed_entropy(entropy, counts + g * area, half, density);
}

static bool run_replicate(gpointer context, gsize replicate, gsize worker, GError **error) {
  (void)error;
  Entropy *entropy = context;
  gsize area = entropy->cells * entropy->cells, replicates = entropy->options->n_replicates;
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
  gsize area = entropy->cells * entropy->cells;
  for (gsize i = 0; i < data->n; i++)
    entropy->n += usable(data, i);
  if ((entropy->kernel[0] = memory_doubles(entropy->cells, entropy->cells, error)) == NULL ||
      (entropy->kernel[1] = memory_doubles(entropy->cells, entropy->cells, error)) == NULL ||
      (entropy->cell = memory_items(entropy->n, 2 * sizeof *entropy->cell, error)) == NULL ||
      (entropy->group = memory_items(entropy->n, sizeof *entropy->group, error)) == NULL ||
      (entropy->start = memory_items(entropy->n_clusters + 2, sizeof *entropy->start, error)) == NULL ||
      (entropy->work = memory_doubles(n_workers * (entropy->n_groups + 2), area, error)) == NULL ||
      (entropy->order = memory_items(entropy->n * n_workers, sizeof *entropy->order, error)) == NULL ||
      (entropy->null = memory_doubles(entropy->n_groups, options->n_replicates, error)) == NULL ||
      (entropy->bootstrap = memory_doubles(entropy->n_groups, options->n_replicates, error)) == NULL)
    return false;
  for (int axis = 0; axis < 2; axis++)
    fill_kernel(entropy->kernel[axis], entropy->cells, options->low[axis], options->high[axis],
                options->bandwidth[axis]);
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
    entropy->cell[at] = (guint32)cell_of(data->x[i], options->low[0], options->high[0], entropy->cells);
    entropy->cell[entropy->n + at] = (guint32)cell_of(data->y[i], options->low[1], options->high[1], entropy->cells);
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
  double sd = descriptive_sd(entropy->bootstrap + g * n, n);
  group->ci_low = group->entropy - HALF_WIDTH * sd;
  group->ci_high = group->entropy + HALF_WIDTH * sd;
}

bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error) {
  g_assert(options->cells >= 2 && options->bandwidth[0] > 0 && options->bandwidth[1] > 0);
  BatchOptions batch = {.n_workers = options->n_workers};
  gsize workers = batch_workers(&batch, options->n_replicates);
  g_auto(Entropy) entropy = {
      .options = options, .n_groups = data->n_groups, .n_clusters = data->n_clusters, .cells = options->cells};
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
