#include "analysis/commands.h"

#include "analysis/features/feature_job.h"
#include "analysis/output_place.h"
#include "stimuli/base/error.h"

#include <stdio.h>
#include <string.h>

#define MAX_WORKERS 1024

typedef struct {
  FeatureJobOptions job;
  const char *out; /* NULL: none */
} Settings;

static bool parse_clutter(const char *name, ClutterKind *kind, GError **error) {
  const char *const *names = clutter_kind_names();
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], name) == 0) {
      *kind = (ClutterKind)i;
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--clutter %s: must be rosenholtz or none", name);
  return false;
}

static bool check_range(const char *option, int value, int min, int max, GError **error) {
  if (value >= min && value <= max)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s %d: must be %d..%d", option, value, min, max);
  return false;
}

/* The set's rows as a table like that of single files. */
static bool write_set_table(const StimulusSet *set, const char *out, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_ptr_array_add(names, (char *)"file");
  for (const char *const *name = image_features_names(); *name != NULL; name++)
    g_ptr_array_add(names, (char *)*name);
  g_autoptr(Table) table = table_new((const char *const *)names->pdata, names->len);
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++) {
    table_add_row(table);
    for (gsize column = 0; column < names->len; column++) {
      int from = table_column(set->stimuli, names->pdata[column]);
      if (from >= 0)
        table_set(table, row, column, table_get(set->stimuli, row, (gsize)from));
    }
  }
  return commands_write_table(table, out, error);
}

static bool measure_set(const char *folder, const Settings *settings, GError **error) {
  g_autoptr(StimulusSet) set = NULL;
  if (!commands_open_set(folder, true, settings->out, &set, error))
    return false;
  gsize n_measured, n = table_n_rows(set->stimuli);
  if (!feature_job_set(set, &settings->job, &n_measured, error))
    return false;
  printf("%s: measured %zu of %zu images\n", folder, n_measured, n);
  return settings->out == NULL || write_set_table(set, settings->out, error);
}

static bool measure_files(const char *const *paths, gsize n, const Settings *settings, GError **error) {
  for (gsize i = 0; i < n; i++)
    if (g_file_test(paths[i], G_FILE_TEST_IS_DIR)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s is a folder: give either one stimulus set or images",
                  paths[i]);
      return false;
    }
  g_autoptr(Table) table = NULL;
  if (settings->out != NULL && !output_place_check_file(settings->out, paths, n, error))
    return false;
  if (!feature_job_files(paths, n, &settings->job, &table, error))
    return false;
  if (settings->out != NULL)
    return commands_write_table(table, settings->out, error);
  GString *text = table_format(table);
  fputs(text->str, stdout);
  g_string_free(text, TRUE);
  return true;
}

static bool run_features(int argc, char **argv, GError **error) {
  g_autofree char *clutter = NULL, *out = NULL;
  gboolean force = FALSE;
  int quality = IMAGE_FEATURES_JPEG_QUALITY, jobs = 0;
  const GOptionEntry entries[] = {
      {"clutter", 0, 0, G_OPTION_ARG_STRING, &clutter,
       "Clutter measures: rosenholtz (the authors' code; default), none", "KIND"},
      {"jpeg-quality", 0, 0, G_OPTION_ARG_INT, &quality, "Quality of the JPEG whose size is taken, 1..100 (default 75)",
       "Q"},
      {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Measure a set's images again that have their values", NULL},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one per processor)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "Write a table there (default: images to the standard output, a set into its stimuli.tsv only)", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_features, entries, 1, G_MAXINT, &argc, &argv, error))
    return *error == NULL;

  Settings settings = {.job = {.features = {CLUTTER_ROSENHOLTZ, quality}, .force = force}, .out = out};
  if (clutter != NULL && !parse_clutter(clutter, &settings.job.features.clutter, error))
    return false;
  if (!check_range("--jpeg-quality", quality, 1, 100, error) || !check_range("-j", jobs, 0, MAX_WORKERS, error))
    return false;
  settings.job.n_workers = (gsize)jobs;
  if (argc == 2 && g_file_test(argv[1], G_FILE_TEST_IS_DIR))
    return measure_set(argv[1], &settings, error);
  return measure_files((const char *const *)argv + 1, (gsize)argc - 1, &settings, error);
}

const Command command_features = {"features", "IMAGE...|SET",
                                  "Measure images: hue, saturation, brightness, JPEG size, clutter", run_features};
