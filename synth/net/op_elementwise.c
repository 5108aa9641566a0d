#include <string.h>

#include "synth/net/op.h"

void net_relu_forward(gsize n, const float *x, float *y) {
  for (gsize i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : 0;
}

void net_relu_backward(gsize n, const float *y, const float *dy, float *dx, bool accumulate) {
  if (accumulate)
    for (gsize i = 0; i < n; i++)
      dx[i] += y[i] > 0 ? dy[i] : 0;
  else
    for (gsize i = 0; i < n; i++)
      dx[i] = y[i] > 0 ? dy[i] : 0;
}

void net_bias_forward(int channels, gsize pixels, const float *bias, const float *x, float *y) {
  for (int c = 0; c < channels; c++, x += pixels, y += pixels)
    for (gsize i = 0; i < pixels; i++)
      y[i] = x[i] + bias[c];
}

void net_copy(gsize n, const float *from, float *to, bool accumulate) {
  if (from == to)
    return;
  if (accumulate)
    for (gsize i = 0; i < n; i++)
      to[i] += from[i];
  else
    memcpy(to, from, n * sizeof *to);
}

void net_bias_weights(int channels, gsize pixels, const float *dy, float *gradient) {
  for (int c = 0; c < channels; c++, dy += pixels) {
    double sum = 0;
    for (gsize i = 0; i < pixels; i++)
      sum += (double)dy[i];
    gradient[c] += (float)sum;
  }
}

/* Where pixel i of channel c goes among the features. */
static gsize feature(NetOrder order, gsize channels, gsize pixels, gsize c, gsize i) {
  return order == NET_ORDER_HWC ? i * channels + c : c * pixels + i;
}

void net_reshape_forward(NetOrder order, NetShape shape, int images, const float *x, float *y) {
  gsize channels = (gsize)shape.channels, pixels = (gsize)shape.height * (gsize)shape.width, n = (gsize)images;
  for (gsize c = 0; c < channels; c++)
    for (gsize image = 0; image < n; image++)
      for (gsize i = 0; i < pixels; i++)
        y[feature(order, channels, pixels, c, i) * n + image] = x[(c * n + image) * pixels + i];
}

void net_reshape_backward(NetOrder order, NetShape shape, int images, const float *dy, float *dx, bool accumulate) {
  gsize channels = (gsize)shape.channels, pixels = (gsize)shape.height * (gsize)shape.width, n = (gsize)images;
  for (gsize c = 0; c < channels; c++)
    for (gsize image = 0; image < n; image++)
      for (gsize i = 0; i < pixels; i++) {
        float *to = &dx[(c * n + image) * pixels + i];
        *to = dy[feature(order, channels, pixels, c, i) * n + image] + (accumulate ? *to : 0);
      }
}

void net_input_forward(const NetInput *input, int rows, int width, const float *pixels, gsize row_stride, float *x) {
  for (int c = 0; c < 3; c++)
    for (int row = 0; row < rows; row++) {
      const float *from = pixels + (gsize)row * row_stride + (input->bgr ? 2 - c : c);
      for (int i = 0; i < width; i++)
        *x++ = (from[3 * (gsize)i] - input->mean[c]) * input->scale[c];
    }
}

void net_input_backward(const NetInput *input, int rows, int width, const float *dx, float *gradient,
                        gsize row_stride) {
  for (int c = 0; c < 3; c++)
    for (int row = 0; row < rows; row++) {
      float *to = gradient + (gsize)row * row_stride + (input->bgr ? 2 - c : c);
      for (int i = 0; i < width; i++)
        to[3 * (gsize)i] = *dx++ * input->scale[c];
    }
}
