#include "analysis/plot/boxes.h"

#include "analysis/plot/palette.h"
#include "analysis/plot/violin.h"
#include "analysis/stats/descriptive.h"

#include <math.h>

#define WIDEST_STEP 96.0 /* px from group to group */
#define NARROWEST_STEP 17.0
#define ROW_WIDTH 900.0
#define PLOT_HEIGHT 240.0
#define LABEL_FONT 11.0
#define LABEL_LENGTH 28     /* characters */
#define LABEL_TURN_DEG 60.0 /* where this keeps labels apart, else 90 */
#define NARROW_STEP 24.0
#define LEGEND_HEIGHT 26.0
#define LEGEND_WIDTH 160.0

bool box_shape(const double *values, gsize n, BoxShape *shape, GError **error) {
  Description description;
  if (!descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &description, error))
    return false;
  double reach = 1.5 * (description.q3 - description.q1);
  *shape = (BoxShape){description.q1, description.median, description.q3, description.q1, description.q3};
  for (gsize i = 0; i < n; i++) {
    if (values[i] >= description.q1 - reach)
      shape->low = MIN(shape->low, values[i]);
    if (values[i] <= description.q3 + reach)
      shape->high = MAX(shape->high, values[i]);
  }
  return true;
}

/* Sizes that all rows of a figure share. */
typedef struct {
  double step, left, label_height, row_height;
  double turn_deg; /* 0: labels that fit side by side */
} Layout;

static double label_width(const BoxGroup *group) {
  g_autofree char *text = svg_short_text(group->name, LABEL_LENGTH);
  return svg_text_width(text, LABEL_FONT);
}

static Layout lay_out(const Boxes *boxes, const Axis *y) {
  gsize longest_row = MIN(boxes->n_groups, boxes->per_row);
  double widest = 0;
  for (gsize i = 0; i < boxes->n_groups; i++)
    widest = MAX(widest, label_width(&boxes->groups[i]));
  Layout layout = {.left = frame_left_margin(y)};
  layout.step = CLAMP(ROW_WIDTH / (double)MAX(longest_row, 1), NARROWEST_STEP, WIDEST_STEP);
  /* A few groups with long names get the room that these need. */
  if (widest + 10 > layout.step && (widest + 10) * (double)longest_row <= ROW_WIDTH / 2)
    layout.step = widest + 10;
  layout.turn_deg = widest + 6 <= layout.step ? 0 : layout.step < NARROW_STEP ? 90 : LABEL_TURN_DEG;
  double angle = layout.turn_deg * G_PI / 180;
  layout.label_height = layout.turn_deg > 0 ? widest * sin(angle) + LABEL_FONT : LABEL_FONT;
  /* Labels of a row's first groups lean out to the left. */
  for (gsize i = 0; layout.turn_deg > 0 && i < boxes->n_groups; i++) {
    double lean = label_width(&boxes->groups[i]) * cos(angle);
    layout.left = MAX(layout.left, lean + 8 - layout.step * ((double)(i % boxes->per_row) + 0.5));
  }
  layout.row_height = 12 + PLOT_HEIGHT + 12 + layout.label_height + 10;
  return layout;
}

/* 0..1 by the golden ratio: spreads dots evenly without chance. */
static double spread(gsize i) {
  double turn = (double)i * 0.6180339887498949;
  return turn - floor(turn);
}

static bool draw_group(Svg *svg, const Frame *frame, const Boxes *boxes, const BoxGroup *group, double x, double step,
                       GError **error) {
  BoxShape shape;
  if (!box_shape(group->values, group->n, &shape, error))
    return false;
  if (group->n == 0)
    return true;
  PaletteColour colour = palette_sequential(group->shade);
  double half = MIN(step * 0.32, 21) * (boxes->violins ? .35 : 1);
  const SvgStyle stem = {.stroke = PALETTE_QUIET};
  const SvgStyle dot = {.fill = boxes->points ? PALETTE_INK : "none",
                        .stroke = boxes->points ? NULL : PALETTE_QUIET,
                        .stroke_width = 0.9,
                        .opacity = boxes->points ? 0.5 : 0.8};
  g_autofree char *tip = g_strdup_printf("%s: n = %zu, median %.1f, quartiles %.1f and %.1f", group->name, group->n,
                                         shape.median, shape.q1, shape.q3);
  svg_tooltip_begin(svg, tip);
  if (boxes->violins && !violin_draw(svg, frame, group->values, group->n, boxes->low, boxes->high, x,
                                     MIN(step * 0.42, 40), colour.css, error))
    return false;
  double y1 = frame_y(frame, shape.q1), y3 = frame_y(frame, shape.q3), median = frame_y(frame, shape.median);
  svg_line(svg, x, frame_y(frame, shape.low), x, y1, &stem);
  svg_line(svg, x, y3, x, frame_y(frame, shape.high), &stem);
  svg_line(svg, x - half / 2, frame_y(frame, shape.low), x + half / 2, frame_y(frame, shape.low), &stem);
  svg_line(svg, x - half / 2, frame_y(frame, shape.high), x + half / 2, frame_y(frame, shape.high), &stem);
  svg_rect(svg, x - half, y3, 2 * half, y1 - y3, 1.5, &(SvgStyle){.fill = colour.css, .opacity = 0.55});
  svg_rect(svg, x - half, y3, 2 * half, y1 - y3, 1.5, &(SvgStyle){.stroke = colour.css, .stroke_width = 1.2});
  svg_line(svg, x - half, median, x + half, median, &(SvgStyle){.stroke = PALETTE_INK, .stroke_width = 2.2});
  for (gsize i = 0; i < group->n; i++) {
    bool outlier = group->values[i] < shape.low || group->values[i] > shape.high;
    if (boxes->points || outlier)
      svg_circle(svg, boxes->points ? x + (spread(i) - 0.5) * 1.3 * half : x, frame_y(frame, group->values[i]), 2.1,
                 &dot);
  }
  svg_tooltip_end(svg);
  return true;
}

