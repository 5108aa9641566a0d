#include "analysis/plot/scatter.h"

#include "analysis/plot/palette.h"
#include "analysis/stats/distributions.h"

#include <math.h>

#define BAND_STEPS 40
#define RADIUS 3.2
#define MOST_ROOM 0.5 /* of the values' range, on each side: what the band may add to the axis */

static bool usable(const Scatter *scatter, gsize i) { return isfinite(scatter->x[i]) && isfinite(scatter->y[i]); }

typedef struct {
  gsize n;
  double mean_x, mean_y, sxx, slope;
  double sigma; /* residual standard error; NaN below three points */
  double min_x, max_x;
} Line;

/* False where there is no line: fewer than two points, or all at one x. */
static bool fit_line(const Scatter *scatter, Line *line) {
  *line = (Line){.min_x = INFINITY, .max_x = -INFINITY};
  for (gsize i = 0; i < scatter->n; i++)
    if (usable(scatter, i)) {
      line->n++;
      line->mean_x += scatter->x[i];
      line->mean_y += scatter->y[i];
      line->min_x = MIN(line->min_x, scatter->x[i]);
      line->max_x = MAX(line->max_x, scatter->x[i]);
    }
  if (line->n < 2 || line->min_x == line->max_x)
    return false;
  line->mean_x /= (double)line->n;
  line->mean_y /= (double)line->n;
  double sxy = 0, residual = 0;
  for (gsize i = 0; i < scatter->n; i++)
    if (usable(scatter, i)) {
      double dx = scatter->x[i] - line->mean_x;
      line->sxx += dx * dx;
      sxy += dx * (scatter->y[i] - line->mean_y);
    }
  line->slope = sxy / line->sxx;
  for (gsize i = 0; i < scatter->n; i++)
    if (usable(scatter, i)) {
      double r = scatter->y[i] - line->mean_y - line->slope * (scatter->x[i] - line->mean_x);
      residual += r * r;
    }
  line->sigma = line->n > 2 ? sqrt(residual / (double)(line->n - 2)) : NAN;
  return isfinite(line->slope);
}

static double line_at(const Line *line, double x) { return line->mean_y + line->slope * (x - line->mean_x); }

/* Half the 95 % confidence band's height; NaN where there is none. */
static double half_band(const Line *line, double x) {
  double dx = x - line->mean_x;
  return distribution_t_quantile(0.975, (double)line->n - 2) * line->sigma *
         sqrt(1 / (double)line->n + dx * dx / line->sxx);
}

static void draw_line(Svg *svg, const Frame *frame, const Line *line) {
  double from = MAX(line->min_x, frame->x.low), to = MIN(line->max_x, frame->x.high);
  if (isfinite(half_band(line, from))) {
    double band[2 * (BAND_STEPS + 1)][2];
    for (int i = 0; i <= BAND_STEPS; i++) {
      double x = from + (to - from) * i / BAND_STEPS, y = line_at(line, x), half = half_band(line, x);
      double *upper = band[i], *lower = band[2 * BAND_STEPS + 1 - i];
      upper[0] = lower[0] = frame_x(frame, x);
      upper[1] = frame_y(frame, CLAMP(y + half, frame->y.low, frame->y.high));
      lower[1] = frame_y(frame, CLAMP(y - half, frame->y.low, frame->y.high));
    }
    svg_polyline(svg, band, G_N_ELEMENTS(band), TRUE, &(SvgStyle){.fill = PALETTE_LINE, .opacity = 0.14});
  }
  double x[2] = {frame_x(frame, from), frame_x(frame, to)};
  double y[2] = {frame_y(frame, line_at(line, from)), frame_y(frame, line_at(line, to))};
  if (frame_clip_line(frame, x, y))
    svg_line(svg, x[0], y[0], x[1], y[1], &(SvgStyle){.stroke = PALETTE_LINE, .stroke_width = 2});
}

static Axis axis_of(const Axis *given, const double *values, gsize n, int n_ticks) {
  if (given != NULL)
    return *given;
  double min = NAN, max = NAN;
  axis_limits(values, n, &min, &max);
  return axis_around(min, max, 0.05, n_ticks);
}

/* Around the values, the line and its band; a band that is far wider than the values is cut off. */
static Axis y_axis_of(const Scatter *scatter, const Line *line) {
  double min, max;
  if (scatter->y_axis != NULL || line == NULL || !axis_limits(scatter->y, scatter->n, &min, &max))
    return axis_of(scatter->y_axis, scatter->y, scatter->n, 5);
  double room = MOST_ROOM * (max - min), lowest = min, highest = max;
  for (int end = 0; end < 2; end++) {
    double x = end == 0 ? line->min_x : line->max_x, y = line_at(line, x), half = fmax(half_band(line, x), 0);
    lowest = fmin(lowest, y - half);
    highest = fmax(highest, y + half);
  }
  return axis_around(fmax(lowest, min - room), fmin(highest, max + room), 0.05, 5);
}

char *scatter_plot(const Scatter *scatter) {
  Frame frame = {.top = 10};
  Line line;
  bool has_line = scatter->regression && fit_line(scatter, &line);
  frame.x = axis_of(scatter->x_axis, scatter->x, scatter->n, 5);
  frame.y = y_axis_of(scatter, has_line ? &line : NULL);
  frame.left = frame_left_margin(&frame.y);
  frame.width = scatter->width - frame.left - 14;
  frame.height = scatter->height - frame.top - FRAME_BOTTOM_MARGIN;
  Svg *svg = svg_new(scatter->width, scatter->height, scatter->title);
  frame_draw_y(svg, &frame, scatter->y_title);
  frame_draw_x(svg, &frame, scatter->x_title);
  if (scatter->x_reference != NULL && *scatter->x_reference >= frame.x.low && *scatter->x_reference <= frame.x.high) {
    double x = frame_x(&frame, *scatter->x_reference);
    svg_line(svg, x, frame.top, x, frame.top + frame.height,
             &(SvgStyle){.stroke = PALETTE_LINE, .stroke_width = 1.2, .dash = "5 4"});
  }
  bool any = false;
  for (gsize i = 0; i < scatter->n; i++) {
    if (!usable(scatter, i))
      continue;
    any = true;
    PaletteColour colour = palette_sequential(scatter->shades != NULL ? scatter->shades[i] : NAN);
    if (scatter->names != NULL)
      svg_tooltip_begin(svg, scatter->names[i]);
    svg_circle(svg, frame_x(&frame, scatter->x[i]), frame_y(&frame, scatter->y[i]), RADIUS,
               &(SvgStyle){.fill = colour.css, .stroke = "#ffffff", .stroke_width = 0.5, .opacity = 0.75});
    if (scatter->names != NULL)
      svg_tooltip_end(svg);
  }
  if (has_line)
    draw_line(svg, &frame, &line);
  if (!any)
    frame_say(svg, &frame, "no values");
  return svg_finish(svg);
}
