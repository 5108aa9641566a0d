#include "tests/synth/net/networks.h"

#include <string.h>

/* Appends to a list of a message, whose memory is malloc's as the message's own free function expects. */
static void append(gpointer list_of_pointers, gsize *n, gpointer item) {
  gpointer **list = list_of_pointers;
  *list = g_renew(gpointer, *list, *n + 1);
  (*list)[(*n)++] = item;
}

static void append_words(char ***list, gsize *n, const char *words) {
  g_auto(GStrv) parts = g_strsplit(words, " ", -1);
  for (char **word = parts; *word != NULL; word++)
    if (**word != '\0')
      append(list, n, g_strdup(*word));
}

/* --- TensorFlow --- */

Tensorflow__Node *networks_tf_node(Tensorflow__Graph *graph, const char *name, const char *op, const char *inputs) {
  Tensorflow__Node *node = g_new(Tensorflow__Node, 1);
  tensorflow__node__init(node);
  node->name = g_strdup(name);
  node->op = g_strdup(op);
  append_words(&node->input, &node->n_input, inputs);
  append(&graph->node, &graph->n_node, node);
  return node;
}

Tensorflow__Node *networks_tf_find(Tensorflow__Graph *graph, const char *name) {
  for (gsize i = 0; i < graph->n_node; i++)
    if (strcmp(graph->node[i]->name, name) == 0)
      return graph->node[i];
  g_error("no node %s", name);
}

Tensorflow__Value *networks_tf_attribute(Tensorflow__Node *node, const char *key) {
  Tensorflow__Attribute *attribute = g_new(Tensorflow__Attribute, 1);
  tensorflow__attribute__init(attribute);
  attribute->key = g_strdup(key);
  attribute->value = g_new(Tensorflow__Value, 1);
  tensorflow__value__init(attribute->value);
  append(&node->attr, &node->n_attr, attribute);
  return attribute->value;
}

void networks_tf_text(Tensorflow__Node *node, const char *key, const char *text) {
  Tensorflow__Value *value = networks_tf_attribute(node, key);
  value->has_s = 1;
  value->s.len = strlen(text);
  value->s.data = (uint8_t *)g_strdup(text);
}

void networks_tf_window(Tensorflow__Node *node, const char *key, int h, int w) {
  Tensorflow__List *list = g_new(Tensorflow__List, 1);
  tensorflow__list__init(list);
  list->n_i = 4;
  list->i = g_new(int64_t, 4);
  memcpy(list->i, (const int64_t[]){1, h, w, 1}, 4 * sizeof *list->i);
  networks_tf_attribute(node, key)->list = list;
}

Tensorflow__Tensor *networks_tf_constant(Tensorflow__Graph *graph, const char *name, const gint64 *dims, gsize n_dims) {
  Tensorflow__Tensor *tensor = g_new(Tensorflow__Tensor, 1);
  tensorflow__tensor__init(tensor);
  tensor->has_dtype = 1;
  tensor->dtype = 1;
  tensor->shape = g_new(Tensorflow__Shape, 1);
  tensorflow__shape__init(tensor->shape);
  for (gsize i = 0; i < n_dims; i++) {
    Tensorflow__Shape__Dim *dim = g_new(Tensorflow__Shape__Dim, 1);
    tensorflow__shape__dim__init(dim);
    dim->has_size = 1;
    dim->size = dims[i];
    append(&tensor->shape->dim, &tensor->shape->n_dim, dim);
  }
  networks_tf_attribute(networks_tf_node(graph, name, "Const", ""), "value")->tensor = tensor;
  return tensor;
}

void networks_tf_content(Tensorflow__Tensor *tensor, const float *values, gsize n) {
  tensor->has_content = 1;
  tensor->content.len = n * sizeof *values;
  tensor->content.data = g_memdup2(values, tensor->content.len);
}

void networks_tf_ints(Tensorflow__Tensor *tensor, const int *values, gsize n) {
  tensor->dtype = 3;
  tensor->n_int_val = n;
  tensor->int_val = g_memdup2(values, n * sizeof *values);
}

static void constant(Tensorflow__Graph *graph, const char *name, const gint64 *dims, gsize n_dims, float step) {
  gsize n = 1;
  for (gsize i = 0; i < n_dims; i++)
    n *= (gsize)dims[i];
  g_autofree float *values = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = step * (float)(i + 1);
  networks_tf_content(networks_tf_constant(graph, name, dims, n_dims), values, n);
}

static void windowed(Tensorflow__Node *node, const char *padding, int stride) {
  networks_tf_text(node, "padding", padding);
  networks_tf_window(node, "strides", stride, stride);
}

