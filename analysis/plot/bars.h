/* Horizontal bars, one a row, with their numbers: shares of variance, counts of exclusions. */
#ifndef DREAMRIG_PLOT_BARS_H
#define DREAMRIG_PLOT_BARS_H

#include <glib.h>

typedef struct {
  const char *name;
  double value;     /* 0 or more; NaN: "n/a" is written instead */
  const char *text; /* the number as read */
} Bar;

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title;
  const Bar *bars;
  gsize n_bars;
  double high; /* end of the axis; NaN: just above the largest value */
} Bars;

/* The figure's SVG text; free with g_free. */
char *bars_plot(const Bars *bars);

#endif
