#include "synth/dream/layers.h"

#include <string.h>

#include "stimuli/base/error.h"

static void add_once(GArray *nodes, int node) {
  for (guint i = 0; i < nodes->len; i++)
    if (g_array_index(nodes, int, i) == node)
      return;
  g_array_append_val(nodes, node);
}

static guint remove_matches(const NetGraph *graph, const char *pattern, GArray *nodes) {
  guint n_matches = 0;
  for (guint i = nodes->len; i-- > 0;)
    if (g_pattern_match_simple(pattern, graph->nodes[g_array_index(nodes, int, i)].name)) {
      g_array_remove_index(nodes, i);
      n_matches++;
    }
  return n_matches;
}

static guint add_matches(const NetGraph *graph, const char *pattern, GArray *nodes) {
  g_autoptr(GPatternSpec) spec = g_pattern_spec_new(strcmp(pattern, "all") == 0 ? "*" : pattern);
  guint n_matches = 0;
  for (int node = 0; node < graph->n_nodes; node++)
    if (net_graph_is_layer(graph, node) && g_pattern_spec_match_string(spec, graph->nodes[node].name)) {
      add_once(nodes, node);
      n_matches++;
    }
  return n_matches;
}

bool layers_select(const NetGraph *graph, const char *const *wanted, int **nodes, gsize *n_nodes, GError **error) {
  g_autoptr(GArray) selected = g_array_new(FALSE, FALSE, sizeof(int));
  for (; *wanted; wanted++) {
    const bool removes = **wanted == '!';
    if (removes || strcmp(*wanted, "all") == 0 || strpbrk(*wanted, "*?")) {
      if ((removes ? remove_matches(graph, *wanted + 1, selected) : add_matches(graph, *wanted, selected)) > 0)
        continue;
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s: no layer%s matches '%s'; 'dreamrig-synth layers NETWORK' lists all", graph->name,
                  removes ? " listed before it" : "", *wanted);
      return false;
    }
    int node;
    if (!net_graph_require(graph, *wanted, &node, error))
      return false;
    if (!net_graph_is_layer(graph, node)) {
      g_set_error(
          error, RIG_ERROR, RIG_ERROR_INPUT,
          "%s: '%s' is a part of the network that has no dream of its own (%s); 'dreamrig-synth layers NETWORK' "
          "lists the layers",
          graph->name, *wanted, net_op_name(graph->nodes[node].op));
      return false;
    }
    add_once(selected, node);
  }
  if (selected->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the list of layers leaves none", graph->name);
    return false;
  }
  *n_nodes = selected->len;
  *nodes = (int *)(void *)g_array_free(g_steal_pointer(&selected), FALSE);
  return true;
}
