/* Tests by ranks: Wilcoxon's rank sum (Mann-Whitney) of two groups, Kruskal and Wallis' of several. */
#ifndef DREAMRIG_STATS_NONPARAMETRIC_H
#define DREAMRIG_STATS_NONPARAMETRIC_H

#include <glib.h>
#include <stdbool.h>

/* Below this size of both groups, and without ties, p is exact (as in R's wilcox.test). */
#define NONPARAMETRIC_EXACT_BELOW 50

/* NaN where undefined; `undefined` says why (static text, else NULL). */
typedef struct {
  gsize n_first, n_second; /* without NaN */
  double w;                /* R's W: the pairs in which the first is larger, ties one half */
  bool exact;              /* else the normal approximation with tie and continuity correction */
  double p;                /* two-tailed */
  double rank_biserial;    /* 2 w / (n_first n_second) - 1, -1..1: Cureton 1956, doi:10.1007/BF02289138 */
  const char *undefined;
} RankSum;

/* As R's wilcox.test(x, y). Fails with RIG_ERROR_MEMORY only.
 * Source: Hollander & Wolfe 1999, Nonparametric Statistical Methods, section 4.1. */
bool nonparametric_rank_sum(const double *x, gsize n_x, const double *y, gsize n_y, RankSum *test, GError **error);

/* n_filled: groups that hold values; an empty one does not count. */
typedef struct {
  gsize n, n_filled;
  double h, df, p; /* h is corrected for ties */
  double epsilon2; /* h / (n - 1), 0..1: share of the ranks' variance between groups */
  const char *undefined;
} KruskalWallis;

/* y and group as in anova.h, (n) each. As R's kruskal.test. Fails with RIG_ERROR_MEMORY only.
 * Source: Kruskal & Wallis 1952, doi:10.1080/01621459.1952.10483441. */
bool nonparametric_kruskal_wallis(const double *y, const gsize *group, gsize n, gsize n_groups, KruskalWallis *test,
                                  GError **error);

#endif
