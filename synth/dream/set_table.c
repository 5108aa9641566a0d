#include "synth/dream/set_table.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/set_lock.h"

/* A table is rewritten in milliseconds; a minute means that its holder hangs. */
#define LOCK_PATIENCE_MS 60000

struct SetTable {
  char *folder, *path, *lock_path;
  const SetRow *rows;
  gsize n_rows;
  GMutex mutex; /* guards lock, and the table's file within this process */
  int lock;
};

SetTable *set_table_new(const char *folder, const SetRow *rows, gsize n_rows) {
  SetTable *table = g_new0(SetTable, 1);
  table->folder = g_strdup(folder);
  table->path = g_build_filename(folder, MANIFEST_TABLE, NULL);
  table->lock_path = g_build_filename(folder, ".table.lock", NULL);
  table->rows = rows;
  table->n_rows = n_rows;
  g_mutex_init(&table->mutex);
  return table;
}

void set_table_free(SetTable *table) {
  if (!table)
    return;
  g_free(table->folder);
  g_free(table->path);
  g_free(table->lock_path);
  g_mutex_clear(&table->mutex);
  g_free(table);
}

bool set_table_lock(SetTable *table, GError **error) {
  g_mutex_lock(&table->mutex);
  if (set_lock_take(table->lock_path, LOCK_PATIENCE_MS, &table->lock, error))
    return true;
  g_mutex_unlock(&table->mutex);
  return false;
}

void set_table_unlock(SetTable *table) {
  set_lock_give_back(table->lock_path, table->lock);
  g_mutex_unlock(&table->mutex);
}

/* The columns of every set's table (manifest.h). */
static Table *new_table(void) {
  g_autoptr(StimulusSet) set = stimulus_set_new(".");
  return g_steal_pointer(&set->stimuli);
}

static bool read_table(const SetTable *table, Table **read, GError **error) {
  if (g_file_test(table->path, G_FILE_TEST_EXISTS))
    return table_read(table->path, read, error);
  *read = new_table();
  return true;
}

static bool row_fault(const Table *table, gsize row, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s", table_name(table), row + 2, what);
  return false;
}

/* Row numbers by id; the keys belong to the table. */
static bool index_rows(const Table *table, GHashTable **rows, GError **error) {
  gsize id;
  if (!table_require_column(table, "id", &id, error))
    return false;
  g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (!g_hash_table_insert(index, (gpointer)table_get(table, row, id), GSIZE_TO_POINTER(row))) {
      g_autofree char *what = g_strdup_printf("a second row has the id '%s'; take one away", table_get(table, row, id));
      return row_fault(table, row, what, error);
    }
  *rows = g_steal_pointer(&index);
  return true;
}

/* The image is there with the digest that the row states. */
static bool has_image(const SetTable *table, const Table *stimuli, gsize row, bool needs_digest) {
  const int file = table_column(stimuli, "file"), sha256 = table_column(stimuli, "sha256");
  if (file < 0)
    return false;
  g_autofree char *path = g_build_filename(table->folder, table_get(stimuli, row, (gsize)file), NULL);
  g_autofree char *digest = NULL;
  if (!files_sha256(path, &digest, NULL))
    return false;
  if (sha256 < 0 || table_is_missing(stimuli, row, (gsize)sha256))
    return !needs_digest;
  return g_ascii_strcasecmp(digest, table_get(stimuli, row, (gsize)sha256)) == 0;
}

static bool is_inside(const Table *stimuli, gsize row) {
  const int column = table_column(stimuli, "file");
  if (column < 0)
    return false;
  const char *file = table_get(stimuli, row, (gsize)column);
  g_auto(GStrv) parts = g_strsplit(file, "/", -1);
  return !g_path_is_absolute(file) && !g_strv_contains((const char *const *)parts, "..");
}

static bool check_other_rows(const SetTable *table, const Table *stimuli, GError **error) {
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize i = 0; i < table->n_rows; i++)
    g_hash_table_add(known, (gpointer)table->rows[i].id);
  const int id = table_column(stimuli, "id");
  for (gsize row = 0; row < table_n_rows(stimuli); row++)
    if (!g_hash_table_contains(known, table_get(stimuli, row, (gsize)id)) &&
        (!is_inside(stimuli, row) || !has_image(table, stimuli, row, false)))
      return row_fault(stimuli, row,
                       "this stimulus is not of the set's recipe, and its file is not in the folder or has changed; "
                       "take the row away",
                       error);
  return true;
}

bool set_table_states(SetTable *table, SetState *states, GError **error) {
  g_autoptr(Table) stimuli = NULL;
  g_autoptr(GHashTable) rows = NULL;
  if (!read_table(table, &stimuli, error) || !index_rows(stimuli, &rows, error) ||
      !check_other_rows(table, stimuli, error))
    return false;
  for (gsize i = 0; i < table->n_rows; i++) {
    gpointer at;
    if (!g_hash_table_lookup_extended(rows, table->rows[i].id, NULL, &at))
      states[i] = SET_UNKNOWN;
    else if (set_row_agrees(&table->rows[i], stimuli, GPOINTER_TO_SIZE(at)) &&
             has_image(table, stimuli, GPOINTER_TO_SIZE(at), true))
      states[i] = SET_FINISHED;
    else
      states[i] = SET_DAMAGED;
  }
  return true;
}

static void copy_row(const Table *from, gsize row, Table *to) {
  const gsize at = table_add_row(to);
  for (gsize column = 0; column < table_n_columns(from); column++)
    table_set(to, at, column, table_get(from, row, column));
}

/* The old table's rows and the new one, in the order of the set; rows of other ids follow. */
static Table *with_row(const SetTable *table, const Table *old, GHashTable *rows, const SetRow *row) {
  const gsize n_columns = table_n_columns(old);
  g_autofree const char **columns = g_new(const char *, n_columns);
  for (gsize column = 0; column < n_columns; column++)
    columns[column] = table_column_name(old, column);
  Table *new = table_new(columns, n_columns);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  const int sha256 = table_column(old, "sha256");
  for (gsize i = 0; i < table->n_rows; i++) {
    const char *wanted = table->rows[i].id;
    g_hash_table_add(known, (gpointer)wanted);
    gpointer at;
    const bool has = g_hash_table_lookup_extended(rows, wanted, NULL, &at);
    const bool is_new = strcmp(wanted, row->id) == 0;
    const bool same_image =
        has && sha256 >= 0 && strcmp(table_get(old, GPOINTER_TO_SIZE(at), (gsize)sha256), row->sha256) == 0;
    if (has && (!is_new || same_image))
      copy_row(old, GPOINTER_TO_SIZE(at), new);
    else if (is_new)
      table_add_row(new);
    if (is_new)
      set_row_fill(row, new, table_n_rows(new) - 1);
  }
  const int id = table_column(old, "id");
  for (gsize i = 0; i < table_n_rows(old); i++)
    if (!g_hash_table_contains(known, table_get(old, i, (gsize)id)))
      copy_row(old, i, new);
  return new;
}

static bool put(const SetTable *table, const SetRow *row, GError **error) {
  g_autoptr(Table) old = NULL;
  g_autoptr(GHashTable) rows = NULL;
  if (!read_table(table, &old, error) || !index_rows(old, &rows, error))
    return false;
  g_autoptr(Table) new = with_row(table, old, rows, row);
  return table_write(new, table->path, FILES_PUBLIC, error);
}

bool set_table_put(SetTable *table, const SetRow *row, GError **error) {
  if (!set_table_lock(table, error))
    return false;
  const bool ok = put(table, row, error);
  set_table_unlock(table);
  return ok;
}
