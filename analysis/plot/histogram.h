/* A histogram. */
#ifndef DREAMRIG_PLOT_HISTOGRAM_H
#define DREAMRIG_PLOT_HISTOGRAM_H

#include "analysis/plot/axes.h"

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title, *y_title;
  const double *values; /* (n); values outside low..high, and NaN, are left out */
  gsize n;
  double low, high; /* the bins' range, low < high; the last bin holds high itself */
  gsize n_bins;
  double width, height; /* px */
} Histogram;

/* counts: (n_bins). */
void histogram_count(const Histogram *histogram, gsize *counts);
/* The figure's SVG text; free with g_free. */
char *histogram_plot(const Histogram *histogram);

#endif
