/* A histogram whose bars are centred on round values, the first on the lower and the last on the upper limit.
 *
 * A bar's height is the mean count of one unit of the scale, so that equal use gives equal bars: the two outermost bars
 * hold half as much of a continuous scale as the others, and bars of whole numbers not always as many of these. */
#ifndef DREAMRIG_PLOT_HISTOGRAM_H
#define DREAMRIG_PLOT_HISTOGRAM_H

#include "analysis/plot/axes.h"

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title, *y_title;
  const double *values; /* (n); values outside low..high, and NaN, are left out */
  gsize n;
  double low, high;     /* low < high */
  gsize n_bins;         /* at least 2 */
  bool whole;           /* the scale has whole numbers only */
  double width, height; /* px */
} Histogram;

/* Whether all values, and the limits, are whole numbers. */
bool histogram_is_whole(const double *values, gsize n, double low, double high);
/* counts, sizes: (n_bins) the values in each bin, and how many whole numbers (whole) or units of the scale it holds. */
void histogram_count(const Histogram *histogram, gsize *counts, double *sizes);
/* The figure's SVG text; free with g_free. */
char *histogram_plot(const Histogram *histogram);

#endif
