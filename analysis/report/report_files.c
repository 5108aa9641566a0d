#include "analysis/report/report_files.h"

#include <string.h>

#include "analysis/plot/figure.h"
#include "stimuli/base/batch.h"

typedef struct {
  char *path; /* relative */
  char *data;
  gsize size;
} ReportFile;

struct ReportFiles {
  GPtrArray *items;  /* ReportFile * */
  GHashTable *paths; /* borrowed from the items */
};

static void free_file(gpointer data) {
  ReportFile *file = data;
  g_free(file->path);
  g_free(file->data);
  g_free(file);
}

ReportFiles *report_files_new(void) {
  ReportFiles *files = g_new0(ReportFiles, 1);
  files->items = g_ptr_array_new_with_free_func(free_file);
  files->paths = g_hash_table_new(g_str_hash, g_str_equal);
  return files;
}

void report_files_free(ReportFiles *files) {
  if (files == NULL)
    return;
  g_hash_table_destroy(files->paths);
  g_ptr_array_free(files->items, TRUE);
  g_free(files);
}

/* Takes path and data over. */
static const char *add(ReportFiles *files, char *path, char *data, gsize size) {
  ReportFile *file = g_new(ReportFile, 1);
  *file = (ReportFile){path, data, size};
  g_ptr_array_add(files->items, file);
  bool new_path = g_hash_table_add(files->paths, path);
  g_assert(new_path);
  return path;
}

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"

/* Free with g_free. */
static char *free_path(const ReportFiles *files, const char *folder, const char *name, const char *extension) {
  g_autofree char *small = g_ascii_strdown(name, -1);
  g_strcanon(small, NAME_CHARACTERS, '_');
  char *path = g_strdup_printf("%s/%s%s", folder, small, extension);
  for (int number = 2; g_hash_table_contains(files->paths, path); number++) {
    g_free(path);
    path = g_strdup_printf("%s/%s-%d%s", folder, small, number, extension);
  }
  return path;
}

const char *report_files_add_table(ReportFiles *files, const char *name, const Table *table) {
  GString *text = table_format(table);
  gsize size = text->len;
  return add(files, free_path(files, REPORT_TABLES, name, ".tsv"), g_string_free(text, FALSE), size);
}

const char *report_files_add_figure(ReportFiles *files, const char *name, const char *svg) {
  return add(files, free_path(files, REPORT_FIGURES, name, ".svg"), g_strdup(svg), strlen(svg));
}

static bool print(const ReportFile *figure, bool (*make)(const char *, GByteArray **, GError **), GByteArray **bytes,
                  GError **error) {
  if (make(figure->data, bytes, error))
    return true;
  g_prefix_error(error, "%s: ", figure->path);
  return false;
}

/* A figure and what is made of it. */
typedef struct {
  const ReportFile *figure;
  GByteArray *pdf, *png;
} Prints;

static bool make_prints(gpointer all, gsize i, gsize worker, GError **error) {
  (void)worker;
  Prints *prints = (Prints *)all + i;
  return print(prints->figure, figure_pdf, &prints->pdf, error) &&
         print(prints->figure, figure_png, &prints->png, error);
}

/* Takes the bytes over. */
static void add_print(ReportFiles *files, const ReportFile *figure, const char *extension, GByteArray *bytes) {
  gsize size = bytes->len, stem = strlen(figure->path) - strlen(".svg");
  add(files, g_strdup_printf("%.*s%s", (int)stem, figure->path, extension), (char *)g_byte_array_free(bytes, FALSE),
      size);
}

bool report_files_add_prints(ReportFiles *files, gsize n_workers, GError **error) {
  gsize n = 0;
  g_autofree Prints *prints = g_new0(Prints, MAX(files->items->len, 1));
  for (guint i = 0; i < files->items->len; i++) {
    const ReportFile *file = g_ptr_array_index(files->items, i);
    if (g_str_has_suffix(file->path, ".svg"))
      prints[n++].figure = file;
  }
  bool made = batch_run(&(BatchOptions){.n_workers = n_workers}, n, make_prints, prints, error);
  for (gsize i = 0; i < n; i++)
    if (made) {
      add_print(files, prints[i].figure, ".pdf", prints[i].pdf);
      add_print(files, prints[i].figure, ".png", prints[i].png);
    } else {
      g_clear_pointer(&prints[i].pdf, g_byte_array_unref);
      g_clear_pointer(&prints[i].png, g_byte_array_unref);
    }
  return made;
}

void report_files_add_page(ReportFiles *files, const char *html, gsize size) {
  add(files, g_strdup(REPORT_PAGE), g_strndup(html, size), size);
}

gsize report_files_count(const ReportFiles *files) { return files->items->len; }

const char *report_files_path(const ReportFiles *files, gsize i) {
  return ((const ReportFile *)g_ptr_array_index(files->items, i))->path;
}

const char *report_files_data(const ReportFiles *files, gsize i, gsize *size) {
  const ReportFile *file = g_ptr_array_index(files->items, i);
  *size = file->size;
  return file->data;
}

static bool is_between(const char *path, const char *start, const char *end) {
  if (!g_str_has_prefix(path, start) || !g_str_has_suffix(path, end) || strlen(path) <= strlen(start) + strlen(end))
    return false;
  return strspn(path + strlen(start), NAME_CHARACTERS) == strlen(path) - strlen(start) - strlen(end);
}

bool report_files_is_path(const char *path) {
  return strcmp(path, REPORT_PAGE) == 0 || is_between(path, REPORT_TABLES "/", ".tsv") ||
         is_between(path, REPORT_FIGURES "/", ".svg") || is_between(path, REPORT_FIGURES "/", ".pdf") ||
         is_between(path, REPORT_FIGURES "/", ".png");
}
