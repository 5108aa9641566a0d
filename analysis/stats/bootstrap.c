#include "analysis/stats/bootstrap.h"

#include <math.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/random.h"

#define LEAST_REPLICATES 40

typedef struct {
  const BootstrapOptions *options;
  BootstrapStatistics statistics;
  gpointer context;
  double *weights;    /* (n_workers, n_a + n_b) */
  double *found;      /* (n_workers, n_statistics) */
  double *replicates; /* (n_statistics, n_replicates) */
} Bootstrap;

static void draw(Random *random, double *weight, gsize n) {
  for (gsize i = 0; i < n; i++)
    weight[i] = 0;
  for (gsize i = 0; i < n; i++)
    weight[random_below(random, (guint32)n)]++;
}

static bool run_replicate(gpointer context, gsize replicate, gsize worker, GError **error) {
  Bootstrap *bootstrap = context;
  const BootstrapOptions *options = bootstrap->options;
  double *weights = bootstrap->weights + worker * (options->n_a + options->n_b);
  double *found = bootstrap->found + worker * options->n_statistics;
  Random random;
  char label[40];
  g_snprintf(label, sizeof label, "bootstrap %" G_GSIZE_FORMAT, replicate);
  random_init_stream(&random, options->seed, label);
  draw(&random, weights, options->n_a);
  draw(&random, weights + options->n_a, options->n_b);
  if (!bootstrap->statistics(bootstrap->context, weights, weights + options->n_a, worker, found, error))
    return false;
  for (gsize s = 0; s < options->n_statistics; s++)
    bootstrap->replicates[s * options->n_replicates + replicate] = found[s];
  return true;
}

bool bootstrap_two_way(const BootstrapOptions *options, BootstrapStatistics statistics, gpointer context,
                       double **replicates, GError **error) {
  BatchOptions batch = {.n_workers = options->n_workers};
  gsize workers = batch_workers(&batch, options->n_replicates);
  g_autofree double *weights = memory_doubles(workers, options->n_a + options->n_b, error);
  g_autofree double *found = memory_doubles(workers, options->n_statistics, error);
  g_autofree double *made = memory_doubles(options->n_statistics, options->n_replicates, error);
  if (weights == NULL || found == NULL || made == NULL)
    return false;
  Bootstrap bootstrap = {options, statistics, context, weights, found, made};
  if (!batch_run(&batch, options->n_replicates, run_replicate, &bootstrap, error))
    return false;
  *replicates = g_steal_pointer(&made);
  return true;
}

void bootstrap_interval(double *replicates, gsize n, BootstrapInterval *interval) {
  gsize known = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan(replicates[i]))
      replicates[known++] = replicates[i];
  *interval = (BootstrapInterval){known, descriptive_sd(replicates, known), NAN, NAN};
  if (known < LEAST_REPLICATES)
    return;
  descriptive_sort(replicates, known);
  interval->ci_low = descriptive_quantile(replicates, known, (1 - DESCRIPTIVE_CONFIDENCE) / 2);
  interval->ci_high = descriptive_quantile(replicates, known, 0.5 + DESCRIPTIVE_CONFIDENCE / 2);
}
