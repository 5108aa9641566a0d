#include "analysis/plot/histogram.h"

#include "analysis/plot/palette.h"

#include <math.h>

#define MOST_NUMBERS 100000 /* of a scale of whole numbers; one with more counts as continuous */

static double bin_width(const Histogram *histogram) {
  return (histogram->high - histogram->low) / (double)(histogram->n_bins - 1);
}

static gsize bin_of(const Histogram *histogram, double value) {
  return MIN((gsize)((value - histogram->low) / bin_width(histogram) + 0.5), histogram->n_bins - 1);
}

bool histogram_is_whole(const double *values, gsize n, double low, double high) {
  bool whole = low == floor(low) && high == floor(high) && high - low < MOST_NUMBERS;
  for (gsize i = 0; i < n && whole; i++)
    whole = isnan(values[i]) || values[i] == floor(values[i]);
  return whole;
}

void histogram_count(const Histogram *histogram, gsize *counts, double *sizes) {
  for (gsize bin = 0; bin < histogram->n_bins; bin++) {
    bool end = bin == 0 || bin == histogram->n_bins - 1;
    counts[bin] = 0;
    sizes[bin] = histogram->whole ? 0 : bin_width(histogram) / (end ? 2 : 1);
  }
  for (double number = histogram->low; histogram->whole && number <= histogram->high; number++)
    sizes[bin_of(histogram, number)]++;
  for (gsize i = 0; i < histogram->n; i++)
    if (histogram->values[i] >= histogram->low && histogram->values[i] <= histogram->high)
      counts[bin_of(histogram, histogram->values[i])]++;
}

char *histogram_plot(const Histogram *histogram) {
  g_assert(histogram->n_bins > 1 && histogram->high > histogram->low);
  g_autofree gsize *counts = g_new(gsize, histogram->n_bins);
  g_autofree double *sizes = g_new(double, histogram->n_bins);
  histogram_count(histogram, counts, sizes);
  double largest = 0, margin = 0.5 / (double)(histogram->n_bins - 1);
  for (gsize bin = 0; bin < histogram->n_bins; bin++)
    largest = MAX(largest, sizes[bin] > 0 ? (double)counts[bin] / sizes[bin] : 0);

  Frame frame = {.top = 10};
  frame.x = axis_around(histogram->low, histogram->high, margin, 5);
  frame.y = axis_around(0, largest > 0 ? largest * 1.06 : 1, 0, 4);
  frame.left = frame_left_margin(&frame.y);
  frame.width = histogram->width - frame.left - 16;
  frame.height = histogram->height - frame.top - FRAME_BOTTOM_MARGIN;
  Svg *svg = svg_new(histogram->width, histogram->height, histogram->title);
  frame_draw_y(svg, &frame, histogram->y_title);
  double step = frame.width / (double)histogram->n_bins;
  for (gsize bin = 0; bin < histogram->n_bins; bin++) {
    double top = frame_y(&frame, sizes[bin] > 0 ? (double)counts[bin] / sizes[bin] : 0);
    double middle = histogram->low + (double)bin * bin_width(histogram);
    g_autofree char *tip = g_strdup_printf("around %g: %zu", middle, counts[bin]);
    svg_tooltip_begin(svg, tip);
    svg_rect(svg, frame.left + step * (double)bin + 0.75, top, step - 1.5, frame.top + frame.height - top, 1,
             &(SvgStyle){.fill = palette_category(0), .opacity = 0.8});
    svg_tooltip_end(svg);
  }
  frame_draw_x(svg, &frame, histogram->x_title);
  return svg_finish(svg);
}
