#include <math.h>
#include <string.h>

#include "synth/net/op.h"

#define LANES 8
#define CHUNK 256 /* outputs of a row at a time, so that the running maxima stay in the first-level cache */

/* The taps [*from, *to) of a window that starts at `start` and lie inside an axis of length n. */
static void window_taps(int start, int kernel, int n, int *from, int *to) {
  *from = start < 0 ? -start : 0;
  *to = MIN(kernel, n - start);
}

/* Outputs [x0, x0 + n) of one row: the maxima over the taps of `line`, an input row, taken into best and which. */
static void take_row(const NetGeometry *g, const float *line, int ky, int x0, int n, float *best, gint32 *which) {
  for (int kx = 0; kx < g->kernel_w; kx++) {
    /* Outputs i of the chunk whose tap kx is inside: 0 <= (x0 + i) * stride - pad + kx < in_w. */
    int offset = x0 * g->stride_w - g->pad_left + kx;
    int from = offset >= 0 ? 0 : (-offset + g->stride_w - 1) / g->stride_w;
    int left = g->in_w - 1 - offset;
    int to = left < 0 ? 0 : MIN(n, left / g->stride_w + 1);
    gint32 tap = ky * g->kernel_w + kx;
    const float *source = line + offset;
    if (g->stride_w == 1) {
      for (int i = from; i < to; i++) {
        bool larger = source[i] > best[i];
        best[i] = larger ? source[i] : best[i];
        which[i] = larger ? tap : which[i];
      }
    } else if (g->stride_w == 2) {
      for (int i = from; i < to; i++) {
        bool larger = source[2 * i] > best[i];
        best[i] = larger ? source[2 * i] : best[i];
        which[i] = larger ? tap : which[i];
      }
    } else {
      for (int i = from; i < to; i++) {
        float value = source[(gssize)i * g->stride_w];
        bool larger = value > best[i];
        best[i] = larger ? value : best[i];
        which[i] = larger ? tap : which[i];
      }
    }
  }
}

/* Row oy of one plane's outputs, any window, clipped or not. */
static void pool_row(const NetGeometry *g, const float *x, int oy, float *y, guint8 *choice) {
  float best[CHUNK];
  gint32 which[CHUNK];
  int start = oy * g->stride_h - g->pad_top, from, to;
  window_taps(start, g->kernel_h, g->in_h, &from, &to);
  for (int x0 = 0; x0 < g->out_w; x0 += CHUNK) {
    int n = MIN(CHUNK, g->out_w - x0);
    for (int i = 0; i < n; i++) {
      best[i] = -INFINITY;
      /* The first real pixel, which stands where none is larger than -inf. */
      int column = (x0 + i) * g->stride_w - g->pad_left;
      which[i] = from * g->kernel_w + (column < 0 ? -column : 0);
    }
    for (int ky = from; ky < to; ky++)
      take_row(g, x + (gsize)(start + ky) * (gsize)g->in_w, ky, x0, n, best, which);
    memcpy(y + x0, best, (gsize)n * sizeof(float));
    for (int i = 0; i < n; i++)
      choice[x0 + i] = (guint8)which[i];
  }
}

static inline void take(float value, gint32 tap, float *best, gint32 *which) {
  bool larger = value > *best;
  *best = larger ? value : *best;
  *which = larger ? tap : *which;
}

/* Output (oy, ox) of one plane, one tap after the other: for the columns at the edges. */
static void pool_one(const NetGeometry *g, const float *x, int oy, int ox, float *y, guint8 *choice) {
  int top = oy * g->stride_h - g->pad_top, left = ox * g->stride_w - g->pad_left, y0, y1, x0, x1;
  window_taps(top, g->kernel_h, g->in_h, &y0, &y1);
  window_taps(left, g->kernel_w, g->in_w, &x0, &x1);
  float best = -INFINITY;
  gint32 which = y0 * g->kernel_w + x0;
  for (int ky = y0; ky < y1; ky++)
    for (int kx = x0; kx < x1; kx++)
      take(x[(gsize)(top + ky) * (gsize)g->in_w + (gsize)(left + kx)], ky * g->kernel_w + kx, &best, &which);
  y[ox] = best;
  choice[ox] = (guint8)which;
}

/* LANES outputs whose whole 3x3 windows lie inside, the first at `corner`; inlined for each stride, so that all nine
 * taps of a vector of outputs stay in registers. */
static inline __attribute__((always_inline)) void pool_lanes_3x3(const float *corner, int in_w, int stride, float *y,
                                                                 guint8 *choice) {
  float best[LANES];
  gint32 which[LANES];
  for (int i = 0; i < LANES; i++) {
    const float *row0 = corner + i * stride, *row1 = row0 + in_w, *row2 = row1 + in_w;
    best[i] = row0[0];
    which[i] = 0;
    take(row0[1], 1, &best[i], &which[i]);
    take(row0[2], 2, &best[i], &which[i]);
    take(row1[0], 3, &best[i], &which[i]);
    take(row1[1], 4, &best[i], &which[i]);
    take(row1[2], 5, &best[i], &which[i]);
    take(row2[0], 6, &best[i], &which[i]);
    take(row2[1], 7, &best[i], &which[i]);
    take(row2[2], 8, &best[i], &which[i]);
  }
  memcpy(y, best, sizeof best);
  for (int i = 0; i < LANES; i++)
    choice[i] = (guint8)which[i];
}

