#include <math.h>

#include "present/selftest/figure.h"
#include "present/selftest/timing_report.h"

#define WIDTH 900.0
#define HEIGHT 360.0
#define SERIES_RIGHT 690.0
#define BARS_LEFT 706.0
#define BARS_WIDTH 170.0
#define N_BINS 40

static FigureRange range_of(const TimingFigure *figure) {
  double low = figure->reference, high = figure->reference;
  for (gsize i = 0; i < figure->n; i++) {
    low = fmin(low, figure->values[i]);
    high = fmax(high, figure->values[i]);
  }
  return figure_range(low, high, 0.05);
}

static void draw_axes(cairo_t *cr, const TimingFigure *figure, const FigurePanel *panel) {
  figure_y_axis(cr, panel, figure->title, figure->unit);
  char last[32];
  g_snprintf(last, sizeof last, "%zu", figure->n);
  figure_say(cr, panel->left, panel->bottom + 18, 0, "1");
  figure_say(cr, SERIES_RIGHT, panel->bottom + 18, 1, last);
  figure_say(cr, (panel->left + SERIES_RIGHT) / 2, panel->bottom + 36, 0.5, figure->abscissa);
  figure_say(cr, BARS_LEFT + BARS_WIDTH / 2, panel->bottom + 36, 0.5, "distribution");
}

static void draw_values(cairo_t *cr, const TimingFigure *figure, const FigurePanel *panel) {
  gsize bins[N_BINS] = {0}, most = 1;
  double width = (SERIES_RIGHT - panel->left) / (double)MAX(figure->n, 1);
  cairo_set_source_rgb(cr, 0.12, 0.35, 0.62);
  for (gsize i = 0; i < figure->n; i++) {
    cairo_arc(cr, panel->left + ((double)i + 0.5) * width, figure_y(panel, figure->values[i]), 1.8, 0, 2 * G_PI);
    cairo_fill(cr);
    int bin = (int)((figure->values[i] - panel->y.low) / (panel->y.high - panel->y.low) * N_BINS);
    most = MAX(most, ++bins[CLAMP(bin, 0, N_BINS - 1)]);
  }
  double height = (panel->bottom - panel->top) / N_BINS;
  for (int k = 0; k < N_BINS; k++)
    cairo_rectangle(cr, BARS_LEFT, panel->bottom - (k + 1) * height, BARS_WIDTH * (double)bins[k] / (double)most,
                    height * 0.9);
  cairo_fill(cr);
}

bool timing_figure_write(const TimingFigure *figure, const char *path, GError **error) {
  Figure page;
  if (!figure_begin(&page, path, WIDTH, HEIGHT, error))
    return false;
  FigurePanel panel = {
      .left = 70, .top = 44, .right = BARS_LEFT + BARS_WIDTH, .bottom = HEIGHT - 50, .y = range_of(figure)};
  draw_axes(page.cr, figure, &panel);
  draw_values(page.cr, figure, &panel);
  figure_dashed(page.cr, &panel, figure->reference);
  return figure_end(&page, path, error);
}
