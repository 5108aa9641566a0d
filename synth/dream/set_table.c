#include "synth/dream/set_table.h"

#include <string.h>

#include "stimuli/base/files.h"
#include "stimuli/base/table.h"
#include "stimuli/manifest.h"
#include "synth/dream/set_lock.h"

/* A table is rewritten in milliseconds; a minute means that its holder hangs. */
#define LOCK_PATIENCE_MS 60000

struct SetTable {
  char *folder, *path, *lock_path;
  char **ids;
  GMutex mutex; /* guards lock, and the table's file within this process */
  int lock;
};

SetTable *set_table_new(const char *folder, const char *const *ids) {
  SetTable *table = g_new0(SetTable, 1);
  table->folder = g_strdup(folder);
  table->path = g_build_filename(folder, MANIFEST_TABLE, NULL);
  table->lock_path = g_build_filename(folder, ".table.lock", NULL);
  table->ids = g_strdupv((char **)ids);
  g_mutex_init(&table->mutex);
  return table;
}

void set_table_free(SetTable *table) {
  if (!table)
    return;
  g_free(table->folder);
  g_free(table->path);
  g_free(table->lock_path);
  g_strfreev(table->ids);
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

/* Row numbers by id; the keys belong to the table. */
static bool index_rows(const Table *table, GHashTable **rows, GError **error) {
  gsize id;
  if (!table_require_column(table, "id", &id, error))
    return false;
  *rows = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; row < table_n_rows(table); row++)
    g_hash_table_insert(*rows, (gpointer)table_get(table, row, id), GSIZE_TO_POINTER(row));
  return true;
}

static bool is_finished(const SetTable *table, const Table *stimuli, gsize row) {
  const int file = table_column(stimuli, "file"), sha256 = table_column(stimuli, "sha256");
  if (file < 0 || sha256 < 0)
    return false;
  g_autofree char *path = g_build_filename(table->folder, table_get(stimuli, row, (gsize)file), NULL);
  g_autofree char *digest = NULL;
  return files_sha256(path, &digest, NULL) && strcmp(digest, table_get(stimuli, row, (gsize)sha256)) == 0;
}

bool set_table_finished(SetTable *table, bool *done, GError **error) {
  g_autoptr(Table) stimuli = NULL;
  g_autoptr(GHashTable) rows = NULL;
  if (!read_table(table, &stimuli, error) || !index_rows(stimuli, &rows, error))
    return false;
  for (gsize i = 0; table->ids[i]; i++) {
    gpointer row;
    done[i] = g_hash_table_lookup_extended(rows, table->ids[i], NULL, &row) &&
              is_finished(table, stimuli, GPOINTER_TO_SIZE(row));
  }
  return true;
}

static void fill(Table *to, gsize at, const SetRow *row) {
  const struct {
    const char *column, *text;
  } texts[] = {{"id", row->id},           {"file", row->file},   {"sha256", row->sha256},
               {"network", row->network}, {"layer", row->layer}, {"layer_type", row->layer_type}};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    table_set(to, at, table_add_column(to, texts[i].column), texts[i].text);
  table_set_int(to, at, table_add_column(to, "depth"), row->depth);
  table_set_int(to, at, table_add_column(to, "seed"), row->seed);
  table_set_double(to, at, table_add_column(to, "objective_before"), row->objective_before);
  table_set_double(to, at, table_add_column(to, "objective_after"), row->objective_after);
}

static void copy_row(const Table *from, gsize row, Table *to) {
  const gsize at = table_add_row(to);
  for (gsize column = 0; column < table_n_columns(from); column++)
    table_set(to, at, column, table_get(from, row, column));
}

/* The old table's rows and the new one, in the order of the ids; rows of other ids follow. */
static Table *with_row(const SetTable *table, const Table *old, GHashTable *rows, const SetRow *row) {
  const gsize n_columns = table_n_columns(old);
  g_autofree const char **columns = g_new(const char *, n_columns);
  for (gsize column = 0; column < n_columns; column++)
    columns[column] = table_column_name(old, column);
  Table *new = table_new(columns, n_columns);
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  const int sha256 = table_column(old, "sha256");
  for (gsize i = 0; table->ids[i]; i++) {
    g_hash_table_add(known, table->ids[i]);
    gpointer at;
    const bool has = g_hash_table_lookup_extended(rows, table->ids[i], NULL, &at);
    const bool is_new = strcmp(table->ids[i], row->id) == 0;
    const bool same_image =
        has && sha256 >= 0 && strcmp(table_get(old, GPOINTER_TO_SIZE(at), (gsize)sha256), row->sha256) == 0;
    if (has && (!is_new || same_image))
      copy_row(old, GPOINTER_TO_SIZE(at), new);
    else if (is_new)
      table_add_row(new);
    if (is_new)
      fill(new, table_n_rows(new) - 1, row);
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
