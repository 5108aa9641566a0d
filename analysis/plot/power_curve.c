#include "analysis/plot/power_curve.h"

#include <math.h>

#include "analysis/plot/palette.h"

#define WANTED 0.8 /* Cohen 1988, Statistical Power Analysis, section 2.4 */
#define CAP 4.0    /* half the width of a bar's ends, px */
#define LINE_HEIGHT 18.0

static void draw_series(Svg *svg, const Frame *frame, const PowerSeries *series, const char *colour) {
  g_autofree double(*points)[2] = g_malloc_n(MAX(series->n, 1), sizeof *points);
  const SvgStyle bar = {.stroke = colour, .stroke_width = 1.2};
  gsize known = 0;
  for (gsize i = 0; i < series->n; i++) {
    if (isnan(series->power[i]))
      continue;
    points[known][0] = frame_x(frame, series->x[i]);
    points[known++][1] = frame_y(frame, series->power[i]);
  }
  svg_polyline(svg, points, known, FALSE, &(SvgStyle){.stroke = colour, .stroke_width = 1.8});
  for (gsize i = 0; i < series->n; i++) {
    if (isnan(series->power[i]))
      continue;
    double x = frame_x(frame, series->x[i]), low = frame_y(frame, series->low[i]),
           high = frame_y(frame, series->high[i]);
    g_autofree char *text = g_strdup_printf("%s: power %.3f (95 %% interval %.3f to %.3f)", series->name,
                                            series->power[i], series->low[i], series->high[i]);
    svg_tooltip_begin(svg, text);
    svg_line(svg, x, low, x, high, &bar);
    svg_line(svg, x - CAP, low, x + CAP, low, &bar);
    svg_line(svg, x - CAP, high, x + CAP, high, &bar);
    svg_circle(svg, x, frame_y(frame, series->power[i]), 3.6,
               &(SvgStyle){.fill = colour, .stroke = "#ffffff", .stroke_width = 0.8});
    svg_tooltip_end(svg);
  }
}

char *power_curve_plot(const PowerCurve *curve) {
  double low = INFINITY, high = -INFINITY, legend = 0;
  for (gsize s = 0; s < curve->n_series; s++) {
    legend = fmax(legend, svg_text_width(curve->series[s].name, AXES_FONT));
    for (gsize i = 0; i < curve->series[s].n; i++) {
      low = fmin(low, curve->series[s].x[i]);
      high = fmax(high, curve->series[s].x[i]);
    }
  }
  Frame frame = {.top = 10, .x = axis_around(low, high, 0.05, 6), .y = axis_around(0, 1, 0.02, 5)};
  frame.left = frame_left_margin(&frame.y);
  frame.width = curve->width - frame.left - legend - 44;
  frame.height = curve->height - frame.top - FRAME_BOTTOM_MARGIN;
  Svg *svg = svg_new(curve->width, curve->height, curve->title);
  frame_draw_y(svg, &frame, "power");
  frame_draw_x(svg, &frame, curve->x_title);
  svg_line(svg, frame.left, frame_y(&frame, WANTED), frame.left + frame.width, frame_y(&frame, WANTED),
           &(SvgStyle){.stroke = PALETTE_QUIET, .stroke_width = 1.2, .dash = "5 4"});
  for (gsize s = 0; s < curve->n_series; s++) {
    const char *colour = palette_category(s);
    double y = frame.top + 14 + LINE_HEIGHT * (double)s, x = frame.left + frame.width + 14;
    draw_series(svg, &frame, &curve->series[s], colour);
    svg_line(svg, x, y - 4, x + 16, y - 4, &(SvgStyle){.stroke = colour, .stroke_width = 2.4});
    svg_text(svg, x + 21, y, curve->series[s].name, &(SvgText){.size = AXES_FONT, .colour = PALETTE_INK});
  }
  return svg_finish(svg);
}
