/* From a TensorFlow node to a node of ours. */
#include <string.h>

#include "synth/net/graphdef.h"
#include "synth/net/message.h"

static bool fail_inputs(const GraphdefReader *reader, const GraphdefSource *source, const char *expected,
                        GError **error) {
  return message_fail(error, reader->file, "node", source->message->name, "%s expects %s as its inputs",
                      source->message->op, expected);
}

/* --- Attributes; an absent one takes its op's default --- */

static const Tensorflow__Value *attribute(const GraphdefSource *source, const char *key) {
  for (gsize i = 0; i < source->message->n_attr; i++) {
    const Tensorflow__Attribute *entry = source->message->attr[i];
    if (entry->key != NULL && strcmp(entry->key, key) == 0)
      return entry->value;
  }
  return NULL;
}

static float float_attribute(const GraphdefSource *source, const char *key, float fallback) {
  const Tensorflow__Value *value = attribute(source, key);
  return value != NULL && value->has_f ? value->f : fallback;
}

static bool bool_attribute(const GraphdefSource *source, const char *key) {
  const Tensorflow__Value *value = attribute(source, key);
  return value != NULL && value->has_b && value->b;
}

static bool text_attribute_is(const GraphdefSource *source, const char *key, const char *text) {
  const Tensorflow__Value *value = attribute(source, key);
  return value != NULL && value->has_s && value->s.len == strlen(text) &&
         memcmp(value->s.data, text, value->s.len) == 0;
}

/* A list [1, height, width, 1] such as strides and ksize. */
static bool spatial_attribute(const GraphdefReader *reader, const GraphdefSource *source, const char *key, int *height,
                              int *width, GError **error) {
  const Tensorflow__Value *value = attribute(source, key);
  const Tensorflow__List *list = value != NULL ? value->list : NULL;
  const int largest = 4096;
  if (list == NULL || list->n_i != 4 || list->i[0] != 1 || list->i[3] != 1 || list->i[1] < 1 || list->i[2] < 1 ||
      list->i[1] > largest || list->i[2] > largest)
    return message_fail(error, reader->file, "node", source->message->name,
                        "attribute %s must be [1, height, width, 1] with sizes 1 to %d", key, largest);
  *height = (int)list->i[1];
  *width = (int)list->i[2];
  return true;
}

static bool layout_attributes(const GraphdefReader *reader, const GraphdefSource *source, NetWindow *window,
                              GError **error) {
  if (attribute(source, "data_format") != NULL && !text_attribute_is(source, "data_format", "NHWC"))
    return message_fail(error, reader->file, "node", source->message->name, "data_format must be NHWC");
  if (text_attribute_is(source, "padding", "SAME"))
    window->rule = NET_PAD_SAME;
  else if (text_attribute_is(source, "padding", "VALID"))
    window->rule = NET_PAD_VALID;
  else
    return message_fail(error, reader->file, "node", source->message->name, "padding must be SAME or VALID");
  return spatial_attribute(reader, source, "strides", &window->stride_h, &window->stride_w, error);
}

/* --- Inputs --- */

static GraphdefSource *input_source(const GraphdefReader *reader, const GraphdefSource *source, int k) {
  return &reader->sources[source->inputs[k]];
}

/* The constant at input k, through Identity nodes (frozen variables read as `w/read`). */
static bool constant_input(const GraphdefReader *reader, const GraphdefSource *source, int k,
                           GraphdefConstant *constant, GError **error) {
  const GraphdefSource *from = input_source(reader, source, k);
  while (strcmp(from->message->op, "Identity") == 0 && from->n_inputs == 1)
    from = input_source(reader, from, 0);
  if (strcmp(from->message->op, "Const") != 0)
    return message_fail(error, reader->file, "node", source->message->name,
                        "input %d must be a constant, found %s '%s'", k, from->message->op, from->message->name);
  return graphdef_constant(reader->file, from->message, constant, error);
}

