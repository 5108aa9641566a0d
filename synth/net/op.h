/* The kernels that plans are made of: plain functions on plain memory, forward and backward to the input.
 *
 * Tensors are (channels, images, height, width), float32, row-major: one image when dreaming, a few when training.
 * Sizes are trusted: net_graph_seal and net_graph_shapes have checked them. A backward kernel writes its gradient to
 * dx, or adds it where `accumulate` is set. No kernel allocates: `scratch` is the caller's, of the size that the
 * kernel's _scratch function tells. */
#ifndef DREAMRIG_NET_OP_H
#define DREAMRIG_NET_OP_H

#include "synth/net/graph.h"

/* A window on images of a known size. */
typedef struct {
  int images;
  int in_h, in_w, out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w;
  int pad_top, pad_left;  /* output (y, x)'s window starts at input (y * stride_h - pad_top, x * stride_w - pad_left) */
  int padded_h, padded_w; /* where the padded image ends, in input coordinates */
} NetGeometry;
NetGeometry net_geometry(const NetWindow *window, int images, int in_h, int in_w);

typedef struct {
  NetGeometry geometry;
  int channels_in, channels_out, groups;
} NetConv;
/* y = weights * x, then + bias (NULL: none), then max(., 0) if relu. Weights as in NetNode. Lowered to matrix products
 * in strips of output rows (im2col) that fit the second-level cache; 1x1 kernels are one product. */
void net_conv_forward(const NetConv *conv, const float *weights, const float *bias, bool relu, const float *x, float *y,
                      float *scratch);
/* Stride 1 with `turned` weights: a convolution of dy; else products with the transposed weights, scattered (col2im).
 */
void net_conv_backward(const NetConv *conv, const float *weights, const float *turned, const float *dy, float *dx,
                       bool accumulate, float *scratch);
/* gradient += d objective / d weights, for the x and dy of a pass. */
void net_conv_weights(const NetConv *conv, const float *x, const float *dy, float *gradient, float *scratch);
gsize net_conv_scratch(const NetConv *conv); /* floats, enough for all three */

/* y (out, images) = weights (out, in) x (in, images) + bias, as net_conv_forward. */
void net_dense_forward(int in, int out, int images, const float *weights, const float *bias, bool relu, const float *x,
                       float *y);
void net_dense_backward(int in, int out, int images, const float *weights, const float *dy, float *dx, bool accumulate);
void net_dense_weights(int in, int out, int images, const float *x, const float *dy, float *gradient);

/* choice[i]: the place within output i's window, kernel_w * row + column, of its largest value, the first of equals.
 * kernel_h * kernel_w <= NET_MAXPOOL_TAPS. */
#define NET_MAXPOOL_TAPS 256
void net_maxpool_forward(const NetGeometry *geometry, int channels, const float *x, float *y, guint8 *choice);
void net_maxpool_backward(const NetGeometry *geometry, int channels, const guint8 *choice, const float *dy, float *dx,
                          bool accumulate);
void net_avgpool_forward(const NetGeometry *geometry, int channels, bool counts_padding, const float *x, float *y);
void net_avgpool_backward(const NetGeometry *geometry, int channels, bool counts_padding, const float *dy, float *dx,
                          bool accumulate);

/* Source: Krizhevsky, Sutskever & Hinton 2012, section 3.3. With N_i the bracket, y_i = x_i N_i^-beta and
 * dx_k = dy_k N_k^-beta - 2 alpha beta x_k sum_{|i-k| <= radius} dy_i y_i / N_i. */
void net_lrn_forward(const NetLrn *lrn, int channels, gsize pixels, const float *x, float *y);
void net_lrn_backward(const NetLrn *lrn, int channels, gsize pixels, const float *x, const float *dy, float *dx,
                      bool accumulate, float *scratch);
gsize net_lrn_scratch(int channels); /* floats */

/* Over channels, for each pixel. */
void net_softmax_forward(int channels, gsize pixels, const float *x, float *y);
void net_softmax_backward(int channels, gsize pixels, const float *y, const float *dy, float *dx, bool accumulate);

/* n values; x and y, dx and dy may be the same. The gradient passes where y > 0. */
void net_relu_forward(gsize n, const float *x, float *y);
void net_relu_backward(gsize n, const float *y, const float *dy, float *dx, bool accumulate);
void net_bias_forward(int channels, gsize pixels, const float *bias, const float *x, float *y);
/* gradient[c] += sum over pixels of dy. */
void net_bias_weights(int channels, gsize pixels, const float *dy, float *gradient);
/* The backward pass of bias, dropout, concat and CHW reshape; does nothing when from == to. */
void net_copy(gsize n, const float *from, float *to, bool accumulate);

/* (channels, images, height, width) to features in (channel, row, column) or (row, column, channel) order by images,
 * and back. */
void net_reshape_forward(NetOrder order, NetShape shape, int images, const float *x, float *y);
void net_reshape_backward(NetOrder order, NetShape shape, int images, const float *dy, float *dx, bool accumulate);

/* pixels (rows, width, 3) with rows row_stride floats apart to the network's input (3, rows, width), and the gradient
 * back; rows = images * height. */
void net_input_forward(const NetInput *input, int rows, int width, const float *pixels, gsize row_stride, float *x);
void net_input_backward(const NetInput *input, int rows, int width, const float *dx, float *gradient, gsize row_stride);

#endif
