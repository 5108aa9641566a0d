#include "tests/synth/dream/folder.h"

#include <string.h>

#include "stimuli/base/files.h"

static void list_into(const char *folder, const char *prefix, GPtrArray *lines) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  g_assert_nonnull(dir);
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL), *relative = g_strconcat(prefix, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      g_autofree char *below = g_strconcat(relative, "/", NULL);
      list_into(path, below, lines);
      continue;
    }
    g_autofree char *digest = NULL;
    g_assert_true(files_sha256(path, &digest, NULL));
    g_ptr_array_add(lines, g_strdup_printf("%s %s", relative, digest));
  }
  g_dir_close(dir);
}

static int compare(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

char *folder_listing(const char *folder) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  list_into(folder, "", lines);
  g_ptr_array_sort(lines, compare);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}
