/* From a Caffe layer to nodes of ours: pools, activations, structure, and which types there are. */
#include <string.h>

#include "synth/net/caffe.h"
#include "synth/net/message.h"

#define FAIL(...) message_fail(error, reader->file, "layer", layer->name, __VA_ARGS__)

static bool pool_window(const CaffeReader *reader, const CaffeLayer *layer, NetWindow *window, GError **error) {
  const Caffe__Pooling *p = layer->pooling;
  *window = (NetWindow){.rule = p->round_mode == 1 ? NET_PAD_EXPLICIT : NET_PAD_CEIL};
  return caffe_axes(reader, layer, "kernel", &p->kernel_size, p->has_kernel_size ? 1 : 0,
                    p->has_kernel_h ? &p->kernel_h : NULL, p->has_kernel_w ? &p->kernel_w : NULL, 0, &window->kernel_h,
                    &window->kernel_w, error) &&
         caffe_axes(reader, layer, "stride", &p->stride, p->has_stride ? 1 : 0, p->has_stride_h ? &p->stride_h : NULL,
                    p->has_stride_w ? &p->stride_w : NULL, 1, &window->stride_h, &window->stride_w, error) &&
         caffe_axes(reader, layer, "pad", &p->pad, p->has_pad ? 1 : 0, p->has_pad_h ? &p->pad_h : NULL,
                    p->has_pad_w ? &p->pad_w : NULL, 0, &window->pad_h, &window->pad_w, error);
}

/* A global pool covers its whole input: its window is that input's size at the image size the file declares. */
static bool global_window(const CaffeReader *reader, const CaffeLayer *layer, int input, NetWindow *window,
                          GError **error) {
  if (reader->height == 0)
    return FAIL("global pooling needs the image size, which this file does not declare (input_dim)");
  g_autofree NetShape *shapes = g_new(NetShape, (gsize)reader->graph->n_nodes);
  net_graph_shapes(reader->graph, reader->height, reader->width, shapes);
  if (shapes[input].channels == 0)
    return FAIL("its input cannot be computed at the declared size of %dx%d", reader->width, reader->height);
  *window = (NetWindow){.kernel_h = shapes[input].height,
                        .kernel_w = shapes[input].width,
                        .stride_h = 1,
                        .stride_w = 1,
                        .rule = NET_PAD_VALID};
  return true;
}

static bool add_pooling(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  enum { MAX_POOL, AVERAGE_POOL };
  const Caffe__Pooling *p = layer->pooling;
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  NetWindow window;
  if (from == NULL)
    return false;
  if (p == NULL)
    return FAIL("it has no pooling_param");
  int method = p->has_pool ? p->pool : MAX_POOL;
  if (method != MAX_POOL && method != AVERAGE_POOL)
    return FAIL("max or average pooling expected, found method %d", method);
  if (p->global_pooling ? !global_window(reader, layer, from->node, &window, error)
                        : !pool_window(reader, layer, &window, error))
    return false;
  NetNode *node =
      caffe_add_node(reader, layer->name, method == MAX_POOL ? NET_MAXPOOL : NET_AVGPOOL, from->node, error);
  if (node == NULL)
    return false;
  node->window = window;
  node->average_counts_padding = method == AVERAGE_POOL;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, from->flat);
  return true;
}

static bool add_lrn(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const Caffe__Lrn *p = layer->lrn;
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  if (from == NULL)
    return false;
  guint32 size = p != NULL && p->has_local_size ? p->local_size : 5;
  if (p != NULL && p->norm_region != 0)
    return FAIL("normalisation across channels expected, found within a channel");
  if (size % 2 == 0 || size > G_MAXINT16)
    return FAIL("an odd local_size expected, found %u", size);
  NetNode *node = caffe_add_node(reader, layer->name, NET_LRN, from->node, error);
  if (node == NULL)
    return false;
  float alpha = p != NULL && p->has_alpha ? p->alpha : 1;
  node->lrn = (NetLrn){.radius = (int)(size / 2),
                       .bias = p != NULL && p->has_k ? p->k : 1,
                       .alpha = alpha / (float)size,
                       .beta = p != NULL && p->has_beta ? p->beta : 0.75f};
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, from->flat);
  return true;
}

/* In place, the blob's name stands for the values before it in the file's eyes; here both sides keep one: NAME, and
 * NAME:relu. */
static bool add_relu(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  if (from == NULL)
    return false;
  if (layer->relu != NULL && layer->relu->negative_slope != 0)
    return FAIL("a plain ReLU expected, found negative_slope %g", (double)layer->relu->negative_slope);
  bool in_place = strcmp(layer->bottoms[0], layer->tops[0]) == 0;
  g_autofree char *name = in_place ? g_strconcat(from->maker, ":relu", NULL) : g_strdup(layer->name);
  const char *maker = in_place ? from->maker : layer->name;
  bool flat = from->flat;
  if (caffe_add_node(reader, name, NET_RELU, from->node, error) == NULL)
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), maker, flat);
  return true;
}