/* Graph nodes of inputs [first, first + n), none of them a constant. */
static bool tensor_inputs(const GraphdefReader *reader, const GraphdefSource *source, int first, int n, int *nodes,
                          GError **error) {
  for (int k = 0; k < n; k++) {
    const GraphdefSource *from = input_source(reader, source, first + k);
    if (from->node < 0)
      return message_fail(error, reader->file, "node", source->message->name,
                          "input %d must be an activation, found the constant '%s'", first + k, from->message->name);
    nodes[k] = from->node;
  }
  return true;
}

/* Adds the graph node of a source whose first input is an activation. */
static NetNode *add_unary(GraphdefReader *reader, GraphdefSource *source, NetOp op, GError **error) {
  int input = 0;
  if (!tensor_inputs(reader, source, 0, 1, &input, error))
    return NULL;
  NetNode *node = net_graph_add(reader->graph, source->message->name, op, &input, 1, error);
  if (node == NULL)
    return NULL;
  source->node = reader->graph->n_nodes - 1;
  return node;
}

static bool alloc_weights(const GraphdefReader *reader, NetNode *node, const gsize *dims, int n_dims, GError **error) {
  if (net_node_alloc_weights(node, dims, n_dims, error))
    return true;
  g_prefix_error(error, "%s: ", reader->file);
  return false;
}

/* --- Ops --- */

static bool add_placeholder(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  if (reader->graph->n_nodes > 0)
    return message_fail(error, reader->file, "node", source->message->name,
                        "a second Placeholder; a network with one image as its input expected");
  source->node = 0;
  return net_graph_add(reader->graph, source->message->name, NET_INPUT, NULL, 0, error) != NULL;
}

static bool add_conv(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  NetWindow window = {0};
  GraphdefConstant constant;
  if (source->n_inputs != 2)
    return fail_inputs(reader, source, "an activation and a constant filter", error);
  if (!layout_attributes(reader, source, &window, error) || !constant_input(reader, source, 1, &constant, error))
    return false;
  int dilation_h = 1, dilation_w = 1;
  if (attribute(source, "dilations") != NULL &&
      !spatial_attribute(reader, source, "dilations", &dilation_h, &dilation_w, error))
    return false;
  if (dilation_h != 1 || dilation_w != 1)
    return message_fail(error, reader->file, "node", source->message->name, "dilated convolutions are not supported");
  if (constant.n_dims != 4)
    return message_fail(error, reader->file, "node", source->message->name,
                        "the filter '%s' must have 4 dimensions (height, width, in, out), found %" G_GSIZE_FORMAT,
                        constant.name, constant.n_dims);

  NetNode *node = add_unary(reader, source, NET_CONV, error);
  if (node == NULL)
    return false;
  gsize kernel_h = (gsize)constant.dims[0], kernel_w = (gsize)constant.dims[1], in = (gsize)constant.dims[2],
        out = (gsize)constant.dims[3];
  window.kernel_h = (int)kernel_h;
  window.kernel_w = (int)kernel_w;
  node->window = window;
  if (!alloc_weights(reader, node, (const gsize[]){out, in, kernel_h, kernel_w}, 4, error))
    return false;
  g_autofree float *hwio = g_try_new(float, constant.count);
  if (hwio == NULL)
    return message_fail(error, reader->file, "node", source->message->name, "not enough memory for its filter");
  if (!graphdef_floats(reader->file, &constant, hwio, error))
    return false;
  gsize taps = kernel_h * kernel_w;
  for (gsize tap = 0; tap < taps; tap++)
    for (gsize i = 0; i < in; i++)
      for (gsize o = 0; o < out; o++)
        node->weights[(o * in + i) * taps + tap] = hwio[(tap * in + i) * out + o];
  return true;
}

