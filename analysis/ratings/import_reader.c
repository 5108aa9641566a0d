#include "analysis/ratings/import_reader.h"

#include <string.h>

#include "stimuli/base/error.h"

static void column_clear(ImportColumn *column) {
  g_free(column->name);
  g_free(column->member);
}

static void clear_wide(gpointer item) { g_free(((ImportWide *)item)->image); }
static void clear_column(gpointer item) { column_clear(item); }

ImportReader import_reader_new(Import *import, const char *name, const char *file) {
  ImportReader reader = {.import = import, .map = import->map, .file = file, .stem = import_stem(name)};
  reader.attention = g_array_new(FALSE, FALSE, sizeof(ImportColumn));
  reader.wide = g_array_new(FALSE, FALSE, sizeof(ImportWide));
  g_array_set_clear_func(reader.attention, clear_column);
  g_array_set_clear_func(reader.wide, clear_wide);
  return reader;
}

void import_reader_clear(ImportReader *reader) {
  ImportColumn *const columns[] = {&reader->keep,  &reader->participant, &reader->session,       &reader->trial,
                                   &reader->image, &reader->layer,       &reader->response_time, &reader->simulated,
                                   &reader->scale, &reader->value};
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
    column_clear(columns[i]);
  for (gsize s = 0; s < RATINGS_MAX_SCALES; s++) {
    column_clear(&reader->scales[s]);
    column_clear(&reader->touched[s]);
  }
  g_array_free(reader->attention, TRUE);
  g_array_free(reader->wide, TRUE);
  delimited_free(reader->table);
  g_free(reader->stem);
}

bool import_reader_fault(const ImportReader *reader, gsize row, const char *column, GError **error, const char *format,
                         ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: %s: %s", delimited_name(reader->table),
              delimited_line(reader->table, row), column, what);
  return false;
}

static bool find(const ImportReader *reader, const char *name, ImportColumn *column, GError **error) {
  if (name == NULL)
    return true;
  column->name = g_strdup(name);
  column->there = true;
  column->is_file_name = strcmp(name, IMPORT_FILE_NAME) == 0;
  if (column->is_file_name)
    return true;
  const char *arrow = strstr(name, IMPORT_MEMBER);
  g_autofree char *base = arrow != NULL ? g_strndup(name, (gsize)(arrow - name)) : g_strdup(name);
  column->member = arrow != NULL ? g_strdup(arrow + strlen(IMPORT_MEMBER)) : NULL;
  return delimited_require_column(reader->table, base, &column->index, error);
}

/* The text of a pattern's {image} in a column's name, or NULL. */
static char *match(const char *pattern, const char *name) {
  const char *place = strstr(pattern, IMPORT_IMAGE), *after = place + strlen(IMPORT_IMAGE);
  gsize before = (gsize)(place - pattern), length = strlen(name), tail = strlen(after);
  if (length <= before + tail || strncmp(name, pattern, before) != 0 || strcmp(name + length - tail, after) != 0)
    return NULL;
  return g_strndup(name + before, length - before - tail);
}

static ImportWide *wide_image(ImportReader *reader, char *image) {
  for (guint i = 0; i < reader->wide->len; i++) {
    ImportWide *known = &g_array_index(reader->wide, ImportWide, i);
    if (strcmp(known->image, image) == 0) {
      g_free(image);
      return known;
    }
  }
  ImportWide added = {.image = image, .time = -1};
  for (gsize s = 0; s < RATINGS_MAX_SCALES; s++)
    added.scales[s] = -1;
  g_array_append_val(reader->wide, added);
  return &g_array_index(reader->wide, ImportWide, reader->wide->len - 1);
}

static bool take_wide_column(const ImportReader *reader, gssize *place, gsize column, GError **error) {
  if (*place >= 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: two columns are named '%s'", delimited_name(reader->table),
                delimited_column_name(reader->table, column));
    return false;
  }
  *place = (gssize)column;
  return true;
}

static bool find_wide(ImportReader *reader, GError **error) {
  for (gsize s = 0; s < reader->map->n_scales; s++) {
    gsize n = 0;
    for (gsize c = 0; c < delimited_n_columns(reader->table); c++) {
      char *image = match(reader->map->scales[s].column, delimited_column_name(reader->table, c));
      if (image == NULL)
        continue;
      if (!take_wide_column(reader, &wide_image(reader, image)->scales[s], c, error))
        return false;
      n++;
    }
    if (n == 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no column is like '%s', the pattern of the scale %s",
                  delimited_name(reader->table), reader->map->scales[s].column, reader->map->scales[s].name);
      return false;
    }
  }
  for (gsize c = 0; reader->map->response_time != NULL && c < delimited_n_columns(reader->table); c++) {
    g_autofree char *image = match(reader->map->response_time, delimited_column_name(reader->table, c));
    for (guint i = 0; image != NULL && i < reader->wide->len; i++) {
      ImportWide *known = &g_array_index(reader->wide, ImportWide, i);
      if (strcmp(known->image, image) == 0 && !take_wide_column(reader, &known->time, c, error))
        return false;
    }
  }
  return true;
}

/* "image", or "stim_id", which our own tables have. */
static const char *default_image(const ImportReader *reader) {
  for (gsize c = 0; c < delimited_n_columns(reader->table); c++)
    if (strcmp(delimited_column_name(reader->table, c), "stim_id") == 0)
      return "stim_id";
  return "image";
}

bool import_reader_find(ImportReader *reader, GError **error) {
  const ImportMap *map = reader->map;
  bool wide = map->layout == IMPORT_WIDE;
  if (!find(reader, map->keep_column, &reader->keep, error) ||
      !find(reader, map->participant, &reader->participant, error) ||
      !find(reader, map->session, &reader->session, error) || !find(reader, map->simulated, &reader->simulated, error))
    return false;
  for (gsize i = 0; map->attention[i] != NULL; i++) {
    ImportColumn column = {0};
    bool found = find(reader, map->attention[i], &column, error);
    g_array_append_val(reader->attention, column);
    if (!found)
      return false;
  }
  if (wide)
    return find_wide(reader, error);
  if (!find(reader, map->image != NULL ? map->image : default_image(reader), &reader->image, error) ||
      !find(reader, map->trial, &reader->trial, error) || !find(reader, map->layer, &reader->layer, error) ||
      !find(reader, map->response_time, &reader->response_time, error) ||
      !find(reader, map->scale_column, &reader->scale, error) ||
      !find(reader, map->value_column, &reader->value, error))
    return false;
  for (gsize s = 0; s < map->n_scales; s++)
    if (!find(reader, map->scales[s].column, &reader->scales[s], error) ||
        !find(reader, map->scales[s].touched, &reader->touched[s], error))
      return false;
  return true;
}
