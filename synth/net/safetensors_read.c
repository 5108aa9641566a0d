/* Reading the native network file (safetensors_network.h). */
#include <string.h>

#include "synth/net/import.h"
#include "synth/net/message.h"
#include "synth/net/safetensors.h"
#include "synth/net/safetensors_network.h"

/* --- Reading JSON members; each fails naming the node and the member --- */

static JsonNode *value_member(JsonObject *object, const char *member, GType type) {
  JsonNode *node = json_object_get_member(object, member);
  bool good = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
              (json_node_get_value_type(node) == type ||
               (type == G_TYPE_DOUBLE && json_node_get_value_type(node) == G_TYPE_INT64));
  return good ? node : NULL;
}

static bool read_text(const char *file, const char *owner, JsonObject *object, const char *member, const char **text,
                      GError **error) {
  JsonNode *node = value_member(object, member, G_TYPE_STRING);
  if (node == NULL)
    return message_fail(error, file, "node", owner, "a text \"%s\" expected", member);
  *text = json_node_get_string(node);
  return true;
}

static bool read_choice(const char *file, const char *owner, JsonObject *object, const char *member,
                        const char *const *names, int *choice, GError **error) {
  const char *text = NULL;
  if (!read_text(file, owner, object, member, &text, error))
    return false;
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], text) == 0) {
      *choice = i;
      return true;
    }
  g_autofree char *known = g_strjoinv(", ", (char **)names);
  return message_fail(error, file, "node", owner, "\"%s\" must be one of %s", member, known);
}

static bool read_bool(const char *file, const char *owner, JsonObject *object, const char *member, bool *value,
                      GError **error) {
  JsonNode *node = value_member(object, member, G_TYPE_BOOLEAN);
  if (node == NULL)
    return message_fail(error, file, "node", owner, "true or false \"%s\" expected", member);
  *value = json_node_get_boolean(node);
  return true;
}

static bool read_int(const char *file, const char *owner, JsonObject *object, const char *member, int *value,
                     GError **error) {
  JsonNode *node = value_member(object, member, G_TYPE_INT64);
  if (node == NULL || json_node_get_int(node) < 0 || json_node_get_int(node) > G_MAXINT16)
    return message_fail(error, file, "node", owner, "an integer \"%s\" from 0 to %d expected", member, G_MAXINT16);
  *value = (int)json_node_get_int(node);
  return true;
}

static bool read_float(const char *file, const char *owner, JsonObject *object, const char *member, float *value,
                       GError **error) {
  JsonNode *node = value_member(object, member, G_TYPE_DOUBLE);
  if (node == NULL)
    return message_fail(error, file, "node", owner, "a number \"%s\" expected", member);
  *value = (float)json_node_get_double(node);
  return true;
}

/* Exactly n numbers. */
static bool read_numbers(const char *file, const char *owner, JsonObject *object, const char *member, guint n,
                         double *values, GError **error) {
  JsonNode *node = json_object_get_member(object, member);
  bool good = node != NULL && JSON_NODE_HOLDS_ARRAY(node) && json_array_get_length(json_node_get_array(node)) == n;
  for (guint i = 0; good && i < n; i++) {
    JsonNode *element = json_array_get_element(json_node_get_array(node), i);
    GType type = JSON_NODE_HOLDS_VALUE(element) ? json_node_get_value_type(element) : G_TYPE_INVALID;
    good = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
    if (good)
      values[i] = json_node_get_double(element);
  }
  return good || message_fail(error, file, "node", owner, "%u numbers \"%s\" expected", n, member);
}

/* Two sizes, vertical first. */
static bool read_pair(const char *file, const char *owner, JsonObject *object, const char *member, int *h, int *w,
                      GError **error) {
  double values[2];
  if (!read_numbers(file, owner, object, member, 2, values, error))
    return false;
  for (int i = 0; i < 2; i++)
    if (!(values[i] >= 0 && values[i] <= G_MAXINT16) || values[i] != (int)values[i])
      return message_fail(error, file, "node", owner, "\"%s\" must be integers from 0 to %d", member, G_MAXINT16);
  *h = (int)values[0];
  *w = (int)values[1];
  return true;
}

/* --- Reading --- */

