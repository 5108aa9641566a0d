#include <math.h>
#include <stdio.h>
#include <string.h>

#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"
#include "stimuli/base/table.h"
#include "stimuli/image.h"
#include "synth/commands.h"
#include "synth/dream/layers.h"
#include "synth/dream/objective.h"
#include "synth/net/import.h"

typedef struct {
  int channel, y, x; /* of the RGB image */
} Position;

/* What is measured of one layer. */
typedef struct {
  int node;
  NetShape shape;
  double mean, gradient_l2, gradient_mean_abs;
  double *at; /* one for each position */
} Measure;

typedef struct {
  const NetGraph *graph;
  const Image *image;
  const Position *positions;
  gsize n_positions, n_workers;
  Measure *measures;
  gsize n_measures;
  NetWorkspace **workspaces; /* one for each worker */
  Image **gradients;
} Probe;

static bool parse_position(const char *text, const Image *image, Position *position, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  const gint64 limits[3] = {3, image->height, image->width};
  gint64 values[3];
  bool good = g_strv_length(parts) == 3;
  for (int i = 0; good && i < 3; i++)
    good = number_parse_int(parts[i], &values[i]) && values[i] >= 0 && values[i] < limits[i];
  if (!good) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "--at %s: C,Y,X expected, channel 0 to 2 (red, green, blue), row 0 to %d and column 0 to %d", text,
                image->height - 1, image->width - 1);
    return false;
  }
  *position = (Position){(int)values[0], (int)values[1], (int)values[2]};
  return true;
}

static bool fail_all(const NetGraph *graph, const Image *image, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no layer can be computed for an image of %dx%d pixels",
              graph->name, image->width, image->height);
  return false;
}

/* Appends those of the nodes that can be computed at the image's size, and counts the others. */
static int add_possible(const NetShape *shapes, const int *candidates, gsize n_candidates, GArray *nodes) {
  int n_left_out = 0;
  for (gsize i = 0; i < n_candidates; i++)
    if (shapes[candidates[i]].channels > 0)
      g_array_append_val(nodes, candidates[i]);
    else
      n_left_out++;
  return n_left_out;
}

/* The nodes that one --layer asks for: any node by its name, layers that can be computed by a pattern. */
static bool add_wanted(const NetGraph *graph, const NetShape *shapes, const char *wanted, GArray *nodes,
                       int *n_left_out, GError **error) {
  if (!layers_is_pattern(wanted)) {
    int node;
    if (!net_graph_require(graph, wanted, &node, error))
      return false;
    g_array_append_val(nodes, node);
    return true;
  }
  g_autofree int *found = NULL;
  gsize n_found = 0;
  if (!layers_select(graph, (const char *const[]){wanted, NULL}, &found, &n_found, error))
    return false;
  *n_left_out += add_possible(shapes, found, n_found, nodes);
  return true;
}

/* The nodes that --layer asks for; without it every layer, and every input of a fully connected layer, that can be
 * computed at the image's size. */
static bool select_nodes(const NetGraph *graph, const Image *image, char **layers, GArray *nodes, GError **error) {
  g_autofree NetShape *shapes = g_new(NetShape, (gsize)graph->n_nodes);
  net_graph_shapes(graph, image->height, image->width, shapes);
  int n_left_out = 0;
  for (char **wanted = layers; wanted != NULL && *wanted != NULL; wanted++)
    if (!add_wanted(graph, shapes, *wanted, nodes, &n_left_out, error))
      return false;
  for (int i = 0; layers == NULL && i < graph->n_nodes; i++)
    if (net_graph_is_layer(graph, i) || graph->nodes[i].op == NET_RESHAPE)
      n_left_out += add_possible(shapes, &i, 1, nodes);
  if (nodes->len == 0)
    return fail_all(graph, image, error);
  if (n_left_out > 0)
    g_printerr("%d %s that cannot be computed for %dx%d pixels %s left out.\n", n_left_out,
               n_left_out == 1 ? "layer" : "layers", image->width, image->height, n_left_out == 1 ? "is" : "are");
  return true;
}

