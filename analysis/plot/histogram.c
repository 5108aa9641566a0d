#include "analysis/plot/histogram.h"

#include "analysis/plot/palette.h"

void histogram_count(const Histogram *histogram, gsize *counts) {
  for (gsize bin = 0; bin < histogram->n_bins; bin++)
    counts[bin] = 0;
  double span = histogram->high - histogram->low;
  for (gsize i = 0; i < histogram->n; i++) {
    double value = histogram->values[i];
    if (!(value >= histogram->low && value <= histogram->high))
      continue;
    gsize bin = (gsize)((value - histogram->low) / span * (double)histogram->n_bins);
    counts[MIN(bin, histogram->n_bins - 1)]++;
  }
}

char *histogram_plot(const Histogram *histogram) {
  g_assert(histogram->n_bins > 0 && histogram->high > histogram->low);
  g_autofree gsize *counts = g_new(gsize, histogram->n_bins);
  histogram_count(histogram, counts);
  gsize largest = 1;
  for (gsize bin = 0; bin < histogram->n_bins; bin++)
    largest = MAX(largest, counts[bin]);

  Frame frame = {.top = 10};
  frame.x = axis_around(histogram->low, histogram->high, 0, 5);
  frame.y = axis_around(0, (double)largest * 1.06, 0, 4);
  frame.left = frame_left_margin(&frame.y);
  frame.width = histogram->width - frame.left - 16;
  frame.height = histogram->height - frame.top - FRAME_BOTTOM_MARGIN;
  Svg *svg = svg_new(histogram->width, histogram->height, histogram->title);
  frame_draw_y(svg, &frame, histogram->y_title);
  double step = frame.width / (double)histogram->n_bins;
  for (gsize bin = 0; bin < histogram->n_bins; bin++) {
    double top = frame_y(&frame, (double)counts[bin]);
    g_autofree char *tip = g_strdup_printf("%zu", counts[bin]);
    svg_tooltip_begin(svg, tip);
    svg_rect(svg, frame.left + step * (double)bin + 0.75, top, step - 1.5, frame.top + frame.height - top, 1,
             &(SvgStyle){.fill = palette_category(0), .opacity = 0.8});
    svg_tooltip_end(svg);
  }
  frame_draw_x(svg, &frame, histogram->x_title);
  return svg_finish(svg);
}
