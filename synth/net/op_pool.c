#include <math.h>
#include <string.h>

#include "synth/net/op.h"

/* gcc's -O2 leaves loops of unknown length scalar; these are worth the vector code. */
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")

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

void net_maxpool_forward(const NetGeometry *g, int channels, const float *x, float *y, guint8 *choice) {
  float best[CHUNK];
  gint32 which[CHUNK];
  for (int c = 0; c < channels; c++, x += (gsize)g->in_h * (gsize)g->in_w)
    for (int oy = 0; oy < g->out_h; oy++, y += g->out_w, choice += g->out_w) {
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
}

void net_maxpool_backward(const NetGeometry *g, int channels, const guint8 *choice, const float *dy, float *dx,
                          bool accumulate) {
  gsize plane = (gsize)g->in_h * (gsize)g->in_w;
  if (!accumulate)
    memset(dx, 0, (gsize)channels * plane * sizeof(float));
  gssize offsets[NET_MAXPOOL_TAPS];
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
