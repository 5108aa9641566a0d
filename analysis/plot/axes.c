#include "analysis/plot/axes.h"

#include "analysis/plot/palette.h"

#include <math.h>

/* Rounding errors of multiples of a step must not lose a tick at the end of the range. */
#define TICK_SLACK 1e-9

static double nice_step(double span, int n_ticks) {
  static const double nice[] = {1, 2, 2.5, 5, 10};
  double rough = span / MAX(n_ticks, 1), power = pow(10, floor(log10(rough)));
  for (gsize i = 0; i < G_N_ELEMENTS(nice); i++)
    if (nice[i] * power >= rough * (1 - TICK_SLACK))
      return nice[i] * power;
  return 10 * power;
}

static int decimals_of(double step) {
  for (int decimals = 0; decimals < 12; decimals++) {
    double scaled = step * pow(10, decimals);
    if (fabs(scaled - round(scaled)) < 1e-6 * scaled)
      return decimals;
  }
  return 12;
}

Axis axis_around(double min, double max, double margin, int n_ticks) {
  if (!isfinite(min) || !isfinite(max)) {
    min = 0;
    max = 1;
  }
  double span = max - min;
  if (!(span > 1e-12 * MAX(fabs(min), fabs(max)))) {
    double half = min == 0 ? 1 : fabs(min) / 10;
    min -= half;
    max += half;
    span = max - min;
  }
  Axis axis = {.low = min - margin * span, .high = max + margin * span};
  axis.step = nice_step(axis.high - axis.low, n_ticks);
  axis.decimals = decimals_of(axis.step);
  return axis;
}

bool axis_limits(const double *values, gsize n, double *min, double *max) {
  bool any = false;
  for (gsize i = 0; i < n; i++)
    if (isfinite(values[i])) {
      *min = any ? MIN(*min, values[i]) : values[i];
      *max = any ? MAX(*max, values[i]) : values[i];
      any = true;
    }
  return any;
}

static double first_tick(const Axis *axis) { return ceil(axis->low / axis->step - TICK_SLACK); }

int axis_n_ticks(const Axis *axis) { return (int)(floor(axis->high / axis->step + TICK_SLACK) - first_tick(axis)) + 1; }

double axis_tick(const Axis *axis, int i) { return (first_tick(axis) + i) * axis->step; }

char *axis_label(const Axis *axis, int i) {
  double value = axis_tick(axis, i);
  char format[8], text[64];
  if (fabs(value) >= 1e7 || axis->decimals > 6) {
    g_ascii_formatd(text, sizeof text, "%.3g", value);
    return g_strdup(text);
  }
  g_snprintf(format, sizeof format, "%%.%df", axis->decimals);
  g_ascii_formatd(text, sizeof text, format, fabs(value) < axis->step / 2 ? 0.0 : value);
  return text[0] == '-' ? g_strconcat("\u2212", text + 1, NULL) : g_strdup(text);
}

double axis_label_width(const Axis *axis, double size) {
  double widest = 0;
  for (int i = 0; i < axis_n_ticks(axis); i++) {
    g_autofree char *label = axis_label(axis, i);
    widest = MAX(widest, svg_text_width(label, size));
  }
  return widest;
}

double frame_x(const Frame *frame, double value) {
  return frame->left + (value - frame->x.low) / (frame->x.high - frame->x.low) * frame->width;
}

double frame_y(const Frame *frame, double value) {
  return frame->top + (frame->y.high - value) / (frame->y.high - frame->y.low) * frame->height;
}

double frame_left_margin(const Axis *y) { return axis_label_width(y, AXES_FONT) + AXES_TITLE_FONT + 18; }

void frame_draw_y(Svg *svg, const Frame *frame, const char *title) {
  const SvgStyle grid = {.stroke = PALETTE_GRID};
  const SvgText label = {.size = AXES_FONT, .colour = PALETTE_QUIET, .anchor = SVG_END};
  for (int i = 0; i < axis_n_ticks(&frame->y); i++) {
    double y = frame_y(frame, axis_tick(&frame->y, i));
    g_autofree char *text = axis_label(&frame->y, i);
    svg_line(svg, frame->left, y, frame->left + frame->width, y, &grid);
    svg_text(svg, frame->left - 6, y + AXES_FONT * 0.35, text, &label);
  }
  double middle = frame->top + frame->height / 2;
  svg_text(svg, AXES_TITLE_FONT + 2, middle, title,
           &(SvgText){.size = AXES_TITLE_FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE, .turn_deg = -90});
}

void frame_draw_x(Svg *svg, const Frame *frame, const char *title) {
  double bottom = frame->top + frame->height;
  const SvgStyle line = {.stroke = PALETTE_QUIET};
  const SvgText label = {.size = AXES_FONT, .colour = PALETTE_QUIET, .anchor = SVG_MIDDLE};
  svg_line(svg, frame->left, bottom, frame->left + frame->width, bottom, &line);
  for (int i = 0; i < axis_n_ticks(&frame->x); i++) {
    double x = frame_x(frame, axis_tick(&frame->x, i));
    g_autofree char *text = axis_label(&frame->x, i);
    svg_line(svg, x, bottom, x, bottom + 4, &line);
    svg_text(svg, x, bottom + 7 + AXES_FONT, text, &label);
  }
  svg_text(svg, frame->left + frame->width / 2, bottom + 14 + AXES_FONT + AXES_TITLE_FONT, title,
           &(SvgText){.size = AXES_TITLE_FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE});
}

bool frame_clip_line(const Frame *frame, double x[2], double y[2]) {
  double top = frame->top, bottom = frame->top + frame->height, x0 = x[0], y0 = y[0], dx = x[1] - x[0],
         dy = y[1] - y[0];
  if (fmax(y[0], y[1]) < top || fmin(y[0], y[1]) > bottom)
    return false;
  for (int end = 0; end < 2; end++) {
    double inside = CLAMP(y[end], top, bottom);
    if (inside != y[end])
      x[end] = x0 + (inside - y0) / dy * dx;
    y[end] = inside;
  }
  return true;
}

void frame_say(Svg *svg, const Frame *frame, const char *text) {
  svg_text(svg, frame->left + frame->width / 2, frame->top + frame->height / 2, text,
           &(SvgText){.size = AXES_FONT, .colour = PALETTE_QUIET, .anchor = SVG_MIDDLE});
}
