/* Caffe layers with weights: convolutions and inner products. */
#include <string.h>

#include "synth/net/caffe.h"
#include "synth/net/message.h"

#define FAIL(...) message_fail(error, reader->file, "layer", layer->name, __VA_ARGS__)

/* Copies a trained blob of this many values, single or double precision. */
static bool copy_blob(const CaffeReader *reader, const CaffeLayer *layer, gsize index, float *values, gsize count,
                      GError **error) {
  const Caffe__Blob *blob = layer->blobs[index];
  gsize n = blob->n_data > 0 ? blob->n_data : blob->n_double_data;
  if (n != count)
    return FAIL("%" G_GSIZE_FORMAT " values expected in its blob %" G_GSIZE_FORMAT ", found %" G_GSIZE_FORMAT, count,
                index, n);
  if (blob->n_data > 0)
    memcpy(values, blob->data, count * sizeof *values);
  else
    for (gsize i = 0; i < count; i++)
      values[i] = (float)blob->double_data[i];
  return true;
}

/* Blob 0's sizes as dims[4], from the shape (shorter ones padded with 1 in front) or the old fields. */
static bool weight_dims(const CaffeReader *reader, const CaffeLayer *layer, gint64 dims[4], gsize *count,
                        GError **error) {
  if (layer->n_blobs == 0)
    return FAIL("it has no weights; a trained .caffemodel expected, not a network definition");
  const Caffe__Blob *blob = layer->blobs[0];
  for (int i = 0; i < 4; i++)
    dims[i] = 1;
  if (blob->shape != NULL) {
    gsize n = blob->shape->n_dim;
    if (n < 1 || n > 4)
      return FAIL("weights of 1 to 4 dimensions expected, found %" G_GSIZE_FORMAT, n);
    for (gsize i = 0; i < n; i++)
      dims[4 - n + i] = blob->shape->dim[i];
  } else {
    const gint64 old[4] = {blob->num, blob->channels, blob->height, blob->width};
    memcpy(dims, old, sizeof old);
  }
  return message_count(dims, 4, count) || FAIL("its weights have an impossible shape");
}

static bool alloc_weights(const CaffeReader *reader, NetNode *node, const gsize *dims, int n_dims, GError **error) {
  if (net_node_alloc_weights(node, dims, n_dims, error))
    return true;
  g_prefix_error(error, "%s: ", reader->file);
  return false;
}

/* Adds the product's node and, where the layer has a bias, the bias behind it: NAME/`suffix` and NAME, or NAME alone.
 */
static NetNode *add_product(CaffeReader *reader, const CaffeLayer *layer, NetOp op, const char *suffix, bool biased,
                            int input, const gsize *dims, int n_dims, GError **error) {
  if (layer->n_blobs != (biased ? 2 : 1)) {
    FAIL("%d blobs of weights expected, found %" G_GSIZE_FORMAT, biased ? 2 : 1, layer->n_blobs);
    return NULL;
  }
  g_autofree char *name = biased ? g_strconcat(layer->name, suffix, NULL) : g_strdup(layer->name);
  NetNode *node = caffe_add_node(reader, name, op, input, error);
  if (node == NULL || !alloc_weights(reader, node, dims, n_dims, error) ||
      !copy_blob(reader, layer, 0, node->weights, node->n_weights, error))
    return NULL;
  return node;
}

static bool add_bias(CaffeReader *reader, const CaffeLayer *layer, bool biased, gsize channels, GError **error) {
  if (!biased)
    return true;
  NetNode *node = caffe_add_node(reader, layer->name, NET_BIAS, caffe_last_node(reader), error);
  return node != NULL && alloc_weights(reader, node, &channels, 1, error) &&
         copy_blob(reader, layer, 1, node->weights, channels, error);
}

static bool conv_window(const CaffeReader *reader, const CaffeLayer *layer, NetWindow *window, GError **error) {
  const Caffe__Convolution *p = layer->convolution;
  *window = (NetWindow){.rule = NET_PAD_EXPLICIT};
  if (!caffe_axes(reader, layer, "kernel", p->kernel_size, p->n_kernel_size, p->has_kernel_h ? &p->kernel_h : NULL,
                  p->has_kernel_w ? &p->kernel_w : NULL, 0, &window->kernel_h, &window->kernel_w, error) ||
      !caffe_axes(reader, layer, "stride", p->stride, p->n_stride, p->has_stride_h ? &p->stride_h : NULL,
                  p->has_stride_w ? &p->stride_w : NULL, 1, &window->stride_h, &window->stride_w, error) ||
      !caffe_axes(reader, layer, "pad", p->pad, p->n_pad, p->has_pad_h ? &p->pad_h : NULL,
                  p->has_pad_w ? &p->pad_w : NULL, 0, &window->pad_h, &window->pad_w, error))
    return false;
  for (gsize i = 0; i < p->n_dilation; i++)
    if (p->dilation[i] != 1)
      return FAIL("dilated convolutions are not supported");
  return true;
}

