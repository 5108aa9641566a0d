/* Every pair of several variables: scatter plots with regression lines below the diagonal, correlations above it,
 * histograms on it. The study's Fig. 7. */
#ifndef DREAMRIG_PLOT_SCATTER_MATRIX_H
#define DREAMRIG_PLOT_SCATTER_MATRIX_H

#include <glib.h>

typedef struct {
  const char *title;           /* for screen readers; not drawn */
  const char *const *names;    /* (n_variables) */
  const double *const *values; /* (n_variables) of (n); pairs with a value that is not finite are left out */
  const double *r;             /* (n_variables, n_variables); NaN: n/a */
  const char *const *marks;    /* (n_variables, n_variables) stars; NULL entries: none */
  gsize n_variables, n;
} ScatterMatrix;

/* The figure's SVG text; free with g_free. */
char *scatter_matrix_plot(const ScatterMatrix *matrix);

#endif
