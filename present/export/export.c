#include "present/export/export.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "present/export/export_files.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

/* What is read from the journals. */
typedef struct {
  LongTable ratings;
  BidsStudy *study;
  char *task; /* NULL: none yet, or several */
  bool tasks; /* several */
} Collection;

static void collection_clear(Collection *collection) {
  long_table_clear(&collection->ratings);
  bids_study_free(collection->study);
  g_free(collection->task);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Collection, collection_clear)

static bool take_up(const char *path, Collection *collection, GError **error) {
  g_autoptr(JournalContents) contents = NULL;
  if (!journal_read(path, &contents, error) || !bids_study_add(collection->study, contents, error) ||
      !long_table_add(&collection->ratings, contents, error))
    return false;
  if (collection->task == NULL && !collection->tasks)
    collection->task = g_strdup(contents->header->task);
  else if (g_strcmp0(collection->task, contents->header->task) != 0) {
    g_clear_pointer(&collection->task, g_free);
    collection->tasks = true;
  }
  return true;
}

/* `left_out` takes the faults of journals; NULL, or where none could be read: they are the call's. */
static bool collect(const char *data, Collection *collection, GStrvBuilder *left_out, GError **error) {
  g_autoptr(GPtrArray) paths = journal_list(data, error);
  if (paths == NULL)
    return false;
  gsize n_bad = 0;
  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(GError) cause = NULL;
    if (take_up(paths->pdata[i], collection, &cause))
      continue;
    if (left_out == NULL || ++n_bad == paths->len) {
      g_propagate_error(error, g_steal_pointer(&cause));
      return false;
    }
    bids_study_add_unreadable(collection->study, data, paths->pdata[i], cause->message);
    g_strv_builder_add(left_out, cause->message);
  }
  return true;
}

/* The table of what was left out, where anything was. */
static bool put_skipped(const Collection *collection, BidsPut put, gpointer context, GError **error) {
  g_autoptr(JsonObject) columns = json_object_new();
  const Table *skipped = bids_study_left_out(collection->study, columns);
  return table_n_rows(skipped) == 0 || put(context, "skipped", skipped, columns, error);
}

static bool write_tsv(Collection *collection, char *root, GError **error) {
  return bids_put_tsv(root, "ratings", collection->ratings.table, collection->ratings.columns, error) &&
         bids_study_tables(collection->study, bids_put_tsv, root, error) &&
         put_skipped(collection, bids_put_tsv, root, error);
}

static bool write_psych_ds(Collection *collection, const char *root, GError **error) {
  g_autoptr(PsychDs) dataset = psych_ds_new(root, collection->task);
  g_autofree char *simulated = bids_study_simulated(collection->study);
  return psych_ds_put(dataset, "ratings", collection->ratings.table, collection->ratings.columns, error) &&
         bids_study_tables(collection->study, psych_ds_put, dataset, error) &&
         put_skipped(collection, psych_ds_put, dataset, error) &&
         psych_ds_finish(dataset, bids_study_title(collection->study), simulated, error);
}

/* A folder of our own making. */
static void remove_folder(const char *path) {
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    if (g_remove(inner) != 0)
      remove_folder(inner);
  }
  g_remove(path);
}

static bool check_free(const char *folder, GError **error) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  bool used = dir != NULL ? g_dir_read_name(dir) != NULL : g_file_test(folder, G_FILE_TEST_EXISTS);
  if (used)
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: is there already; nothing is overwritten", folder);
  return !used;
}

static bool export(const char *data, const char *folder, ExportFormat format, GStrvBuilder *left_out, GError **error) {
  g_auto(Collection) collection = {.ratings = long_table_new(), .study = bids_study_new()};
  if (!check_free(folder, error) || !collect(data, &collection, left_out, error))
    return false;
  g_autofree char *target = g_strdup(folder);
  for (gsize n = strlen(target); n > 1 && target[n - 1] == G_DIR_SEPARATOR; n--)
    target[n - 1] = '\0';
  g_autofree char *parent = g_path_get_dirname(target);
  g_autofree char *part = g_strconcat(target, ".part-XXXXXX", NULL);
  if (!files_make_folder(parent, 0700, error))
    return false;
  if (g_mkdtemp_full(part, 0700) == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot make the folder: %s", folder, g_strerror(errno));
    return false;
  }
  bool written = format == EXPORT_TSV ? write_tsv(&collection, part, error) : write_psych_ds(&collection, part, error);
  if (written && g_rename(part, target) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write: %s", folder, g_strerror(errno));
    written = false;
  }
  if (!written)
    remove_folder(part);
  return written;
}

bool export_data(const char *data, const char *folder, ExportFormat format, GError **error) {
  return export(data, folder, format, NULL, error);
}

bool export_readable(const char *data, const char *folder, ExportFormat format, char ***left_out, GError **error) {
  g_autoptr(GStrvBuilder) messages = g_strv_builder_new();
  if (!export(data, folder, format, messages, error))
    return false;
  *left_out = g_strv_builder_end(messages);
  return true;
}
