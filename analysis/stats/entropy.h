/* Shannon entropy of the joint density of two ratings, layer by layer: how much raters' feelings scatter over the plane
 * of valence and arousal; with the value that chance would give and an interval.
 *
 * The plane is cut into cells x cells cells; counts in them are smoothed by a Gaussian kernel of one bandwidth a scale,
 * the same for all groups so that they compare, what falls outside reflected at the scale's ends; entropy is in bits,
 * 0 to 2 log2(cells). More ratings in a group make its entropy a little larger, which the null, having the same number
 * in each group, allows for. */
#ifndef DREAMRIG_STATS_ENTROPY_H
#define DREAMRIG_STATS_ENTROPY_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  double low[2], high[2];
  gsize cells;         /* along each side, at least 2; 50 unless there are reasons */
  double bandwidth[2]; /* SD of the kernel, in units of the scale, above 0 */
  gsize n_replicates;  /* permutations, and bootstrap samples; 0: neither */
  guint64 seed;
  gsize n_workers; /* 0: one per processor; no result depends on it */
} EntropyOptions;

/* Ratings: (n) each, in clusters (participants) and groups (layers). Ones with a NaN are left out. */
typedef struct {
  gsize n, n_groups, n_clusters;
  const double *x, *y;
  const gsize *group, *cluster;
} EntropyData;

/* All but n is NaN for a group without ratings; all but n and entropy without replicates. */
typedef struct {
  gsize n;
  double entropy;
  double null_mean, null_sd; /* labels of groups shuffled within each cluster */
  double p;                  /* two-tailed: twice the smaller tail, the observed value counted */
  double ci_low, ci_high;    /* entropy -+ 1.96 SD over bootstrap samples of clusters */
} EntropyGroup;

/* Scott's bandwidth for n_per_group values: sd n^(-1/6). Source: Scott 1992, Multivariate Density Estimation, ch. 6. */
double entropy_bandwidth(double sd, double n_per_group);

/* Fills groups (n_groups). Replicate r draws from random_init_stream(seed, "entropy R"). Fails with RIG_ERROR_MEMORY,
 * and with RIG_ERROR_STATE when stopped.
 * Source: Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x; Marczak-Czajka et al. 2024, section 5.5, whose grid and
 * bandwidth are not known. */
bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error);

#endif
