#include "present/selftest/audio_figure.h"

#include <math.h>

#include "present/selftest/figure.h"

#define WIDTH 900.0
#define HEIGHT 740.0
#define LEFT 70.0
#define RIGHT 876.0
#define PANEL_HEIGHT 160.0
#define PANEL_STEP 226.0 /* from one panel's top to the next one's */
#define FIRST_TOP 50.0

static FigurePanel panel_at(int row, const FigureRange *x, FigureRange y) {
  double top = FIRST_TOP + row * PANEL_STEP;
  return (FigurePanel){LEFT, top, RIGHT, top + PANEL_HEIGHT, *x, y};
}

/* The whole measurement, without a margin. */
static FigureRange range_of_time(const AudioFigure *figure) {
  double last = 0.1;
  if (figure->callbacks->n > 0)
    last = fmax(last, figure->callbacks->points[figure->callbacks->n - 1].time_s);
  for (gsize i = 0; i < figure->n_probes; i++)
    last = fmax(last, figure->probes[i].time_s);
  FigureRange range = figure_range(0, last, 0);
  range.low = 0;
  range.high = last;
  return range;
}

static void dot(cairo_t *cr, const FigurePanel *panel, double x, double y, double radius) {
  cairo_arc(cr, figure_x(panel, x), figure_y(panel, y), radius, 0, 2 * G_PI);
  cairo_fill(cr);
}

static void colour_of_values(cairo_t *cr) { cairo_set_source_rgb(cr, 0.12, 0.35, 0.62); }

static void draw_underruns(cairo_t *cr, const FigurePanel *panel, const AudioLogFit *fit) {
  cairo_set_source_rgb(cr, 0.85, 0.45, 0);
  for (gsize i = 0; i < fit->n_underruns; i++) {
    cairo_move_to(cr, figure_x(panel, fit->underruns_s[i]), panel->top);
    cairo_line_to(cr, figure_x(panel, fit->underruns_s[i]), panel->bottom);
  }
  cairo_stroke(cr);
}

static void draw_clock(cairo_t *cr, const AudioFigure *figure, const FigureRange *time) {
  const AudioLogFit *fit = figure->callbacks;
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < fit->n; i++) {
    low = fmin(low, fmin(fit->points[i].deviation_ms, fit->points[i].line_ms));
    high = fmax(high, fmax(fit->points[i].deviation_ms, fit->points[i].line_ms));
  }
  FigurePanel panel = panel_at(0, time, figure_range(low, high, 0.01));
  figure_y_axis(cr, &panel, "Callbacks: their time less the nominal one, and the fitted line", "ms");
  draw_underruns(cr, &panel, fit);
  colour_of_values(cr);
  for (gsize i = 0; i < fit->n; i++)
    dot(cr, &panel, fit->points[i].time_s, fit->points[i].deviation_ms, 1.2);
  cairo_set_source_rgb(cr, 0.75, 0.2, 0.1);
  cairo_set_line_width(cr, 1.5);
  gsize underrun = 0;
  for (gsize i = 0; i < fit->n; i++) {
    bool begins = i == 0 || (underrun < fit->n_underruns && fit->points[i].time_s >= fit->underruns_s[underrun]);
    underrun += begins && i > 0;
    (begins ? cairo_move_to : cairo_line_to)(cr, figure_x(&panel, fit->points[i].time_s),
                                             figure_y(&panel, fit->points[i].line_ms));
  }
  cairo_stroke(cr);
  cairo_set_line_width(cr, 1);
}

static void draw_residuals(cairo_t *cr, const AudioFigure *figure, const FigureRange *time) {
  const AudioLogFit *fit = figure->callbacks;
  double most = fmax(figure->period_ms, isnan(fit->worst_ms) ? 0 : fit->worst_ms);
  FigurePanel panel = panel_at(1, time, figure_range(-most, most, 0.01));
  figure_y_axis(cr, &panel, "Callbacks: distance from the line; dashed: one period, beyond which one counts as late",
                "ms");
  draw_underruns(cr, &panel, fit);
  colour_of_values(cr);
  for (gsize i = 0; i < fit->n; i++)
    dot(cr, &panel, fit->points[i].time_s, fit->points[i].deviation_ms - fit->points[i].line_ms, 1.2);
  figure_dashed(cr, &panel, figure->period_ms);
  figure_dashed(cr, &panel, -figure->period_ms);
}

static void draw_probes(cairo_t *cr, const AudioFigure *figure, const FigureRange *time) {
  double most = 0;
  for (gsize i = 0; i < figure->n_probes; i++) {
    const AudioProbe *probe = &figure->probes[i];
    most = fmax(most, fabs(probe->error_ms) + (isnan(probe->bound_ms) ? 0 : probe->bound_ms));
  }
  FigurePanel panel = panel_at(2, time, figure_range(-most, most, 0.01));
  figure_y_axis(cr, &panel, "Probes: fitted onset less planned, with its bound (red: no bound is known)", "ms");
  draw_underruns(cr, &panel, figure->callbacks);
  for (gsize i = 0; i < figure->n_probes; i++) {
    const AudioProbe *probe = &figure->probes[i];
    colour_of_values(cr);
    if (isnan(probe->bound_ms)) {
      cairo_set_source_rgb(cr, 0.75, 0.2, 0.1);
    } else {
      double x = figure_x(&panel, probe->time_s);
      cairo_move_to(cr, x, figure_y(&panel, probe->error_ms - probe->bound_ms));
      cairo_line_to(cr, x, figure_y(&panel, probe->error_ms + probe->bound_ms));
      cairo_stroke(cr);
    }
    dot(cr, &panel, probe->time_s, probe->error_ms, 2.5);
  }
  figure_x_axis(cr, &panel,
                figure->callbacks->n_underruns > 0 ? "s since the first callback; vertical lines: underruns"
                                                   : "s since the first callback; no underrun");
}

bool audio_figure_write(const AudioFigure *figure, const char *path, GError **error) {
  Figure page;
  if (!figure_begin(&page, path, WIDTH, HEIGHT, error))
    return false;
  FigureRange time = range_of_time(figure);
  draw_clock(page.cr, figure, &time);
  draw_residuals(page.cr, figure, &time);
  draw_probes(page.cr, figure, &time);
  return figure_end(&page, path, error);
}
