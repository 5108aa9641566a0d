/* Comparisons of every pair of groups after an analysis of variance, adjusted for the number of pairs. */
#ifndef DREAMRIG_STATS_POST_HOC_H
#define DREAMRIG_STATS_POST_HOC_H

#include "analysis/stats/anova.h"

typedef enum {
  POST_HOC_TUKEY,        /* Tukey's honest significant differences (Tukey-Kramer), equal variances assumed */
  POST_HOC_GAMES_HOWELL, /* variances and sizes may differ */
} PostHocKind;

/* NaN where undefined: a group has fewer than two values (Games-Howell) or the groups do not vary; fewer than 2 degrees
 * of freedom, where the studentized range has no distribution. */
typedef struct {
  gsize first, second;    /* groups, first > second, as given to the ANOVA */
  double difference;      /* mean of first less mean of second */
  double q, df;           /* studentized range statistic and its degrees of freedom */
  double p;               /* adjusted */
  double ci_low, ci_high; /* of the difference, simultaneous 95 % */
} PostHocPair;

/* Compares all pairs of groups that hold values; pairs is n_pairs long, in the order (1,0), (2,0), (2,1)...: R's
 * TukeyHSD, which goes column by column, has the same pairs. Free with g_free. Fails with RIG_ERROR_MEMORY only.
 * Source: Kramer 1956, doi:10.2307/3001469; Games & Howell 1976, doi:10.3102/10769986001002113. */
bool post_hoc_pairs(PostHocKind kind, const Anova *anova, PostHocPair **pairs, gsize *n_pairs, GError **error);

#endif
