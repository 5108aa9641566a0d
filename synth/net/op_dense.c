#include <cblas.h>
#include <math.h>

#include "synth/net/op.h"

void net_dense_forward(int in, int out, int images, const float *weights, const float *bias, bool relu, const float *x,
                       float *y) {
  if (images == 1)
    cblas_sgemv(CblasRowMajor, CblasNoTrans, out, in, 1.0f, weights, in, x, 1, 0.0f, y, 1);
  else
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, out, images, in, 1.0f, weights, in, x, images, 0.0f, y,
                images);
  for (int i = 0; i < out; i++)
    for (int n = 0; n < images; n++, y++) {
      float value = *y + (bias ? bias[i] : 0);
      *y = relu && !(value > 0) ? 0 : value;
    }
}

void net_dense_backward(int in, int out, int images, const float *weights, const float *dy, float *dx,
                        bool accumulate) {
  float keep = accumulate ? 1.0f : 0.0f;
  if (images == 1)
    cblas_sgemv(CblasRowMajor, CblasTrans, out, in, 1.0f, weights, in, dy, 1, keep, dx, 1);
  else
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, in, images, out, 1.0f, weights, in, dy, images, keep, dx,
                images);
}

void net_dense_weights(int in, int out, int images, const float *x, const float *dy, float *gradient) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, out, in, images, 1.0f, dy, images, x, images, 1.0f, gradient,
              in);
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
