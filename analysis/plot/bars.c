#include "analysis/plot/bars.h"

#include <math.h>

#include "analysis/plot/axes.h"
#include "analysis/plot/palette.h"

#define PLOT_WIDTH 320.0 /* px, of the plotting area */
#define ROW_HEIGHT 24.0
#define FONT 12.0
#define LABEL_LENGTH 40
#define TOP 8.0
#define RIGHT 16.0

/* The axis ends where the longest bar's number still fits. */
static double axis_end(const Bars *bars) {
  if (!isnan(bars->high))
    return bars->high;
  double largest = 0;
  for (gsize i = 0; i < bars->n_bars; i++)
    if (isfinite(bars->bars[i].value))
      largest = MAX(largest, bars->bars[i].value);
  return largest > 0 ? largest * 1.15 : 1;
}

static void draw_bar(Svg *svg, const Frame *frame, const Bar *bar, double middle) {
  g_autofree char *name = svg_short_text(bar->name, LABEL_LENGTH);
  bool known = isfinite(bar->value);
  double right = known ? frame_x(frame, bar->value) : frame->left;
  const char *number = known ? bar->text : "n/a";
  bool inside = right + svg_text_width(number, FONT) + 8 > frame->left + frame->width;
  svg_text(svg, frame->left - 8, middle + FONT * 0.35, name,
           &(SvgText){.size = FONT, .colour = PALETTE_INK, .anchor = SVG_END});
  svg_rect(svg, frame->left, middle - ROW_HEIGHT * 0.34, right - frame->left, ROW_HEIGHT * 0.68, 1.5,
           &(SvgStyle){.fill = palette_category(0)});
  svg_text(
      svg, right + (inside ? -6 : 6), middle + FONT * 0.35, number,
      &(SvgText){.size = FONT, .colour = inside ? "#ffffff" : PALETTE_INK, .anchor = inside ? SVG_END : SVG_START});
}

char *bars_plot(const Bars *bars) {
  double label = 0, rows = (double)MAX(bars->n_bars, 1);
  for (gsize i = 0; i < bars->n_bars; i++) {
    g_autofree char *name = svg_short_text(bars->bars[i].name, LABEL_LENGTH);
    label = MAX(label, svg_text_width(name, FONT));
  }
  Frame frame = {.left = label + 18, .top = TOP, .height = ROW_HEIGHT * rows};
  frame.width = PLOT_WIDTH;
  frame.x = axis_around(0, axis_end(bars), 0, 5);
  Svg *svg = svg_new(frame.left + frame.width + RIGHT, TOP + frame.height + FRAME_BOTTOM_MARGIN, bars->title);
  for (gsize i = 0; i < bars->n_bars; i++)
    draw_bar(svg, &frame, &bars->bars[i], TOP + ROW_HEIGHT * ((double)i + 0.5));
  frame_draw_x(svg, &frame, bars->x_title);
  return svg_finish(svg);
}
