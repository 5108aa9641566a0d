#include "analysis/ratings/import_reader.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/json.h"
#include "stimuli/base/number.h"

static bool is_missing(const ImportReader *reader, const char *text) {
  return *text == '\0' || g_ascii_strcasecmp(text, "n/a") == 0 || strcmp(text, "NA") == 0 ||
         g_strv_contains((const char *const *)reader->map->missing, text);
}

static char *member_text(JsonNode *node) {
  if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
    return g_strdup("");
  if (json_node_get_value_type(node) == G_TYPE_STRING)
    return g_strdup(json_node_get_string(node));
  if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
    return g_strdup(json_node_get_boolean(node) ? "true" : "false");
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup(g_ascii_dtostr(number, sizeof number, json_node_get_double(node)));
}

/* The text of a column's cell, "" where it is missing; *text is to be freed. */
static bool text_of(const ImportReader *reader, gsize row, const ImportColumn *column, char **text, GError **error) {
  if (!column->there || column->is_file_name) {
    *text = g_strdup(column->there ? reader->stem : "");
    return true;
  }
  g_autofree char *cell = g_strstrip(g_strdup(delimited_get(reader->table, row, column->index)));
  if (is_missing(reader, cell)) {
    *text = g_strdup("");
    return true;
  }
  if (column->member == NULL) {
    *text = g_steal_pointer(&cell);
    return true;
  }
  JsonNode *root = NULL;
  GError *cause = NULL;
  if (!json_read("cell", cell, strlen(cell), &root, &cause)) {
    import_reader_fault(reader, row, column->name, error, "the cell is no JSON: %s", cause->message);
    g_error_free(cause);
    return false;
  }
  JsonNode *member =
      JSON_NODE_HOLDS_OBJECT(root) ? json_object_get_member(json_node_get_object(root), column->member) : NULL;
  *text = g_strstrip(member_text(member));
  if (is_missing(reader, *text))
    **text = '\0';
  json_node_unref(root);
  return true;
}

/* A cell's text as a number; "" is NaN. */
static bool parse_number(const ImportReader *reader, gsize row, const char *column, const char *text, double *value,
                         GError **error) {
  *value = NAN;
  if (*text == '\0')
    return true;
  g_autofree char *dotted = g_strdup(text);
  bool comma = strchr(text, ',') != NULL;
  if (reader->map->decimal_comma)
    g_strdelimit(dotted, strchr(text, '.') == NULL ? "," : "", '.');
  if ((!reader->map->decimal_comma || strchr(text, '.') == NULL) && number_parse_double(dotted, value))
    return true;
  return import_reader_fault(
      reader, row, column, error, "'%s' is not a number%s", text,
      comma && !reader->map->decimal_comma ? "; for decimal commas the column map needs decimal = comma" : "");
}

static bool number_of(const ImportReader *reader, gsize row, const ImportColumn *column, double *value,
                      GError **error) {
  g_autofree char *text = NULL;
  *value = NAN;
  return !column->there ||
         (text_of(reader, row, column, &text, error) && parse_number(reader, row, column->name, text, value, error));
}

static bool flag_of(const ImportReader *reader, gsize row, const ImportColumn *column, int *flag, GError **error) {
  static const char *const yes[] = {"1", "true", "yes", NULL}, *const no[] = {"0", "false", "no", NULL};
  g_autofree char *text = NULL;
  if (!text_of(reader, row, column, &text, error))
    return false;
  g_autofree char *lower = g_ascii_strdown(text, -1);
  *flag = *text == '\0' ? -1 : g_strv_contains(yes, lower) ? 1 : 0;
  return *flag != 0 || g_strv_contains(no, lower) ||
         import_reader_fault(reader, row, column->name, error, "'%s', expected true or false", text);
}

static bool check_rating(const ImportReader *reader, gsize row, const char *column, const ImportScale *scale,
                         double value, GError **error) {
  if (isnan(value) || (value >= scale->low && value <= scale->high))
    return true;
  return import_reader_fault(reader, row, column, error,
                             "%g is out of range, expected %g to %g: low and high of the scale %s", value, scale->low,
                             scale->high, scale->name);
}

