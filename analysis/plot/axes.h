/* Axes: a range with round ticks, and the frame that figures with two numeric axes share. */
#ifndef DREAMRIG_PLOT_AXES_H
#define DREAMRIG_PLOT_AXES_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/plot/svg.h"

#define AXES_FONT 12.0
#define AXES_TITLE_FONT 13.0

typedef struct {
  double low, high; /* the range; low < high */
  double step;      /* ticks at the multiples of step inside the range: 1, 2, 2.5 or 5 times a power of ten */
  int decimals;     /* that every tick needs */
} Axis;

/* A range around min..max, widened by `margin` (a share) on both sides, with about n_ticks ticks. A range of no width
 * is widened to one around the value; NaN or infinite limits give 0..1. */
Axis axis_around(double min, double max, double margin, int n_ticks);
/* The smallest and largest finite value; false where there is none. */
bool axis_limits(const double *values, gsize n, double *min, double *max);
/* The number of ticks, and the i-th one's value and text (free with g_free). */
int axis_n_ticks(const Axis *axis);
double axis_tick(const Axis *axis, int i);
char *axis_label(const Axis *axis, int i);
/* The widest label, in px. */
double axis_label_width(const Axis *axis, double size);

/* The plotting area of a figure, in px. */
typedef struct {
  double left, top, width, height;
  Axis x, y;
} Frame;
double frame_x(const Frame *frame, double value);
double frame_y(const Frame *frame, double value);

/* Horizontal grid lines with their labels and the y axis's title, turned, at the left. */
void frame_draw_y(Svg *svg, const Frame *frame, const char *title);
/* Ticks, labels and title of the x axis below. */
void frame_draw_x(Svg *svg, const Frame *frame, const char *title);
/* The room that frame_draw_y (frame_draw_x) needs beside (below) the plotting area. */
double frame_left_margin(const Axis *y);
#define FRAME_BOTTOM_MARGIN 46.0
/* Shortens the line from (x[0], y[0]) to (x[1], y[1]), in px, to what of it lies between the area's top and bottom;
 * false where nothing does. */
bool frame_clip_line(const Frame *frame, double x[2], double y[2]);
/* A sentence in the middle of the area. */
void frame_say(Svg *svg, const Frame *frame, const char *text);

#endif
