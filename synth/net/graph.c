#include "synth/net/graph.h"

#include <stdlib.h>
#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

#define WEIGHTS_ALIGNMENT 64
#define MAX_NODES 20000 /* names are found by looking through all */

static const char *const op_names[NET_N_OPS] = {"input", "conv",   "bias",  "relu",    "maxpool", "avgpool",
                                                "lrn",   "concat", "dense", "reshape", "softmax", "dropout"};

const char *net_op_name(NetOp op) { return op_names[op]; }

NetGraph *net_graph_new(const char *name, const NetInput *input) {
  NetGraph *graph = g_new0(NetGraph, 1);
  graph->name = g_strdup(name);
  graph->input = *input;
  return graph;
}

void net_graph_free(NetGraph *graph) {
  if (!graph)
    return;
  for (int i = 0; i < graph->n_nodes; i++) {
    NetNode *node = &graph->nodes[i];
    g_free(node->name);
    g_free(node->inputs);
    g_free(node->type);
    free(node->weights);
    free(node->turned_weights);
  }
  g_free(graph->nodes);
  g_free(graph->name);
  g_free(graph->digest);
  g_free(graph->note);
  g_free(graph);
}

NetNode *net_graph_add(NetGraph *graph, const char *name, NetOp op, const int *inputs, int n_inputs, GError **error) {
  if (!*name) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: node %d (%s) has no name", graph->name, graph->n_nodes,
                net_op_name(op));
    return NULL;
  }
  if (graph->n_nodes >= MAX_NODES) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: more than %d nodes", graph->name, MAX_NODES);
    return NULL;
  }
  if (net_graph_find(graph, name) >= 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: two nodes are named %s", graph->name, name);
    return NULL;
  }
  for (int i = 0; i < n_inputs; i++)
    if (inputs[i] < 0 || inputs[i] >= graph->n_nodes) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: input %d of node %s is not a node before it", graph->name, i,
                  name);
      return NULL;
    }
  /* Room for a power of two of nodes, so that appending stays linear. */
  if ((graph->n_nodes & (graph->n_nodes - 1)) == 0)
    graph->nodes = g_renew(NetNode, graph->nodes, graph->n_nodes ? 2 * graph->n_nodes : 1);
  NetNode *node = &graph->nodes[graph->n_nodes++];
  *node = (NetNode){.name = g_strdup(name), .op = op, .n_inputs = n_inputs, .groups = 1};
  if (n_inputs)
    node->inputs = g_memdup2(inputs, (gsize)n_inputs * sizeof *inputs);
  return node;
}

bool net_node_alloc_weights(NetNode *node, const gsize *dims, int n_dims, GError **error) {
  g_assert(n_dims > 0 && !node->weights);
  gsize count = 1, bytes = 0;
  bool fits = true;
  for (int i = 0; fits && i < n_dims; i++)
    /* BLAS counts in int. */
    fits = dims[i] > 0 && g_size_checked_mul(&count, count, dims[i]) && count <= G_MAXINT;
  fits = fits && g_size_checked_mul(&bytes, count, sizeof(float)) && bytes <= G_MAXSSIZE - WEIGHTS_ALIGNMENT;
  if (!fits) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "node %s: its weights have an impossible shape", node->name);
    return false;
  }
  bytes = (bytes + WEIGHTS_ALIGNMENT - 1) / WEIGHTS_ALIGNMENT * WEIGHTS_ALIGNMENT;
  float *weights = aligned_alloc(WEIGHTS_ALIGNMENT, bytes);
  if (!weights) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "node %s: no memory for %" G_GSIZE_FORMAT " weights", node->name,
                count);
    return false;
  }
  memset(weights, 0, bytes);
  node->weights = weights;
  node->n_weights = count;
  node->channels = (int)dims[0];
  return true;
}

int net_graph_find(const NetGraph *graph, const char *name) {
  for (int i = 0; i < graph->n_nodes; i++)
    if (strcmp(graph->nodes[i].name, name) == 0)
      return i;
  return -1;
}

bool net_graph_require(const NetGraph *graph, const char *name, int *node, GError **error) {
  int found = net_graph_find(graph, name);
  if (found >= 0) {
    *node = found;
    return true;
  }
  g_autofree const char **names = g_new(const char *, graph->n_nodes + 1);
  gsize n_names = 0;
  for (int i = 0; i < graph->n_nodes; i++)
    if (net_graph_is_layer(graph, i))
      names[n_names++] = graph->nodes[i].name;
  const char *nearest = command_nearest(name, names, n_names);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s has no layer \"%s\"%s%s%s; dreamrig-synth layers lists all %" G_GSIZE_FORMAT, graph->name, name,
              nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "", n_names);
  return false;
}

bool net_graph_is_layer(const NetGraph *graph, int node) { return graph->nodes[node].is_layer; }
