/* One-way analysis of variance between groups of different participants: Fisher's, and Welch's for unequal variances.
 */
#ifndef DREAMRIG_STATS_ANOVA_H
#define DREAMRIG_STATS_ANOVA_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/stats/descriptive.h"

/* A value of no group. */
#define ANOVA_NO_GROUP G_MAXSIZE

/* What the data do not define is NaN: all tests with fewer than two groups that hold values, without degrees of freedom
 * within, or where no value differs from its group's mean by more than rounding (then a test means nothing). */
typedef struct {
  gsize n;             /* values used */
  gsize n_excluded;    /* NaN, or of no group */
  gsize n_groups;      /* as given */
  gsize n_filled;      /* groups that hold a value; an empty group does not count as a level */
  Description *groups; /* (n_groups) */
  double ss_between, ss_within, ss_total;
  double df_between, df_within;
  double ms_between, ms_within;
  double f, p;
  double eta2;   /* ss_between / ss_total */
  double omega2; /* (ss_between - df_between ms_within) / (ss_total + ms_within); can be below 0 */
  /* Welch's test; NaN also where a group that holds values has fewer than two or no variance. */
  double welch_f, welch_df1, welch_df2, welch_p;
} Anova;

/* Tests y (n) by group (n), each 0..n_groups-1 or ANOVA_NO_GROUP. Fails with RIG_ERROR_INPUT on an infinite value,
 * RIG_ERROR_MEMORY. Free with anova_free.
 * Source: Fisher's as R's aov; Welch 1951, doi:10.1093/biomet/38.3-4.330, as R's oneway.test; omega squared: Hays 1963.
 */
bool anova_one_way(const double *y, const gsize *group, gsize n, gsize n_groups, Anova **anova, GError **error);
void anova_free(Anova *anova);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Anova, anova_free)

#endif