bool caffe_add_convolution(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const Caffe__Convolution *p = layer->convolution;
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  NetWindow window;
  gint64 dims[4];
  gsize count = 0;
  if (from == NULL)
    return false;
  if (p == NULL)
    return FAIL("it has no convolution_param");
  if (!conv_window(reader, layer, &window, error) || !weight_dims(reader, layer, dims, &count, error))
    return false;
  if (p->has_axis && p->axis != 1)
    return FAIL("convolution over the axes behind channels (axis 1) expected, found axis %d", p->axis);
  if (dims[2] != window.kernel_h || dims[3] != window.kernel_w || (p->has_num_output && dims[0] != p->num_output))
    return FAIL("weights for %u outputs and a %dx%d kernel expected, found shape %d x %d x %d x %d", p->num_output,
                window.kernel_h, window.kernel_w, (int)dims[0], (int)dims[1], (int)dims[2], (int)dims[3]);
  guint32 groups = p->has_group ? p->group : 1;
  if (groups < 1 || groups > G_MAXINT16)
    return FAIL("1 to %d groups expected", G_MAXINT16);

  const gsize sizes[4] = {(gsize)dims[0], (gsize)dims[1], (gsize)dims[2], (gsize)dims[3]};
  bool biased = !p->has_bias_term || p->bias_term;
  NetNode *node = add_product(reader, layer, NET_CONV, "/conv", biased, from->node, sizes, 4, error);
  if (node == NULL)
    return false;
  node->window = window;
  node->groups = (int)groups;
  if (!add_bias(reader, layer, biased, sizes[0], error))
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, false);
  return true;
}

/* The node that turns an activation into the features a fully connected layer reads has no name in the file. It gets
 * the name of the activation's unit, `pool5` for `pool5/7x7_s1`, or NAME/flat where that is not to be had. */
static bool flatten(CaffeReader *reader, const CaffeBlob *from, int *node, GError **error) {
  /* Several layers may read the same activation. */
  for (int i = 0; i < reader->graph->n_nodes; i++) {
    const NetNode *other = &reader->graph->nodes[i];
    if (other->op == NET_RESHAPE && other->inputs[0] == from->node) {
      *node = i;
      return true;
    }
  }
  const char *slash = strrchr(from->maker, '/');
  g_autofree char *unit = slash != NULL ? g_strndup(from->maker, (gsize)(slash - from->maker)) : g_strdup("");
  if (*unit == '\0' || net_graph_find(reader->graph, unit) >= 0) {
    g_free(unit);
    unit = g_strconcat(from->maker, "/flat", NULL);
  }
  NetNode *flat = caffe_add_node(reader, unit, NET_RESHAPE, from->node, error);
  if (flat == NULL)
    return false;
  flat->order = NET_ORDER_CHW;
  *node = caffe_last_node(reader);
  return true;
}

bool caffe_add_inner_product(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const Caffe__InnerProduct *p = layer->inner_product;
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  gint64 dims[4];
  gsize count = 0;
  if (from == NULL)
    return false;
  if (p == NULL)
    return FAIL("it has no inner_product_param");
  if ((p->has_axis && p->axis != 1) || p->transpose)
    return FAIL("an inner product over axis 1, not transposed, expected");
  if (!weight_dims(reader, layer, dims, &count, error))
    return false;
  if (dims[0] != 1 || dims[1] != 1 || (p->has_num_output && dims[2] != p->num_output))
    return FAIL("weights for %u outputs expected, found shape %d x %d x %d x %d", p->num_output, (int)dims[0],
                (int)dims[1], (int)dims[2], (int)dims[3]);
  int input = from->node;
  if (!from->flat && !flatten(reader, from, &input, error))
    return false;
  const gsize sizes[2] = {(gsize)dims[2], (gsize)dims[3]};
  bool biased = !p->has_bias_term || p->bias_term;
  if (add_product(reader, layer, NET_DENSE, "/matmul", biased, input, sizes, 2, error) == NULL ||
      !add_bias(reader, layer, biased, sizes[0], error))
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, true);
  return true;
}
