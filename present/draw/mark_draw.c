#include "present/draw/mark_draw.h"

#define RADIUS 11.0

static void draw_box(cairo_t *cr, double x, double y, double scale, bool chosen) {
  double half = RADIUS * 0.92 * scale;
  Box box = {x - half, y - half, 2 * half, 2 * half};
  theme_rounded(cr, &box, 3 * scale);
  cairo_stroke(cr);
  if (!chosen)
    return;
  cairo_move_to(cr, x - 0.55 * half, y + 0.02 * half);
  cairo_line_to(cr, x - 0.12 * half, y + 0.48 * half);
  cairo_line_to(cr, x + 0.58 * half, y - 0.48 * half);
  cairo_set_line_width(cr, 3.2 * scale);
  cairo_stroke(cr);
}

void mark_draw(cairo_t *cr, const Theme *theme, double x, double y, double scale, bool chosen, bool multiple) {
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, 2.2 * scale);
  if (multiple) {
    draw_box(cr, x, y, scale, chosen);
    return;
  }
  cairo_new_sub_path(cr);
  cairo_arc(cr, x, y, RADIUS * scale, 0, 2 * G_PI);
  cairo_stroke(cr);
  if (chosen) {
    cairo_arc(cr, x, y, 6 * scale, 0, 2 * G_PI);
    cairo_fill(cr);
  }
}
