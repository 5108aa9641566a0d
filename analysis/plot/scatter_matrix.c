#include "analysis/plot/scatter_matrix.h"

#include <math.h>

#include "analysis/plot/axes.h"
#include "analysis/plot/palette.h"

#define CELL 104.0
#define GAP 6.0
#define MARGIN 10.0
#define N_BINS 12

/* Pixels of cell (row, column). */
static double at(gsize index) { return MARGIN + (double)index * (CELL + GAP); }

static Axis axis_of(const double *values, gsize n) {
  double low = NAN, high = NAN;
  axis_limits(values, n, &low, &high);
  return axis_around(low, high, .06, 3);
}

static void draw_line(Svg *svg, const Frame *frame, const double (*points)[2], gsize n) {
  double mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < n; i++) {
    mean_x += points[i][0] / (double)n;
    mean_y += points[i][1] / (double)n;
    low = fmin(low, points[i][0]);
    high = fmax(high, points[i][0]);
  }
  for (gsize i = 0; i < n; i++) {
    double dx = points[i][0] - mean_x;
    sxx += dx * dx;
    sxy += dx * (points[i][1] - mean_y);
  }
  if (n < 2 || !(sxx > 0))
    return;
  double x[2] = {low, high}, y[2] = {mean_y + sxy / sxx * (low - mean_x), mean_y + sxy / sxx * (high - mean_x)};
  if (frame_clip_line(frame, x, y))
    svg_line(svg, x[0], y[0], x[1], y[1], &(SvgStyle){.stroke = PALETTE_LINE, .stroke_width = 1.6});
}

static void draw_scatter(Svg *svg, const ScatterMatrix *matrix, gsize row, gsize column) {
  const double *x = matrix->values[column], *y = matrix->values[row];
  Frame frame = {at(column), at(row), CELL, CELL, axis_of(x, matrix->n), axis_of(y, matrix->n)};
  g_autofree double(*points)[2] = g_malloc0_n(matrix->n + 1, sizeof *points);
  gsize n = 0;
  for (gsize i = 0; i < matrix->n; i++)
    if (isfinite(x[i]) && isfinite(y[i])) {
      points[n][0] = frame_x(&frame, x[i]);
      points[n++][1] = frame_y(&frame, y[i]);
    }
  svg_dots(svg, (const double(*)[2])points, n, n > 300 ? 1.2 : 1.9,
           &(SvgStyle){.fill = palette_category(0), .opacity = .5});
  draw_line(svg, &frame, (const double(*)[2])points, n);
}

static void draw_number(Svg *svg, const ScatterMatrix *matrix, gsize row, gsize column) {
  double r = matrix->r[row * matrix->n_variables + column], x = at(column) + CELL / 2, y = at(row) + CELL / 2;
  const char *mark = matrix->marks[row * matrix->n_variables + column];
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  SvgText style = {.size = isnan(r) ? 12 : 12 + 10 * fabs(r), .colour = PALETTE_INK, .anchor = SVG_MIDDLE};
  if (isnan(r)) {
    style.colour = PALETTE_QUIET;
    svg_text(svg, x, y + 4, "n/a", &style);
    return;
  }
  g_ascii_formatd(number, sizeof number, "%.2f", r);
  g_autofree char *text = g_strconcat(number[0] == '-' ? "\u2212" : "", number + (number[0] == '-'), NULL);
  svg_text(svg, x, y + style.size / 3, text, &style);
  if (mark != NULL)
    svg_text(svg, x, y + style.size / 3 + 16, mark,
             &(SvgText){.size = 13, .colour = PALETTE_LINE, .anchor = SVG_MIDDLE});
}

static void draw_histogram(Svg *svg, const ScatterMatrix *matrix, gsize variable) {
  const double *values = matrix->values[variable];
  Axis axis = axis_of(values, matrix->n);
  gsize counts[N_BINS] = {0}, most = 0;
  for (gsize i = 0; i < matrix->n; i++)
    if (isfinite(values[i])) {
      gsize bin = (gsize)CLAMP((values[i] - axis.low) / (axis.high - axis.low) * N_BINS, 0, N_BINS - 1);
      counts[bin]++;
      most = MAX(most, counts[bin]);
    }
  double left = at(variable), bottom = left + CELL, room = CELL - 24;
  for (gsize bin = 0; bin < N_BINS && most > 0; bin++) {
    double height = room * (double)counts[bin] / (double)most;
    svg_rect(svg, left + CELL * (double)bin / N_BINS, bottom - height, CELL / N_BINS - 1, height, 0,
             &(SvgStyle){.fill = palette_category(0), .opacity = .45});
  }
  g_autofree char *name = svg_short_text(matrix->names[variable], 18);
  double size = fmin(12, .88 * 12 * CELL / svg_text_width(name, 12));
  svg_text(svg, left + CELL / 2, left + 14, name,
           &(SvgText){.size = size, .colour = PALETTE_INK, .anchor = SVG_MIDDLE, .bold = TRUE});
}

char *scatter_matrix_plot(const ScatterMatrix *matrix) {
  gsize n = matrix->n_variables;
  double side = 2 * MARGIN + (double)n * (CELL + GAP) - GAP;
  Svg *svg = svg_new(side, side, matrix->title);
  for (gsize row = 0; row < n; row++)
    for (gsize column = 0; column < n; column++) {
      svg_rect(svg, at(column), at(row), CELL, CELL, 0, &(SvgStyle){.stroke = PALETTE_GRID});
      if (row == column)
        draw_histogram(svg, matrix, row);
      else if (row > column)
        draw_scatter(svg, matrix, row, column);
      else
        draw_number(svg, matrix, row, column);
    }
  return svg_finish(svg);
}
