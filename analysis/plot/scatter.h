/* A scatter plot with its regression line. */
#ifndef DREAMRIG_PLOT_SCATTER_H
#define DREAMRIG_PLOT_SCATTER_H

#include "analysis/plot/axes.h"

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title, *y_title;
  const double *x, *y; /* (n); points with a value that is not finite are left out */
  gsize n;
  const char *const *names;    /* (n) tooltips; NULL: none */
  const double *shades;        /* (n) 0..1 on the sequential scale; NULL: one colour */
  bool regression;             /* least-squares line with its 95 % confidence band, where both are defined */
  const double *x_reference;   /* a dashed upright line; NULL: none */
  const Axis *x_axis, *y_axis; /* NULL: around the values */
  double width, height;        /* px */
} Scatter;

/* The figure's SVG text; free with g_free. */
char *scatter_plot(const Scatter *scatter);

#endif
