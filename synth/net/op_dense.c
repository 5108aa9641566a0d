#include <cblas.h>
#include <math.h>

#include "synth/net/op.h"

void net_dense_forward(int in, int out, const float *weights, const float *bias, bool relu, const float *x, float *y) {
  cblas_sgemv(CblasRowMajor, CblasNoTrans, out, in, 1.0f, weights, in, x, 1, 0.0f, y, 1);
  for (int i = 0; i < out; i++) {
    float value = y[i] + (bias ? bias[i] : 0);
    y[i] = relu && !(value > 0) ? 0 : value;
  }
}

void net_dense_backward(int in, int out, const float *weights, const float *dy, float *dx, bool accumulate) {
  cblas_sgemv(CblasRowMajor, CblasTrans, out, in, 1.0f, weights, in, dy, 1, accumulate ? 1.0f : 0.0f, dx, 1);
}

void net_softmax_forward(int channels, gsize pixels, const float *x, float *y) {
  for (gsize i = 0; i < pixels; i++) {
    float largest = -INFINITY;
    for (gsize c = 0; c < (gsize)channels; c++)
      largest = MAX(largest, x[c * pixels + i]);
    double sum = 0;
    for (gsize c = 0; c < (gsize)channels; c++) {
      y[c * pixels + i] = expf(x[c * pixels + i] - largest);
      sum += (double)y[c * pixels + i];
    }
    for (gsize c = 0; c < (gsize)channels; c++)
      y[c * pixels + i] = (float)((double)y[c * pixels + i] / sum);
  }
}

/* dx_k = y_k (dy_k - sum_j dy_j y_j). */
void net_softmax_backward(int channels, gsize pixels, const float *y, const float *dy, float *dx, bool accumulate) {
  for (gsize i = 0; i < pixels; i++) {
    double dot = 0;
    for (gsize c = 0; c < (gsize)channels; c++)
      dot += (double)dy[c * pixels + i] * (double)y[c * pixels + i];
    for (gsize c = 0; c < (gsize)channels; c++) {
      float value = (float)((double)y[c * pixels + i] * ((double)dy[c * pixels + i] - dot));
      dx[c * pixels + i] = accumulate ? dx[c * pixels + i] + value : value;
    }
  }
}