static bool add_dropout(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  if (from == NULL)
    return false;
  bool in_place = strcmp(layer->bottoms[0], layer->tops[0]) == 0;
  const char *maker = in_place ? from->maker : layer->name;
  bool flat = from->flat;
  if (caffe_add_node(reader, layer->name, NET_DROPOUT, from->node, error) == NULL)
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), maker, flat);
  return true;
}

static bool add_concat(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const Caffe__Concat *p = layer->concat;
  gint64 axis = p != NULL && p->has_axis ? p->axis : p != NULL && p->has_concat_dim ? (gint64)p->concat_dim : 1;
  if (axis != 1 && axis != -3)
    return FAIL("concatenation along channels (axis 1) expected, found axis %" G_GINT64_FORMAT, axis);
  if (layer->n_bottoms < 1 || layer->n_bottoms > G_MAXINT16 || layer->n_tops != 1)
    return FAIL("a Concat layer of one output expected, found %" G_GSIZE_FORMAT, layer->n_tops);
  g_autofree int *inputs = g_new(int, layer->n_bottoms);
  bool flat = true;
  for (gsize k = 0; k < layer->n_bottoms; k++) {
    const CaffeBlob *from = caffe_bottom(reader, layer, k, error);
    if (from == NULL)
      return false;
    inputs[k] = from->node;
    flat = flat && from->flat;
  }
  if (net_graph_add(reader->graph, layer->name, NET_CONCAT, inputs, (int)layer->n_bottoms, error) == NULL)
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, flat);
  return true;
}

static bool add_softmax(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  const CaffeBlob *from = caffe_only_bottom(reader, layer, error);
  if (from == NULL)
    return false;
  bool flat = from->flat;
  if (caffe_add_node(reader, layer->name, NET_SOFTMAX, from->node, error) == NULL)
    return false;
  caffe_set_blob(reader, layer->tops[0], caffe_last_node(reader), layer->name, flat);
  return true;
}

/* Copies of one blob under several names, which Caffe writes into files where two layers read a blob. */
static bool add_split(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  if (layer->n_bottoms != 1)
    return FAIL("a Split layer of one input expected, found %" G_GSIZE_FORMAT, layer->n_bottoms);
  const CaffeBlob *from = g_hash_table_lookup(reader->blobs, layer->bottoms[0]);
  if (from == NULL)
    return true; /* labels, which only losses read */
  CaffeBlob copy = *from;
  for (gsize i = 0; i < layer->n_tops; i++)
    caffe_set_blob(reader, layer->tops[i], copy.node, copy.maker, copy.flat);
  return true;
}

static bool add_data(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  (void)error;
  if (!reader->has_input && layer->n_tops > 0)
    caffe_set_input(reader, layer->tops[0]);
  return true;
}

static bool add_nothing(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  (void)reader, (void)layer, (void)error;
  return true;
}

static const struct {
  const char *type;
  bool (*add)(CaffeReader *reader, const CaffeLayer *layer, GError **error);
} types[] = {
    {"Convolution", caffe_add_convolution},
    {"InnerProduct", caffe_add_inner_product},
    {"Pooling", add_pooling},
    {"LRN", add_lrn},
    {"ReLU", add_relu},
    {"Dropout", add_dropout},
    {"Concat", add_concat},
    {"Softmax", add_softmax},
    {"Split", add_split},
    {"Input", add_data},
    {"Data", add_data},
    {"ImageData", add_data},
    {"HDF5Data", add_data},
    {"MemoryData", add_data},
    {"WindowData", add_data},
    {"DummyData", add_data},
    {"SoftmaxWithLoss", add_nothing},
    {"EuclideanLoss", add_nothing},
    {"HingeLoss", add_nothing},
    {"InfogainLoss", add_nothing},
    {"MultinomialLogisticLoss", add_nothing},
    {"SigmoidCrossEntropyLoss", add_nothing},
    {"ContrastiveLoss", add_nothing},
    {"Accuracy", add_nothing},
    {"Silence", add_nothing},
};

bool caffe_add_layer(CaffeReader *reader, const CaffeLayer *layer, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    if (strcmp(layer->type, types[i].type) == 0)
      return types[i].add(reader, layer, error);
  g_autofree char *start = g_strndup(layer->type, 60);
  g_autofree char *shown = g_strescape(start, NULL);
  return FAIL(
      "unknown layer type '%s'; known are Convolution, InnerProduct, Pooling, LRN, ReLU, Dropout, Concat, Softmax "
      "and Split",
      shown);
}
