#include <math.h>
#include <string.h>

#include "synth/net/op.h"

#define CHUNK 128 /* pixels at a time: their sums stay in the first-level cache */

/* out[i] = n[i]^-beta. */
static void power(float beta, int count, const float *n, float *out) {
  if (beta == 0.5f)
    for (int i = 0; i < count; i++)
      out[i] = 1.0f / sqrtf(n[i]);
  else if (beta == 0.75f)
    for (int i = 0; i < count; i++) {
      float root = sqrtf(n[i]);
      out[i] = 1.0f / (root * sqrtf(root));
    }
  else
    for (int i = 0; i < count; i++)
      out[i] = powf(n[i], -beta);
}

/* The sum over the window slides from channel to channel, in double so that a large value leaves no trace behind. */
typedef struct {
  const NetLrn *lrn;
  int channels, count; /* count pixels, planes `stride` floats apart */
  gsize stride;
  double sums[CHUNK];
} Slide;

static void add_squares(Slide *slide, const float *x, int channel, double sign) {
  if (channel < 0 || channel >= slide->channels)
    return;
  const float *row = x + (gsize)channel * slide->stride;
  for (int i = 0; i < slide->count; i++)
    slide->sums[i] += sign * ((double)row[i] * (double)row[i]);
}

static void begin_squares(Slide *slide, const float *x) {
  memset(slide->sums, 0, sizeof slide->sums);
  for (int c = 0; c < slide->lrn->radius; c++)
    add_squares(slide, x, c, 1);
}

/* n[i] = bias + alpha * sum around channel c; c must grow by one from call to call, from 0. */
static void bracket(Slide *slide, const float *x, int c, float *n) {
  int radius = slide->lrn->radius;
  add_squares(slide, x, c + radius, 1);
  if (c > radius)
    add_squares(slide, x, c - radius - 1, -1);
  double bias = (double)slide->lrn->bias, alpha = (double)slide->lrn->alpha;
  for (int i = 0; i < slide->count; i++)
    n[i] = (float)(bias + alpha * slide->sums[i]);
}

void net_lrn_forward(const NetLrn *lrn, int channels, gsize pixels, const float *x, float *y) {
  float n[CHUNK], scale[CHUNK];
  for (gsize start = 0; start < pixels; start += CHUNK, x += CHUNK, y += CHUNK) {
    Slide slide = {.lrn = lrn, .channels = channels, .count = (int)MIN(CHUNK, pixels - start), .stride = pixels};
    begin_squares(&slide, x);
    for (int c = 0; c < channels; c++) {
      bracket(&slide, x, c, n);
      power(lrn->beta, slide.count, n, scale);
      const float *from = x + (gsize)c * pixels;
      float *to = y + (gsize)c * pixels;
      for (int i = 0; i < slide.count; i++)
        to[i] = from[i] * scale[i];
    }
  }
}

gsize net_lrn_scratch(int channels) { return 2 * (gsize)channels * CHUNK; }

static void add_ratios(double *sums, const float *ratios, int channel, int channels, int count, double sign) {
  if (channel < 0 || channel >= channels)
    return;
  const float *row = ratios + (gsize)channel * CHUNK;
  for (int i = 0; i < count; i++)
    sums[i] += sign * (double)row[i];
}

/* scales (channels, CHUNK) = N^-beta, ratios (channels, CHUNK) = dy y / N. */
static void backward_parts(const NetLrn *lrn, int channels, gsize pixels, int count, const float *x, const float *dy,
                           float *scales, float *ratios) {
  float n[CHUNK];
  Slide slide = {.lrn = lrn, .channels = channels, .count = count, .stride = pixels};
  begin_squares(&slide, x);
  for (int c = 0; c < channels; c++) {
    float *scale = scales + (gsize)c * CHUNK, *ratio = ratios + (gsize)c * CHUNK;
    const float *x_row = x + (gsize)c * pixels, *dy_row = dy + (gsize)c * pixels;
    bracket(&slide, x, c, n);
    power(lrn->beta, count, n, scale);
    for (int i = 0; i < count; i++)
      ratio[i] = dy_row[i] * x_row[i] * scale[i] / n[i];
  }
}

void net_lrn_backward(const NetLrn *lrn, int channels, gsize pixels, const float *x, const float *dy, float *dx,
                      bool accumulate, float *scratch) {
  float *scales = scratch, *ratios = scratch + (gsize)channels * CHUNK;
  float factor = 2 * lrn->alpha * lrn->beta;
  for (gsize start = 0; start < pixels; start += CHUNK, x += CHUNK, dy += CHUNK, dx += CHUNK) {
    int count = (int)MIN(CHUNK, pixels - start), radius = lrn->radius;
    backward_parts(lrn, channels, pixels, count, x, dy, scales, ratios);
    double sums[CHUNK] = {0};
    for (int c = 0; c < radius; c++)
      add_ratios(sums, ratios, c, channels, count, 1);
    for (int c = 0; c < channels; c++) {
      add_ratios(sums, ratios, c + radius, channels, count, 1);
      add_ratios(sums, ratios, c - radius - 1, channels, count, -1);
      const float *scale = scales + (gsize)c * CHUNK, *x_row = x + (gsize)c * pixels, *dy_row = dy + (gsize)c * pixels;
      float *to = dx + (gsize)c * pixels;
      if (accumulate)
        for (int i = 0; i < count; i++)
          to[i] += dy_row[i] * scale[i] - factor * x_row[i] * (float)sums[i];
      else
        for (int i = 0; i < count; i++)
          to[i] = dy_row[i] * scale[i] - factor * x_row[i] * (float)sums[i];
    }
  }
}
