#include "analysis/stats/descriptive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"

double descriptive_mean(const double *values, gsize n) {
  double sum = 0, low = INFINITY, high = -INFINITY;
  gsize known = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    sum += values[i];
    low = fmin(low, values[i]);
    high = fmax(high, values[i]);
    known++;
  }
  if (known == 0)
    return NAN;
  if (low == high)
    return low;
  double mean = sum / (double)known;
  double rest = 0; /* the second pass takes back what rounding lost in the first */
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i]))
      rest += values[i] - mean;
  return mean + rest / (double)known;
}

double descriptive_sd(const double *values, gsize n) {
  double mean = descriptive_mean(values, n);
  double squares = 0;
  gsize known = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    squares += (values[i] - mean) * (values[i] - mean);
    known++;
  }
  return known < 2 ? NAN : sqrt(squares / (double)(known - 1));
}

double descriptive_quantile(const double *ascending, gsize n, double p) {
  if (n == 0)
    return NAN;
  double position = (double)(n - 1) * p;
  gsize below = (gsize)floor(position);
  if (below + 1 >= n)
    return ascending[n - 1];
  double share = position - (double)below;
  return ascending[below] + share * (ascending[below + 1] - ascending[below]);
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void descriptive_sort(double *values, gsize n) {
  if (n > 1)
    qsort(values, n, sizeof(double), compare_doubles);
}

bool descriptive_describe(const double *values, gsize n, double confidence, Description *description, GError **error) {
  g_autofree double *sorted = memory_doubles(n, 1, error);
  if (sorted == NULL)
    return false;
  gsize known = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan(values[i]))
      sorted[known++] = values[i];
  descriptive_sort(sorted, known);
  Description d = {.n = known, .mean = descriptive_mean(sorted, known), .sd = descriptive_sd(sorted, known)};
  d.min = descriptive_quantile(sorted, known, 0);
  d.q1 = descriptive_quantile(sorted, known, 0.25);
  d.median = descriptive_quantile(sorted, known, 0.5);
  d.q3 = descriptive_quantile(sorted, known, 0.75);
  d.max = descriptive_quantile(sorted, known, 1);
  double t = distribution_t_quantile(0.5 + confidence / 2, (double)known - 1);
  double half = t * d.sd / sqrt((double)known);
  d.ci_low = d.mean - half;
  d.ci_high = d.mean + half;
  *description = d;
  return true;
}

double descriptive_circular_mean(const double *values, gsize n, double period) {
  double x = 0, y = 0;
  gsize known = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan(values[i]))
      continue;
    x += cos(2 * G_PI * values[i] / period);
    y += sin(2 * G_PI * values[i] / period);
    known++;
  }
  /* A resultant of rounding errors has no direction. */
  if (known == 0 || hypot(x, y) <= 1e-12 * (double)known)
    return NAN;
  double direction = atan2(y, x) / (2 * G_PI) * period;
  if (direction < 0)
    direction += period;
  return direction < period ? direction : 0;
}
