#include "analysis/plot/intervals.h"

#include <math.h>

#include "analysis/plot/axes.h"
#include "analysis/plot/palette.h"

#define PLOT_WIDTH 320.0   /* px of the plotting area in a figure of one column */
#define COLUMN_WIDTH 320.0 /* of a whole column, where there are several */
#define ROW_HEIGHT 22.0
#define TIGHT_ROW_HEIGHT 13.0 /* where there are several columns */
#define FONT 12.0
#define TIGHT_FONT 10.0
#define LABEL_LENGTH 34
#define TIGHT_LABEL_LENGTH 26
#define TOP 10.0
#define GAP 16.0

/* What all columns of a figure share. */
typedef struct {
  gsize n_columns, rows;
  double font, row_height, label, column; /* px; label: room of the names, column: from column to column */
  gsize label_length;
} Layout;

static Layout lay_out(const Intervals *intervals) {
  gsize n = MAX(intervals->n_rows, 1), rows = MIN(n, intervals->per_column);
  Layout layout = {.n_columns = (n + rows - 1) / rows, .rows = rows};
  bool tight = layout.n_columns > 1;
  layout.font = tight ? TIGHT_FONT : FONT;
  layout.row_height = tight ? TIGHT_ROW_HEIGHT : ROW_HEIGHT;
  layout.label_length = tight ? TIGHT_LABEL_LENGTH : LABEL_LENGTH;
  for (gsize i = 0; i < intervals->n_rows; i++) {
    g_autofree char *text = svg_short_text(intervals->rows[i].name, layout.label_length);
    layout.label = MAX(layout.label, svg_text_width(text, layout.font) + 10);
  }
  layout.column = tight ? COLUMN_WIDTH : layout.label + PLOT_WIDTH + GAP;
  return layout;
}

/* Around every value that will be drawn. */
static Axis choose_axis(const Intervals *intervals, int n_ticks) {
  if (!isnan(intervals->low) && !isnan(intervals->high))
    return axis_around(intervals->low, intervals->high, 0.02, n_ticks);
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < intervals->n_rows; i++) {
    const IntervalRow *row = &intervals->rows[i];
    const double values[] = {row->estimate, row->low, row->high, row->other};
    for (gsize k = 0; k < G_N_ELEMENTS(values); k++)
      if (isfinite(values[k])) {
        low = MIN(low, values[k]);
        high = MAX(high, values[k]);
      }
  }
  if (low <= high && !isnan(intervals->reference)) {
    low = MIN(low, intervals->reference);
    high = MAX(high, intervals->reference);
  }
  return low <= high ? axis_around(low, high, 0.04, n_ticks) : axis_around(NAN, NAN, 0, n_ticks);
}

static char *describe(const IntervalRow *row) {
  if (isnan(row->low) || isnan(row->high))
    return g_strdup_printf("%s: %.4g", row->name, row->estimate);
  return g_strdup_printf("%s: %.4g (%.4g to %.4g)", row->name, row->estimate, row->low, row->high);
}

static void draw_row(Svg *svg, const Frame *frame, const IntervalRow *row, double y, double size) {
  if (!isfinite(row->estimate)) {
    svg_text(svg, frame->left + 4, y + AXES_FONT * 0.33, "n/a",
             &(SvgText){.size = AXES_FONT - 2, .colour = PALETTE_QUIET});
    return;
  }
  const char *colour = row->mark == INTERVAL_HOLLOW ? PALETTE_QUIET : palette_category(0);
  g_autofree char *tip = describe(row);
  double left = frame->left, right = frame->left + frame->width, x = frame_x(frame, row->estimate);
  svg_tooltip_begin(svg, tip);
  if (isfinite(row->low) && isfinite(row->high))
    svg_line(svg, CLAMP(frame_x(frame, row->low), left, right), y, CLAMP(frame_x(frame, row->high), left, right), y,
             &(SvgStyle){.stroke = colour, .stroke_width = size / 2.6});
  if (x >= left && x <= right)
    svg_circle(
        svg, x, y, size,
        &(SvgStyle){.fill = row->mark == INTERVAL_FILLED ? colour : "#ffffff", .stroke = colour, .stroke_width = 1.4});
  if (isfinite(row->other)) {
    const SvgStyle cross = {.stroke = PALETTE_INK, .stroke_width = 1.3};
    double other = CLAMP(frame_x(frame, row->other), left, right), arm = size * 0.9;
    svg_line(svg, other - arm, y - arm, other + arm, y + arm, &cross);
    svg_line(svg, other - arm, y + arm, other + arm, y - arm, &cross);
  }
  svg_tooltip_end(svg);
}

static void draw_column(Svg *svg, const Intervals *intervals, const Layout *layout, Frame *frame, gsize column) {
  gsize first = column * layout->rows, n = MIN(layout->rows, intervals->n_rows - first);
  frame->left = GAP + (double)column * layout->column + layout->label;
  for (int i = 0; i < axis_n_ticks(&frame->x); i++) {
    double x = frame_x(frame, axis_tick(&frame->x, i));
    svg_line(svg, x, frame->top, x, frame->top + frame->height, &(SvgStyle){.stroke = PALETTE_GRID});
  }
  if (isfinite(intervals->reference)) {
    double x = frame_x(frame, intervals->reference);
    svg_line(svg, x, frame->top, x, frame->top + frame->height,
             &(SvgStyle){.stroke = PALETTE_LINE, .stroke_width = 1.2, .dash = "5 4"});
  }
  for (gsize i = 0; i < n; i++) {
    const IntervalRow *row = &intervals->rows[first + i];
    double y = frame->top + layout->row_height * ((double)i + 0.5);
    g_autofree char *name = svg_short_text(row->name, layout->label_length);
    svg_text(svg, frame->left - 8, y + layout->font * 0.35, name,
             &(SvgText){.size = layout->font, .colour = PALETTE_INK, .anchor = SVG_END});
    draw_row(svg, frame, row, y, layout->font / 3);
  }
  frame_draw_x(svg, frame, intervals->x_title);
}

char *intervals_plot(const Intervals *intervals) {
  g_assert(intervals->per_column > 0);
  Layout layout = lay_out(intervals);
  Frame frame = {.top = TOP, .height = layout.row_height * (double)layout.rows};
  frame.width = layout.column - layout.label - GAP;
  frame.x = choose_axis(intervals, layout.n_columns > 1 ? 3 : 6);
  Svg *svg = svg_new(layout.column * (double)layout.n_columns + 2 * GAP, TOP + frame.height + FRAME_BOTTOM_MARGIN,
                     intervals->title);
  for (gsize column = 0; column < layout.n_columns; column++)
    draw_column(svg, intervals, &layout, &frame, column);
  return svg_finish(svg);
}
