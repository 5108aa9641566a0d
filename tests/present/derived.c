#include "tests/present/derived.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "present/bids/bids.h"
#include "stimuli/base/files.h"

void derived_make(const char *data) {
  GError *error = NULL;
  bids_derive(data, &error);
  g_assert_no_error(error);
}

char *derived_text(const char *folder, const char *relative) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  char *text = NULL;
  gsize size = 0;
  files_read(path, 1 << 20, &text, &size, &error);
  g_assert_no_error(error);
  g_assert_true(g_utf8_validate(text, (gssize)size, NULL));
  return text;
}

Table *derived_table(const char *folder, const char *relative) {
  GError *error = NULL;
  Table *table = NULL;
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

JsonNode *derived_json(const char *folder, const char *relative) {
  GError *error = NULL;
  JsonNode *root = NULL;
  g_autofree char *text = derived_text(folder, relative);
  json_read(relative, text, strlen(text), &root, &error);
  g_assert_no_error(error);
  return root;
}

const char *derived_cell(const Table *table, gsize row, const char *column) {
  int index = table_column(table, column);
  if (index < 0)
    g_error("there is no column %s", column);
  return table_get(table, row, (gsize)index);
}

JsonObject *derived_entry(const JsonNode *sidecar, const char *column) {
  JsonObject *entry = json_object_get_object_member(json_node_get_object((JsonNode *)sidecar), column);
  if (entry == NULL)
    g_error("nothing is said of the column %s", column);
  return entry;
}

const char *derived_level(const JsonNode *sidecar, const char *column, const char *value) {
  JsonObject *levels = json_object_get_object_member(derived_entry(sidecar, column), "Levels");
  g_assert_nonnull(levels);
  return json_object_get_string_member(levels, value);
}

void derived_check_described(const Table *table, const JsonNode *sidecar) {
  for (gsize i = 0; i < table_n_columns(table); i++)
    g_assert_true(json_object_has_member(derived_entry(sidecar, table_column_name(table, i)), "Description"));
}

gsize derived_check_private(const char *path, const char *ending) {
  GStatBuf status;
  g_assert_cmpint(g_lstat(path, &status), ==, 0);
  bool folder = S_ISDIR(status.st_mode);
  if ((status.st_mode & 0777) != (folder ? 0700 : 0600))
    g_error("%s has the mode %o", path, status.st_mode & 0777);
  if (!folder)
    return g_str_has_suffix(path, ending) ? 1 : 0;
  gsize n = 0;
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    n += derived_check_private(inner, ending);
  }
  return n;
}