static bool measure_layer(gpointer context, gsize item, gsize worker, GError **error) {
  const Probe *probe = context;
  Measure *measure = &probe->measures[item];
  Image *gradient = probe->gradients[worker];
  gsize stride = 3 * (gsize)probe->image->width, n_values = stride * (gsize)probe->image->height;
  g_autoptr(Objective) objective = objective_layer_mean_new(probe->graph, measure->node);
  int n_targets = 0;
  const int *targets = objective_targets(objective, &n_targets);
  g_autoptr(NetPlan) plan = net_plan_new(probe->graph, probe->image->height, probe->image->width, targets, n_targets,
                                         probe->workspaces[worker], error);
  if (plan == NULL)
    return false;
  net_plan_forward(plan, probe->image->pixels, stride);
  net_plan_activation(plan, 0, &measure->shape);
  measure->mean = objective_value(objective, plan);
  objective_gradient(objective, plan);
  net_plan_backward(plan, gradient->pixels, stride);
  double squares = 0, magnitudes = 0;
  for (gsize i = 0; i < n_values; i++) {
    double g = (double)gradient->pixels[i];
    squares += g * g;
    magnitudes += fabs(g);
  }
  measure->gradient_l2 = sqrt(squares);
  measure->gradient_mean_abs = magnitudes / (double)n_values;
  for (gsize i = 0; i < probe->n_positions; i++) {
    const Position *p = &probe->positions[i];
    measure->at[i] = (double)gradient->pixels[(gsize)p->y * stride + 3 * (gsize)p->x + (gsize)p->channel];
  }
  return true;
}

static Table *tabulate(const Probe *probe) {
  static const char *const columns[] = {"layer", "channels", "height", "width", "mean", "grad_l2", "grad_mean_abs"};
  enum { LAYER, CHANNELS, HEIGHT, WIDTH, MEAN, GRADIENT_L2, GRADIENT_MEAN_ABS };
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  g_autofree gsize *at = g_new(gsize, probe->n_positions + 1);
  for (gsize i = 0; i < probe->n_positions; i++) {
    const Position *p = &probe->positions[i];
    g_autofree char *name = g_strdup_printf("grad_c%d_y%d_x%d", p->channel, p->y, p->x);
    at[i] = table_add_column(table, name);
  }
  for (gsize k = 0; k < probe->n_measures; k++) {
    const Measure *measure = &probe->measures[k];
    gsize row = table_add_row(table);
    table_set(table, row, LAYER, probe->graph->nodes[measure->node].name);
    table_set_int(table, row, CHANNELS, measure->shape.channels);
    table_set_int(table, row, HEIGHT, measure->shape.height);
    table_set_int(table, row, WIDTH, measure->shape.width);
    table_set_double(table, row, MEAN, measure->mean);
    table_set_double(table, row, GRADIENT_L2, measure->gradient_l2);
    table_set_double(table, row, GRADIENT_MEAN_ABS, measure->gradient_mean_abs);
    for (gsize i = 0; i < probe->n_positions; i++)
      table_set_double(table, row, at[i], measure->at[i]);
  }
  return table;
}

static bool measure_all(Probe *probe, const BatchOptions *options, GError **error) {
  probe->n_workers = batch_workers(options, probe->n_measures);
  probe->workspaces = g_new0(NetWorkspace *, probe->n_workers);
  probe->gradients = g_new0(Image *, probe->n_workers);
  bool ok = true;
  for (gsize w = 0; ok && w < probe->n_workers; w++) {
    probe->workspaces[w] = net_workspace_new();
    probe->gradients[w] = image_new(probe->image->width, probe->image->height, error);
    ok = probe->gradients[w] != NULL;
  }
  ok = ok && batch_run(options, probe->n_measures, measure_layer, probe, error);
  for (gsize w = 0; w < probe->n_workers; w++) {
    net_workspace_free(probe->workspaces[w]);
    image_free(probe->gradients[w]);
  }
  g_free(probe->workspaces);
  g_free(probe->gradients);
  return ok;
}

