#include "analysis/ratings/ratings.h"

#include <math.h>
#include <string.h>

#include "analysis/ratings/beh_files.h"
#include "analysis/ratings/data_files.h"
#include "analysis/ratings/exclusion_rules.h"
#include "analysis/ratings/import.h"
#include "analysis/ratings/ratings_private.h"
#include "analysis/ratings/recorded_checks.h"
#include "analysis/ratings/sidecar.h"
#include "stimuli/base/command.h"
#include "stimuli/base/error.h"

static const char *const default_scales[] = {"arousal", "valence", NULL};

/* What one reading of a folder needs. */
typedef struct {
  const char *folder;
  const StimulusSet *set;
  GHashTable *rows;            /* stimulus id -> row of the set */
  const ExclusionRules *rules; /* may be NULL */
  ExclusionLog *log;
  Ratings *ratings;
  GArray *raters;    /* Rater */
  GArray *trials;    /* Rating */
  GArray *checks;    /* AttentionCheck */
  GPtrArray *phases; /* char *: the other ones, in order of first appearance */
} Reader;

/* The columns of one data file; -1 where an optional one is absent. */
typedef struct {
  gsize trial, phase, stim_id;
  gsize scales[RATINGS_MAX_SCALES];
  int touched[RATINGS_MAX_SCALES];
  int block, sha256, response_time, simulated;
} Columns;

void ratings_clear_rater(Rater *rater) {
  g_free(rater->id);
  g_free(rater->participant);
  g_free(rater->session);
  g_free(rater->file);
}

static void clear_rater(gpointer item) { ratings_clear_rater(item); }
static void clear_check(gpointer item) { g_free(((AttentionCheck *)item)->name); }

G_GNUC_PRINTF(5, 6)
static bool fault(const Table *table, gsize row, const char *field, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s: %s", table_name(table), row + 2, field,
              what);
  return false;
}

static bool find_columns(const Table *table, const Ratings *ratings, Columns *columns, GError **error) {
  if (!table_require_column(table, "trial", &columns->trial, error) ||
      !table_require_column(table, "phase", &columns->phase, error) ||
      !table_require_column(table, "stim_id", &columns->stim_id, error))
    return false;
  for (gsize s = 0; s < ratings->n_scales; s++) {
    g_autofree char *touched = g_strconcat(ratings->scales[s], "_touched", NULL);
    columns->touched[s] = table_column(table, touched);
    if (!table_require_column(table, ratings->scales[s], &columns->scales[s], error))
      return false;
  }
  columns->block = table_column(table, "block");
  columns->sha256 = table_column(table, "stim_sha256");
  columns->response_time = table_column(table, "response_time");
  columns->simulated = table_column(table, "simulated");
  return true;
}

/* The range of each scale, which must be the same in every file. */
static bool read_ranges(Reader *reader, const BehFile *file, bool first, GError **error) {
  g_autoptr(JsonObject) sidecar = NULL;
  if (!sidecar_read(reader->folder, file, &sidecar, error))
    return false;
  Ratings *ratings = reader->ratings;
  for (gsize s = 0; s < ratings->n_scales; s++) {
    double low = RATINGS_LOW, high = RATINGS_HIGH;
    if (!sidecar_range(sidecar, reader->folder, file, ratings->scales[s], &low, &high, error))
      return false;
    if (!first && (low != ratings->low[s] || high != ratings->high[s])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s%c%s: %s: has the range %g to %g, but earlier files %g to %g",
                  reader->folder, G_DIR_SEPARATOR, file->path, ratings->scales[s], low, high, ratings->low[s],
                  ratings->high[s]);
      return false;
    }
    ratings->low[s] = low;
    ratings->high[s] = high;
  }
  return true;
}

