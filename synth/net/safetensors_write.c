/* Writing the native network file (safetensors_network.h). */
#include "stimuli/base/json.h"
#include "synth/net/import.h"
#include "synth/net/safetensors.h"
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

static SafetensorsStore tensor_of(const NetNode *node) {
  SafetensorsStore tensor = {.name = node->name,
                             .type = SAFETENSORS_F16,
                             .dims = {node->channels, (gint64)node->n_weights / node->channels, 1, 1},
                             .n_dims = safetensors_n_dims(node->op),
                             .values = node->weights};
  if (node->op == NET_CONV) {
    tensor.dims[2] = node->window.kernel_h;
    tensor.dims[3] = node->window.kernel_w;
    tensor.dims[1] /= tensor.dims[2] * tensor.dims[3];
  }
  return tensor;
}

bool net_write_safetensors(const NetGraph *graph, const char *path, GError **error) {
  g_autofree char *network = network_text(graph);
  g_autofree SafetensorsStore *tensors = g_new(SafetensorsStore, graph->n_nodes);
  gsize n = 0;
  for (int i = 0; i < graph->n_nodes; i++)
    if (graph->nodes[i].n_weights > 0)
      tensors[n++] = tensor_of(&graph->nodes[i]);
  JsonObject *metadata = json_object_new();
  json_object_set_string_member(metadata, "format", SAFETENSORS_FORMAT);
  json_object_set_string_member(metadata, "network", network);
  bool done = safetensors_store(path, tensors, n, metadata, error);
  json_object_unref(metadata);
  return done;
}
