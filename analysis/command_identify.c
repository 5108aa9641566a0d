#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/commands.h"
#include "analysis/features/identification.h"
#include "analysis/features/image_statistics.h"
#include "analysis/stats/proportion.h"
#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/manifest.h"

typedef struct {
  const StimulusSet *set;
  double *descriptions; /* n x IMAGE_STATISTICS_N */
} Measuring;

static bool measure(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  Measuring *measuring = context;
  g_autofree char *path = stimulus_set_path(measuring->set, item);
  g_autoptr(Image) image = NULL;
  if (!image_read(path, &image, error))
    return false;
  if (image_statistics(image, measuring->descriptions + item * IMAGE_STATISTICS_N, error))
    return true;
  g_prefix_error(error, "%s: ", path);
  return false;
}

/* Numbers the different texts of a column from 0 in the order they come. */
static int *number_column(const Table *table, gsize column, gsize *n_different) {
  gsize n = table_n_rows(table);
  int *numbers = g_new0(int, n);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; row < n; row++) {
    const char *text = table_get(table, row, column);
    gpointer number;
    if (!g_hash_table_lookup_extended(known, text, NULL, &number)) {
      number = GSIZE_TO_POINTER(g_hash_table_size(known));
      g_hash_table_insert(known, (gpointer)text, number);
    }
    numbers[row] = (int)GPOINTER_TO_SIZE(number);
  }
  *n_different = g_hash_table_size(known);
  return numbers;
}

/* A layer's second image of one seed would be compared with neither. */
static bool check_pairs(const StimulusSet *set, gsize layer_column, gsize seed_column, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++) {
    const char *layer = table_get(set->stimuli, row, layer_column), *seed = table_get(set->stimuli, row, seed_column);
    if (!g_hash_table_add(seen, g_strdup_printf("%s\t%s", layer, seed))) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: layer %s has two images of seed %s", set->folder, layer,
                  seed);
      return false;
    }
  }
  return true;
}

/* Images without a partner of another seed are counted beside the others, not among them. */
static Table *tabulate(const Table *stimuli, gsize layer_column, const int *layers, gsize n_layers,
                       const Identification *results) {
  static const char *const columns[] = {"layer", "images", "identified", "share", "without_partner"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize layer = 0; layer < n_layers; layer++) {
    gsize row = table_add_row(table);
    gint64 images = 0, found = 0, none = 0;
    for (gsize k = 0; k < table_n_rows(stimuli); k++)
      if (layers[k] == (int)layer) {
        table_set(table, row, 0, table_get(stimuli, k, layer_column));
        images += results[k] != IDENTIFICATION_NONE;
        found += results[k] == IDENTIFICATION_FOUND;
        none += results[k] == IDENTIFICATION_NONE;
      }
    table_set_int(table, row, 1, images);
    table_set_int(table, row, 2, found);
    table_set_double(table, row, 3, images > 0 ? (double)found / (double)images : NAN);
    table_set_int(table, row, 4, none);
  }
  return table;
}

static void report(const char *folder, gsize found, gsize compared, gsize none, gsize n_layers, gsize n_seeds) {
  double low, high;
  proportion_interval(found, compared, &low, &high);
  printf(
      "%s: the layer of %zu of %zu images is identified (%.1f %%, 95 %% CI %.1f to %.1f; chance %.1f %%; %zu layers, "
      "%zu seeds)\n",
      folder, found, compared, 100 * (double)found / (double)compared, 100 * low, 100 * high, 100 / (double)n_layers,
      n_layers, n_seeds);
  if (none > 0)
    printf("%zu further images are of layers without an image of another seed, and are not counted\n", none);
}

static bool identify(const StimulusSet *set, gsize n_workers, const char *out, GError **error) {
  gsize n = table_n_rows(set->stimuli), layer_column, seed_column, n_layers, n_seeds;
  if (!table_require_column(set->stimuli, "layer", &layer_column, error) ||
      !table_require_column(set->stimuli, "seed", &seed_column, error) ||
      !check_pairs(set, layer_column, seed_column, error))
    return false;
  g_autofree int *layers = number_column(set->stimuli, layer_column, &n_layers);
  g_autofree int *seeds = number_column(set->stimuli, seed_column, &n_seeds);
  if (n_layers < 2 || n_seeds < 2) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %zu layers and %zu seeds; at least 2 of both are needed",
                set->folder, n_layers, n_seeds);
    return false;
  }
  if (n == n_layers) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: no layer has images of two seeds, so that none could be identified", set->folder);
    return false;
  }
  g_autofree double *descriptions = g_new(double, n *IMAGE_STATISTICS_N);
  g_autofree Identification *results = g_new(Identification, n);
  Measuring measuring = {set, descriptions};
  const BatchOptions options = {.label = "image statistics", .n_workers = n_workers};
  if (!batch_run(&options, n, measure, &measuring, error))
    return false;
  static const gsize blocks[] = {IMAGE_STATISTICS_PROPERTIES, IMAGE_STATISTICS_COLOURS, IMAGE_STATISTICS_ORIENTATIONS};
  identification_run(n, IMAGE_STATISTICS_N, descriptions, blocks, G_N_ELEMENTS(blocks), layers, seeds, results);
  gsize found = 0, none = 0;
  for (gsize k = 0; k < n; k++) {
    found += results[k] == IDENTIFICATION_FOUND;
    none += results[k] == IDENTIFICATION_NONE;
  }
  g_autoptr(Table) table = tabulate(set->stimuli, layer_column, layers, n_layers, results);
  if (out != NULL && !commands_write_table(table, out, error))
    return false;
  report(set->folder, found, n - none, none, n_layers, n_seeds);
  return true;
}

static bool run_identify(int argc, char **argv, GError **error) {
  g_autofree char *out = NULL;
  int jobs = 0;
  const GOptionEntry entries[] = {
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one per processor)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Write a table with one row a layer", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_identify, entries, 1, 1, &argc, &argv, error))
    return *error == NULL;
  if (jobs < 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "-j %d: 0 or more expected", jobs);
    return false;
  }
  g_autoptr(StimulusSet) set = NULL;
  const char *const outputs[] = {out};
  return commands_open_set(argv[1], true, outputs, 1, &set, error) && identify(set, (gsize)jobs, out, error);
}

const Command command_identify = {"identify", "SET", "Measure how well a set's layers can be told apart by their look",
                                  run_identify};