static bool find_image(const Reader *reader, const Table *table, gsize row, gsize column, gsize *image,
                       GError **error) {
  const char *id = table_get(table, row, column);
  gpointer found;
  if (g_hash_table_lookup_extended(reader->rows, id, NULL, &found)) {
    *image = GPOINTER_TO_SIZE(found);
    return true;
  }
  const Table *stimuli = reader->set->stimuli;
  gsize n = table_n_rows(stimuli), id_column = (gsize)table_column(stimuli, "id");
  g_autofree const char **ids = g_new0(const char *, n + 1);
  for (gsize i = 0; i < n; i++)
    ids[i] = table_get(stimuli, i, id_column);
  const char *near = command_nearest(id, ids, n);
  return fault(table, row, "stim_id", error, "'%s' is not in the stimulus set %s%s%s%s", id, reader->set->folder,
               near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static bool check_digest(const Reader *reader, const Table *table, gsize row, const Columns *columns, gsize image,
                         GError **error) {
  int set_column = table_column(reader->set->stimuli, "sha256");
  if (columns->sha256 < 0 || set_column < 0 || table_is_missing(table, row, (gsize)columns->sha256) ||
      table_is_missing(reader->set->stimuli, image, (gsize)set_column))
    return true;
  const char *shown = table_get(table, row, (gsize)columns->sha256);
  const char *held = table_get(reader->set->stimuli, image, (gsize)set_column);
  if (g_ascii_strcasecmp(shown, held) == 0)
    return true;
  return fault(table, row, "stim_sha256", error,
               "the participant saw another file than the set's '%s' (%.12s, not %.12s)",
               table_get(table, row, columns->stim_id), shown, held);
}

static bool read_touched(const Table *table, gsize row, int column, int *touched, GError **error) {
  if (column < 0 || table_is_missing(table, row, (gsize)column))
    return true;
  const char *text = table_get(table, row, (gsize)column);
  if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
    return fault(table, row, table_column_name(table, (gsize)column), error, "'%s', expected 0 or 1", text);
  *touched = *touched < 0 ? *text - '0' : MIN(*touched, *text - '0');
  return true;
}

static bool read_values(Reader *reader, const Table *table, gsize row, const Columns *columns, const Rater *rater,
                        Rating *rating, GError **error) {
  const Ratings *ratings = reader->ratings;
  rating->touched = -1;
  for (gsize s = 0; s < ratings->n_scales; s++) {
    double *value = &rating->values[s];
    if (!table_get_double(table, row, columns->scales[s], value, error) ||
        !read_touched(table, row, columns->touched[s], &rating->touched, error))
      return false;
    if (isnan(*value))
      exclusion_log_add_trials(reader->log, EXCLUSION_MISSING, rater->participant, 0, rater->file, row + 2,
                               ratings->scales[s], "no rating of '%s'", table_get(table, row, columns->stim_id));
    else if (*value < ratings->low[s] || *value > ratings->high[s])
      return fault(table, row, ratings->scales[s], error, "%s is out of range, expected %g to %g",
                   table_get(table, row, columns->scales[s]), ratings->low[s], ratings->high[s]);
  }
  rating->response_time = NAN;
  if (columns->response_time < 0)
    return true;
  if (!table_get_double(table, row, (gsize)columns->response_time, &rating->response_time, error))
    return false;
  if (rating->response_time < 0)
    return fault(table, row, "response_time", error, "%s is negative",
                 table_get(table, row, (gsize)columns->response_time));
  return true;
}

/* Fails where an earlier row of the file has the same phase, block and trial number; remembers this one. */
static bool check_doubled(GHashTable *seen, const Table *table, gsize row, const Columns *columns, GError **error) {
  if (table_is_missing(table, row, columns->trial))
    return fault(table, row, "trial", error, "is missing");
  char *key = g_strdup_printf("%s\t%s\t%s", table_get(table, row, columns->phase),
                              columns->block < 0 ? "" : table_get(table, row, (gsize)columns->block),
                              table_get(table, row, columns->trial));
  gpointer earlier;
  if (g_hash_table_lookup_extended(seen, key, NULL, &earlier)) {
    g_free(key);
    return fault(table, row, "trial", error, "trial %s is there twice, first on line %" G_GSIZE_FORMAT,
                 table_get(table, row, columns->trial), GPOINTER_TO_SIZE(earlier));
  }
  g_hash_table_insert(seen, key, GSIZE_TO_POINTER(row + 2));
  return true;
}

static bool read_simulated(const Table *table, gsize row, int column, bool *simulated, GError **error) {
  if (column < 0 || table_is_missing(table, row, (gsize)column))
    return true;
  const char *text = table_get(table, row, (gsize)column);
  bool yes = g_ascii_strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
  if (!yes && g_ascii_strcasecmp(text, "false") != 0 && strcmp(text, "0") != 0)
    return fault(table, row, "simulated", error, "'%s', expected true or false", text);
  *simulated = *simulated || yes;
  return true;
}

/* A trial with an image that the rules call an attention check. */
static void add_check(Reader *reader, const Table *table, gsize row, const Columns *columns, const Rating *rating,
                      const Rater *rater) {
  const char *image = table_get(table, row, columns->stim_id);
  AttentionCheck check = {rating->rater, row + 2, g_strdup(image),
                          exclusion_rules_passes(reader->rules, reader->ratings, rating->values)};
  g_array_append_val(reader->checks, check);
  exclusion_log_add_trials(reader->log, EXCLUSION_CHECK, rater->participant, 1, rater->file, row + 2, "stim_id",
                           "'%s' is an attention check", image);
}

static bool read_file(Reader *reader, const BehFile *file, GError **error) {
  g_autofree char *path = g_build_filename(reader->folder, file->path, NULL);
  g_autoptr(Table) table = NULL;
  Columns columns;
  if (!table_read(path, &table, error) || !find_columns(table, reader->ratings, &columns, error) ||
      !read_ranges(reader, file, reader->raters->len == 0, error))
    return false;
  gsize index = reader->raters->len;
  Rater rater = {.id = g_strdup(file->id),
                 .participant = g_strdup(file->participant),
                 .session = g_strdup(file->session),
                 .run = file->run_number,
                 .file = g_strdup(file->path)};
  g_array_append_val(reader->raters, rater);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    Rater *own = &g_array_index(reader->raters, Rater, index);
    if (!read_simulated(table, row, columns.simulated, &own->simulated, error) ||
        !check_doubled(seen, table, row, &columns, error))
      return false;
    if (strcmp(table_get(table, row, columns.phase), reader->ratings->phase) != 0) {
      exclusion_log_add_trials(reader->log, EXCLUSION_PHASE, file->participant, 1, file->path, row + 2, "phase",
                               "phase '%s'", table_get(table, row, columns.phase));
      if (!g_ptr_array_find_with_equal_func(reader->phases, table_get(table, row, columns.phase), g_str_equal, NULL))
        g_ptr_array_add(reader->phases, g_strdup(table_get(table, row, columns.phase)));
      continue;
    }
    Rating rating = {.rater = index, .line = row + 2};
    bool is_check = exclusion_rules_is_check(reader->rules, table_get(table, row, columns.stim_id));
    if (!is_check && (!find_image(reader, table, row, columns.stim_id, &rating.image, error) ||
                      !check_digest(reader, table, row, &columns, rating.image, error)))
      return false;
    if (!read_values(reader, table, row, &columns, own, &rating, error))
      return false;
    if (is_check) {
      add_check(reader, table, row, &columns, &rating, own);
      continue;
    }
    g_array_append_val(reader->trials, rating);
    own->n_trials++;
  }
  if (g_array_index(reader->raters, Rater, index).n_trials == 0)
    exclusion_log_add_trials(reader->log, EXCLUSION_EMPTY, file->participant, 0, file->path, 0, "",
                             "no trial of phase '%s'", reader->ratings->phase);
  return true;
}

static bool check_phase(const Reader *reader, GError **error) {
  if (reader->trials->len > 0)
    return true;
  g_ptr_array_add(reader->phases, NULL);
  g_autofree char *phases = g_strjoinv(", ", (char **)reader->phases->pdata);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no trial of phase '%s'; %s%s", reader->folder,
              reader->ratings->phase, *phases != '\0' ? "the data have the phases " : "the data have no trials",
              phases);
  return false;
}

