/* TensorFlow GraphDef: the nodes are put in order, constants become the weights of the nodes that use them.
 *
 * Source: the message definitions of TensorFlow 1 (graph.proto, node_def.proto, attr_value.proto, tensor.proto). */
#include "synth/net/graphdef.h"

#include <string.h>

#include "synth/net/import.h"
#include "synth/net/message.h"

/* "name", "name:0" -> index; "^name" only orders execution and is left out by the caller. */
static bool find_input(const GraphdefReader *reader, const GraphdefSource *source, GHashTable *by_name,
                       const char *reference, int *index, GError **error) {
  const char *colon = strrchr(reference, ':');
  g_autofree char *name = colon != NULL ? g_strndup(reference, (gsize)(colon - reference)) : g_strdup(reference);
  int found = GPOINTER_TO_INT(g_hash_table_lookup(by_name, name));
  g_autofree char *start = g_strndup(reference, 60);
  g_autofree char *shown = g_strescape(start, NULL);
  if (colon != NULL && strcmp(colon, ":0") != 0)
    return message_fail(error, reader->file, "node", source->message->name, "input '%s' is not a node's first output",
                        shown);
  if (found == 0)
    return message_fail(error, reader->file, "node", source->message->name, "its input '%s' is not in the file", shown);
  *index = found - 1;
  return true;
}

static bool resolve_inputs(GraphdefReader *reader, GError **error) {
  g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
  for (int i = 0; i < reader->n_sources; i++) {
    const Tensorflow__Node *message = reader->sources[i].message;
    if (!message_check_name(reader->file, "node", message->name, error))
      return false;
    if (message->op == NULL || *message->op == '\0')
      return message_fail(error, reader->file, "node", message->name, "it has no op");
    if (!g_hash_table_insert(by_name, message->name, GINT_TO_POINTER(i + 1)))
      return message_fail(error, reader->file, "node", message->name, "two nodes have this name");
  }
  for (int i = 0; i < reader->n_sources; i++) {
    GraphdefSource *source = &reader->sources[i];
    source->inputs = g_new(int, MAX(source->message->n_input, 1));
    for (gsize k = 0; k < source->message->n_input; k++) {
      const char *reference = source->message->input[k];
      if (*reference != '^' &&
          !find_input(reader, source, by_name, reference, &source->inputs[source->n_inputs++], error))
        return false;
    }
  }
  return true;
}

/* Depth-first with a stack of our own (a chain of nodes may be as long as the file). Nodes that are already in order
 * stay in the file's order. */
static bool build_in_order(GraphdefReader *reader, GError **error) {
  enum { UNSEEN, OPEN, DONE };
  g_autofree char *state = g_new0(char, (gsize)reader->n_sources);
  g_autofree int *next = g_new0(int, (gsize)reader->n_sources);
  g_autofree int *stack = g_new(int, (gsize)reader->n_sources);
  /* The input is node 0 wherever it stands in the file. */
  for (int i = 0; i < reader->n_sources; i++)
    if (strcmp(reader->sources[i].message->op, "Placeholder") == 0 && reader->sources[i].n_inputs == 0) {
      if (!graphdef_add(reader, &reader->sources[i], error))
        return false;
      state[i] = DONE;
    }
  if (reader->graph->n_nodes == 0)
    return message_fail(error, reader->file, NULL, NULL, "the network has no Placeholder for its input");
  for (int root = 0; root < reader->n_sources; root++) {
    int depth = 0;
    if (state[root] == UNSEEN)
      stack[depth++] = root;
    while (depth > 0) {
      int at = stack[depth - 1];
      GraphdefSource *source = &reader->sources[at];
      state[at] = OPEN;
      if (next[at] < source->n_inputs) {
        int input = source->inputs[next[at]++];
        if (state[input] == OPEN)
          return message_fail(error, reader->file, "node", source->message->name,
                              "it is part of a cycle; a feed-forward network expected");
        if (state[input] == UNSEEN)
          stack[depth++] = input;
        continue;
      }
      if (!graphdef_add(reader, source, error))
        return false;
      state[at] = DONE;
      depth--;
    }
  }
  return true;
}

bool net_read_graphdef(const char *name, const void *data, gsize size, NetGraph **graph, GError **error) {
  ProtobufCMessage *message = NULL;
  if (!message_unpack(name, "TensorFlow GraphDef", &tensorflow__graph__descriptor, data, size, &message, error))
    return false;
  const Tensorflow__Graph *file = (const Tensorflow__Graph *)message;
  /* RGB less 117, what inception5h expects: a GraphDef does not say. */
  const NetInput input = {.bgr = false, .mean = {117, 117, 117}, .scale = {1, 1, 1}};
  GraphdefReader reader = {.file = name};
  bool ok = file->n_node > 0 && file->n_node <= MESSAGE_MAX_NODES;
  if (!ok)
    message_fail(error, name, NULL, NULL, "a TensorFlow GraphDef of %" G_GSIZE_FORMAT " nodes; 1 to %d expected",
                 file->n_node, MESSAGE_MAX_NODES);
  if (ok) {
    g_autofree char *base = g_path_get_basename(name);
    reader.graph = net_graph_new(base, &input);
    reader.n_sources = (int)file->n_node;
    reader.sources = g_new0(GraphdefSource, file->n_node);
    for (gsize i = 0; i < file->n_node; i++)
      reader.sources[i] = (GraphdefSource){.message = file->node[i], .node = -1};
    ok = resolve_inputs(&reader, error) && build_in_order(&reader, error) && net_graph_seal(reader.graph, error);
  }
  if (ok)
    *graph = g_steal_pointer(&reader.graph);
  for (int i = 0; i < reader.n_sources; i++)
    g_free(reader.sources[i].inputs);
  g_free(reader.sources);
  net_graph_free(reader.graph);
  message_free(message);
  return ok;
}
