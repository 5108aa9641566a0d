#include "analysis/ratings/data_files.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static bool is_table_name(const char *name) {
  static const char *const endings[] = {".csv", ".tsv", ".txt"};
  g_autofree char *lower = g_ascii_strdown(name, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i]))
      return *name != '.';
  return false;
}

bool data_files_is_table_folder(const char *path) {
  GDir *dir = g_dir_open(path, 0, NULL);
  if (dir == NULL)
    return false;
  bool sessions = false, tables = false;
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *entry = g_build_filename(path, name, NULL);
    bool is_folder = g_file_test(entry, G_FILE_TEST_IS_DIR);
    sessions =
        sessions || strcmp(name, "dataset_description.json") == 0 || (is_folder && g_str_has_prefix(name, "sub-"));
    tables = tables || (!is_folder && is_table_name(name));
  }
  g_dir_close(dir);
  return tables && !sessions;
}

bool data_files_tables(const char *path, GPtrArray **paths, GError **error) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_ptr_array_add(found, g_strdup(path));
    *paths = g_steal_pointer(&found);
    return true;
  }
  g_auto(GStrv) names = NULL;
  if (!files_list(path, &names, error))
    return false;
  for (char **name = names; *name != NULL; name++)
    if (is_table_name(*name))
      g_ptr_array_add(found, g_build_filename(path, *name, NULL));
  if (found->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no table; expected *.csv, *.tsv or *.txt", path);
    return false;
  }
  *paths = g_steal_pointer(&found);
  return true;
}

/* Folders of session data that hold what was measured; others, as derivatives, hold results. */
static bool holds_data(const char *name) {
  return g_str_has_prefix(name, "sub-") || strcmp(name, "phenotype") == 0 || strcmp(name, "sourcedata") == 0;
}

static void add_files(const char *folder, bool is_top, bool only_tables, GPtrArray *paths) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL)
    return;
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
      if (!only_tables || is_table_name(name))
        g_ptr_array_add(paths, g_steal_pointer(&path));
    } else if (!only_tables && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) && (!is_top || holds_data(name))) {
      add_files(path, false, false, paths);
    }
  }
  g_dir_close(dir);
}

GPtrArray *data_files_all(const char *path) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    add_files(path, true, data_files_is_table_folder(path), paths);
  else
    g_ptr_array_add(paths, g_strdup(path));
  return paths;
}
