/* What the self-tests print and draw: statistics of times, and a figure of them one after another. */
#ifndef DREAMRIG_PRESENT_TIMING_REPORT_H
#define DREAMRIG_PRESENT_TIMING_REPORT_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  gsize n;
  double mean, sd, min, median, p99, max; /* NaN where n is 0; sd where it is below 2. Quantiles are R's type 7. */
} TimingStats;

TimingStats timing_stats(const double *values, gsize n);
/* "mean 16.683, SD 0.012, median 16.683, 99 % below 16.710, range 16.640 to 16.742 ms (n = 600)". Free with g_free. */
char *timing_stats_text(const TimingStats *stats, const char *unit);

typedef struct {
  const char *title, *unit, *abscissa; /* "Intervals between flips", "ms", "flip" */
  const double *values;
  gsize n;
  double reference; /* a dashed line; NaN: none */
} TimingFigure;

/* Draws the values in order, with their distribution at the right, into PATH.svg or PATH.png; atomic. */
bool timing_figure_write(const TimingFigure *figure, const char *path, GError **error);

/* Psychophysics wants to know these: a least-squares line through light (s, by a photodiode's clock) over flips (s, by
 * ours). The offset holds the screen's delay and the difference of the clocks, which nothing can tell apart. */
typedef struct {
  double offset_s;      /* of the first flash */
  double drift_ppm;     /* of the photodiode's clock against ours */
  double *residuals_ms; /* (n); owned */
  gsize n;
  gsize n_off_by_one; /* residuals above half a refresh */
} LightFit;

/* Fails on fewer than 3 flashes or times that do not increase. Free with light_fit_clear. */
bool light_fit(const double *flips_s, const double *light_s, gsize n, double period_ms, LightFit *fit, GError **error);
void light_fit_clear(LightFit *fit);

#endif
