/* The lower triangle of a symmetric matrix as a heat map, for correlations. */
#ifndef DREAMRIG_PLOT_HEAT_MAP_H
#define DREAMRIG_PLOT_HEAT_MAP_H

#include <glib.h>

typedef struct {
  const char *title;        /* for screen readers; not drawn */
  const char *const *names; /* (n) */
  const double *values;     /* (n, n) -1..1; NaN: drawn as n/a */
  const char *const *marks; /* (n, n) stars below the numbers; NULL entries: none */
  gsize n;
} HeatMap;

/* The figure's SVG text; free with g_free. */
char *heat_map_plot(const HeatMap *map);

#endif
