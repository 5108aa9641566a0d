/* Writing the native network file (safetensors_network.h). */
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/json.h"
#include "synth/net/import.h"
#include "synth/net/safetensors_network.h"

const char *const safetensors_rules[] = {"same", "valid", "explicit", "ceil", NULL};
const char *const safetensors_orders[] = {"chw", "hwc", NULL};

gsize safetensors_n_dims(NetOp op) { return op == NET_CONV ? 4 : op == NET_DENSE ? 2 : op == NET_BIAS ? 1 : 0; }

static JsonArray *pair(int h, int w) {
  JsonArray *array = json_array_new();
  json_array_add_int_element(array, h);
  json_array_add_int_element(array, w);
  return array;
}

static JsonArray *triple(const float values[3]) {
  JsonArray *array = json_array_new();
  for (int c = 0; c < 3; c++)
    json_array_add_double_element(array, (double)values[c]);
  return array;
}

static void write_window(JsonObject *object, const NetWindow *window) {
  json_object_set_array_member(object, "kernel", pair(window->kernel_h, window->kernel_w));
  json_object_set_array_member(object, "stride", pair(window->stride_h, window->stride_w));
  json_object_set_string_member(object, "padding", safetensors_rules[window->rule]);
  if (window->rule == NET_PAD_EXPLICIT || window->rule == NET_PAD_CEIL)
    json_object_set_array_member(object, "pad", pair(window->pad_h, window->pad_w));
}

static JsonObject *write_node(const NetGraph *graph, const NetNode *node) {
  JsonObject *object = json_object_new();
  JsonArray *inputs = json_array_new();
  for (int i = 0; i < node->n_inputs; i++)
    json_array_add_string_element(inputs, graph->nodes[node->inputs[i]].name);
  json_object_set_string_member(object, "name", node->name);
  json_object_set_string_member(object, "op", net_op_name(node->op));
  json_object_set_array_member(object, "inputs", inputs);
  if (node->op == NET_CONV || node->op == NET_MAXPOOL || node->op == NET_AVGPOOL)
    write_window(object, &node->window);
  if (node->op == NET_CONV)
    json_object_set_int_member(object, "groups", node->groups);
  if (node->op == NET_AVGPOOL)
    json_object_set_boolean_member(object, "counts_padding", node->average_counts_padding);
  if (node->op == NET_LRN) {
    json_object_set_int_member(object, "radius", node->lrn.radius);
    json_object_set_double_member(object, "bias", (double)node->lrn.bias);
    json_object_set_double_member(object, "alpha", (double)node->lrn.alpha);
    json_object_set_double_member(object, "beta", (double)node->lrn.beta);
  }
  if (node->op == NET_RESHAPE)
    json_object_set_string_member(object, "order", safetensors_orders[node->order]);
  return object;
}

static char *write_text(JsonObject *object) {
  JsonNode *root = json_node_new(JSON_NODE_OBJECT);
  json_node_take_object(root, object);
  gsize size = 0;
  char *text = json_write(root, &size);
  json_node_unref(root);
  return g_strchomp(text);
}

static char *network_text(const NetGraph *graph) {
  JsonObject *network = json_object_new(), *input = json_object_new();
  JsonArray *nodes = json_array_new();
  json_object_set_boolean_member(input, "bgr", graph->input.bgr);
  json_object_set_array_member(input, "mean", triple(graph->input.mean));
  json_object_set_array_member(input, "scale", triple(graph->input.scale));
  for (int i = 0; i < graph->n_nodes; i++)
    json_array_add_object_element(nodes, write_node(graph, &graph->nodes[i]));
  json_object_set_string_member(network, "name", graph->name);
  if (graph->note != NULL)
    json_object_set_string_member(network, "note", graph->note);
  json_object_set_object_member(network, "input", input);
  json_object_set_array_member(network, "nodes", nodes);
  return write_text(network);
}

/* The tensor's header entry; its bytes follow those of the tensors before it. */
static JsonObject *tensor_entry(const NetNode *node, gsize begin) {
  JsonObject *entry = json_object_new();
  JsonArray *shape = json_array_new(), *offsets = json_array_new();
  gint64 dims[4] = {node->channels, (gint64)node->n_weights / node->channels, 1, 1};
  if (node->op == NET_CONV) {
    dims[2] = node->window.kernel_h;
    dims[3] = node->window.kernel_w;
    dims[1] /= dims[2] * dims[3];
  }
  for (gsize i = 0; i < safetensors_n_dims(node->op); i++)
    json_array_add_int_element(shape, dims[i]);
  json_array_add_int_element(offsets, (gint64)begin);
  json_array_add_int_element(offsets, (gint64)(begin + node->n_weights * sizeof(float)));
  json_object_set_string_member(entry, "dtype", "F32");
  json_object_set_array_member(entry, "shape", shape);
  json_object_set_array_member(entry, "data_offsets", offsets);
  return entry;
}

bool net_write_safetensors(const NetGraph *graph, const char *path, GError **error) {
  JsonObject *header = json_object_new(), *metadata = json_object_new();
  g_autofree char *network = network_text(graph);
  json_object_set_string_member(metadata, "format", SAFETENSORS_FORMAT);
  json_object_set_string_member(metadata, "network", network);
  json_object_set_object_member(header, "__metadata__", metadata);
  gsize bytes = 0;
  for (int i = 0; i < graph->n_nodes; i++)
    if (graph->nodes[i].n_weights > 0) {
      json_object_set_object_member(header, graph->nodes[i].name, tensor_entry(&graph->nodes[i], bytes));
      bytes += graph->nodes[i].n_weights * sizeof(float);
    }
  g_autofree char *text = write_text(header);
  const gsize prefix = 8, alignment = 8;
  gsize length = strlen(text), padded = (length + alignment - 1) / alignment * alignment, total = 0;
  g_autofree guint8 *file = NULL;
  if (g_size_checked_add(&total, bytes, prefix + padded))
    file = g_try_malloc(total);
  if (file == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "%s: not enough memory to write the network", path);
    return false;
  }
  guint64 stored = GUINT64_TO_LE((guint64)padded);
  memcpy(file, &stored, prefix);
  memcpy(file + prefix, text, length);
  memset(file + prefix + length, ' ', padded - length);
  guint8 *to = file + prefix + padded;
  for (int i = 0; i < graph->n_nodes; i++)
    for (gsize k = 0; k < graph->nodes[i].n_weights; k++, to += sizeof(float)) {
      guint32 word;
      memcpy(&word, &graph->nodes[i].weights[k], sizeof word);
      word = GUINT32_TO_LE(word);
      memcpy(to, &word, sizeof word);
    }
  return files_write(path, file, total, FILES_PUBLIC, error);
}
