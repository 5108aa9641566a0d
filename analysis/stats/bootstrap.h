/* The two-way cluster bootstrap: participants and images are both drawn anew, with replacement and independently, so
 * that an interval allows for other raters and for other images at once.
 *
 * Source: Owen 2007, doi:10.1214/07-AOAS122 (the pigeonhole bootstrap; its intervals are at worst a little too wide).
 */
#ifndef DREAMRIG_STATS_BOOTSTRAP_H
#define DREAMRIG_STATS_BOOTSTRAP_H

#include <glib.h>
#include <stdbool.h>

/* Fills the statistics of one replicate, NaN where it has none. A case counts weight_a[its participant] *
 * weight_b[its image] times. `worker` picks a workspace. */
typedef bool (*BootstrapStatistics)(gpointer context, const double *weight_a, const double *weight_b, gsize worker,
                                    double *statistics, GError **error);

typedef struct {
  gsize n_a, n_b, n_statistics, n_replicates;
  guint64 seed;
  gsize n_workers; /* 0: one per processor; no result depends on it */
} BootstrapOptions;

/* *replicates is (n_statistics, n_replicates); free with g_free. Of a single participant or image its error is not in
 * them; in another order of either they are others, by chance. Replicate r draws from random_init_stream(seed,
 * "bootstrap R"). Fails as the statistics do, with RIG_ERROR_MEMORY, and with RIG_ERROR_STATE when stopped. */
bool bootstrap_two_way(const BootstrapOptions *options, BootstrapStatistics statistics, gpointer context,
                       double **replicates, GError **error);

typedef struct {
  gsize n_used;           /* replicates that are not NaN */
  double se;              /* their SD */
  double ci_low, ci_high; /* percentiles, 95 %; NaN below 40 replicates, which have no 2.5 % */
} BootstrapInterval;
/* Of one statistic's replicates, (n); sorts them. */
void bootstrap_interval(double *replicates, gsize n, BootstrapInterval *interval);

#endif
