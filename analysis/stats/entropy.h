/* Shannon entropy of the joint density of two ratings, layer by layer: how much raters' feelings scatter over the plane
 * of valence and arousal; with the value that chance would give and an interval.
 *
 * The density is joint_density.h's, of one bandwidth for all groups so that they compare. More ratings in a group make
 * its entropy a little larger, which the null, having the same number in each group, allows for. */
#ifndef DREAMRIG_STATS_ENTROPY_H
#define DREAMRIG_STATS_ENTROPY_H

#include "analysis/stats/joint_density.h"

#define ENTROPY_MOST 80 /* permutations a group: twice what the correction takes at .05 */

typedef struct {
  JointPlane plane;
  gsize n_replicates; /* permutations, and bootstrap samples; 0: neither */
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
  gsize n_permutations;      /* that p is from */
  double ci_low, ci_high;    /* entropy -+ 1.96 SD over bootstrap samples of clusters; NaN with one cluster */
} EntropyGroup;

/* Fills groups (n_groups). Replicate r draws from random_init_stream(seed, "entropy R"). A group whose smaller tail
 * holds fewer than 10 permutations gets more until it holds as many, or until there are ENTROPY_MOST for each group,
 * over the number of groups that still get them: then their p can be small enough to stay below .05 by Benjamini and
 * Hochberg (Besag & Clifford 1991, doi:10.1093/biomet/78.2.301). Fails with RIG_ERROR_MEMORY, and with RIG_ERROR_STATE
 * when stopped. Source: Marczak-Czajka et al. 2024, section 5.5, whose grid and bandwidth are not known. */
bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error);

#endif
