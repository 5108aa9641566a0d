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
  gsize n_replicates; /* permutations; 0: none */
  guint64 seed;
  gsize n_workers; /* 0: one per processor; no result depends on it */
} EntropyOptions;

/* Ratings: (n) each, in clusters (participants) and groups (layers). Ones with a NaN are left out. */
typedef struct {
  gsize n, n_groups, n_clusters;
  const double *x, *y;
  const gsize *group, *cluster;
} EntropyData;

/* All but n is NaN for a group without ratings; the null and p without replicates. */
typedef struct {
  gsize n;
  double entropy;
  double null_mean, null_sd; /* labels of groups shuffled within each cluster */
  double p;                  /* two-tailed: twice the smaller tail, the observed value counted */
  gsize n_permutations;      /* that p is from */
  double corrected;          /* entropy without the bias of few ratings; NaN with one cluster, like the interval */
  double ci_low, ci_high;    /* 95 %, around corrected: so entropy, which is too low, can lie below it */
} EntropyGroup;

/* Fills groups (n_groups). Replicate r draws from random_init_stream(seed, "entropy R"). A group whose smaller tail
 * holds fewer than 10 permutations gets more until it holds as many, or until there are ENTROPY_MOST for each group,
 * over the number of groups that still get them: then their p can be small enough to stay below .05 by Benjamini and
 * Hochberg (Besag & Clifford 1991, doi:10.1093/biomet/78.2.301). Fails with RIG_ERROR_MEMORY, and with RIG_ERROR_STATE
 * when stopped.
 *
 * The interval is of the entropy that endless ratings would have, smoothed with the same bandwidth: the jackknife's,
 * leaving out one cluster of the group at a time (Zahl 1977, doi:10.2307/1936227, for entropies; Efron & Stein 1981,
 * doi:10.1214/aos/1176345462: its variance errs on the high side), -+ t of clusters - 1, cut to the entropies that
 * there are. Of simulated uniform, normal (SD 10 of 100) and two-peaked ratings, one a cluster, it held that entropy in
 * .97, .93, .96 of cases with 30 ratings, .99, .96, .95 with 150, .98, .94, .95 with 1000, and in .92 to .98 with 10
 * clusters of 3 and 30 of 5; entropy -+ 1.96 bootstrap SDs would in .84, .88, .96; .71, .92, .92; .22, .97, .92.
 *
 * Source: Marczak-Czajka et al. 2024, section 5.5, whose grid and bandwidth are not known. */
bool entropy_groups(const EntropyData *data, const EntropyOptions *options, EntropyGroup *groups, GError **error);

#endif
