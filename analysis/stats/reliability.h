/* How far raters agree: intraclass correlations (complete and incomplete designs) and split-half reliability.
 *
 * A target is what is rated (an image). Ratings are triples (target, rater, value), n of each; NaN values are left out.
 */
#ifndef DREAMRIG_STATS_RELIABILITY_H
#define DREAMRIG_STATS_RELIABILITY_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  gsize n, n_targets, n_raters; /* values; ids are 0..n_targets-1 and 0..n_raters-1 */
  const gsize *target, *rater;  /* (n) */
  const double *value;          /* (n) */
} ReliabilityData;

typedef enum {
  ICC_ONE_WAY,     /* ICC(1,.): other raters for each target */
  ICC_AGREEMENT,   /* ICC(2,.): raters are a sample, their levels count as disagreement */
  ICC_CONSISTENCY, /* ICC(3,.): only these raters, their levels do not count */
  ICC_KINDS,
} IccKind;

typedef struct {
  double single, single_low, single_high; /* of one rater: ICC(.,1), 95 % */
  double average, average_low,
      average_high;      /* of the mean of all raters: ICC(.,k); NaN from a single one of -1 / (k - 1) down */
  double f, df1, df2, p; /* of the test against 0 */
} Icc;

/* NaN where undefined; `undefined` says why (static text, else NULL). */
typedef struct {
  gsize n_targets, n_raters;
  double ms_targets, ms_raters, ms_error, ms_within;
  Icc kinds[ICC_KINDS];
  const char *undefined;
} IccTable;

/* The intraclass correlations of a complete design: each of at least 2 raters rated each of at least 2 targets once;
 * others are undefined here (see reliability_components). Fails with RIG_ERROR_MEMORY only.
 * Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420; McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30; as
 * R's psych::ICC(lmer = FALSE). */
bool reliability_icc(const ReliabilityData *data, IccTable *table, GError **error);

/* Variance components of any connected design by REML: value = mean + target + rater + residual. */
typedef struct {
  gsize n, n_targets, n_raters; /* used: with values */
  double mean;
  double var_target, var_rater, var_residual;
  /* k: harmonic mean of the raters a target. Who rated one again counts once: k is of raters in McGraw & Wong, and
   * what raters have in common with themselves from one time to the next is no agreement. */
  double raters_per_target;
  /* 95 % by the delta method on logit ICC from the restricted likelihood's curvature; NaN where a component is 0, and
   * then `undefined` says so. agreement: var_target / (sum of the three); consistency: without var_rater. */
  double agreement, agreement_low, agreement_high;
  double consistency, consistency_low, consistency_high;
  double agreement_average, consistency_average; /* of the mean of k raters: Spearman-Brown */
  const char *undefined;
} VarianceComponents;

/* Fails with RIG_ERROR_INPUT below two targets or raters and on constant values, RIG_ERROR_MEMORY.
 * Source: McGraw & Wong 1996, case 2A; Searle, Casella & McCulloch 1992, Variance Components, ch. 6; R's lme4. */
bool reliability_components(const ReliabilityData *data, VarianceComponents *components, GError **error);

/* Two targets always correlate at 1 or -1. */
#define RELIABILITY_LEAST_TARGETS 3
/* At a correlation of -1 Spearman and Brown's formula has a pole: beside it, it says nothing of reliability. */
#define RELIABILITY_POLE (-0.99)

/* Means over n_used of n_splits random halvings of the raters; the others leave fewer than RELIABILITY_LEAST_TARGETS
 * targets that both halves know, or no variance. */
typedef struct {
  gsize n_splits, n_used;
  double r, r_low, r_high; /* correlation of the halves' target means; central 95 % of splits */
  double reliability, reliability_low, reliability_high; /* the same of 2 r / (1 + r): Spearman-Brown */
  /* Static text: why r and reliability are NaN, or reliability alone, which it is where the halves of any split
   * correlate at RELIABILITY_POLE or below; else NULL. */
  const char *undefined;
} SplitHalf;

/* Split s shuffles the raters by random_init_stream(seed, "split-half S"). NaN without a usable split. Fails with
 * RIG_ERROR_MEMORY only. Source: Spearman 1910 and Brown 1910, doi:10.1111/j.2044-8295.1910.tb00206.x and .tb00207.x.
 */
bool reliability_split_half(const ReliabilityData *data, gsize n_splits, guint64 seed, SplitHalf *split_half,
                            GError **error);

#endif
