#include "present/selftest/figure.h"

#include <cairo-svg.h>
#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define N_TICKS 5

static bool check_name(const char *path, GError **error) {
  if (g_str_has_suffix(path, ".svg") || g_str_has_suffix(path, ".png"))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: a figure's name ends in .svg or .png", path);
  return false;
}

bool figure_check(const char *path, GError **error) {
  return path == NULL || (check_name(path, error) && files_check_output(path, error));
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int size) {
  g_byte_array_append(closure, data, size);
  return CAIRO_STATUS_SUCCESS;
}

bool figure_begin(Figure *figure, const char *path, double width, double height, GError **error) {
  if (!check_name(path, error))
    return false;
  *figure = (Figure){.bytes = g_byte_array_new(), .svg = g_str_has_suffix(path, ".svg")};
  figure->surface = figure->svg ? cairo_svg_surface_create_for_stream(append, figure->bytes, width, height)
                                : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
  figure->cr = cairo_create(figure->surface);
  cairo_set_source_rgb(figure->cr, 1, 1, 1);
  cairo_paint(figure->cr);
  cairo_set_line_width(figure->cr, 1);
  cairo_select_font_face(figure->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  return true;
}

bool figure_end(Figure *figure, const char *path, GError **error) {
  g_autoptr(GByteArray) bytes = figure->bytes;
  cairo_destroy(figure->cr);
  if (!figure->svg)
    cairo_surface_write_to_png_stream(figure->surface, append, bytes);
  cairo_surface_finish(figure->surface);
  cairo_status_t status = cairo_surface_status(figure->surface);
  cairo_surface_destroy(figure->surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return files_write(path, bytes->data, bytes->len, FILES_PUBLIC, error);
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: %s", path, cairo_status_to_string(status));
  return false;
}

FigureRange figure_range(double low, double high, double least) {
  if (!isfinite(low) || !isfinite(high))
    low = high = 0;
  double margin = fmax((high - low) * 0.08, least);
  FigureRange range = {low - margin, high + margin, 0};
  double rough = (range.high - range.low) / N_TICKS, power = pow(10, floor(log10(rough)));
  range.step = rough / power < 1.5   ? power
               : rough / power < 3.5 ? 2 * power
               : rough / power < 7.5 ? 5 * power
                                     : 10 * power;
  return range;
}

double figure_x(const FigurePanel *panel, double value) {
  return panel->left + (value - panel->x.low) / (panel->x.high - panel->x.low) * (panel->right - panel->left);
}

double figure_y(const FigurePanel *panel, double value) {
  return panel->bottom - (value - panel->y.low) / (panel->y.high - panel->y.low) * (panel->bottom - panel->top);
}

void figure_say(cairo_t *cr, double x, double y, double align, const char *text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  cairo_move_to(cr, x - align * extents.x_advance, y);
  cairo_show_text(cr, text);
}

/* As many decimals as the step needs; never "-0". */
static void label(char *text, gsize size, const FigureRange *range, double k) {
  int decimals = range->step >= 1 ? 0 : (int)ceil(-log10(range->step) - 1e-9);
  g_snprintf(text, (gulong)size, "%.*f", decimals, k * range->step + 0.0);
}

void figure_y_axis(cairo_t *cr, const FigurePanel *panel, const char *title, const char *unit) {
  cairo_set_font_size(cr, 12);
  for (double k = ceil(panel->y.low / panel->y.step); k * panel->y.step <= panel->y.high; k++) {
    double y = figure_y(panel, k * panel->y.step);
    char text[32];
    label(text, sizeof text, &panel->y, k);
    cairo_set_source_rgb(cr, 0.88, 0.88, 0.88);
    cairo_move_to(cr, panel->left, y);
    cairo_line_to(cr, panel->right, y);
    cairo_stroke(cr);
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    figure_say(cr, panel->left - 8, y + 4, 1, text);
  }
  figure_say(cr, 8, panel->top - 8, 0, unit);
  cairo_set_font_size(cr, 14);
  figure_say(cr, panel->left, panel->top - 22, 0, title);
  cairo_set_font_size(cr, 12);
}

void figure_x_axis(cairo_t *cr, const FigurePanel *panel, const char *what) {
  cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
  for (double k = ceil(panel->x.low / panel->x.step); k * panel->x.step <= panel->x.high; k++) {
    char text[32];
    label(text, sizeof text, &panel->x, k);
    figure_say(cr, figure_x(panel, k * panel->x.step), panel->bottom + 18, 0.5, text);
  }
  figure_say(cr, (panel->left + panel->right) / 2, panel->bottom + 36, 0.5, what);
}

void figure_dashed(cairo_t *cr, const FigurePanel *panel, double value) {
  static const double dashes[] = {6, 4};
  if (isnan(value))
    return;
  cairo_save(cr);
  cairo_set_dash(cr, dashes, 2, 0);
  cairo_set_source_rgb(cr, 0.75, 0.2, 0.1);
  cairo_move_to(cr, panel->left, figure_y(panel, value));
  cairo_line_to(cr, panel->right, figure_y(panel, value));
  cairo_stroke(cr);
  cairo_restore(cr);
}
