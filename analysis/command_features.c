#include "analysis/commands.h"

#include "analysis/features/clutter_job.h"
#include "analysis/features/feature_job.h"
#include "analysis/output_place.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

#include <stdio.h>
#include <string.h>

#define MAX_WORKERS 1024

typedef struct {
  FeatureJobOptions job;
  const char *out, *maps, *bands; /* NULL: none */
} Settings;

static bool parse_clutter(const char *name, ClutterKind *kind, GError **error) {
  const char *const *names = clutter_kind_names();
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], name) == 0) {
      *kind = (ClutterKind)i;
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--clutter %s: must be rosenholtz, port, both or none", name);
  return false;
}

static bool check_range(const char *option, int value, int min, int max, GError **error) {
  if (value >= min && value <= max)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s %d: must be %d..%d", option, value, min, max);
  return false;
}

/* The set's rows as a table like that of single files. */
static bool write_set_table(const StimulusSet *set, const ImageFeatureOptions *features, const char *out,
                            GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_ptr_array_add(names, (char *)"file");
  gsize n_cheap;
  g_auto(GStrv) columns = image_features_columns(features, &n_cheap);
  for (char **name = columns; *name != NULL; name++)
    g_ptr_array_add(names, *name);
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

/* The modes that the kind measures, one after another; with none, the authors'. */
static bool write_clutter(const char *const *paths, const char *const *names, gsize n, const Settings *settings,
                          GError **error) {
  ClutterKind kind = settings->job.features.clutter;
  g_autoptr(Table) all = NULL;
  for (int mode = CLUTTER_MODE_ROSENHOLTZ; mode <= CLUTTER_MODE_PORT; mode++) {
    if (!clutter_kind_has(kind == CLUTTER_NONE ? CLUTTER_ROSENHOLTZ : kind, (ClutterMode)mode))
      continue;
    ClutterJob job = {paths, names, n, (ClutterMode)mode, settings->job.n_workers};
    gsize n_drawn;
    g_autoptr(Table) bands = NULL;
    if (settings->maps != NULL && !clutter_job_maps(&job, settings->maps, &n_drawn, error))
      return false;
    if (settings->bands == NULL)
      continue;
    if (!clutter_job_bands(&job, &bands, error))
      return false;
    if (all == NULL) {
      all = g_steal_pointer(&bands);
      continue;
    }
    for (gsize row = 0; row < table_n_rows(bands); row++) {
      gsize to = table_add_row(all);
      for (gsize column = 0; column < table_n_columns(all); column++)
        table_set(all, to, column, table_get(bands, row, column));
    }
  }
  return all == NULL || commands_write_table(all, settings->bands, error);
}

static bool write_set_clutter(const StimulusSet *set, const Settings *settings, GError **error) {
  if (settings->maps == NULL && settings->bands == NULL)
    return true;
  gsize n = table_n_rows(set->stimuli), id = (gsize)table_column(set->stimuli, "id");
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_autofree const char **names = g_new0(const char *, n);
  for (gsize row = 0; row < n; row++) {
    g_ptr_array_add(paths, stimulus_set_path(set, row));
    names[row] = table_get(set->stimuli, row, id);
  }
  return write_clutter((const char *const *)paths->pdata, names, n, settings, error);
}

static bool write_files_clutter(const char *const *paths, gsize n, const Settings *settings, GError **error) {
  if (settings->maps == NULL && settings->bands == NULL)
    return true;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < n; i++) {
    char *name = g_path_get_basename(paths[i]), *dot = strrchr(name, '.');
    if (dot != NULL && dot != name)
      *dot = '\0';
    g_ptr_array_add(names, name);
  }
  return write_clutter(paths, (const char *const *)names->pdata, n, settings, error);
}

/* "75,50,20": the first is the study's column, the others get columns of their own. */
static bool parse_qualities(const char *text, ImageFeatureOptions *options, GError **error) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  gsize n = g_strv_length(parts);
  for (gsize i = 0; i < n; i++) {
    gint64 quality;
    bool good = number_parse_int(g_strstrip(parts[i]), &quality) && quality >= 1 && quality <= 100;
    for (gsize k = 0; good && k < i; k++)
      good = quality != (k == 0 ? options->jpeg_quality : options->more[k - 1]);
    if (!good || i > IMAGE_FEATURES_MAX_QUALITIES) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                  "--jpeg-quality %s: must be 1..100, or up to %d different ones with commas", text,
                  IMAGE_FEATURES_MAX_QUALITIES + 1);
      return false;
    }
    if (i == 0)
      options->jpeg_quality = (int)quality;
    else
      options->more[options->n_more++] = (int)quality;
  }
  return n > 0;
}

/* The files of fixed names that will be written. */
enum { OUT, BANDS, MAPS_TABLE, N_OUTPUTS };
typedef struct {
  const char *paths[N_OUTPUTS]; /* NULL: not asked for */
  char *maps_table;
} Outputs;

