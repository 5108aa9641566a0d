#include "analysis/features/planes.h"

#include "stimuli/base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64
#define LANES 8 /* lines filtered side by side: a constant that compilers turn into vector instructions */

Planes *planes_new(gsize n, int width, int height, GError **error) {
  gsize per_line = ALIGNMENT / sizeof(double);
  gsize capacity, total, bytes;
  bool fits = g_size_checked_mul(&capacity, (gsize)width, (gsize)height) &&
              g_size_checked_add(&capacity, capacity, per_line) && g_size_checked_mul(&total, capacity, n) &&
              g_size_checked_mul(&bytes, total, sizeof(double));
  if (fits) {
    capacity -= capacity % per_line;
    Planes *planes = g_new0(Planes, 1);
    /* g_aligned_alloc ends the program when there is no memory, so that the alignment is made by hand. */
    void *memory = NULL;
    if (posix_memalign(&memory, ALIGNMENT, MAX(capacity * n, 1) * sizeof(double)) == 0) {
      planes->n = n;
      planes->capacity = capacity;
      planes->memory = memory;
      planes->planes = g_new(Plane, n);
      for (gsize i = 0; i < n; i++)
        planes->planes[i] = (Plane){width, height, planes->memory + i * capacity};
      return planes;
    }
    g_free(planes);
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for the features of an image of %d x %d", width, height);
  return NULL;
}

void planes_free(Planes *planes) {
  if (planes == NULL)
    return;
  free(planes->memory);
  g_free(planes->planes);
  g_free(planes);
}

void plane_shape(Plane *plane, int width, int height) {
  plane->width = width;
  plane->height = height;
}

double plane_mean(const Plane *plane) {
  double total = 0;
  for (int y = 0; y < plane->height; y++) {
    const double *row = plane->data + (gsize)y * (gsize)plane->width;
    double sum = 0;
    for (int x = 0; x < plane->width; x++)
      sum += row[x];
    total += sum;
  }
  return total / (double)plane_size(plane);
}

void gaussian_taps(int half, double sigma, double centre, double *taps) {
  double sum = 0;
  for (int t = -half; t <= half; t++)
    sum += taps[t + half] = exp(-(t - centre) * (t - centre) / (2 * sigma * sigma));
  for (int t = 0; t <= 2 * half; t++)
    taps[t] /= sum;
}

static LineFilter *filter_new(int n_in, int n_out, int n_taps) {
  LineFilter *filter = g_new0(LineFilter, 1);
  *filter = (LineFilter){.n_in = n_in, .n_out = n_out, .n_taps = MIN(n_taps, n_in)};
  filter->first = g_new0(int, n_out);
  filter->weights = g_new0(double, (gsize)n_out *(gsize)filter->n_taps);
  return filter;
}

void line_filter_free(LineFilter *filter) {
  if (filter == NULL)
    return;
  g_free(filter->first);
  g_free(filter->weights);
  g_free(filter);
}

/* The band of output i starts as near to `wanted` as the line's ends allow. */
static void filter_place(LineFilter *filter, int i, int wanted) {
  filter->first[i] = CLAMP(wanted, 0, filter->n_in - filter->n_taps);
}

static double *filter_weight(const LineFilter *filter, int i, int input) {
  return filter->weights + (gsize)i * (gsize)filter->n_taps + (gsize)(input - filter->first[i]);
}

static int reflected(int position, int n) {
  if (position < 0)
    return -position;
  return position >= n ? 2 * (n - 1) - position : position;
}

LineFilter *line_filter_reflect(int n, const double *taps, int half, int step) {
  g_assert(n > half);
  LineFilter *filter = filter_new(n, (n + step - 1) / step, 2 * half + 1);
  for (int i = 0; i < filter->n_out; i++) {
    filter_place(filter, i, i * step - half);
    for (int t = -half; t <= half; t++)
      *filter_weight(filter, i, reflected(i * step - t, n)) += taps[t + half];
  }
  return filter;
}

LineFilter *line_filter_average(int n, const double *taps, int half) {
  LineFilter *filter = filter_new(n, n, 2 * half + 1);
  double sum = 0;
  for (int t = 0; t <= 2 * half; t++)
    sum += taps[t];
  for (int i = 0; i < n; i++) {
    filter_place(filter, i, i - half);
    double covered = 0;
    for (int t = MAX(-half, i - n + 1); t <= MIN(half, i); t++)
      covered += taps[t + half];
    for (int t = MAX(-half, i - n + 1); t <= MIN(half, i); t++)
      *filter_weight(filter, i, i - t) = sum * taps[t + half] / covered;
  }
  return filter;
}

LineFilter *line_filter_expand(int n, const double *taps, int half, int phase, bool reflect) {
  g_autoptr(LineFilter) dense =
      reflect ? line_filter_reflect(2 * n, taps, half, 1) : line_filter_average(2 * n, taps, half);
  LineFilter *filter = filter_new(n, 2 * n, dense->n_taps / 2 + 1);
  for (int i = 0; i < 2 * n; i++) {
    filter_place(filter, i, dense->first[i] / 2);
    for (int t = 0; t < dense->n_taps; t++) {
      int position = dense->first[i] + t;
      if (position % 2 == phase)
        *filter_weight(filter, i, position / 2) += *filter_weight(dense, i, position);
    }
  }
  return filter;
}

LineFilter *line_filter_compose(const LineFilter *first, const LineFilter *second) {
  g_assert(first->n_out == second->n_in);
  int span = 0;
  for (int i = 0; i < second->n_out; i++) {
    int begin = first->first[second->first[i]];
    span = MAX(span, first->first[second->first[i] + second->n_taps - 1] + first->n_taps - begin);
  }
  LineFilter *filter = filter_new(first->n_in, second->n_out, span);
  for (int i = 0; i < second->n_out; i++) {
    filter_place(filter, i, first->first[second->first[i]]);
    for (int t = 0; t < second->n_taps; t++) {
      int middle = second->first[i] + t;
      double outer = *filter_weight(second, i, middle);
      for (int input = first->first[middle]; input < first->first[middle] + first->n_taps; input++)
        *filter_weight(filter, i, input) += outer * *filter_weight(first, middle, input);
    }
  }
  return filter;
}

/* lines: (n_in, LANES); out: (n_out, LANES) */
static void filter_lanes(const LineFilter *filter, const double (*restrict lines)[LANES],
                         double (*restrict out)[LANES]) {
  for (int i = 0; i < filter->n_out; i++) {
    const double *weights = filter->weights + (gsize)i * (gsize)filter->n_taps;
    const double(*line)[LANES] = lines + filter->first[i];
    double sum[LANES] = {0};
    for (int t = 0; t < filter->n_taps; t++)
      for (int lane = 0; lane < LANES; lane++)
        sum[lane] += weights[t] * line[t][lane];
    memcpy(out[i], sum, sizeof sum);
  }
}

void plane_filter_rows(const Plane *in, const LineFilter *filter, Plane *out) {
  g_assert(in->width == filter->n_in && in->data != out->data);
  g_autofree double(*lines)[LANES] = g_malloc0_n((gsize)filter->n_in, sizeof *lines);
  g_autofree double(*results)[LANES] = g_malloc_n((gsize)filter->n_out, sizeof *results);
  plane_shape(out, filter->n_out, in->height);
  for (int y = 0; y < in->height; y += LANES) {
    int n = MIN(LANES, in->height - y);
    for (int lane = 0; lane < n; lane++)
      for (int x = 0; x < in->width; x++)
        lines[x][lane] = in->data[(gsize)(y + lane) * (gsize)in->width + (gsize)x];
    filter_lanes(filter, (const double(*)[LANES])lines, results);
    for (int lane = 0; lane < n; lane++)
      for (int x = 0; x < out->width; x++)
        out->data[(gsize)(y + lane) * (gsize)out->width + (gsize)x] = results[x][lane];
  }
}

void plane_filter_columns(const Plane *in, const LineFilter *filter, Plane *out) {
  g_assert(in->height == filter->n_in && in->data != out->data);
  g_autofree double(*lines)[LANES] = g_malloc0_n((gsize)filter->n_in, sizeof *lines);
  g_autofree double(*results)[LANES] = g_malloc_n((gsize)filter->n_out, sizeof *results);
  plane_shape(out, in->width, filter->n_out);
  for (int x = 0; x < in->width; x += LANES) {
    gsize bytes = (gsize)MIN(LANES, in->width - x) * sizeof(double);
    for (int y = 0; y < in->height; y++)
      memcpy(lines[y], in->data + (gsize)y * (gsize)in->width + (gsize)x, bytes);
    filter_lanes(filter, (const double(*)[LANES])lines, results);
    for (int y = 0; y < out->height; y++)
      memcpy(out->data + (gsize)y * (gsize)out->width + (gsize)x, results[y], bytes);
  }
}

void plane_filter(const Plane *in, const LineFilter *rows, const LineFilter *columns, Plane *scratch, Plane *out) {
  plane_filter_rows(in, rows, scratch);
  plane_filter_columns(scratch, columns, out);
}

void plane_convolve(const Plane *in, const double *kernel, int half, Plane *padded, Plane *out) {
  int width = in->width, height = in->height, side = 2 * half + 1;
  g_assert(width > half && height > half);
  plane_shape(padded, width + 2 * half, height + 2 * half);
  for (int y = 0; y < padded->height; y++) {
    const double *from = in->data + (gsize)reflected(y - half, height) * (gsize)width;
    for (int x = 0; x < padded->width; x++)
      padded->data[(gsize)y * (gsize)padded->width + (gsize)x] = from[reflected(x - half, width)];
  }
  plane_shape(out, width, height);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x += LANES) {
      /* The last block of a row overlaps the one before it, so that every block has all its lanes. */
      int at = width >= LANES ? MIN(x, width - LANES) : 0;
      int n = MIN(LANES, width);
      double sum[LANES] = {0};
      for (int v = 0; v < side; v++) {
        const double *row = padded->data + (gsize)(y + v) * (gsize)padded->width + at;
        const double *taps = kernel + (gsize)(side - 1 - v) * (gsize)side + side - 1;
        for (int u = 0; u < side; u++)
          if (n == LANES)
            for (int lane = 0; lane < LANES; lane++)
              sum[lane] += taps[-u] * row[u + lane];
          else
            for (int lane = 0; lane < n; lane++)
              sum[lane] += taps[-u] * row[u + lane];
      }
      memcpy(out->data + (gsize)y * (gsize)width + at, sum, (gsize)n * sizeof *sum);
    }
  }
}