Tensorflow__Graph *networks_tf_example(void) {
  Tensorflow__Graph *graph = g_new(Tensorflow__Graph, 1);
  tensorflow__graph__init(graph);
  networks_tf_node(graph, "input", "Placeholder", "");
  constant(graph, "w", (const gint64[]){3, 2, 3, 2}, 4, 0.01f);
  constant(graph, "b", (const gint64[]){2}, 1, 0.7f);
  windowed(networks_tf_node(graph, "unit_pre_relu/conv", "Conv2D", "input w"), "SAME", 2);
  networks_tf_node(graph, "unit_pre_relu", "BiasAdd", "unit_pre_relu/conv b");
  networks_tf_node(graph, "unit", "Relu", "unit_pre_relu");
  Tensorflow__Node *pool = networks_tf_node(graph, "maxpool0", "MaxPool", "unit");
  windowed(pool, "SAME", 1);
  networks_tf_window(pool, "ksize", 3, 3);
  networks_tf_node(graph, "lrn0", "LRN", "maxpool0");
  networks_tf_ints(networks_tf_constant(graph, "mixed/concat_dim", NULL, 0), (const int[]){3}, 1);
  networks_tf_node(graph, "mixed", "Concat", "mixed/concat_dim unit lrn0");
  pool = networks_tf_node(graph, "avgpool0", "AvgPool", "mixed");
  windowed(pool, "VALID", 2);
  networks_tf_window(pool, "ksize", 2, 2);
  networks_tf_ints(networks_tf_constant(graph, "shape", (const gint64[]){2}, 1), (const int[]){-1, 16}, 2);
  networks_tf_node(graph, "flat", "Reshape", "avgpool0 shape");
  constant(graph, "m", (const gint64[]){16, 3}, 2, 0.003f);
  networks_tf_node(graph, "logits", "MatMul", "flat m");
  networks_tf_node(graph, "softmax0", "Softmax", "logits");
  networks_tf_node(graph, "output", "Identity", "softmax0");
  return graph;
}

GBytes *networks_tf_pack(const Tensorflow__Graph *graph) {
  gsize size = tensorflow__graph__get_packed_size(graph);
  guint8 *data = g_malloc(size);
  tensorflow__graph__pack(graph, data);
  return g_bytes_new_take(data, size);
}

/* --- Caffe --- */

Caffe__Layer *networks_caffe_layer(Caffe__Net *net, const char *name, const char *type, const char *bottoms,
                                   const char *tops) {
  Caffe__Layer *layer = g_new(Caffe__Layer, 1);
  caffe__layer__init(layer);
  layer->name = g_strdup(name);
  layer->type = g_strdup(type);
  append_words(&layer->bottom, &layer->n_bottom, bottoms);
  append_words(&layer->top, &layer->n_top, tops);
  append(&net->layer, &net->n_layer, layer);
  return layer;
}

Caffe__Layer *networks_caffe_find(Caffe__Net *net, const char *name) {
  for (gsize i = 0; i < net->n_layer; i++)
    if (strcmp(net->layer[i]->name, name) == 0)
      return net->layer[i];
  g_error("no layer %s", name);
}

void networks_caffe_blob(Caffe__Layer *layer, const gint64 *dims, gsize n_dims, float first) {
  Caffe__Blob *blob = g_new(Caffe__Blob, 1);
  caffe__blob__init(blob);
  blob->shape = g_new(Caffe__BlobShape, 1);
  caffe__blob_shape__init(blob->shape);
  blob->shape->n_dim = n_dims;
  blob->shape->dim = g_memdup2(dims, n_dims * sizeof *dims);
  blob->n_data = 1;
  for (gsize i = 0; i < n_dims; i++)
    blob->n_data *= (gsize)dims[i];
  blob->data = g_new(float, blob->n_data);
  for (gsize i = 0; i < blob->n_data; i++)
    blob->data[i] = first + 0.01f * (float)i;
  append(&layer->blobs, &layer->n_blobs, blob);
}

static Caffe__Convolution *convolution(Caffe__Layer *layer) {
  layer->convolution = g_new(Caffe__Convolution, 1);
  caffe__convolution__init(layer->convolution);
  return layer->convolution;
}

static Caffe__Pooling *pooling(Caffe__Layer *layer, int method, guint size, guint stride) {
  layer->pooling = g_new(Caffe__Pooling, 1);
  caffe__pooling__init(layer->pooling);
  layer->pooling->has_pool = layer->pooling->has_kernel_size = layer->pooling->has_stride = 1;
  layer->pooling->pool = method;
  layer->pooling->kernel_size = size;
  layer->pooling->stride = stride;
  return layer->pooling;
}

static void set_list(uint32_t **list, size_t *n, guint value) {
  *n = 1;
  *list = g_new(uint32_t, 1);
  **list = value;
}

