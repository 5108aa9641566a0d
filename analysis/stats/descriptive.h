/* What one variable looks like: moments, quartiles, and a confidence interval of its mean. */
#ifndef DREAMRIG_STATS_DESCRIPTIVE_H
#define DREAMRIG_STATS_DESCRIPTIVE_H

#include <glib.h>
#include <stdbool.h>

#define DESCRIPTIVE_CONFIDENCE 0.95

/* A statistic that the values do not define is NaN: all but n for n = 0; sd and the interval for n = 1. Constant values
 * have sd 0 and an interval of no width. */
typedef struct {
  gsize n;                         /* values that were not NaN */
  double mean;                     /* two passes */
  double sd;                       /* divisor n - 1 */
  double min, q1, median, q3, max; /* quartiles: R's type 7, linear interpolation */
  double ci_low, ci_high;          /* mean -+ t(1 - (1 - confidence) / 2, n - 1) * sd / sqrt(n) */
} Description;

/* Describes the n values, leaving out NaN. Fails with RIG_ERROR_MEMORY only (it sorts a copy).
 * Source: Hyndman & Fan 1996, doi:10.2307/2684934 (definition 7). */
bool descriptive_describe(const double *values, gsize n, double confidence, Description *description, GError **error);

/* The mean of the values that are not NaN; NaN where there is none. Constant values give that very value. */
double descriptive_mean(const double *values, gsize n);
/* The standard deviation with divisor n - 1 of the values that are not NaN; NaN below two. */
double descriptive_sd(const double *values, gsize n);
/* The quantile at 0 <= p <= 1 of n ascending values without NaN, type 7; NaN for n = 0. */
double descriptive_quantile(const double *ascending, gsize n, double p);
/* Sorts ascending, in place. The values must not hold NaN. */
void descriptive_sort(double *values, gsize n);
/* The direction, 0 <= d < period, of the mean of unit vectors; NaN values are left out. NaN where none is left or where
 * the vectors cancel. For hues.
 * Source: Fisher 1993, Statistical Analysis of Circular Data, eq. 2.9. */
double descriptive_circular_mean(const double *values, gsize n, double period);

#endif