static bool read_window(const char *file, JsonObject *object, NetNode *node, GError **error) {
  int rule = 0;
  NetWindow *window = &node->window;
  if (!read_pair(file, node->name, object, "kernel", &window->kernel_h, &window->kernel_w, error) ||
      !read_pair(file, node->name, object, "stride", &window->stride_h, &window->stride_w, error) ||
      !read_choice(file, node->name, object, "padding", safetensors_rules, &rule, error))
    return false;
  window->rule = (NetPadRule)rule;
  if (window->rule != NET_PAD_EXPLICIT && window->rule != NET_PAD_CEIL)
    return true;
  return read_pair(file, node->name, object, "pad", &window->pad_h, &window->pad_w, error);
}

static bool read_attributes(const char *file, JsonObject *object, NetNode *node, GError **error) {
  switch (node->op) {
  case NET_CONV:
    return read_window(file, object, node, error) && read_int(file, node->name, object, "groups", &node->groups, error);
  case NET_MAXPOOL:
    return read_window(file, object, node, error);
  case NET_AVGPOOL:
    return read_window(file, object, node, error) &&
           read_bool(file, node->name, object, "counts_padding", &node->average_counts_padding, error);
  case NET_LRN:
    return read_int(file, node->name, object, "radius", &node->lrn.radius, error) &&
           read_float(file, node->name, object, "bias", &node->lrn.bias, error) &&
           read_float(file, node->name, object, "alpha", &node->lrn.alpha, error) &&
           read_float(file, node->name, object, "beta", &node->lrn.beta, error);
  case NET_RESHAPE: {
    int order = 0;
    if (!read_choice(file, node->name, object, "order", safetensors_orders, &order, error))
      return false;
    node->order = (NetOrder)order;
    return true;
  }
  default:
    return true;
  }
}

static bool read_weights(const char *file, const SafetensorsFile *tensors, NetNode *node, GError **error) {
  gsize n_dims = safetensors_n_dims(node->op);
  if (n_dims == 0)
    return true;
  const SafetensorsTensor *tensor = safetensors_find(tensors, node->name);
  if (tensor == NULL)
    return message_fail(error, file, "node", node->name, "the file has no tensor of this name");
  bool fits = tensor->n_dims == n_dims;
  if (fits && node->op == NET_CONV)
    fits = tensor->dims[2] == node->window.kernel_h && tensor->dims[3] == node->window.kernel_w;
  if (!fits)
    return message_fail(error, file, "node", node->name,
                        "a tensor of %" G_GSIZE_FORMAT " dimensions that fits its attributes expected", n_dims);
  gsize dims[4];
  for (gsize i = 0; i < n_dims; i++)
    dims[i] = (gsize)tensor->dims[i];
  if (!net_node_alloc_weights(node, dims, (int)n_dims, error)) {
    g_prefix_error(error, "%s: ", file);
    return false;
  }
  safetensors_floats(tensor, node->weights);
  return true;
}

static bool read_node(const char *file, JsonNode *json, const SafetensorsFile *tensors, GHashTable *by_name,
                      NetGraph *graph, GError **error) {
  if (!JSON_NODE_HOLDS_OBJECT(json))
    return message_fail(error, file, NULL, NULL, "node %d must be an object", graph->n_nodes);
  JsonObject *object = json_node_get_object(json);
  const char *name = NULL;
  int op = 0;
  const char *op_names[NET_N_OPS + 1] = {NULL};
  for (int i = 0; i < NET_N_OPS; i++)
    op_names[i] = net_op_name((NetOp)i);
  if (!read_text(file, "(unnamed)", object, "name", &name, error) || !message_check_name(file, "node", name, error) ||
      !read_choice(file, name, object, "op", op_names, &op, error))
    return false;

  JsonNode *list = json_object_get_member(object, "inputs");
  if (list == NULL || !JSON_NODE_HOLDS_ARRAY(list))
    return message_fail(error, file, "node", name, "a list \"inputs\" expected");
  JsonArray *array = json_node_get_array(list);
  guint n_inputs = json_array_get_length(array);
  if (n_inputs > G_MAXINT16)
    return message_fail(error, file, "node", name, "at most %d inputs expected", G_MAXINT16);
  g_autofree int *inputs = g_new(int, MAX(n_inputs, 1));
  for (guint i = 0; i < n_inputs; i++) {
    JsonNode *element = json_array_get_element(array, i);
    bool text = JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING;
    int found = text ? GPOINTER_TO_INT(g_hash_table_lookup(by_name, json_node_get_string(element))) : 0;
    if (found == 0)
      return message_fail(error, file, "node", name, "its input %u is not the name of an earlier node", i);
    inputs[i] = found - 1;
  }
  NetNode *node = net_graph_add(graph, name, (NetOp)op, inputs, (int)n_inputs, error);
  if (node == NULL)
    return false;
  g_hash_table_insert(by_name, g_strdup(name), GINT_TO_POINTER(graph->n_nodes));
  return read_attributes(file, object, node, error) && read_weights(file, tensors, node, error);
}

