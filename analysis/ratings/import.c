#include "analysis/ratings/import.h"

#include <math.h>
#include <string.h>

#include "analysis/ratings/data_files.h"
#include "analysis/ratings/import_private.h"
#include "analysis/ratings/ratings_private.h"
#include "stimuli/base/error.h"

static void import_clear(Import *import) {
  g_string_chunk_free(import->texts);
  g_ptr_array_free(import->files, TRUE);
  g_array_free(import->sources, TRUE);
  g_array_free(import->simulated, TRUE);
  g_array_free(import->trials, TRUE);
  g_array_free(import->checks, TRUE);
  g_hash_table_destroy(import->by_source);
  g_hash_table_destroy(import->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static Import import_make(const ImportMap *map, const ExclusionRules *rules, ExclusionLog *log) {
  return (Import){.map = map,
                  .rules = rules,
                  .log = log,
                  .texts = g_string_chunk_new(1 << 16),
                  .files = g_ptr_array_new(),
                  .sources = g_array_new(FALSE, FALSE, sizeof(ImportSource)),
                  .by_source = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                  .simulated = g_array_new(FALSE, TRUE, sizeof(gboolean)),
                  .trials = g_array_new(FALSE, FALSE, sizeof(ImportTrial)),
                  .checks = g_array_new(FALSE, FALSE, sizeof(ImportCheck)),
                  .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

gsize import_source(Import *import, const char *participant, const char *session) {
  gsize file = import->files->len - 1;
  char *key = g_strdup_printf("%zu\t%s\t%s", file, participant, session);
  gpointer found;
  if (g_hash_table_lookup_extended(import->by_source, key, NULL, &found)) {
    g_free(key);
    return GPOINTER_TO_SIZE(found);
  }
  gsize index = import->sources->len;
  g_hash_table_insert(import->by_source, key, GSIZE_TO_POINTER(index));
  ImportSource source = {g_string_chunk_insert_const(import->texts, participant),
                         g_string_chunk_insert_const(import->texts, session), file};
  g_array_append_val(import->sources, source);
  g_array_set_size(import->simulated, import->sources->len);
  return index;
}

gssize import_remember(Import *import, const char *key, gsize index) {
  gpointer found = g_hash_table_lookup(import->seen, key);
  if (found != NULL)
    return (gssize)GPOINTER_TO_SIZE(found) - 1;
  g_hash_table_insert(import->seen, g_strdup(key), GSIZE_TO_POINTER(index + 1));
  return -1;
}

void import_remember_new(Import *import, const char *key, gsize index) {
  g_hash_table_replace(import->seen, g_strdup(key), GSIZE_TO_POINTER(index + 1));
}

/* The file that a trial is of, for messages. Free with g_free. */
static char *path_of(const Import *import, const char *data, const ImportTrial *trial) {
  if (!g_file_test(data, G_FILE_TEST_IS_DIR))
    return g_strdup(data);
  const ImportSource *source = &g_array_index(import->sources, ImportSource, trial->source);
  return g_build_filename(data, import->files->pdata[source->file], NULL);
}

/* A set of the images that the data name. */
static bool make_own_set(const Import *import, const char *data, StimulusSet **own, GError **error) {
  g_autoptr(StimulusSet) set = stimulus_set_new(data);
  gsize id = table_add_column(set->stimuli, "id"), file = table_add_column(set->stimuli, "file"),
        layer = table_add_column(set->stimuli, "layer");
  g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < import->trials->len; i++) {
    const ImportTrial *trial = &g_array_index(import->trials, ImportTrial, i);
    const char *name = import->map->images != NULL ? g_hash_table_lookup(import->map->images, trial->image) : NULL;
    if (name == NULL)
      name = trial->image;
    gpointer found;
    if (exclusion_rules_is_check(import->rules, trial->image))
      continue;
    if (!g_hash_table_lookup_extended(rows, name, NULL, &found)) {
      gsize row = table_add_row(set->stimuli);
      g_hash_table_insert(rows, (gpointer)name, GSIZE_TO_POINTER(row));
      table_set(set->stimuli, row, id, name);
      table_set(set->stimuli, row, file, name);
      table_set(set->stimuli, row, layer, trial->layer);
      continue;
    }
    gsize row = GPOINTER_TO_SIZE(found);
    const char *held = table_get(set->stimuli, row, layer);
    if (*trial->layer != '\0' && table_is_missing(set->stimuli, row, layer)) {
      table_set(set->stimuli, row, layer, trial->layer);
    } else if (*trial->layer != '\0' && strcmp(held, trial->layer) != 0) {
      g_autofree char *path = path_of(import, data, trial);
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: layer: '%s' has the layer '%s', but '%s' on another line",
                  path, trial->line, name, trial->layer, held);
      return false;
    }
  }
  *own = g_steal_pointer(&set);
  return true;
}

/* What turns trials into ratings. */
typedef struct {
  const Import *import;
  const StimulusSet *set;
  const char *data; /* a file or a folder */
  Ratings *ratings;
  GArray *placed; /* Rating, whose rater is still the source */
  GArray *checks; /* AttentionCheck, likewise */
} Placing;

static bool check_layer(const Placing *placing, const ImportTrial *trial, gsize row, GError **error) {
  int column = table_column(placing->set->stimuli, "layer");
  if (*trial->layer == '\0' || column < 0 || table_is_missing(placing->set->stimuli, row, (gsize)column) ||
      strcmp(trial->layer, table_get(placing->set->stimuli, row, (gsize)column)) == 0)
    return true;
  g_autofree char *path = path_of(placing->import, placing->data, trial);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: layer: '%s' is of the layer '%s' in the set, not '%s'", path,
              trial->line, trial->image, table_get(placing->set->stimuli, row, (gsize)column), trial->layer);
  return false;
}

static void log_missing(const Placing *placing, const ImportTrial *trial, const char *participant, const char *file) {
  for (gsize s = 0; s < placing->ratings->n_scales; s++)
    if (isnan(trial->values[s]))
      exclusion_log_add_trials(placing->import->log, EXCLUSION_MISSING, participant, 0, file, trial->line,
                               placing->ratings->scales[s], "no rating of '%s'", trial->image);
}

static bool place(Placing *placing, const ImportImages *images, const ImportTrial *trial, GError **error) {
  const Import *import = placing->import;
  const ImportSource *source = &g_array_index(import->sources, ImportSource, trial->source);
  const char *file = import->files->pdata[source->file];
  if (exclusion_rules_is_check(import->rules, trial->image)) {
    AttentionCheck check = {trial->source, trial->line, g_strdup(trial->image),
                            exclusion_rules_passes(import->rules, placing->ratings, trial->values)};
    g_array_append_val(placing->checks, check);
    exclusion_log_add_trials(import->log, EXCLUSION_CHECK, source->participant, 1, file, trial->line, "image",
                             "'%s' is an attention check", trial->image);
    return true;
  }
  gsize row;
  bool ambiguous;
  g_autofree char *what = NULL;
  if (!import_images_find(images, trial->image, &row, &ambiguous, &what)) {
    if (!ambiguous && import->map->skip_unknown) {
      exclusion_log_add_trials(import->log, EXCLUSION_IMAGE, source->participant, 1, file, trial->line, "image", "%s",
                               what);
      return true;
    }
    g_autofree char *path = path_of(import, placing->data, trial);
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: image: %s", path, trial->line, what);
    return false;
  }
  if (!check_layer(placing, trial, row, error))
    return false;
  Rating rating = {.rater = trial->source,
                   .image = row,
                   .line = trial->line,
                   .response_time = trial->response_time,
                   .touched = trial->touched};
  memcpy(rating.values, trial->values, sizeof rating.values);
  g_array_append_val(placing->placed, rating);
  log_missing(placing, trial, source->participant, file);
  return true;
}

typedef struct {
  const ImportSource *source;
  gsize index;
} Ordered;

static int compare_sources(gconstpointer a, gconstpointer b) {
  const Ordered *x = a, *y = b;
  int order = strcmp(x->source->participant, y->source->participant);
  if (order == 0)
    order = strcmp(x->source->session, y->source->session);
  return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* A participant's first rater has the participant's name; further ones are told by session or file. */
static char *rater_id(const Import *import, const ImportSource *source, const ImportSource *before, GHashTable *taken) {
  if (before == NULL || strcmp(before->participant, source->participant) != 0)
    return g_strdup(source->participant);
  g_autofree char *stem = import_stem(import->files->pdata[source->file]);
  bool by_session = strcmp(before->session, source->session) != 0;
  g_autofree char *base = g_strdup_printf("%s_%s", source->participant, by_session ? source->session : stem);
  char *id = g_strdup(base);
  for (gsize n = 2; g_hash_table_contains(taken, id); n++) {
    g_free(id);
    id = g_strdup_printf("%s_%zu", base, n);
  }
  return id;
}

static int compare_ratings(gconstpointer a, gconstpointer b, gpointer unused) {
  (void)unused;
  const Rating *x = a, *y = b;
  if (x->rater != y->rater)
    return x->rater > y->rater ? 1 : -1;
  return (x->line > y->line) - (x->line < y->line);
}

/* Raters in order of participant and session; ratings and checks get their numbers. */
static void make_raters(Placing *placing) {
  const Import *import = placing->import;
  Ratings *ratings = placing->ratings;
  gsize n = import->sources->len;
  g_autofree Ordered *ordered = g_new(Ordered, n);
  for (gsize i = 0; i < n; i++)
    ordered[i] = (Ordered){&g_array_index(import->sources, ImportSource, i), i};
  qsort(ordered, n, sizeof *ordered, compare_sources);
  g_autofree gsize *number = g_new(gsize, n);
  g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
  ratings->n_raters = n;
  ratings->raters = g_new0(Rater, n);
  for (gsize i = 0; i < n; i++) {
    const ImportSource *source = ordered[i].source;
    Rater *rater = &ratings->raters[i];
    number[ordered[i].index] = i;
    *rater = (Rater){.id = rater_id(import, source, i > 0 ? ordered[i - 1].source : NULL, taken),
                     .participant = g_strdup(source->participant),
                     .session = g_strdup(source->session),
                     .file = g_strdup(import->files->pdata[source->file]),
                     .simulated = g_array_index(import->simulated, gboolean, ordered[i].index)};
    g_hash_table_add(taken, rater->id);
  }
  ratings->n_ratings = placing->placed->len;
  ratings->ratings = (Rating *)(gpointer)g_array_steal(placing->placed, NULL);
  for (gsize i = 0; i < ratings->n_ratings; i++) {
    ratings->ratings[i].rater = number[ratings->ratings[i].rater];
    ratings->raters[ratings->ratings[i].rater].n_trials++;
  }
  /* By a stable sort: a wide row has many trials on one line. */
  g_qsort_with_data(ratings->ratings, (int)ratings->n_ratings, sizeof *ratings->ratings, compare_ratings, NULL);
  for (gsize i = 0; i < n; i++)
    if (ratings->raters[i].n_trials == 0)
      exclusion_log_add_trials(import->log, EXCLUSION_EMPTY, ratings->raters[i].participant, 0, ratings->raters[i].file,
                               0, "", "no trial");
  ratings->n_checks = placing->checks->len;
  ratings->checks = (AttentionCheck *)(gpointer)g_array_steal(placing->checks, NULL);
  for (gsize i = 0; i < ratings->n_checks; i++)
    ratings->checks[i].rater = number[ratings->checks[i].rater];
}

static void copy_scales(const ImportMap *map, Ratings *ratings) {
  ratings->n_scales = map->n_scales;
  ratings->scales = g_new0(char *, map->n_scales + 1);
  for (gsize s = 0; s < map->n_scales; s++) {
    ratings->scales[s] = g_strdup(map->scales[s].name);
    ratings->low[s] = map->scales[s].low;
    ratings->high[s] = map->scales[s].high;
  }
}

/* The set's images that the rules call attention checks: others are to be rated. */
static void count_check_images(Placing *placing, const ImportImages *images) {
  const ExclusionRules *rules = placing->import->rules;
  for (gsize i = 0; rules != NULL && rules->check_images[i] != NULL; i++) {
    gsize row;
    bool ambiguous;
    g_autofree char *what = NULL;
    placing->ratings->n_check_images +=
        import_images_find(images, rules->check_images[i], &row, &ambiguous, &what) ? 1 : 0;
  }
}

static bool place_all(Placing *placing, GError **error) {
  const Import *import = placing->import;
  g_autoptr(ImportImages) images = import_images_new(placing->set, import->map->images);
  for (guint i = 0; i < import->trials->len; i++)
    if (!place(placing, images, &g_array_index(import->trials, ImportTrial, i), error))
      return false;
  count_check_images(placing, images);
  if (placing->placed->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no trial with an image of the set", placing->data);
    return false;
  }
  for (guint i = 0; i < import->checks->len; i++) {
    const ImportCheck *raw = &g_array_index(import->checks, ImportCheck, i);
    AttentionCheck check = {raw->source, raw->line, g_strdup(raw->name), raw->passed};
    g_array_append_val(placing->checks, check);
  }
  return true;
}

static void clear_check(gpointer item) { g_free(((AttentionCheck *)item)->name); }

bool import_ratings(const char *path, const char *map_path, const ExclusionRules *rules, const StimulusSet *set,
                    StimulusSet **own, ExclusionLog *log, Ratings **ratings, GError **error) {
  g_autoptr(ImportMap) map = NULL;
  g_autoptr(GPtrArray) paths = NULL;
  if (!import_map_read(map_path, &map, error) || !data_files_tables(path, &paths, error))
    return false;
  g_auto(Import) import = import_make(map, rules, log);
  for (guint i = 0; i < paths->len; i++)
    if (!import_file_read(&import, paths->pdata[i], error))
      return false;
  g_autoptr(StimulusSet) made_set = NULL;
  if (set == NULL && !make_own_set(&import, path, &made_set, error))
    return false;
  g_autoptr(Ratings) made = g_new0(Ratings, 1);
  made->phase = g_strdup("main");
  copy_scales(map, made);
  g_autoptr(GArray) placed = g_array_new(FALSE, FALSE, sizeof(Rating));
  g_autoptr(GArray) checks = g_array_new(FALSE, FALSE, sizeof(AttentionCheck));
  g_array_set_clear_func(checks, clear_check);
  Placing placing = {&import, set != NULL ? set : made_set, path, made, placed, checks};
  if (!place_all(&placing, error))
    return false;
  make_raters(&placing);
  ratings_number_participants(made);
  if (own != NULL)
    *own = g_steal_pointer(&made_set);
  *ratings = g_steal_pointer(&made);
  return true;
}
