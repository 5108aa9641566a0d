/* The paper that the self-tests' figures are drawn on: a white page, kept as SVG or PNG, and panels with axes on it. */
#ifndef DREAMRIG_PRESENT_FIGURE_H
#define DREAMRIG_PRESENT_FIGURE_H

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

typedef struct {
  cairo_t *cr;
  cairo_surface_t *surface;
  GByteArray *bytes;
  bool svg;
} Figure;

/* Fails as figure_end would where that can be known before anything is measured: a name that ends in neither .svg nor
 * .png, a folder that is not there. NULL passes. */
bool figure_check(const char *path, GError **error);
/* A white page of this size in units of 1/96 inch (PNG: px), with lines of width 1. */
bool figure_begin(Figure *figure, const char *path, double width, double height, GError **error);
/* Writes the file (atomic) and frees what figure_begin made, also where it fails. */
bool figure_end(Figure *figure, const char *path, GError **error);

typedef struct {
  double low, high, step; /* step: between two ticks, 1, 2 or 5 times a power of ten */
} FigureRange;

/* Around low and high with a margin of 8 % (at least `least`); 0 to 0 where they are not finite. */
FigureRange figure_range(double low, double high, double least);

typedef struct {
  double left, top, right, bottom; /* on the page */
  FigureRange x, y;
} FigurePanel;

double figure_x(const FigurePanel *panel, double value);
double figure_y(const FigurePanel *panel, double value);
/* Text at a point; align 0: begins there, 0.5: is centred there, 1: ends there. */
void figure_say(cairo_t *cr, double x, double y, double align, const char *text);
/* A title above, the unit of y and its ticks' lines and labels. */
void figure_y_axis(cairo_t *cr, const FigurePanel *panel, const char *title, const char *unit);
/* The ticks' labels beneath, and what they count. */
void figure_x_axis(cairo_t *cr, const FigurePanel *panel, const char *what);
/* A dashed line across the panel at a value of y; nothing where that is NaN. */
void figure_dashed(cairo_t *cr, const FigurePanel *panel, double value);

#endif