static bool take_time(const ImportReader *reader, gsize row, const char *column, double value, ImportTrial *trial,
                      GError **error) {
  if (value < 0)
    return import_reader_fault(reader, row, column, error, "%g is negative", value);
  value *= reader->map->time_unit;
  /* Scales that are asked one after another: the trial's time is that of all. */
  trial->response_time = isnan(trial->response_time) ? value : trial->response_time + (isnan(value) ? 0 : value);
  return true;
}

static void log_row(const ImportReader *reader, gsize row, const char *participant, const char *field, const char *what,
                    const char *value) {
  exclusion_log_add_trials(reader->import->log, EXCLUSION_ROW, participant, 0, reader->file,
                           delimited_line(reader->table, row), field, "%s%s%s%s", what, *value != '\0' ? " '" : "",
                           value, *value != '\0' ? "'" : "");
}

static bool read_checks(const ImportReader *reader, gsize row, gsize source, bool *is_check, GError **error) {
  for (guint i = 0; i < reader->attention->len; i++) {
    const ImportColumn *column = &g_array_index(reader->attention, ImportColumn, i);
    g_autofree char *text = NULL;
    if (!text_of(reader, row, column, &text, error))
      return false;
    if (*text == '\0')
      continue;
    ImportCheck check = {source, delimited_line(reader->table, row),
                         g_string_chunk_insert_const(reader->import->texts, column->name),
                         strcmp(text, reader->map->attention_pass[i]) == 0};
    g_array_append_val(reader->import->checks, check);
    *is_check = true;
  }
  return true;
}

/* Adds a trial that is complete; one of an image that is an attention check goes to the checks. */
static bool add_trial(const ImportReader *reader, gsize row, const ImportTrial *trial, const char *key,
                      GError **error) {
  Import *import = reader->import;
  const ImportSource *source = &g_array_index(import->sources, ImportSource, trial->source);
  gssize earlier = import_remember(import, key, import->trials->len);
  if (earlier >= 0 && reader->map->repeats != IMPORT_REPEATS_KEEP) {
    const ImportTrial *first = &g_array_index(import->trials, ImportTrial, earlier);
    const ImportSource *where = &g_array_index(import->sources, ImportSource, first->source);
    const char *file = import->files->pdata[where->file];
    if (reader->map->repeats == IMPORT_REPEATS_ERROR)
      return import_reader_fault(
          reader, row, reader->trial.there ? reader->trial.name : "image", error,
          "participant '%s' has '%s' twice, first on line %zu of %s; the map's repeats says what to do then",
          source->participant, trial->image, first->line, file);
    exclusion_log_add_trials(import->log, EXCLUSION_REPEAT, source->participant, 1, reader->file, trial->line, "image",
                             "'%s' was already on line %zu of %s", trial->image, first->line, file);
    return true;
  }
  g_array_append_val(import->trials, *trial);
  return true;
}

static char *trial_key(const ImportReader *reader, const ImportTrial *trial, const char *number) {
  const ImportSource *source = &g_array_index(reader->import->sources, ImportSource, trial->source);
  return g_strdup_printf("%s\t%s\t%s", source->participant, source->session,
                         reader->trial.there ? number : trial->image);
}

/* The scale that a row of the scales layout rates, or n_scales. */
static gsize find_label(const ImportReader *reader, const char *label) {
  gsize s = 0;
  while (s < reader->map->n_scales && strcmp(reader->map->scales[s].label, label) != 0)
    s++;
  return s;
}