static void draw_label(Svg *svg, const Layout *layout, double x, double y, const char *name) {
  SvgText style = {.size = LABEL_FONT, .colour = PALETTE_INK, .anchor = SVG_MIDDLE};
  g_autofree char *text = svg_short_text(name, LABEL_LENGTH);
  bool shortened = !g_str_equal(text, name);
  if (shortened)
    svg_tooltip_begin(svg, name);
  if (layout->turn_deg > 0) {
    style.anchor = SVG_END;
    style.turn_deg = -layout->turn_deg;
    svg_text(svg, x + LABEL_FONT * 0.35, y + (layout->turn_deg < 90 ? LABEL_FONT * 0.6 : 0), text, &style);
  } else {
    svg_text(svg, x, y + LABEL_FONT, text, &style);
  }
  if (shortened)
    svg_tooltip_end(svg);
}

static void draw_legend(Svg *svg, const Boxes *boxes, double right, double top) {
  const SvgText label = {.size = LABEL_FONT, .colour = PALETTE_QUIET};
  double x = right - svg_text_width(boxes->high_shade, LABEL_FONT) - 6 - LEGEND_WIDTH;
  for (int i = 0; i < 40; i++) {
    PaletteColour colour = palette_sequential(i / 39.0);
    svg_rect(svg, x + LEGEND_WIDTH * i / 40, top + 4, LEGEND_WIDTH / 40 + 0.5, 9, 0, &(SvgStyle){.fill = colour.css});
  }
  svg_text(svg, x + LEGEND_WIDTH + 6, top + 12, boxes->high_shade, &label);
  svg_text(svg, x - 6, top + 12, boxes->low_shade,
           &(SvgText){.size = LABEL_FONT, .colour = PALETTE_QUIET, .anchor = SVG_END});
}

static bool draw_row(Svg *svg, const Boxes *boxes, const Layout *layout, Frame *frame, gsize first, GError **error) {
  gsize n = MIN(boxes->per_row, boxes->n_groups - first);
  frame->width = layout->step * (double)n;
  frame_draw_y(svg, frame, boxes->y_title);
  if (!isnan(boxes->reference))
    svg_line(svg, frame->left, frame_y(frame, boxes->reference), frame->left + frame->width,
             frame_y(frame, boxes->reference), &(SvgStyle){.stroke = PALETTE_LINE, .stroke_width = 1.2, .dash = "5 4"});
  for (gsize i = 0; i < n; i++) {
    const BoxGroup *group = &boxes->groups[first + i];
    double x = frame->left + layout->step * ((double)i + 0.5);
    if (!draw_group(svg, frame, boxes, group, x, layout->step, error))
      return false;
    draw_label(svg, layout, x, frame->top + frame->height + 8, group->name);
  }
  return true;
}

bool boxes_plot(const Boxes *boxes, char **svg_text_out, GError **error) {
  g_assert(boxes->per_row > 0);
  Frame frame = {.height = PLOT_HEIGHT};
  frame.y = axis_around(boxes->low, boxes->high, 0.02, 5);
  Layout layout = lay_out(boxes, &frame.y);
  gsize n_rows = MAX((boxes->n_groups + boxes->per_row - 1) / boxes->per_row, 1);
  bool legend = boxes->low_shade != NULL && boxes->high_shade != NULL;
  double width = layout.left + layout.step * (double)MAX(MIN(boxes->n_groups, boxes->per_row), 1) + 14;
  if (legend)
    width = MAX(width, 2 * LEGEND_WIDTH + layout.left);
  g_autoptr(Svg) svg = svg_new(width, (double)n_rows * layout.row_height + (legend ? LEGEND_HEIGHT : 0), boxes->title);
  if (legend)
    draw_legend(svg, boxes, width - 14, 2);
  for (gsize row = 0; row < n_rows && boxes->n_groups > 0; row++) {
    frame.left = layout.left;
    frame.top = (legend ? LEGEND_HEIGHT : 0) + (double)row * layout.row_height + 12;
    if (!draw_row(svg, boxes, &layout, &frame, row * boxes->per_row, error))
      return false;
  }
  *svg_text_out = svg_finish(g_steal_pointer(&svg));
  return true;
}
