#include "present/selftest/timing_report.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(const double *sorted, gsize n, double p) {
  double at = p * (double)(n - 1);
  gsize below = (gsize)floor(at), above = MIN(below + 1, n - 1);
  return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

TimingStats timing_stats(const double *values, gsize n) {
  TimingStats stats = {n, NAN, NAN, NAN, NAN, NAN, NAN};
  if (n == 0)
    return stats;
  g_autofree double *sorted = g_memdup2(values, n * sizeof *values);
  qsort(sorted, n, sizeof *sorted, compare);
  double mean = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    mean += values[i] / (double)n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  stats.mean = mean;
  if (n > 1)
    stats.sd = sqrt(squares / (double)(n - 1));
  stats.min = sorted[0];
  stats.median = quantile(sorted, n, 0.5);
  stats.p99 = quantile(sorted, n, 0.99);
  stats.max = sorted[n - 1];
  return stats;
}

char *timing_stats_text(const TimingStats *stats, const char *unit) {
  if (stats->n == 0)
    return g_strdup("none measured");
  return g_strdup_printf("mean %.3f, SD %.3f, median %.3f, 99 %% below %.3f, range %.3f to %.3f %s (n = %zu)",
                         stats->mean, stats->sd, stats->median, stats->p99, stats->min, stats->max, unit, stats->n);
}

bool light_fit(const double *flips_s, const double *light_s, gsize n, double period_ms, LightFit *fit, GError **error) {
  for (gsize i = 1; i < n; i++)
    if (!(flips_s[i] > flips_s[i - 1]) || !(light_s[i] > light_s[i - 1])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "flash %zu: times must increase", i + 1);
      return false;
    }
  if (n < 3) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%zu flashes are too few, 3 are needed", n);
    return false;
  }
  /* From the first flash on: clocks that count from long ago would cost digits. */
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (gsize i = 0; i < n; i++) {
    mean_x += (flips_s[i] - flips_s[0]) / (double)n;
    mean_y += (light_s[i] - light_s[0]) / (double)n;
  }
  for (gsize i = 0; i < n; i++) {
    double x = flips_s[i] - flips_s[0] - mean_x;
    xx += x * x;
    xy += x * (light_s[i] - light_s[0] - mean_y);
  }
  double slope = xy / xx, intercept = mean_y - slope * mean_x;
  *fit = (LightFit){.offset_s = light_s[0] - flips_s[0] + intercept, .drift_ppm = (slope - 1) * 1e6, .n = n};
  fit->residuals_ms = g_new(double, n);
  for (gsize i = 0; i < n; i++) {
    fit->residuals_ms[i] = 1000 * (light_s[i] - light_s[0] - intercept - slope * (flips_s[i] - flips_s[0]));
    fit->n_off_by_one += fabs(fit->residuals_ms[i]) > period_ms / 2;
  }
  return true;
}

void light_fit_clear(LightFit *fit) { g_clear_pointer(&fit->residuals_ms, g_free); }