/* A row with one scale's rating: into the trial that it belongs to. */
static bool read_scale_row(const ImportReader *reader, gsize row, ImportTrial *trial, const char *number,
                           GError **error) {
  Import *import = reader->import;
  g_autofree char *label = NULL;
  double value;
  if (!text_of(reader, row, &reader->scale, &label, error) || !number_of(reader, row, &reader->value, &value, error))
    return false;
  gsize s = find_label(reader, label);
  if (s == reader->map->n_scales)
    return import_reader_fault(reader, row, reader->scale.name, error, "'%s' is none of the map's scales", label);
  if (!check_rating(reader, row, reader->value.name, &reader->map->scales[s], value, error))
    return false;
  g_autofree char *own = trial_key(reader, trial, number);
  g_autofree char *key = g_strdup_printf("%s\t%s", own, trial->image);
  gssize known = import_remember(import, key, import->trials->len);
  if (known >= 0) {
    ImportTrial *held = &g_array_index(import->trials, ImportTrial, known);
    if ((held->seen & (1u << s)) == 0) {
      held->seen |= 1u << s;
      held->values[s] = value;
      if (!isnan(trial->response_time))
        held->response_time =
            isnan(held->response_time) ? trial->response_time : held->response_time + trial->response_time;
      return true;
    }
    const ImportSource *source = &g_array_index(import->sources, ImportSource, trial->source);
    if (reader->map->repeats == IMPORT_REPEATS_ERROR)
      return import_reader_fault(
          reader, row, reader->scale.name, error,
          "participant '%s' has '%s' of '%s' twice, first on line %zu or later; the map's repeats says what "
          "to do then",
          source->participant, label, trial->image, held->line);
    if (reader->map->repeats == IMPORT_REPEATS_FIRST) {
      exclusion_log_add_trials(import->log, EXCLUSION_REPEAT, source->participant, 0, reader->file, trial->line, label,
                               "'%s' was already rated", trial->image);
      return true;
    }
    import_remember_new(import, key, import->trials->len);
  }
  trial->seen = 1u << s;
  trial->values[s] = value;
  g_array_append_val(import->trials, *trial);
  return true;
}

static bool read_trial_row(const ImportReader *reader, gsize row, ImportTrial *trial, const char *number,
                           GError **error) {
  for (gsize s = 0; s < reader->map->n_scales; s++) {
    int touched = -1;
    if (!number_of(reader, row, &reader->scales[s], &trial->values[s], error) ||
        !check_rating(reader, row, reader->scales[s].name, &reader->map->scales[s], trial->values[s], error) ||
        (reader->touched[s].there && !flag_of(reader, row, &reader->touched[s], &touched, error)))
      return false;
    if (touched >= 0)
      trial->touched = trial->touched < 0 ? touched : MIN(trial->touched, touched);
  }
  g_autofree char *key = trial_key(reader, trial, number);
  return add_trial(reader, row, trial, key, error);
}

static bool read_long_row(const ImportReader *reader, gsize row, ImportTrial *trial, bool is_check, GError **error) {
  Import *import = reader->import;
  const ImportSource source = g_array_index(import->sources, ImportSource, trial->source);
  g_autofree char *image = NULL, *layer = NULL, *number = NULL;
  if (!text_of(reader, row, &reader->image, &image, error) || !text_of(reader, row, &reader->layer, &layer, error) ||
      !text_of(reader, row, &reader->trial, &number, error))
    return false;
  if (is_check) {
    exclusion_log_add_trials(import->log, EXCLUSION_CHECK, source.participant, *image != '\0', reader->file,
                             trial->line, "", "an attention check");
    return true;
  }
  if (*image == '\0') {
    log_row(reader, row, source.participant, reader->image.name, "no image", "");
    return true;
  }
  if (reader->trial.there && *number == '\0')
    return import_reader_fault(reader, row, reader->trial.name, error, "is missing");
  trial->image = g_string_chunk_insert_const(import->texts, image);
  trial->layer = g_string_chunk_insert_const(import->texts, layer);
  double time;
  if (!number_of(reader, row, &reader->response_time, &time, error) ||
      !take_time(reader, row, reader->response_time.name, time, trial, error))
    return false;
  return reader->map->layout == IMPORT_SCALES ? read_scale_row(reader, row, trial, number, error)
                                              : read_trial_row(reader, row, trial, number, error);
}

