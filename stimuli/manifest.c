#include "stimuli/manifest.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define MAX_RECORD_BYTES ((gsize)64 << 20)

static const char *const columns[] = {"id",         "file",  "sha256", "network",          "layer",
                                      "layer_type", "depth", "seed",   "objective_before", "objective_after"};

StimulusSet *stimulus_set_new(const char *folder) {
  StimulusSet *set = g_new0(StimulusSet, 1);
  set->folder = g_strdup(folder);
  set->stimuli = table_new(columns, G_N_ELEMENTS(columns));
  set->record = json_object_new();
  return set;
}

void stimulus_set_free(StimulusSet *set) {
  if (set == NULL)
    return;
  g_free(set->folder);
  table_free(set->stimuli);
  json_object_unref(set->record);
  g_free(set);
}

static char *cell_path(const char *folder, const Table *stimuli, gsize row) {
  return g_build_filename(folder, table_get(stimuli, row, (gsize)table_column(stimuli, "file")), NULL);
}

char *stimulus_set_path(const StimulusSet *set, gsize row) { return cell_path(set->folder, set->stimuli, row); }

static bool set_fault(const Table *stimuli, gsize row, const char *column, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s: %s", table_name(stimuli), row + 2, column,
              what);
  return false;
}

/* A relative path none of whose parts is "..": whatever it names lies in the folder. */
static bool stays_inside(const char *file) {
  if (g_path_is_absolute(file))
    return false;
  g_auto(GStrv) parts = g_strsplit(file, "/", -1);
  return !g_strv_contains((const char *const *)parts, "..");
}

static bool check_file(const char *folder, const Table *stimuli, gsize row, bool verify, GError **error) {
  const char *file = table_get(stimuli, row, (gsize)table_column(stimuli, "file"));
  if (!stays_inside(file)) {
    g_autofree char *what = g_strdup_printf("'%s' is outside the set's folder", file);
    return set_fault(stimuli, row, "file", what, error);
  }
  g_autofree char *path = cell_path(folder, stimuli, row);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *what = g_strdup_printf("%s is not there", path);
    return set_fault(stimuli, row, "file", what, error);
  }
  int column = table_column(stimuli, "sha256");
  if (!verify || column < 0 || table_is_missing(stimuli, row, (gsize)column))
    return true;
  g_autofree char *hex = NULL;
  if (!files_sha256(path, &hex, error))
    return false;
  if (g_ascii_strcasecmp(hex, table_get(stimuli, row, (gsize)column)) == 0)
    return true;
  g_autofree char *what = g_strdup_printf("%s has changed since the set was made", path);
  return set_fault(stimuli, row, "sha256", what, error);
}

static bool check_rows(const char *folder, const Table *stimuli, bool verify, GError **error) {
  gsize id, file;
  if (!table_require_column(stimuli, "id", &id, error) || !table_require_column(stimuli, "file", &file, error))
    return false;
  g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize row = 0; row < table_n_rows(stimuli); row++) {
    const gsize required[] = {id, file};
    for (gsize i = 0; i < G_N_ELEMENTS(required); i++)
      if (table_is_missing(stimuli, row, required[i]))
        return set_fault(stimuli, row, table_column_name(stimuli, required[i]), "is missing", error);
    gpointer first;
    char *name = (char *)table_get(stimuli, row, id);
    if (g_hash_table_lookup_extended(rows, name, NULL, &first)) {
      g_autofree char *what =
          g_strdup_printf("'%s' was already at line %" G_GSIZE_FORMAT, name, GPOINTER_TO_SIZE(first) + 2);
      return set_fault(stimuli, row, "id", what, error);
    }
    g_hash_table_insert(rows, name, GSIZE_TO_POINTER(row));
    if (!check_file(folder, stimuli, row, verify, error))
      return false;
  }
  return true;
}

bool stimulus_record_read(const char *folder, JsonObject **record, GError **error) {
  g_autofree char *path = g_build_filename(folder, MANIFEST_RECORD, NULL), *text = NULL;
  gsize size;
  g_autoptr(JsonNode) root = NULL;
  if (!files_read(path, MAX_RECORD_BYTES, &text, &size, error) || !json_read(path, text, size, &root, error))
    return false;
  if (!JSON_NODE_HOLDS_OBJECT(root)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: an object is expected", path);
    return false;
  }
  *record = json_node_dup_object(root);
  return true;
}

/* An empty object where the set has no record. */
static bool read_record(const char *folder, JsonObject **record, GError **error) {
  g_autofree char *path = g_build_filename(folder, MANIFEST_RECORD, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return stimulus_record_read(folder, record, error);
  *record = json_object_new();
  return true;
}

bool stimulus_set_open(const char *folder, bool verify, StimulusSet **set, GError **error) {
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no such stimulus set", folder);
    return false;
  }
  g_autofree char *path = g_build_filename(folder, MANIFEST_TABLE, NULL);
  g_autoptr(Table) stimuli = NULL;
  JsonObject *record;
  if (!table_read(path, &stimuli, error) || !check_rows(folder, stimuli, verify, error) ||
      !read_record(folder, &record, error))
    return false;
  StimulusSet *opened = g_new(StimulusSet, 1);
  *opened = (StimulusSet){.folder = g_strdup(folder), .stimuli = g_steal_pointer(&stimuli), .record = record};
  *set = opened;
  return true;
}

bool stimulus_set_write(const StimulusSet *set, GError **error) {
  g_autofree char *record_path = g_build_filename(set->folder, MANIFEST_RECORD, NULL);
  g_autofree char *table_path = g_build_filename(set->folder, MANIFEST_TABLE, NULL);
  g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), set->record);
  gsize size;
  g_autofree char *text = json_write(root, &size);
  return files_write(record_path, text, size, FILES_PUBLIC, error) &&
         table_write(set->stimuli, table_path, FILES_PUBLIC, error);
}