static bool add_bias(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  GraphdefConstant constant;
  if (source->n_inputs != 2)
    return fail_inputs(reader, source, "an activation and a constant vector", error);
  if (attribute(source, "data_format") != NULL && !text_attribute_is(source, "data_format", "NHWC"))
    return message_fail(error, reader->file, "node", source->message->name, "data_format must be NHWC");
  if (!constant_input(reader, source, 1, &constant, error))
    return false;
  if (constant.n_dims != 1)
    return message_fail(error, reader->file, "node", source->message->name,
                        "the bias '%s' must have 1 dimension, found %" G_GSIZE_FORMAT, constant.name, constant.n_dims);
  NetNode *node = add_unary(reader, source, NET_BIAS, error);
  if (node == NULL)
    return false;
  return alloc_weights(reader, node, &constant.count, 1, error) &&
         graphdef_floats(reader->file, &constant, node->weights, error);
}

static bool add_relu(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  if (source->n_inputs != 1)
    return fail_inputs(reader, source, "one activation", error);
  return add_unary(reader, source, NET_RELU, error) != NULL;
}

static bool add_pool(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  NetWindow window = {0};
  if (source->n_inputs != 1)
    return fail_inputs(reader, source, "one activation", error);
  if (!layout_attributes(reader, source, &window, error) ||
      !spatial_attribute(reader, source, "ksize", &window.kernel_h, &window.kernel_w, error))
    return false;
  NetOp op = strcmp(source->message->op, "MaxPool") == 0 ? NET_MAXPOOL : NET_AVGPOOL;
  NetNode *node = add_unary(reader, source, op, error);
  if (node == NULL)
    return false;
  node->window = window;
  return true;
}

static bool add_lrn(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  if (source->n_inputs != 1)
    return fail_inputs(reader, source, "one activation", error);
  const Tensorflow__Value *radius = attribute(source, "depth_radius");
  gint64 depth_radius = radius != NULL && radius->has_i ? radius->i : 5;
  if (depth_radius < 0 || depth_radius > G_MAXINT16)
    return message_fail(error, reader->file, "node", source->message->name, "depth_radius must be 0 to %d", G_MAXINT16);
  NetNode *node = add_unary(reader, source, NET_LRN, error);
  if (node == NULL)
    return false;
  node->lrn = (NetLrn){.radius = (int)depth_radius,
                       .bias = float_attribute(source, "bias", 1),
                       .alpha = float_attribute(source, "alpha", 1),
                       .beta = float_attribute(source, "beta", 0.5f)};
  return true;
}

/* Concat takes the axis first, ConcatV2 last. */
static bool add_concat(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  bool axis_last = strcmp(source->message->op, "ConcatV2") == 0;
  int n = source->n_inputs - 1;
  if (n < 1)
    return fail_inputs(reader, source, "an axis and activations", error);
  GraphdefConstant constant;
  gint64 axis = 0;
  if (!constant_input(reader, source, axis_last ? n : 0, &constant, error) ||
      !graphdef_ints(reader->file, &constant, &axis, 1, error))
    return false;
  if (axis != 3 && axis != -1)
    return message_fail(error, reader->file, "node", source->message->name,
                        "concatenation along channels (axis 3) expected, found axis %" G_GINT64_FORMAT, axis);
  g_autofree int *inputs = g_new(int, (gsize)n);
  if (!tensor_inputs(reader, source, axis_last ? 0 : 1, n, inputs, error))
    return false;
  if (net_graph_add(reader->graph, source->message->name, NET_CONCAT, inputs, n, error) == NULL)
    return false;
  source->node = reader->graph->n_nodes - 1;
  return true;
}

