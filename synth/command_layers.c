#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "stimuli/base/table.h"
#include "synth/commands.h"
#include "synth/dream/recipe.h"
#include "synth/net/import.h"

/* A layer is one unit to its user: a bias names the product it belongs to. */
static char *unit_op(const NetGraph *graph, int index, bool all) {
  const NetNode *node = &graph->nodes[index];
  NetOp before = node->n_inputs == 1 ? graph->nodes[node->inputs[0]].op : NET_INPUT;
  if (!all && node->op == NET_BIAS && (before == NET_CONV || before == NET_DENSE))
    return g_strconcat(net_op_name(before), "+", net_op_name(node->op), NULL);
  return g_strdup(net_op_name(node->op));
}

static Table *list_layers(const NetGraph *graph, int height, int width, bool all) {
  static const char *const columns[] = {"index", "name", "op", "type", "channels", "height", "width", "depth"};
  enum { INDEX, NAME, OP, TYPE, CHANNELS, HEIGHT, WIDTH, DEPTH };
  g_autofree NetShape *shapes = g_new(NetShape, (gsize)graph->n_nodes);
  net_graph_shapes(graph, height, width, shapes);
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (int i = 0; i < graph->n_nodes; i++) {
    const NetNode *node = &graph->nodes[i];
    if (!all && !net_graph_is_layer(graph, i))
      continue;
    gsize row = table_add_row(table);
    g_autofree char *op = unit_op(graph, i, all);
    table_set_int(table, row, INDEX, (gint64)row + 1);
    table_set(table, row, NAME, node->name);
    table_set(table, row, OP, op);
    table_set(table, row, TYPE, node->type);
    if (shapes[i].channels > 0) {
      table_set_int(table, row, CHANNELS, shapes[i].channels);
      table_set_int(table, row, HEIGHT, shapes[i].height);
      table_set_int(table, row, WIDTH, shapes[i].width);
    } else if (node->channels > 0) {
      table_set_int(table, row, CHANNELS, node->channels);
    }
    table_set_int(table, row, DEPTH, node->depth);
  }
  return table;
}

/* For reading: columns aligned, text to the left, numbers to the right. */
static void print_aligned(const Table *table) {
  for (gsize r = 0; r <= table_n_rows(table); r++) {
    for (gsize c = 0; c < table_n_columns(table); c++) {
      gsize width = strlen(table_column_name(table, c));
      bool text = false;
      for (gsize k = 0; k < table_n_rows(table); k++) {
        const char *cell = table_get(table, k, c);
        width = MAX(width, strlen(cell));
        text = text || g_ascii_isalpha(*cell);
      }
      const char *cell = r == 0 ? table_column_name(table, c) : table_get(table, r - 1, c);
      bool last = c + 1 == table_n_columns(table);
      printf("%*s%s", (int)width * (text ? -1 : 1), cell, last ? "\n" : "  ");
    }
  }
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *size = NULL;
  gboolean all = FALSE;
  int width = 512, height = 512;
  const GOptionEntry entries[] = {
      {"size", 0, 0, G_OPTION_ARG_STRING, &size, "Image size that the shapes are for (default 512x512)", "WxH"},
      {"all", 0, 0, G_OPTION_ARG_NONE, &all, "List every node, not only the layers that can be dreamed", NULL},
      {0}};
  if (!command_parse(&command_layers, entries, 1, 1, &argc, &argv, error))
    return !error || !*error;
  if (size != NULL && !recipe_parse_size(size, &width, &height, error))
    return false;
  g_autoptr(NetGraph) graph = NULL;
  if (!net_open(argv[1], &graph, error))
    return false;
  if (graph->note != NULL)
    g_printerr("%s\n", graph->note);
  g_autoptr(Table) table = list_layers(graph, height, width, all);
  if (isatty(STDOUT_FILENO)) {
    print_aligned(table);
  } else {
    g_autoptr(GString) text = table_format(table);
    fputs(text->str, stdout);
  }
  return true;
}

const Command command_layers = {"layers", "NETWORK", "List a network's layers, their shapes and depths", run};
