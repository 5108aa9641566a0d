#include "analysis/features/feature_job.h"

#include "stimuli/base/batch.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#include <string.h>

/* A set's table is written at most this often while the job runs. */
#define SAVE_INTERVAL_US (15 * G_USEC_PER_SEC)

/* The column of image_features_columns that stands for the cheap ones. */
#define JPEG_COLUMN 3
/* In sets whose maker recorded no sha256: the digest of the file that a row's features are of. */
#define MEASURED_COLUMN "measured_sha256"

static bool measure(const char *path, const ImageFeatureOptions *options, ImageFeatures *features, GError **error) {
  g_autoptr(Image) image = NULL;
  if (!image_read(path, &image, error))
    return false;
  if (!image_features(image, options, features, error)) {
    g_prefix_error(error, "%s: ", path);
    return false;
  }
  return true;
}

typedef struct {
  const char *const *paths;
  const ImageFeatureOptions *options;
  ImageFeatures *features;
} FilesJob;

static bool measure_file(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  FilesJob *job = context;
  return measure(job->paths[item], job->options, &job->features[item], error);
}

bool feature_job_files(const char *const *paths, gsize n_paths, const FeatureJobOptions *options, Table **table,
                       GError **error) {
  g_autofree ImageFeatures *features = g_new0(ImageFeatures, n_paths);
  FilesJob job = {paths, &options->features, features};
  BatchOptions batch = {.label = "features", .n_workers = options->n_workers};
  if (!batch_run(&batch, n_paths, measure_file, &job, error))
    return false;

  gsize n_cheap;
  g_auto(GStrv) columns = image_features_columns(&options->features, &n_cheap);
  gsize n_columns = g_strv_length(columns);
  g_autofree double *values = g_new(double, n_columns);
  static const char *const file_column[] = {"file"};
  Table *result = table_new(file_column, 1);
  for (gsize column = 0; column < n_columns; column++)
    table_add_column(result, columns[column]);
  for (gsize i = 0; i < n_paths; i++) {
    gsize row = table_add_row(result);
    table_set(result, row, 0, paths[i]);
    image_features_values(&features[i], &options->features, values);
    for (gsize column = 0; column < n_columns; column++)
      table_set_double(result, row, column + 1, values[column]);
  }
  *table = result;
  return true;
}

typedef struct {
  StimulusSet *set;
  const FeatureJobOptions *options;
  gsize *rows;    /* of the items */
  char **names;   /* image_features_columns; the first n_cheap do not cost much */
  gsize *columns; /* (n_columns) of the set's table */
  gsize n_columns, n_cheap;
  int measured_column; /* MEASURED_COLUMN; -1 where no row needs it */
  GMutex lock;         /* guards the set's table and saved_us */
  gint64 saved_us;
} SetJob;

static bool row_has_clutter(const SetJob *job, gsize row) {
  for (gsize column = job->n_cheap; column < job->n_columns; column++)
    if (table_is_missing(job->set->stimuli, row, job->columns[column]))
      return false;
  return true;
}

/* JPEG sizes stand for the cheap columns: they are never missing where those were measured, as a grey image's hue is.
 */
static bool row_has_cheap(const SetJob *job, gsize row) {
  for (gsize column = 0; column < job->n_cheap; column++)
    if (g_str_has_prefix(job->names[column], job->names[JPEG_COLUMN]) &&
        table_is_missing(job->set->stimuli, row, job->columns[column]))
      return false;
  return true;
}

static bool has_own_digest(const StimulusSet *set, gsize row) {
  int column = table_column(set->stimuli, "sha256");
  return column >= 0 && !table_is_missing(set->stimuli, row, (gsize)column);
}

static bool measure_row(gpointer context, gsize item, gsize worker, GError **error) {
  (void)worker;
  SetJob *job = context;
  gsize row = job->rows[item];
  g_autofree char *path = stimulus_set_path(job->set, row);
  ImageFeatureOptions options = job->options->features;

  g_mutex_lock(&job->lock);
  bool had_clutter = row_has_clutter(job, row) && !job->options->force;
  g_mutex_unlock(&job->lock);
  if (had_clutter)
    options.clutter = CLUTTER_NONE;
  ImageFeatures features;
  g_autofree char *digest = NULL;
  if ((job->measured_column >= 0 && !files_sha256(path, &digest, error)) || !measure(path, &options, &features, error))
    return false;
  g_autofree double *values = g_new(double, job->n_columns);
  image_features_values(&features, &options, values);

  bool saved = true;
  g_mutex_lock(&job->lock);
  gsize n_columns = had_clutter ? job->n_cheap : job->n_columns;
  for (gsize column = 0; column < n_columns; column++)
    table_set_double(job->set->stimuli, row, job->columns[column], values[column]);
  if (!has_own_digest(job->set, row))
    table_set(job->set->stimuli, row, (gsize)job->measured_column, digest);
  gint64 now_us = g_get_monotonic_time();
  if (now_us - job->saved_us > SAVE_INTERVAL_US) {
    saved = stimulus_set_write(job->set, error);
    job->saved_us = now_us;
  }
  g_mutex_unlock(&job->lock);
  return saved;
}

