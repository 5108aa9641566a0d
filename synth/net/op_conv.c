#include <cblas.h>
#include <string.h>

#include "synth/net/op.h"

/* A strip's columns: enough that packing the weights for each product is paid for, few enough that STRIP_FLOATS
 * (512 KB, half a core's second-level cache) hold a depth of a few hundred. */
#define STRIP_COLUMNS 384
#define STRIP_FLOATS (128 * 1024)

NetGeometry net_geometry(const NetWindow *window, int images, int in_h, int in_w) {
  NetGeometry g = {.images = images,
                   .in_h = in_h,
                   .in_w = in_w,
                   .kernel_h = window->kernel_h,
                   .kernel_w = window->kernel_w,
                   .stride_h = window->stride_h,
                   .stride_w = window->stride_w};
  g.out_h = net_window_output(window, true, in_h, &g.pad_top);
  g.out_w = net_window_output(window, false, in_w, &g.pad_left);
  bool given = window->rule == NET_PAD_EXPLICIT || window->rule == NET_PAD_CEIL;
  /* TensorFlow's windows never leave the padded image, so its end need not be known more closely. */
  bool same = window->rule == NET_PAD_SAME;
  g.padded_h = in_h + (given ? window->pad_h : same ? window->kernel_h : 0);
  g.padded_w = in_w + (given ? window->pad_w : same ? window->kernel_w : 0);
  return g;
}

static int taps(const NetGeometry *g) { return g->kernel_h * g->kernel_w; }

static gsize in_plane(const NetGeometry *g) { return (gsize)g->images * (gsize)g->in_h * (gsize)g->in_w; }
static gsize out_plane(const NetGeometry *g) { return (gsize)g->images * (gsize)g->out_h * (gsize)g->out_w; }

static bool is_pointwise(const NetGeometry *g) {
  return taps(g) == 1 && g->stride_h == 1 && g->stride_w == 1 && g->pad_top == 0 && g->pad_left == 0 &&
         g->out_h == g->in_h && g->out_w == g->in_w;
}

typedef struct {
  int rows;     /* output rows in a strip, of all images one after another */
  int channels; /* input channels in a block */
} Strip;

static Strip strip_of(const NetGeometry *g, int channels) {
  Strip strip = {.rows = CLAMP(STRIP_COLUMNS / g->out_w, 1, g->images * g->out_h)};
  gsize per_channel = (gsize)strip.rows * (gsize)g->out_w * (gsize)taps(g);
  int most = (int)CLAMP(STRIP_FLOATS / per_channel, 1, (gsize)channels);
  int blocks = (channels + most - 1) / most;
  strip.channels = (channels + blocks - 1) / blocks;
  return strip;
}

/* The gradient's convolution: from dy's size to x's, with turned kernels. */
static NetGeometry turned_geometry(const NetGeometry *g) {
  return (NetGeometry){.images = g->images,
                       .in_h = g->out_h,
                       .in_w = g->out_w,
                       .out_h = g->in_h,
                       .out_w = g->in_w,
                       .kernel_h = g->kernel_h,
                       .kernel_w = g->kernel_w,
                       .stride_h = 1,
                       .stride_w = 1,
                       .pad_top = g->kernel_h - 1 - g->pad_top,
                       .pad_left = g->kernel_w - 1 - g->pad_left};
}

static gsize strip_floats(const NetGeometry *g, int channels) {
  Strip strip = strip_of(g, channels);
  return (gsize)strip.rows * (gsize)g->out_w * (gsize)taps(g) * (gsize)strip.channels;
}

gsize net_conv_scratch(const NetConv *conv) {
  NetGeometry turned = turned_geometry(&conv->geometry);
  gsize forward = strip_floats(&conv->geometry, conv->channels_in / conv->groups);
  gsize backward = strip_floats(&turned, conv->channels_out / conv->groups);
  return MAX(forward, backward);
}

/* The outputs [*from, *to) whose tap `k` lies inside the input along one axis. */
static void inside(int k, int stride, int pad, int in, int out, int *from, int *to) {
  int first = pad - k, last = in - 1 + pad - k;
  *from = first <= 0 ? 0 : MIN((first + stride - 1) / stride, out);
  *to = last < 0 ? 0 : MIN(last / stride + 1, out);
  *to = MAX(*to, *from);
}