void ratings_number_participants(Ratings *ratings) {
  ratings->n_participants = ratings->n_simulated = 0;
  for (gsize i = 0; i < ratings->n_raters; i++) {
    if (i == 0 || strcmp(ratings->raters[i].participant, ratings->raters[i - 1].participant) != 0)
      ratings->n_participants++;
    ratings->raters[i].person = ratings->n_participants - 1;
    ratings->n_simulated += ratings->raters[i].simulated;
  }
}

/* A hash, since a large study looks up hundreds of thousands of ids. */
static GHashTable *index_stimuli(const StimulusSet *set) {
  GHashTable *rows = g_hash_table_new(g_str_hash, g_str_equal);
  gsize column = (gsize)table_column(set->stimuli, "id");
  for (gsize row = 0; row < table_n_rows(set->stimuli); row++)
    g_hash_table_insert(rows, (char *)table_get(set->stimuli, row, column), GSIZE_TO_POINTER(row));
  return rows;
}

/* The session data of a folder. */
static bool read_sessions(const char *folder, const StimulusSet *set, const RatingsOptions *options,
                          const ExclusionRules *rules, ExclusionLog *log, Ratings **ratings, GError **error) {
  g_autoptr(GPtrArray) files = NULL;
  if (!beh_files_find(folder, &files, error))
    return false;
  g_autoptr(Ratings) made = g_new0(Ratings, 1);
  made->phase = g_strdup(options->phase != NULL ? options->phase : "main");
  made->scales = g_strdupv((char **)(options->scales != NULL ? options->scales : default_scales));
  made->n_scales = g_strv_length(made->scales);
  if (made->n_scales < 1 || made->n_scales > RATINGS_MAX_SCALES) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%" G_GSIZE_FORMAT " scales, expected 1 to %d", made->n_scales,
                RATINGS_MAX_SCALES);
    return false;
  }
  g_autoptr(GArray) raters = g_array_new(FALSE, FALSE, sizeof(Rater));
  g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(Rating));
  g_autoptr(GArray) checks = g_array_new(FALSE, FALSE, sizeof(AttentionCheck));
  g_array_set_clear_func(raters, clear_rater);
  g_array_set_clear_func(checks, clear_check);
  g_autoptr(GHashTable) rows = index_stimuli(set);
  g_autoptr(GPtrArray) phases = g_ptr_array_new_with_free_func(g_free);
  Reader reader = {folder, set, rows, rules, log, made, raters, trials, checks, phases};
  for (guint i = 0; i < files->len; i++)
    if (!read_file(&reader, g_ptr_array_index(files, i), error))
      return false;
  if (!check_phase(&reader, error))
    return false;
  for (gsize i = 0; rules != NULL && rules->check_images[i] != NULL; i++)
    made->n_check_images += g_hash_table_contains(rows, rules->check_images[i]) ? 1 : 0;
  made->n_raters = raters->len;
  made->n_ratings = trials->len;
  made->n_checks = checks->len;
  made->raters = (Rater *)(gpointer)g_array_steal(raters, NULL);
  made->ratings = (Rating *)(gpointer)g_array_steal(trials, NULL);
  made->checks = (AttentionCheck *)(gpointer)g_array_steal(checks, NULL);
  ratings_number_participants(made);
  if (rules != NULL && rules->judges_attention && !recorded_checks_read(folder, made, error))
    return false;
  *ratings = g_steal_pointer(&made);
  return true;
}