Caffe__Net *networks_caffe_example(void) {
  Caffe__Net *net = g_new(Caffe__Net, 1);
  caffe__net__init(net);
  net->name = g_strdup("Example");
  append_words(&net->input, &net->n_input, "data");
  net->n_input_dim = 4;
  net->input_dim = g_memdup2((const int32_t[]){10, 3, 9, 11}, 4 * sizeof(int32_t));

  Caffe__Layer *layer = networks_caffe_layer(net, "conv1", "Convolution", "data", "conv1");
  Caffe__Convolution *conv = convolution(layer);
  conv->has_num_output = 1;
  conv->num_output = 4;
  set_list(&conv->pad, &conv->n_pad, 1);
  set_list(&conv->kernel_size, &conv->n_kernel_size, 3);
  networks_caffe_blob(layer, (const gint64[]){4, 3, 3, 3}, 4, -0.53f);
  networks_caffe_blob(layer, (const gint64[]){4}, 1, 0.19f);
  networks_caffe_layer(net, "relu1", "ReLU", "conv1", "conv1");

  layer = networks_caffe_layer(net, "norm1", "LRN", "conv1", "norm1");
  layer->lrn = g_new(Caffe__Lrn, 1);
  caffe__lrn__init(layer->lrn);
  layer->lrn->has_local_size = layer->lrn->has_alpha = 1;
  layer->lrn->local_size = 3;
  layer->lrn->alpha = 0.0006f;
  pooling(networks_caffe_layer(net, "pool1", "Pooling", "norm1", "pool1"), 0, 3, 2);

  layer = networks_caffe_layer(net, "conv2", "Convolution", "pool1", "conv2");
  conv = convolution(layer);
  conv->has_group = conv->has_kernel_h = conv->has_kernel_w = 1;
  conv->group = 2;
  conv->kernel_h = 2;
  conv->kernel_w = 1;
  networks_caffe_blob(layer, (const gint64[]){4, 2, 2, 1}, 4, -0.07f);
  networks_caffe_blob(layer, (const gint64[]){4}, 1, 0.02f);
  networks_caffe_layer(net, "relu2", "ReLU", "conv2", "conv2");
  networks_caffe_layer(net, "split2", "Split", "conv2", "conv2_split_0 conv2_split_1");
  networks_caffe_layer(net, "mixed/output", "Concat", "conv2_split_0 conv2_split_1", "mixed/output");
  pooling(networks_caffe_layer(net, "pool2/ave", "Pooling", "mixed/output", "pool2/ave"), 1, 3, 2);
  networks_caffe_layer(net, "pool2/drop", "Dropout", "pool2/ave", "pool2/ave");

  layer = networks_caffe_layer(net, "ip", "InnerProduct", "pool2/ave", "ip");
  layer->inner_product = g_new(Caffe__InnerProduct, 1);
  caffe__inner_product__init(layer->inner_product);
  layer->inner_product->has_num_output = 1;
  layer->inner_product->num_output = 3;
  networks_caffe_blob(layer, (const gint64[]){3, 16}, 2, -0.2f);
  networks_caffe_blob(layer, (const gint64[]){3}, 1, 0.11f);
  networks_caffe_layer(net, "prob", "Softmax", "ip", "prob");
  return net;
}

static void old_shape(Caffe__Blob *blob) {
  int32_t dims[4] = {1, 1, 1, 1};
  for (gsize i = 0; i < blob->shape->n_dim; i++)
    dims[4 - blob->shape->n_dim + i] = (int32_t)blob->shape->dim[i];
  blob->has_num = blob->has_channels = blob->has_height = blob->has_width = 1;
  blob->num = dims[0];
  blob->channels = dims[1];
  blob->height = dims[2];
  blob->width = dims[3];
  caffe__blob_shape__free_unpacked(blob->shape, NULL);
  blob->shape = NULL;
}

static int v1_type(const char *type) {
  static const struct {
    const char *word;
    int type;
  } types[] = {{"Concat", 3},   {"Convolution", 4}, {"Dropout", 6},  {"InnerProduct", 14}, {"LRN", 15},
               {"Pooling", 17}, {"ReLU", 18},       {"Softmax", 20}, {"Split", 22}};
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    if (strcmp(types[i].word, type) == 0)
      return types[i].type;
  g_error("no old type for %s", type);
}

void networks_caffe_to_v1(Caffe__Net *net) {
  for (gsize i = 0; i < net->n_layer; i++) {
    Caffe__Layer *from = net->layer[i];
    Caffe__LayerV1 *to = g_new(Caffe__LayerV1, 1);
    caffe__layer_v1__init(to);
    for (gsize k = 0; k < from->n_blobs; k++)
      old_shape(from->blobs[k]);
    to->name = g_steal_pointer(&from->name);
    to->has_type = 1;
    to->type = v1_type(from->type);
    to->n_bottom = from->n_bottom;
    to->bottom = g_steal_pointer(&from->bottom);
    to->n_top = from->n_top;
    to->top = g_steal_pointer(&from->top);
    to->n_blobs = from->n_blobs;
    to->blobs = g_steal_pointer(&from->blobs);
    from->n_bottom = from->n_top = from->n_blobs = 0;
    to->convolution = g_steal_pointer(&from->convolution);
    to->inner_product = g_steal_pointer(&from->inner_product);
    to->lrn = g_steal_pointer(&from->lrn);
    to->pooling = g_steal_pointer(&from->pooling);
    append(&net->layers, &net->n_layers, to);
    caffe__layer__free_unpacked(from, NULL);
  }
  net->n_layer = 0;
}

GBytes *networks_caffe_pack(const Caffe__Net *net) {
  gsize size = caffe__net__get_packed_size(net);
  guint8 *data = g_malloc(size);
  caffe__net__pack(net, data);
  return g_bytes_new_take(data, size);
}