/* columns[(c, ky, kx), (y, x)] for `channels` planes from x and output rows [row, row + rows) of all images. */
static void im2col(const NetGeometry *g, int channels, int row, int rows, const float *x, float *columns) {
  gsize image = (gsize)g->in_h * (gsize)g->in_w, plane = image * (gsize)g->images;
  for (int c = 0; c < channels; c++)
    for (int ky = 0; ky < g->kernel_h; ky++)
      for (int kx = 0; kx < g->kernel_w; kx++) {
        int from, to;
        inside(kx, g->stride_w, g->pad_left, g->in_w, g->out_w, &from, &to);
        for (int oy = row; oy < row + rows; oy++, columns += g->out_w) {
          int iy = oy % g->out_h * g->stride_h - g->pad_top + ky;
          if (iy < 0 || iy >= g->in_h || from == to) {
            memset(columns, 0, (gsize)g->out_w * sizeof(float));
            continue;
          }
          const float *source = x + (gsize)c * plane + (gsize)(oy / g->out_h) * image + (gsize)iy * (gsize)g->in_w +
                                from * g->stride_w - g->pad_left + kx;
          for (int ox = 0; ox < from; ox++)
            columns[ox] = 0;
          if (g->stride_w == 1)
            memcpy(columns + from, source, (gsize)(to - from) * sizeof(float));
          else
            for (int i = 0; i < to - from; i++)
              columns[from + i] = source[(gsize)i * (gsize)g->stride_w];
          for (int ox = to; ox < g->out_w; ox++)
            columns[ox] = 0;
        }
      }
}

/* The transpose of im2col: adds columns into x. */
static void col2im(const NetGeometry *g, int channels, int row, int rows, const float *columns, float *x) {
  gsize image = (gsize)g->in_h * (gsize)g->in_w, plane = image * (gsize)g->images;
  for (int c = 0; c < channels; c++)
    for (int ky = 0; ky < g->kernel_h; ky++)
      for (int kx = 0; kx < g->kernel_w; kx++) {
        int from, to;
        inside(kx, g->stride_w, g->pad_left, g->in_w, g->out_w, &from, &to);
        for (int oy = row; oy < row + rows; oy++, columns += g->out_w) {
          int iy = oy % g->out_h * g->stride_h - g->pad_top + ky;
          if (iy < 0 || iy >= g->in_h || from == to)
            continue;
          float *target = x + (gsize)c * plane + (gsize)(oy / g->out_h) * image + (gsize)iy * (gsize)g->in_w +
                          from * g->stride_w - g->pad_left + kx;
          for (int i = 0; i < to - from; i++)
            target[(gsize)i * (gsize)g->stride_w] += columns[from + i];
        }
      }
}

/* Adds the bias and rectifies `n` columns of `channels` rows that lie `stride` apart. */
static void finish(int channels, gsize n, gsize stride, const float *bias, bool relu, float *y) {
  for (int m = 0; m < channels; m++) {
    float *row = y + (gsize)m * stride, b = bias ? bias[m] : 0;
    if (relu)
      for (gsize i = 0; i < n; i++)
        row[i] = row[i] + b > 0 ? row[i] + b : 0;
    else
      for (gsize i = 0; i < n; i++)
        row[i] += b;
  }
}

/* One group: y (out, out_h, out_w) = weights (out, in * taps) x, strip by strip. */
static void convolve(const NetGeometry *g, int in, int out, const float *weights, const float *bias, bool relu,
                     const float *x, float *y, bool accumulate, float *scratch) {
  Strip strip = strip_of(g, in);
  bool direct = is_pointwise(g);
  int depth = in * taps(g), all_rows = g->images * g->out_h, pixels = all_rows * g->out_w;
  for (int row = 0; row < all_rows; row += strip.rows) {
    int rows = MIN(strip.rows, all_rows - row), n = rows * g->out_w;
    gsize start = (gsize)row * (gsize)g->out_w;
    int block = direct ? in : strip.channels;
    for (int c = 0; c < in; c += block) {
      int channels = MIN(block, in - c);
      const float *columns = x + start;
      if (!direct) {
        im2col(g, channels, row, rows, x + (gsize)c * in_plane(g), scratch);
        columns = scratch;
      }
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, out, n, channels * taps(g), 1.0f,
                  weights + (gsize)c * (gsize)taps(g), depth, columns, direct ? pixels : n,
                  accumulate || c > 0 ? 1.0f : 0.0f, y + start, pixels);
    }
    if (bias || relu)
      finish(out, (gsize)n, (gsize)pixels, bias, relu, y + start);
  }
}

