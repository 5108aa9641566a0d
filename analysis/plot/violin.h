/* The outline of a group's distribution, drawn behind its box. */
#ifndef DREAMRIG_PLOT_VIOLIN_H
#define DREAMRIG_PLOT_VIOLIN_H

#include "analysis/plot/axes.h"

/* Draws the kernel density of values[n] (finite, between low and high, which are the scale's ends) both sides of x,
 * `half` px wide where it is largest. Fewer than two values draw nothing. Fails with RIG_ERROR_MEMORY only.
 * Source: Hintze & Nelson 1998, doi:10.1080/00031305.1998.10480559; bandwidth and ends as in stats/density.h. */
bool violin_draw(Svg *svg, const Frame *frame, const double *values, gsize n, double low, double high, double x,
                 double half, const char *colour, GError **error);

#endif