static bool read_input(const char *file, JsonObject *network, NetInput *input, GError **error) {
  JsonNode *node = json_object_get_member(network, "input");
  double mean[3], scale[3];
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
    return message_fail(error, file, NULL, NULL, "the network's \"input\" must be an object");
  JsonObject *object = json_node_get_object(node);
  if (!read_bool(file, "input", object, "bgr", &input->bgr, error) ||
      !read_numbers(file, "input", object, "mean", 3, mean, error) ||
      !read_numbers(file, "input", object, "scale", 3, scale, error))
    return false;
  for (int c = 0; c < 3; c++) {
    input->mean[c] = (float)mean[c];
    input->scale[c] = (float)scale[c];
  }
  return true;
}

static bool read_network(const char *file, JsonNode *root, const SafetensorsFile *tensors, NetGraph **graph,
                         GError **error) {
  NetInput input;
  const char *name = NULL;
  if (!JSON_NODE_HOLDS_OBJECT(root))
    return message_fail(error, file, NULL, NULL, "the network's description must be an object");
  JsonObject *network = json_node_get_object(root);
  JsonNode *nodes = json_object_get_member(network, "nodes");
  if (!read_text(file, "network", network, "name", &name, error) || !message_check_name(file, "network", name, error) ||
      !read_input(file, network, &input, error))
    return false;
  guint n_nodes = nodes != NULL && JSON_NODE_HOLDS_ARRAY(nodes) ? json_array_get_length(json_node_get_array(nodes)) : 0;
  if (n_nodes < 1 || n_nodes > MESSAGE_MAX_NODES)
    return message_fail(error, file, NULL, NULL, "a list of 1 to %d nodes expected", MESSAGE_MAX_NODES);

  g_autoptr(GHashTable) by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(NetGraph) result = net_graph_new(name, &input);
  if (json_object_has_member(network, "note")) {
    const char *note = NULL;
    if (!read_text(file, "network", network, "note", &note, error))
      return false;
    result->note = g_strdup(note);
  }
  gsize n_weighted = 0;
  for (guint i = 0; i < n_nodes; i++) {
    if (!read_node(file, json_array_get_element(json_node_get_array(nodes), i), tensors, by_name, result, error))
      return false;
    n_weighted += safetensors_n_dims(result->nodes[i].op) > 0 ? 1 : 0;
  }
  if (n_weighted != tensors->n_tensors)
    return message_fail(error, file, NULL, NULL,
                        "%" G_GSIZE_FORMAT " tensors for the nodes expected, found %" G_GSIZE_FORMAT, n_weighted,
                        tensors->n_tensors);
  if (!net_graph_seal(result, error))
    return false;
  *graph = g_steal_pointer(&result);
  return true;
}

bool net_read_safetensors(const char *name, const void *data, gsize size, NetGraph **graph, GError **error) {
  g_autoptr(SafetensorsFile) tensors = NULL;
  if (!safetensors_parse(name, data, size, &tensors, error))
    return false;
  const char *format = json_object_get_string_member_with_default(tensors->metadata, "format", NULL);
  const char *text = json_object_get_string_member_with_default(tensors->metadata, "network", NULL);
  if (format == NULL || strcmp(format, SAFETENSORS_FORMAT) != 0 || text == NULL)
    return message_fail(error, name, NULL, NULL,
                        "a safetensors file without a node list; dreamrig reads those that it wrote (format \"%s\")",
                        SAFETENSORS_FORMAT);
  JsonNode *root = NULL;
  if (!json_read(name, text, strlen(text), &root, error))
    return false;
  bool ok = read_network(name, root, tensors, graph, error);
  json_node_unref(root);
  return ok;
}