static bool add_reshape(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  GraphdefConstant constant;
  gint64 shape[2];
  if (source->n_inputs != 2)
    return fail_inputs(reader, source, "an activation and a constant shape", error);
  if (!constant_input(reader, source, 1, &constant, error))
    return false;
  if (constant.count != 2 || !graphdef_ints(reader->file, &constant, shape, 2, NULL) ||
      (shape[0] != -1 && shape[0] != 1))
    return message_fail(error, reader->file, "node", source->message->name,
                        "only a reshape to (batch, features) is supported");
  NetNode *node = add_unary(reader, source, NET_RESHAPE, error);
  if (node == NULL)
    return false;
  node->order = NET_ORDER_HWC;
  return true;
}

static bool add_matmul(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  GraphdefConstant constant;
  if (source->n_inputs != 2)
    return fail_inputs(reader, source, "an activation and a constant matrix", error);
  if (bool_attribute(source, "transpose_a"))
    return message_fail(error, reader->file, "node", source->message->name, "transpose_a is not supported");
  if (!constant_input(reader, source, 1, &constant, error))
    return false;
  if (constant.n_dims != 2)
    return message_fail(error, reader->file, "node", source->message->name,
                        "the matrix '%s' must have 2 dimensions (in, out), found %" G_GSIZE_FORMAT, constant.name,
                        constant.n_dims);
  NetNode *node = add_unary(reader, source, NET_DENSE, error);
  if (node == NULL)
    return false;
  bool transposed = bool_attribute(source, "transpose_b");
  gsize in = (gsize)constant.dims[transposed ? 1 : 0], out = (gsize)constant.dims[transposed ? 0 : 1];
  if (!alloc_weights(reader, node, (const gsize[]){out, in}, 2, error))
    return false;
  if (transposed)
    return graphdef_floats(reader->file, &constant, node->weights, error);
  g_autofree float *in_out = g_try_new(float, constant.count);
  if (in_out == NULL)
    return message_fail(error, reader->file, "node", source->message->name, "not enough memory for its matrix");
  if (!graphdef_floats(reader->file, &constant, in_out, error))
    return false;
  for (gsize i = 0; i < in; i++)
    for (gsize o = 0; o < out; o++)
      node->weights[o * in + i] = in_out[i * out + o];
  return true;
}

static bool add_softmax(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  if (source->n_inputs != 1)
    return fail_inputs(reader, source, "one activation", error);
  return add_unary(reader, source, NET_SOFTMAX, error) != NULL;
}

/* Of an activation: a node of its own, so that outputs keep their names (`output2`). Of a constant: nothing. */
static bool add_identity(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  if (source->n_inputs != 1)
    return fail_inputs(reader, source, "one tensor", error);
  if (input_source(reader, source, 0)->node < 0)
    return true;
  return add_unary(reader, source, NET_DROPOUT, error) != NULL;
}

static bool add_nothing(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  (void)reader, (void)source, (void)error;
  return true;
}

static const struct {
  const char *op;
  bool (*add)(GraphdefReader *reader, GraphdefSource *source, GError **error);
} ops[] = {
    {"Placeholder", add_placeholder},
    {"Const", add_nothing},
    {"Conv2D", add_conv},
    {"BiasAdd", add_bias},
    {"Relu", add_relu},
    {"MaxPool", add_pool},
    {"AvgPool", add_pool},
    {"LRN", add_lrn},
    {"Concat", add_concat},
    {"ConcatV2", add_concat},
    {"Reshape", add_reshape},
    {"MatMul", add_matmul},
    {"Softmax", add_softmax},
    {"Identity", add_identity},
    {"NoOp", add_nothing},
};

bool graphdef_add(GraphdefReader *reader, GraphdefSource *source, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(ops); i++)
    if (strcmp(source->message->op, ops[i].op) == 0)
      return ops[i].add(reader, source, error);
  g_autoptr(GString) known = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(ops); i++)
    g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", ops[i].op);
  g_autofree char *op = g_strndup(source->message->op, 60);
  g_autofree char *shown = g_strescape(op, NULL);
  return message_fail(error, reader->file, "node", source->message->name, "unknown op '%s'; known are %s", shown,
                      known->str);
}
