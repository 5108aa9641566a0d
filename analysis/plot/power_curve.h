/* Power against sample size: one line a series, intervals as bars, the usual 80 % as a dashed line. */
#ifndef DREAMRIG_PLOT_POWER_CURVE_H
#define DREAMRIG_PLOT_POWER_CURVE_H

#include "analysis/plot/axes.h"

typedef struct {
  const char *name;                 /* in the legend */
  const double *x;                  /* (n) ascending */
  const double *power, *low, *high; /* (n) 0..1; NaN: not drawn */
  gsize n;
} PowerSeries;

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title;
  const PowerSeries *series;
  gsize n_series;
  double width, height; /* px */
} PowerCurve;

/* The figure's SVG text; free with g_free. */
char *power_curve_plot(const PowerCurve *curve);

#endif
