/* How large an effect is, with confidence intervals by inverting noncentral distributions.
 *
 * Source: Steiger 2004, doi:10.1037/1082-989X.9.2.164; Cumming & Finch 2001, doi:10.1177/0013164401614002. */
#ifndef DREAMRIG_STATS_EFFECT_SIZE_H
#define DREAMRIG_STATS_EFFECT_SIZE_H

#include "analysis/stats/anova.h"

/* NaN where undefined: below two values a group, or where t_test.h calls the values constant; g with one degree of
 * freedom. */
typedef struct {
  double d;               /* the standardised difference: Cohen 1988 */
  double g;               /* d without its bias in small samples: Hedges 1981, doi:10.3102/10769986006002107, eq. 4 */
  double ci_low, ci_high; /* of the population's d, 95 % */
} StandardisedDifference;

/* Of a mean from a reference, in units of the SD (also for paired data: describe the differences, reference 0). */
void effect_size_one_sample(const Description *values, double reference, StandardisedDifference *effect);
/* Of two means, in units of the pooled SD. The interval takes equal variances. */
void effect_size_two_samples(const Description *first, const Description *second, StandardisedDifference *effect);

/* eta squared and omega squared estimate the same share of variance in the population, the one with bias and the other
 * almost without; the interval is of that share. */
typedef struct {
  double eta2;            /* df1 f / (df1 f + df2) */
  double omega2;          /* df1 (f - 1) / (df1 (f - 1) + n); can be below 0 */
  double ci_low, ci_high; /* of ncp / (ncp + n), 95 %, not below 0; NaN beyond an ncp of 1e5 */
} VarianceShare;

/* From an F test of an effect between n cases: of the one factor, or as partial eta and omega squared of one of several
 * and their interactions, whose df1 + df2 is less than n - 1. NaN for NaN. Source: Olejnik & Algina
 * 2003, doi:10.1037/1082-989X.8.4.434 (partial omega squared); Steiger 2004 (the interval). */
void effect_size_variance(double f, double df1, double df2, double n, VarianceShare *effect);

#endif