bool ratings_read(const char *folder, const StimulusSet *set, const RatingsOptions *options, ExclusionLog *log,
                  Ratings **ratings, GError **error) {
  static const RatingsOptions defaults = {0};
  if (options == NULL)
    options = &defaults;
  g_autoptr(ExclusionRules) rules = NULL;
  if (options->rules != NULL && !exclusion_rules_read(options->rules, &rules, error))
    return false;
  bool tables =
      options->columns != NULL || g_file_test(folder, G_FILE_TEST_IS_REGULAR) || data_files_is_table_folder(folder);
  if (tables && options->phase != NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "%s: a phase is chosen in session data only; rows of a table are chosen by the column map's "
                "keep_column and keep_values",
                folder);
    return false;
  }
  g_autoptr(Ratings) made = NULL;
  if (tables ? !import_ratings(folder, options->columns, rules, set, NULL, log, &made, error)
             : !read_sessions(folder, set, options, rules, log, &made, error))
    return false;
  made->columns = g_strdup(options->columns);
  made->rules = g_strdup(options->rules);
  if (!exclusion_rules_apply(rules, made, table_n_rows(set->stimuli), log, error))
    return false;
  *ratings = g_steal_pointer(&made);
  return true;
}

void ratings_free(Ratings *ratings) {
  if (ratings == NULL)
    return;
  for (gsize i = 0; i < ratings->n_raters; i++)
    clear_rater(&ratings->raters[i]);
  for (gsize i = 0; i < ratings->n_checks; i++)
    clear_check(&ratings->checks[i]);
  g_free(ratings->checks);
  g_free(ratings->columns);
  g_free(ratings->rules);
  g_free(ratings->raters);
  g_free(ratings->ratings);
  g_free(ratings->phase);
  g_strfreev(ratings->scales);
  g_free(ratings);
}