/* n >= LANES such outputs; the last vector overlaps the one before. */
static inline __attribute__((always_inline)) void pool_whole_3x3(const float *corner, int in_w, int stride, int n,
                                                                 float *y, guint8 *choice) {
  for (int i = 0; i < n; i += LANES) {
    int at = MIN(i, n - LANES);
    pool_lanes_3x3(corner + at * stride, in_w, stride, y + at, choice + at);
  }
}

void net_maxpool_forward(const NetGeometry *g, int channels, const float *x, float *y, guint8 *choice) {
  bool fast = g->kernel_h == 3 && g->kernel_w == 3 && (g->stride_w == 1 || g->stride_w == 2);
  /* Columns [x0, x1) have whole windows. */
  int x0 = MIN((g->pad_left + g->stride_w - 1) / g->stride_w, g->out_w);
  int last = g->in_w - g->kernel_w + g->pad_left;
  int x1 = last < 0 ? x0 : CLAMP(last / g->stride_w + 1, x0, g->out_w);
  for (int c = 0; c < channels; c++, x += (gsize)g->in_h * (gsize)g->in_w)
    for (int oy = 0; oy < g->out_h; oy++, y += g->out_w, choice += g->out_w) {
      int top = oy * g->stride_h - g->pad_top;
      if (!fast || top < 0 || top + 3 > g->in_h || x1 - x0 < LANES) {
        pool_row(g, x, oy, y, choice);
        continue;
      }
      const float *corner = x + (gsize)top * (gsize)g->in_w + (x0 * g->stride_w - g->pad_left);
      for (int ox = 0; ox < x0; ox++)
        pool_one(g, x, oy, ox, y, choice);
      if (g->stride_w == 1)
        pool_whole_3x3(corner, g->in_w, 1, x1 - x0, y + x0, choice + x0);
      else
        pool_whole_3x3(corner, g->in_w, 2, x1 - x0, y + x0, choice + x0);
      for (int ox = x1; ox < g->out_w; ox++)
        pool_one(g, x, oy, ox, y, choice);
    }
}

void net_maxpool_backward(const NetGeometry *g, int channels, const guint8 *choice, const float *dy, float *dx,
                          bool accumulate) {
  gsize plane = (gsize)g->in_h * (gsize)g->in_w;
  if (!accumulate)
    memset(dx, 0, (gsize)channels * plane * sizeof(float));
  gssize offsets[NET_MAXPOOL_TAPS] = {0};
  for (int t = 0; t < g->kernel_h * g->kernel_w; t++)
    offsets[t] = (gssize)(t / g->kernel_w) * g->in_w + t % g->kernel_w;
  for (int c = 0; c < channels; c++, dx += plane)
    for (int oy = 0; oy < g->out_h; oy++, dy += g->out_w, choice += g->out_w) {
      float *corner = dx + (gssize)(oy * g->stride_h - g->pad_top) * g->in_w - g->pad_left;
      for (int ox = 0; ox < g->out_w; ox++, corner += g->stride_w)
        corner[offsets[choice[ox]]] += dy[ox];
    }
}

/* One window's taps inside the image, and the number its sum is divided by. */
typedef struct {
  int y0, y1, x0, x1;
  float divisor;
} Window;

static Window window_at(const NetGeometry *g, bool counts_padding, int oy, int ox) {
  int top = oy * g->stride_h - g->pad_top, left = ox * g->stride_w - g->pad_left;
  int bottom = MIN(top + g->kernel_h, g->padded_h), right = MIN(left + g->kernel_w, g->padded_w);
  Window w = {MAX(top, 0), MIN(bottom, g->in_h), MAX(left, 0), MIN(right, g->in_w), 0};
  w.divisor = (float)(counts_padding ? (bottom - top) * (right - left) : (w.y1 - w.y0) * (w.x1 - w.x0));
  return w;
}

void net_avgpool_forward(const NetGeometry *g, int channels, bool counts_padding, const float *x, float *y) {
  for (int c = 0; c < channels; c++, x += (gsize)g->in_h * (gsize)g->in_w)
    for (int oy = 0; oy < g->out_h; oy++)
      for (int ox = 0; ox < g->out_w; ox++) {
        Window w = window_at(g, counts_padding, oy, ox);
        float sum = 0;
        for (int iy = w.y0; iy < w.y1; iy++)
          for (int ix = w.x0; ix < w.x1; ix++)
            sum += x[(gsize)iy * (gsize)g->in_w + (gsize)ix];
        *y++ = sum / w.divisor;
      }
}

void net_avgpool_backward(const NetGeometry *g, int channels, bool counts_padding, const float *dy, float *dx,
                          bool accumulate) {
  gsize plane = (gsize)g->in_h * (gsize)g->in_w;
  if (!accumulate)
    memset(dx, 0, (gsize)channels * plane * sizeof(float));
  for (int c = 0; c < channels; c++, dx += plane)
    for (int oy = 0; oy < g->out_h; oy++)
      for (int ox = 0; ox < g->out_w; ox++) {
        Window w = window_at(g, counts_padding, oy, ox);
        float share = *dy++ / w.divisor;
        for (int iy = w.y0; iy < w.y1; iy++)
          for (int ix = w.x0; ix < w.x1; ix++)
            dx[(gsize)iy * (gsize)g->in_w + (gsize)ix] += share;
      }
}