static void outputs_clear(Outputs *outputs) { g_free(outputs->maps_table); }
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outputs, outputs_clear)

static Outputs list_outputs(const Settings *settings) {
  char *maps = settings->maps != NULL ? g_build_filename(settings->maps, CLUTTER_MAPS_TABLE, NULL) : NULL;
  return (Outputs){.paths = {[OUT] = settings->out, [BANDS] = settings->bands, [MAPS_TABLE] = maps},
                   .maps_table = maps};
}

static bool measure_set(const char *folder, const Settings *settings, GError **error) {
  g_autoptr(StimulusSet) set = NULL;
  g_auto(Outputs) outputs = list_outputs(settings);
  g_autofree char *table = g_build_filename(folder, MANIFEST_TABLE, NULL);
  if (!g_file_test(table, G_FILE_TEST_EXISTS)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: the folder has no " MANIFEST_TABLE
                ", so it is no stimulus set; to measure pictures name them, as %s/*.png -o features.tsv",
                folder, folder);
    return false;
  }
  if (!commands_open_set(folder, true, outputs.paths, N_OUTPUTS, &set, error))
    return false;
  gsize n_measured, n = table_n_rows(set->stimuli);
  if (!feature_job_set(set, &settings->job, &n_measured, error))
    return false;
  printf("%s: measured %zu of %zu images\n", folder, n_measured, n);
  return (settings->out == NULL || write_set_table(set, &settings->job.features, settings->out, error)) &&
         write_set_clutter(set, settings, error);
}

static bool measure_files(const char *const *paths, gsize n, const Settings *settings, GError **error) {
  for (gsize i = 0; i < n; i++)
    if (g_file_test(paths[i], G_FILE_TEST_IS_DIR)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s is a folder: give either one stimulus set or images",
                  paths[i]);
      return false;
    }
  g_autoptr(Table) table = NULL;
  g_auto(Outputs) outputs = list_outputs(settings);
  if (!output_place_check_files(outputs.paths, N_OUTPUTS, paths, n, error))
    return false;
  if (!feature_job_files(paths, n, &settings->job, &table, error))
    return false;
  if (settings->out != NULL)
    return commands_write_table(table, settings->out, error) && write_files_clutter(paths, n, settings, error);
  GString *text = table_format(table);
  fputs(text->str, stdout);
  g_string_free(text, TRUE);
  return write_files_clutter(paths, n, settings, error);
}

static bool run_features(int argc, char **argv, GError **error) {
  g_autofree char *clutter = NULL, *out = NULL, *maps = NULL, *bands = NULL, *quality = NULL;
  gboolean force = FALSE;
  int jobs = 0;
  const GOptionEntry entries[] = {
      {"clutter", 0, 0, G_OPTION_ARG_STRING, &clutter,
       "Clutter measures: rosenholtz (the authors' code; default), port (the Python port of it), both, none", "KIND"},
      {"maps", 0, 0, G_OPTION_ARG_FILENAME, &maps, "Write maps of the feature congestion there, as pictures", "DIR"},
      {"bands", 0, 0, G_OPTION_ARG_FILENAME, &bands, "Write the entropy of each subband there", "BANDS.tsv"},
      {"jpeg-quality", 0, 0, G_OPTION_ARG_STRING, &quality,
       "Quality of the JPEG whose size is taken, 1..100 (default 75); several with commas", "Q"},
      {"force", 0, 0, G_OPTION_ARG_NONE, &force, "Measure a set's images again that have their values", NULL},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Images at a time (default: one per processor)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "Write a table there (default: images to the standard output, a set into its stimuli.tsv only)", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_features, entries, 1, G_MAXINT, &argc, &argv, error))
    return *error == NULL;

  Settings settings = {
      .job = {.features = {.clutter = CLUTTER_ROSENHOLTZ, .jpeg_quality = IMAGE_FEATURES_JPEG_QUALITY}, .force = force},
      .out = out,
      .maps = maps,
      .bands = bands};
  if (clutter != NULL && !parse_clutter(clutter, &settings.job.features.clutter, error))
    return false;
  if ((quality != NULL && !parse_qualities(quality, &settings.job.features, error)) ||
      !check_range("-j", jobs, 0, MAX_WORKERS, error))
    return false;
  const char *const places[] = {maps, bands};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
    if (places[i] != NULL && *places[i] == '\0') {
      g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--maps or --bands: the name is empty");
      return false;
    }
  settings.job.n_workers = (gsize)jobs;
  if (argc == 2 && g_file_test(argv[1], G_FILE_TEST_IS_DIR))
    return measure_set(argv[1], &settings, error);
  return measure_files((const char *const *)argv + 1, (gsize)argc - 1, &settings, error);
}

const Command command_features = {
    "features", "IMAGE...|SET", "Measure images: colour, contrast, edges, symmetry, JPEG size, clutter", run_features};
