#include "analysis/report/report_files.h"

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PRIVATE_FOLDER 0700

typedef struct {
  char *path; /* relative */
  char *data;
  gsize size;
} ReportFile;

struct ReportFiles {
  GArray *items; /* ReportFile */
};

static void clear_file(gpointer data) {
  ReportFile *file = data;
  g_free(file->path);
  g_free(file->data);
}

ReportFiles *report_files_new(void) {
  ReportFiles *files = g_new0(ReportFiles, 1);
  files->items = g_array_new(FALSE, FALSE, sizeof(ReportFile));
  g_array_set_clear_func(files->items, clear_file);
  return files;
}

void report_files_free(ReportFiles *files) {
  if (files == NULL)
    return;
  g_array_free(files->items, TRUE);
  g_free(files);
}

static void add(ReportFiles *files, char *path, char *data, gsize size) {
  for (guint i = 0; i < files->items->len; i++)
    g_assert(strcmp(g_array_index(files->items, ReportFile, i).path, path) != 0);
  ReportFile file = {path, data, size};
  g_array_append_val(files->items, file);
}

void report_files_add_table(ReportFiles *files, const char *name, const Table *table) {
  GString *text = table_format(table);
  gsize size = text->len;
  add(files, g_strconcat(REPORT_TABLES "/", name, ".tsv", NULL), g_string_free(text, FALSE), size);
}

void report_files_add_figure(ReportFiles *files, const char *name, const char *svg) {
  add(files, g_strconcat(REPORT_FIGURES "/", name, ".svg", NULL), g_strdup(svg), strlen(svg));
}

void report_files_add_page(ReportFiles *files, const char *html, gsize size) {
  add(files, g_strdup(REPORT_PAGE), g_strndup(html, size), size);
}

typedef enum { TARGET_NEW, TARGET_EMPTY, TARGET_REPORT, TARGET_FOREIGN } Target;

static Target target_kind(const char *folder) {
  if (!g_file_test(folder, G_FILE_TEST_EXISTS))
    return g_file_test(folder, G_FILE_TEST_IS_SYMLINK) ? TARGET_FOREIGN : TARGET_NEW;
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL)
    return TARGET_FOREIGN;
  bool empty = g_dir_read_name(dir) == NULL;
  g_dir_close(dir);
  g_autofree char *page = g_build_filename(folder, REPORT_PAGE, NULL);
  if (empty)
    return TARGET_EMPTY;
  return g_file_test(page, G_FILE_TEST_IS_REGULAR) ? TARGET_REPORT : TARGET_FOREIGN;
}

/* Without a trailing separator, so that the sibling lies beside it and not inside. */
static char *plain_path(const char *folder) { return g_canonicalize_filename(folder, NULL); }

bool report_files_check(const char *folder, GError **error) {
  g_autofree char *target = plain_path(folder);
  g_autofree char *parent = g_path_get_dirname(target);
  if (!files_make_folder(parent, PRIVATE_FOLDER, error))
    return false;
  if (target_kind(target) == TARGET_FOREIGN) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: holds other files and no %s; name a new folder", folder,
                REPORT_PAGE);
    return false;
  }
  return true;
}

static bool set_failure(GError **error, const char *path) {
  int cause = errno;
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: %s", path, g_strerror(cause));
  return false;
}

/* Removes a folder that this file made: two levels of files and folders. Failures leave files behind, no more. */
static void remove_folder(const char *folder) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (dir != NULL) {
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
      g_autofree char *path = g_build_filename(folder, name, NULL);
      if (!g_file_test(path, G_FILE_TEST_IS_SYMLINK) && g_file_test(path, G_FILE_TEST_IS_DIR))
        remove_folder(path);
      else
        g_unlink(path);
    }
    g_dir_close(dir);
  }
  g_rmdir(folder);
}

static bool write_all(const ReportFiles *files, const char *folder, GError **error) {
  for (guint i = 0; i < files->items->len; i++) {
    const ReportFile *file = &g_array_index(files->items, ReportFile, i);
    g_autofree char *path = g_build_filename(folder, file->path, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    if (!files_make_folder(parent, PRIVATE_FOLDER, error) ||
        !files_write(path, file->data, file->size, FILES_PRIVATE, error))
      return false;
  }
  return true;
}

/* Exchanges one entry of an earlier report for the new one; the earlier one goes where the new one came from. */
static bool replace_entry(const char *from, const char *to, const char *name, GError **error) {
  g_autofree char *new_path = g_build_filename(from, name, NULL);
  g_autofree char *path = g_build_filename(to, name, NULL);
  g_autofree char *old_path = g_strconcat(new_path, ".old", NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS) && g_rename(path, old_path) != 0)
    return set_failure(error, path);
  if (!g_file_test(new_path, G_FILE_TEST_EXISTS) || g_rename(new_path, path) == 0)
    return true;
  set_failure(error, path);
  g_rename(old_path, path);
  return false;
}

static bool put_in_place(const char *from, const char *target, GError **error) {
  if (target_kind(target) != TARGET_REPORT)
    return g_rename(from, target) == 0 || set_failure(error, target);
  static const char *const entries[] = {REPORT_TABLES, REPORT_FIGURES, REPORT_PAGE};
  for (gsize i = 0; i < G_N_ELEMENTS(entries); i++)
    if (!replace_entry(from, target, entries[i], error))
      return false;
  remove_folder(from);
  return true;
}

bool report_files_write(const ReportFiles *files, const char *folder, GError **error) {
  if (!report_files_check(folder, error))
    return false;
  g_autofree char *target = plain_path(folder);
  g_autofree char *parent = g_path_get_dirname(target);
  g_autofree char *base = g_path_get_basename(target);
  g_autofree char *name = g_strdup_printf(".%s.XXXXXX", base);
  g_autofree char *sibling = g_build_filename(parent, name, NULL);
  if (g_mkdtemp(sibling) == NULL)
    return set_failure(error, parent);
  if (write_all(files, sibling, error) && put_in_place(sibling, target, error))
    return true;
  remove_folder(sibling);
  g_prefix_error(error, "%s: not written: ", folder);
  return false;
}
