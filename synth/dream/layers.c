#include "synth/dream/layers.h"

#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

#define ALL_LAYERS "'dreamrig-synth layers NETWORK' lists all"

static void add_once(GArray *picked, gsize index) {
  for (guint i = 0; i < picked->len; i++)
    if (g_array_index(picked, gsize, i) == index)
      return;
  g_array_append_val(picked, index);
}

static guint remove_matches(const char *const *names, const char *pattern, GArray *picked) {
  guint n_matches = 0;
  for (guint i = picked->len; i-- > 0;)
    if (g_pattern_match_simple(pattern, names[g_array_index(picked, gsize, i)])) {
      g_array_remove_index(picked, i);
      n_matches++;
    }
  return n_matches;
}

static guint add_matches(const char *const *names, gsize n_names, const char *pattern, GArray *picked) {
  g_autoptr(GPatternSpec) spec = g_pattern_spec_new(pattern);
  guint n_matches = 0;
  for (gsize i = 0; i < n_names; i++)
    if (g_pattern_spec_match_string(spec, names[i])) {
      add_once(picked, i);
      n_matches++;
    }
  return n_matches;
}

bool layers_is_pattern(const char *item) { return *item == '!' || strcmp(item, "all") == 0 || strpbrk(item, "*?"); }

static bool add_named(const char *owner, const char *where, const char *const *names, gsize n_names, const char *name,
                      GArray *picked, GError **error) {
  for (gsize i = 0; i < n_names; i++)
    if (strcmp(names[i], name) == 0) {
      add_once(picked, i);
      return true;
    }
  const char *nearest = command_nearest(name, names, n_names);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s has no layer \"%s\"%s%s%s; %s", owner, name,
              nearest ? " (did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?)" : "", where);
  return false;
}

bool layers_pick(const char *owner, const char *where, const char *const *names, gsize n_names,
                 const char *const *wanted, gsize **picked, gsize *n_picked, GError **error) {
  g_autoptr(GArray) selected = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (; *wanted; wanted++) {
    if (!layers_is_pattern(*wanted)) {
      if (!add_named(owner, where, names, n_names, *wanted, selected, error))
        return false;
      continue;
    }
    const bool removes = **wanted == '!';
    const char *pattern = strcmp(*wanted, "all") == 0 ? "*" : *wanted;
    if ((removes ? remove_matches(names, pattern + 1, selected) : add_matches(names, n_names, pattern, selected)) > 0)
      continue;
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no layer%s matches '%s'; %s", owner,
                removes ? " listed before it" : "", *wanted, where);
    return false;
  }
  if (selected->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the list of layers leaves none", owner);
    return false;
  }
  *n_picked = selected->len;
  *picked = (gsize *)(void *)g_array_free(g_steal_pointer(&selected), FALSE);
  return true;
}

/* Names of nodes that are no layers get a message of their own. */
static bool check_named(const NetGraph *graph, const char *const *wanted, GError **error) {
  for (; *wanted; wanted++) {
    int node;
    if (layers_is_pattern(*wanted))
      continue;
    if (!net_graph_require(graph, *wanted, &node, error))
      return false;
    if (!net_graph_is_layer(graph, node)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s: '%s' is a part of the network that has no dream of its own (%s); " ALL_LAYERS, graph->name,
                  *wanted, net_op_name(graph->nodes[node].op));
      return false;
    }
  }
  return true;
}

bool layers_select(const NetGraph *graph, const char *const *wanted, int **nodes, gsize *n_nodes, GError **error) {
  g_autofree const char **names = g_new(const char *, (gsize)graph->n_nodes);
  g_autofree int *layers = g_new(int, (gsize)graph->n_nodes);
  g_autofree gsize *picked = NULL;
  gsize n_layers = 0;
  for (int node = 0; node < graph->n_nodes; node++)
    if (net_graph_is_layer(graph, node)) {
      names[n_layers] = graph->nodes[node].name;
      layers[n_layers++] = node;
    }
  if (!check_named(graph, wanted, error) ||
      !layers_pick(graph->name, ALL_LAYERS, names, n_layers, wanted, &picked, n_nodes, error))
    return false;
  *nodes = g_new(int, *n_nodes);
  for (gsize i = 0; i < *n_nodes; i++)
    (*nodes)[i] = layers[picked[i]];
  return true;
}

char **layers_parse(const char *list) {
  g_auto(GStrv) parts = g_strsplit(list, ",", -1);
  g_autoptr(GPtrArray) items = g_ptr_array_new();
  for (char **part = parts; *part; part++)
    if (*g_strstrip(*part))
      g_ptr_array_add(items, g_strdup(*part));
  g_ptr_array_add(items, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&items), FALSE);
}
