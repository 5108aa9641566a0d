/* Student's and Welch's t tests of one or two means. */
#ifndef DREAMRIG_STATS_T_TEST_H
#define DREAMRIG_STATS_T_TEST_H

#include <float.h>
#include <glib.h>

#include "analysis/stats/descriptive.h"

/* R's t.test calls data constant where the error of the mean is below this share of the mean: it is rounding. */
#define T_TEST_CONSTANT_SHARE (10 * DBL_EPSILON)

/* What the data do not define is NaN, and `undefined` says in plain words why (static text; else NULL). */
typedef struct {
  double difference;      /* of the mean from the reference, or of the first mean from the second */
  double t, df, p;        /* two-tailed */
  double ci_low, ci_high; /* of the difference, at DESCRIPTIVE_CONFIDENCE */
  const char *undefined;
} TTest;

/* Tests the mean of described values against `reference`; as R's t.test(x, mu = reference). */
void t_test_one_sample(const Description *values, double reference, TTest *test);
/* Tests two means of different cases without assuming equal variances; as R's t.test(x, y).
 * Source: Welch 1947, doi:10.1093/biomet/34.1-2.28. */
void t_test_welch(const Description *first, const Description *second, TTest *test);

#endif
