/* Joint distributions of two ratings as small heat maps side by side: the study's Figs 12, 13 and S2 to S4. */
#ifndef DREAMRIG_PLOT_JOINT_H
#define DREAMRIG_PLOT_JOINT_H

#include <glib.h>
#include <stdbool.h>

#define JOINT_CELLS 50 /* of a map, along each side */

typedef struct {
  const char *heading;       /* above the map, one line; NULL: none */
  const char *name;          /* below it */
  const char *note;          /* under the name, in small type; NULL: none */
  const double *density;     /* (JOINT_CELLS, JOINT_CELLS) as joint_density_smooth gives it */
  double mean[2], median[2]; /* x, y; NaN: not marked */
  double wanted[2];          /* a corner or side that the panel is chosen for, marked by a square; NaN: none */
  const guint8 *picture;     /* a PNG below the map; NULL: none */
  gsize picture_size;
} JointPanel;

typedef struct {
  const char *title; /* for screen readers; not drawn */
  const char *x_title, *y_title;
  double x_low, x_high, y_low, y_high; /* the scales */
  const JointPanel *panels;
  gsize n_panels, per_row; /* per_row at least 1 */
  double side;             /* of a map, px */
} Joint;

/* Each map has its own colours, from none (dark) to its densest cell (bright); a white cross is the mean, a red circle
 * the median. *svg: the figure's text; free with g_free. Fails with RIG_ERROR_MEMORY only. */
bool joint_plot(const Joint *joint, char **svg, GError **error);

#endif