static bool read_wide_cell(const ImportReader *reader, gsize row, gssize column, double *value, GError **error) {
  *value = NAN;
  if (column < 0)
    return true;
  g_autofree char *text = g_strstrip(g_strdup(delimited_get(reader->table, row, (gsize)column)));
  return parse_number(reader, row, delimited_column_name(reader->table, (gsize)column),
                      is_missing(reader, text) ? "" : text, value, error);
}

/* A participant's row: a trial for each image that has a value on some scale. */
static bool read_wide_row(const ImportReader *reader, gsize row, const ImportTrial *blank, GError **error) {
  gsize n = 0;
  for (guint i = 0; i < reader->wide->len; i++) {
    const ImportWide *image = &g_array_index(reader->wide, ImportWide, i);
    ImportTrial trial = *blank;
    bool any = false;
    for (gsize s = 0; s < reader->map->n_scales; s++) {
      if (!read_wide_cell(reader, row, image->scales[s], &trial.values[s], error))
        return false;
      if (image->scales[s] >= 0 &&
          !check_rating(reader, row, delimited_column_name(reader->table, (gsize)image->scales[s]),
                        &reader->map->scales[s], trial.values[s], error))
        return false;
      any = any || !isnan(trial.values[s]);
    }
    double time;
    if (!read_wide_cell(reader, row, image->time, &time, error) ||
        !take_time(reader, row, "response_time", time, &trial, error))
      return false;
    if (!any)
      continue;
    n++;
    trial.image = g_string_chunk_insert_const(reader->import->texts, image->image);
    trial.layer = "";
    g_autofree char *key = trial_key(reader, &trial, "");
    if (!add_trial(reader, row, &trial, key, error))
      return false;
  }
  if (n == 0)
    log_row(reader, row, g_array_index(reader->import->sources, ImportSource, blank->source).participant, "",
            "no rating of any image", "");
  return true;
}

static bool read_row(const ImportReader *reader, gsize row, GError **error) {
  g_autofree char *kept = NULL, *participant = NULL, *session = NULL;
  if (!text_of(reader, row, &reader->keep, &kept, error) ||
      !text_of(reader, row, &reader->participant, &participant, error) ||
      !text_of(reader, row, &reader->session, &session, error))
    return false;
  if (reader->keep.there && !g_strv_contains((const char *const *)reader->map->keep_values, kept)) {
    log_row(reader, row, participant, reader->keep.name, *kept != '\0' ? "the map does not keep" : "empty", kept);
    return true;
  }
  if (*participant == '\0')
    return import_reader_fault(reader, row, reader->participant.name, error, "the row has no participant");
  ImportTrial trial = {.source = import_source(reader->import, participant, session),
                       .line = delimited_line(reader->table, row),
                       .response_time = NAN,
                       .touched = -1};
  for (gsize s = 0; s < RATINGS_MAX_SCALES; s++)
    trial.values[s] = NAN;
  int simulated = -1;
  bool is_check = false;
  if ((reader->simulated.there && !flag_of(reader, row, &reader->simulated, &simulated, error)) ||
      !read_checks(reader, row, trial.source, &is_check, error))
    return false;
  if (simulated > 0)
    g_array_index(reader->import->simulated, gboolean, trial.source) = TRUE;
  /* A wide row has a whole participant, whose checks are among the answers. */
  return reader->map->layout == IMPORT_WIDE ? read_wide_row(reader, row, &trial, error)
                                            : read_long_row(reader, row, &trial, is_check, error);
}

bool import_file_read(Import *import, const char *path, GError **error) {
  g_autofree char *name = g_path_get_basename(path);
  const char *file = g_string_chunk_insert(import->texts, name);
  g_ptr_array_add(import->files, (char *)file);
  g_auto(ImportReader) reader = import_reader_new(import, name, file);
  if (!delimited_read(path, &import->map->file, &reader.table, error) || !import_reader_find(&reader, error))
    return false;
  for (gsize row = 0; row < delimited_n_rows(reader.table); row++)
    if (!read_row(&reader, row, error))
      return false;
  return true;
}