static bool write_table(const Table *table, const char *output, GError **error) {
  if (strcmp(output, "-") != 0)
    return table_write(table, output, FILES_PUBLIC, error);
  g_autoptr(GString) text = table_format(table);
  fputs(text->str, stdout);
  return true;
}

static bool probe_image(const NetGraph *graph, const Image *image, char **layers, char **at, int n_workers,
                        const char *output, GError **error) {
  g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(int));
  gsize n_positions = at != NULL ? g_strv_length(at) : 0;
  g_autofree Position *positions = g_new(Position, n_positions + 1);
  for (gsize i = 0; i < n_positions; i++)
    if (!parse_position(at[i], image, &positions[i], error))
      return false;
  if (!select_nodes(graph, image, layers, nodes, error))
    return false;

  gsize n_values = MAX(nodes->len * n_positions, 1);
  g_autofree Measure *measures = g_new0(Measure, nodes->len);
  g_autofree double *values = g_new0(double, n_values);
  for (guint i = 0; i < nodes->len; i++)
    measures[i] = (Measure){.node = g_array_index(nodes, int, i), .at = values + i * n_positions};
  Probe probe = {.graph = graph,
                 .image = image,
                 .positions = positions,
                 .n_positions = n_positions,
                 .measures = measures,
                 .n_measures = nodes->len};
  const BatchOptions options = {.label = "probe", .n_workers = (gsize)n_workers};
  if (!measure_all(&probe, &options, error))
    return false;
  g_autoptr(Table) table = tabulate(&probe);
  return write_table(table, output, error);
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *network = NULL, *image_path = NULL, *output = NULL;
  g_auto(GStrv) layers = NULL, at = NULL;
  int n_workers = 0;
  const GOptionEntry entries[] = {
      {"network", 0, 0, G_OPTION_ARG_FILENAME, &network, "The network: a file, or mini for the bundled one", "FILE"},
      {"image", 0, 0, G_OPTION_ARG_FILENAME, &image_path, "The image to show it, PNG or JPEG", "IMAGE"},
      {"layer", 0, 0, G_OPTION_ARG_STRING_ARRAY, &layers,
       "A layer, or a pattern with * and ?; may be repeated (default: all)", "NAME"},
      {"at", 0, 0, G_OPTION_ARG_STRING_ARRAY, &at,
       "Also the gradient at channel C (0 red, 1 green, 2 blue), row Y, column X; may be repeated", "C,Y,X"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "The table (default: standard output)", "OUT.tsv"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &n_workers, "Workers (default: one per processor)", "N"},
      {0}};
  if (!command_parse(&command_probe, entries, 0, 0, &argc, &argv, error))
    return !error || !*error;
  const char *fault = network == NULL      ? "--network is missing: a file, or mini for the bundled network"
                      : image_path == NULL ? "--image is missing: the image to show the network"
                      : n_workers < 0 || n_workers > 1024 ? "-j must be 1 to 1024, or 0 for one per processor"
                                                          : NULL;
  if (fault != NULL) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
    return false;
  }
  g_autoptr(NetGraph) graph = NULL;
  g_autoptr(Image) image = NULL;
  if (output != NULL && strcmp(output, "-") != 0 && !files_check_output(output, error))
    return false;
  if (!net_open(network, &graph, error) || !image_read(image_path, &image, error))
    return false;
  if (graph->note != NULL)
    g_printerr("%s\n", graph->note);
  return probe_image(graph, image, layers, at, n_workers, output != NULL ? output : "-", error);
}

const Command command_probe = {"probe", "", "Measure layers and their input gradients on an image, to check an import",
                               run};
