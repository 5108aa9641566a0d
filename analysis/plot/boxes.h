/* Box plots, and violins, of many groups side by side. */
#ifndef DREAMRIG_PLOT_BOXES_H
#define DREAMRIG_PLOT_BOXES_H

#include "analysis/plot/axes.h"

typedef struct {
  const char *name;
  const double *values; /* (n) finite */
  gsize n;
  double shade; /* 0..1 on the sequential scale; NaN: the default colour */
} BoxGroup;

/* Where a group's box, whiskers and outliers are: Tukey's, quartiles by linear interpolation (R's type 7), whiskers to
 * the farthest values within 1.5 interquartile ranges of the box. All NaN for n = 0. */
typedef struct {
  double q1, median, q3, low, high; /* low and high: ends of the whiskers */
} BoxShape;
bool box_shape(const double *values, gsize n, BoxShape *shape, GError **error);

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *y_title;
  const BoxGroup *groups;
  gsize n_groups;
  double low, high;                   /* the y axis's range */
  double reference;                   /* a dashed line (the scale's middle); NaN: none */
  bool points;                        /* every value as a dot, rather than outliers only */
  bool violins;                       /* the groups' distributions behind narrower boxes */
  gsize per_row;                      /* groups in one row of the figure, at least 1; more go into further rows */
  const char *low_shade, *high_shade; /* ends of the colour legend; NULL: no legend */
} Boxes;

/* *svg: the figure's text; free with g_free. Its width follows from the groups. Fails with RIG_ERROR_MEMORY only. */
bool boxes_plot(const Boxes *boxes, char **svg, GError **error);

#endif