/* Adds the columns; a cheap column that was not there makes every row one to measure. */
static void add_columns(SetJob *job) {
  Table *table = job->set->stimuli;
  job->names = image_features_columns(&job->options->features, &job->n_cheap);
  job->n_columns = g_strv_length(job->names);
  job->columns = g_new(gsize, job->n_columns);
  bool complete = true;
  for (gsize column = 0; column < job->n_cheap; column++)
    complete = complete && table_column(table, job->names[column]) >= 0;
  for (gsize column = 0; column < job->n_columns; column++)
    job->columns[column] = table_add_column(table, job->names[column]);
  for (gsize row = 0; row < table_n_rows(table) && !complete; row++)
    table_set(table, row, job->columns[JPEG_COLUMN], "n/a");
}

static JsonObject *recorded(const StimulusSet *set) {
  JsonNode *node = json_object_get_member(set->record, "features");
  return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* Sizes of another or an unknown quality must not stay beside new ones: they are taken out and that is written before
 * the record gives the new quality, so that no stop in between leaves a record that does not fit the values. */
static bool drop_other_quality(SetJob *job, GError **error) {
  JsonObject *settings = recorded(job->set);
  JsonNode *quality = settings != NULL ? json_object_get_member(settings, "jpeg_quality") : NULL;
  if (quality != NULL && JSON_NODE_HOLDS_VALUE(quality) &&
      json_node_get_int(quality) == job->options->features.jpeg_quality)
    return true;
  bool any = false;
  gsize ratio = table_add_column(job->set->stimuli, "jpeg_ratio");
  for (gsize row = 0; row < table_n_rows(job->set->stimuli); row++) {
    any = any || row_has_cheap(job, row);
    table_set(job->set->stimuli, row, job->columns[JPEG_COLUMN], "n/a");
    table_set(job->set->stimuli, row, ratio, "n/a");
  }
  return !any || stimulus_set_write(job->set, error);
}

static bool is_feature(const char *column) {
  return g_strv_contains(image_features_names(), column) || g_str_has_prefix(column, "jpeg_bytes_q") ||
         g_str_has_prefix(column, "jpeg_ratio_q");
}

/* Values of another file than the one that is there now, or of nobody knows which, must not stay. */
static bool drop_other_files(SetJob *job, GError **error) {
  Table *table = job->set->stimuli;
  job->measured_column = -1;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (has_own_digest(job->set, row))
      continue;
    if (job->measured_column < 0)
      job->measured_column = (int)table_add_column(table, MEASURED_COLUMN);
    g_autofree char *path = stimulus_set_path(job->set, row), *digest = NULL;
    if (!files_sha256(path, &digest, error))
      return false;
    if (strcmp(digest, table_get(table, row, (gsize)job->measured_column)) == 0)
      continue;
    for (gsize column = 0; column < table_n_columns(table); column++)
      if (is_feature(table_column_name(table, column)))
        table_set(table, row, column, "n/a");
  }
  return true;
}

static void record_settings(SetJob *job) {
  JsonObject *settings = json_object_new();
  json_object_set_string_member(settings, "program_version", RIG_VERSION);
  json_object_set_string_member(settings, "hue", "circular mean of HSV hue over coloured pixels, degrees");
  json_object_set_string_member(settings, "saturation", "mean of HSV saturation, 0..1");
  json_object_set_string_member(settings, "brightness", "mean of HSV value, 0..1");
  json_object_set_int_member(settings, "jpeg_quality", job->options->features.jpeg_quality);
  bool rosenholtz = table_column(job->set->stimuli, "cfc") >= 0;
  bool port = table_column(job->set->stimuli, "cfc_port") >= 0;
  ClutterKind kind = rosenholtz && port ? CLUTTER_BOTH
                     : rosenholtz       ? CLUTTER_ROSENHOLTZ
                     : port             ? CLUTTER_PORT
                                        : CLUTTER_NONE;
  json_object_set_string_member(settings, "clutter", clutter_kind_names()[kind]);
  json_object_set_object_member(job->set->record, "features", settings);
}

static bool run(SetJob *job, gsize *n_measured, GError **error) {
  add_columns(job);
  if (!drop_other_files(job, error) || !drop_other_quality(job, error))
    return false;
  gsize n_rows = table_n_rows(job->set->stimuli), n_items = 0;
  job->rows = g_new(gsize, n_rows);
  for (gsize row = 0; row < n_rows; row++)
    if (job->options->force || !row_has_cheap(job, row) || !row_has_clutter(job, row))
      job->rows[n_items++] = row;
  *n_measured = n_items;
  if (n_items == 0)
    return true;
  record_settings(job);
  job->saved_us = g_get_monotonic_time();
  BatchOptions batch = {.label = "features", .n_workers = job->options->n_workers};
  bool measured = batch_run(&batch, n_items, measure_row, job, error);
  /* Also after a failure: what was measured is kept. The first failure is the one to tell. */
  bool written = stimulus_set_write(job->set, measured ? error : NULL);
  return measured && written;
}

bool feature_job_set(StimulusSet *set, const FeatureJobOptions *options, gsize *n_measured, GError **error) {
  SetJob job = {.set = set, .options = options};
  g_mutex_init(&job.lock);
  bool done = run(&job, n_measured, error);
  g_mutex_clear(&job.lock);
  g_free(job.rows);
  g_free(job.columns);
  g_strfreev(job.names);
  return done;
}
