#include "analysis/report/report_folder_list.h"

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define HEAD "dreamrig-analysis report"
#define MAX_LIST ((gsize)4 << 20)
#define RANDOM_LETTERS 6 /* of mkdtemp */

GHashTable *report_folder_list_read(const char *folder) {
  g_autofree char *path = g_build_filename(folder, REPORT_FOLDER_LIST, NULL), *text = NULL;
  gsize size;
  if (!files_read(path, MAX_LIST, &text, &size, NULL))
    return NULL;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  if (lines[0] == NULL || strcmp(lines[0], HEAD) != 0)
    return NULL;
  GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (char **line = lines + 1; *line != NULL; line++)
    if (report_files_is_path(*line))
      g_hash_table_add(paths, g_strdup(*line));
  return paths;
}

static int compare_paths(gconstpointer a, gconstpointer b) { return strcmp(a, b); }

bool report_folder_list_write(const char *folder, GHashTable *paths, GError **error) {
  g_autofree char *path = g_build_filename(folder, REPORT_FOLDER_LIST, NULL);
  g_autoptr(GString) text = g_string_new(HEAD "\n");
  GList *sorted = g_list_sort(g_hash_table_get_keys(paths), compare_paths);
  for (GList *item = sorted; item != NULL; item = item->next)
    g_string_append_printf(text, "%s\n", (const char *)item->data);
  g_list_free(sorted);
  return files_write(path, text->str, text->len, FILES_PRIVATE, error);
}

GHashTable *report_folder_list_of(const ReportFiles *files, GHashTable *earlier) {
  GHashTable *paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < report_files_count(files); i++)
    g_hash_table_add(paths, g_strdup(report_files_path(files, i)));
  GHashTableIter iterator;
  gpointer path;
  if (earlier != NULL)
    for (g_hash_table_iter_init(&iterator, earlier); g_hash_table_iter_next(&iterator, &path, NULL);)
      g_hash_table_add(paths, g_strdup(path));
  return paths;
}

void report_folder_list_remove(const char *folder, GHashTable *paths) {
  GHashTableIter iterator;
  gpointer relative;
  for (g_hash_table_iter_init(&iterator, paths); g_hash_table_iter_next(&iterator, &relative, NULL);) {
    g_autofree char *path = g_build_filename(folder, relative, NULL);
    g_unlink(path);
  }
  g_autofree char *tables = g_build_filename(folder, REPORT_TABLES, NULL);
  g_autofree char *figures = g_build_filename(folder, REPORT_FIGURES, NULL);
  g_autofree char *list = g_build_filename(folder, REPORT_FOLDER_LIST, NULL);
  g_rmdir(tables);
  g_rmdir(figures);
  g_unlink(list); /* last, so that what a kill leaves here is still known as ours */
  g_rmdir(folder);
}

static char *temporary_prefix(const char *base) { return g_strdup_printf(".%s.", base); }

/* ".BASE.XXXXXX", or ".BASE.XXXXXX.old" where a file system cannot exchange two names. */
static bool is_temporary_name(const char *entry, const char *base) {
  g_autofree char *prefix = temporary_prefix(base);
  if (!g_str_has_prefix(entry, prefix))
    return false;
  const char *letters = entry + strlen(prefix);
  gsize n = 0;
  while (g_ascii_isalnum(letters[n]))
    n++;
  return n == RANDOM_LETTERS && (letters[n] == '\0' || strcmp(letters + n, ".old") == 0);
}

/* The lock, or -1. */
static int lock_folder(const char *path) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 || flock(folder, LOCK_EX | LOCK_NB) == 0)
    return folder;
  close(folder);
  return -1;
}

bool report_folder_is_leftover(const char *parent, const char *entry, const char *base) {
  if (!is_temporary_name(entry, base))
    return false;
  g_autofree char *path = g_build_filename(parent, entry, NULL);
  int lock = lock_folder(path);
  if (lock < 0)
    return false;
  g_autoptr(GHashTable) paths = report_folder_list_read(path);
  close(lock);
  return paths != NULL;
}

void report_folder_remove_leftovers(const char *parent, const char *base) {
  GDir *dir = g_dir_open(parent, 0, NULL);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  for (const char *entry; dir != NULL && (entry = g_dir_read_name(dir)) != NULL;)
    if (is_temporary_name(entry, base))
      g_ptr_array_add(found, g_build_filename(parent, entry, NULL));
  if (dir != NULL)
    g_dir_close(dir);
  for (guint i = 0; i < found->len; i++) {
    int lock = lock_folder(found->pdata[i]);
    if (lock < 0)
      continue;
    g_autoptr(GHashTable) paths = report_folder_list_read(found->pdata[i]);
    if (paths != NULL)
      report_folder_list_remove(found->pdata[i], paths);
    close(lock);
  }
}

bool report_folder_temporary(const char *parent, const char *base, char **path, int *lock, GError **error) {
  g_autofree char *prefix = temporary_prefix(base), *name = g_strconcat(prefix, "XXXXXX", NULL);
  char *made = g_build_filename(parent, name, NULL);
  if (g_mkdtemp(made) == NULL || (*lock = lock_folder(made)) < 0) {
    int cause = errno;
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write into the folder: %s", parent, g_strerror(cause));
    g_free(made);
    return false;
  }
  *path = made;
  return true;
}