void net_conv_forward(const NetConv *conv, const float *weights, const float *bias, bool relu, const float *x, float *y,
                      float *scratch) {
  const NetGeometry *g = &conv->geometry;
  int in = conv->channels_in / conv->groups, out = conv->channels_out / conv->groups;
  gsize in_floats = (gsize)in * in_plane(g), out_floats = (gsize)out * out_plane(g);
  gsize group_weights = (gsize)out * (gsize)in * (gsize)taps(g);
  for (gsize i = 0; i < (gsize)conv->groups; i++)
    convolve(g, in, out, weights + i * group_weights, bias ? bias + i * (gsize)out : NULL, relu, x + i * in_floats,
             y + i * out_floats, false, scratch);
}

/* One group of a strided convolution: columns = weights^T dy, added into dx. */
static void scatter(const NetGeometry *g, int in, int out, const float *weights, const float *dy, float *dx,
                    float *scratch) {
  Strip strip = strip_of(g, in);
  int all_rows = g->images * g->out_h;
  for (int row = 0; row < all_rows; row += strip.rows) {
    int rows = MIN(strip.rows, all_rows - row), n = rows * g->out_w;
    for (int c = 0; c < in; c += strip.channels) {
      int channels = MIN(strip.channels, in - c);
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, channels * taps(g), n, out, 1.0f,
                  weights + (gsize)c * (gsize)taps(g), in * taps(g), dy + (gsize)row * (gsize)g->out_w,
                  all_rows * g->out_w, 0.0f, scratch, n);
      col2im(g, channels, row, rows, scratch, dx + (gsize)c * in_plane(g));
    }
  }
}

void net_conv_backward(const NetConv *conv, const float *weights, const float *turned, const float *dy, float *dx,
                       bool accumulate, float *scratch) {
  const NetGeometry *g = &conv->geometry;
  int in = conv->channels_in / conv->groups, out = conv->channels_out / conv->groups;
  gsize in_floats = (gsize)in * in_plane(g), out_floats = (gsize)out * out_plane(g);
  gsize group_weights = (gsize)out * (gsize)in * (gsize)taps(g);
  NetGeometry turned_g = turned_geometry(g);
  bool direct = is_pointwise(g);
  if (!direct && !turned && !accumulate)
    memset(dx, 0, in_floats * (gsize)conv->groups * sizeof(float));
  for (gsize i = 0; i < (gsize)conv->groups; i++) {
    const float *w = weights + i * group_weights, *dy_group = dy + i * out_floats;
    float *dx_group = dx + i * in_floats;
    int pixels = (int)out_plane(g);
    if (direct)
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, pixels, out, 1.0f, w, in, dy_group, pixels,
                  accumulate ? 1.0f : 0.0f, dx_group, pixels);
    else if (turned)
      convolve(&turned_g, out, in, turned + i * group_weights, NULL, false, dy_group, dx_group, accumulate, scratch);
    else
      scatter(g, in, out, w, dy_group, dx_group, scratch);
  }
}

/* One group: gradient (out, in * taps) += dy columns^T, strip by strip. */
static void correlate(const NetGeometry *g, int in, int out, const float *x, const float *dy, float *gradient,
                      float *scratch) {
  Strip strip = strip_of(g, in);
  bool direct = is_pointwise(g);
  int all_rows = g->images * g->out_h, pixels = all_rows * g->out_w;
  for (int row = 0; row < all_rows; row += strip.rows) {
    int rows = MIN(strip.rows, all_rows - row), n = rows * g->out_w, block = direct ? in : strip.channels;
    gsize start = (gsize)row * (gsize)g->out_w;
    for (int c = 0; c < in; c += block) {
      int channels = MIN(block, in - c);
      const float *columns = x + start;
      if (!direct) {
        im2col(g, channels, row, rows, x + (gsize)c * in_plane(g), scratch);
        columns = scratch;
      }
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, out, channels * taps(g), n, 1.0f, dy + start, pixels,
                  columns, direct ? pixels : n, 1.0f, gradient + (gsize)c * (gsize)taps(g), in * taps(g));
    }
  }
}

void net_conv_weights(const NetConv *conv, const float *x, const float *dy, float *gradient, float *scratch) {
  const NetGeometry *g = &conv->geometry;
  int in = conv->channels_in / conv->groups, out = conv->channels_out / conv->groups;
  gsize group_weights = (gsize)out * (gsize)in * (gsize)taps(g);
  for (gsize i = 0; i < (gsize)conv->groups; i++)
    correlate(g, in, out, x + i * (gsize)in * in_plane(g), dy + i * (gsize)out * out_plane(g),
              gradient + i * group_weights, scratch);
}
