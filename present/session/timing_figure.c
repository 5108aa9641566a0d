#include <cairo-svg.h>
#include <math.h>

#include "present/session/timing_report.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define WIDTH 900.0
#define HEIGHT 360.0
#define LEFT 70.0
#define TOP 44.0
#define BOTTOM 50.0
#define SERIES_RIGHT 690.0
#define BARS_LEFT 706.0
#define BARS_WIDTH 170.0
#define N_BINS 40
#define N_TICKS 5

typedef struct {
  double low, high, step;
} Range;

/* Round ticks at 1, 2 or 5 times a power of ten. */
static Range range_of(const TimingFigure *figure) {
  double low = figure->reference, high = figure->reference;
  for (gsize i = 0; i < figure->n; i++) {
    low = fmin(low, figure->values[i]);
    high = fmax(high, figure->values[i]);
  }
  if (!isfinite(low) || !isfinite(high))
    low = high = 0;
  double margin = fmax((high - low) * 0.08, 0.05);
  Range range = {low - margin, high + margin, 0};
  double rough = (range.high - range.low) / N_TICKS, power = pow(10, floor(log10(rough)));
  range.step = rough / power < 1.5   ? power
               : rough / power < 3.5 ? 2 * power
               : rough / power < 7.5 ? 5 * power
                                     : 10 * power;
  return range;
}

static double y_of(const Range *range, double value) {
  return HEIGHT - BOTTOM - (value - range->low) / (range->high - range->low) * (HEIGHT - BOTTOM - TOP);
}

static void say(cairo_t *cr, double x, double y, double align, const char *text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  cairo_move_to(cr, x - align * extents.x_advance, y);
  cairo_show_text(cr, text);
}

static void draw_axes(cairo_t *cr, const TimingFigure *figure, const Range *range) {
  int decimals = range->step >= 1 ? 0 : (int)ceil(-log10(range->step) - 1e-9);
  cairo_set_font_size(cr, 12);
  for (double k = ceil(range->low / range->step); k * range->step <= range->high; k++) {
    double y = y_of(range, k * range->step);
    char label[32];
    g_snprintf(label, sizeof label, "%.*f", decimals, k * range->step + 0.0);
    cairo_set_source_rgb(cr, 0.88, 0.88, 0.88);
    cairo_move_to(cr, LEFT, y);
    cairo_line_to(cr, BARS_LEFT + BARS_WIDTH, y);
    cairo_stroke(cr);
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    say(cr, LEFT - 8, y + 4, 1, label);
  }
  char last[32];
  g_snprintf(last, sizeof last, "%zu", figure->n);
  say(cr, LEFT, HEIGHT - BOTTOM + 18, 0, "1");
  say(cr, SERIES_RIGHT, HEIGHT - BOTTOM + 18, 1, last);
  say(cr, (LEFT + SERIES_RIGHT) / 2, HEIGHT - 14, 0.5, figure->abscissa);
  say(cr, BARS_LEFT + BARS_WIDTH / 2, HEIGHT - 14, 0.5, "distribution");
  say(cr, 8, TOP - 8, 0, figure->unit);
  cairo_set_font_size(cr, 14);
  say(cr, LEFT, 22, 0, figure->title);
}

static void draw_values(cairo_t *cr, const TimingFigure *figure, const Range *range) {
  gsize bins[N_BINS] = {0}, most = 1;
  double width = (SERIES_RIGHT - LEFT) / (double)MAX(figure->n, 1);
  cairo_set_source_rgb(cr, 0.12, 0.35, 0.62);
  for (gsize i = 0; i < figure->n; i++) {
    cairo_arc(cr, LEFT + ((double)i + 0.5) * width, y_of(range, figure->values[i]), 1.8, 0, 2 * G_PI);
    cairo_fill(cr);
    int bin = (int)((figure->values[i] - range->low) / (range->high - range->low) * N_BINS);
    most = MAX(most, ++bins[CLAMP(bin, 0, N_BINS - 1)]);
  }
  double height = (HEIGHT - BOTTOM - TOP) / N_BINS;
  for (int k = 0; k < N_BINS; k++)
    cairo_rectangle(cr, BARS_LEFT, HEIGHT - BOTTOM - (k + 1) * height, BARS_WIDTH * (double)bins[k] / (double)most,
                    height * 0.9);
  cairo_fill(cr);
  if (isnan(figure->reference))
    return;
  static const double dashes[] = {6, 4};
  cairo_set_dash(cr, dashes, 2, 0);
  cairo_set_source_rgb(cr, 0.75, 0.2, 0.1);
  cairo_move_to(cr, LEFT, y_of(range, figure->reference));
  cairo_line_to(cr, BARS_LEFT + BARS_WIDTH, y_of(range, figure->reference));
  cairo_stroke(cr);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int size) {
  g_byte_array_append(closure, data, size);
  return CAIRO_STATUS_SUCCESS;
}

bool timing_figure_write(const TimingFigure *figure, const char *path, GError **error) {
  bool svg = g_str_has_suffix(path, ".svg");
  if (!svg && !g_str_has_suffix(path, ".png")) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s: a figure's name ends in .svg or .png", path);
    return false;
  }
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface = svg ? cairo_svg_surface_create_for_stream(append, bytes, WIDTH, HEIGHT)
                                 : cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)WIDTH, (int)HEIGHT);
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  cairo_set_line_width(cr, 1);
  cairo_select_font_face(cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  Range range = range_of(figure);
  draw_axes(cr, figure, &range);
  draw_values(cr, figure, &range);
  cairo_destroy(cr);
  if (!svg)
    cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_finish(surface);
  cairo_status_t status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: %s", path, cairo_status_to_string(status));
    return false;
  }
  return files_write(path, bytes->data, bytes->len, FILES_PUBLIC, error);
}
