#include <string.h>

#include "present/journal/journal_line.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

#define SUFFIX "_journal.jsonl"

char *journal_folder(const char *data, const char *participant, const char *session) {
  g_autofree char *subject = g_strdup_printf("sub-%s", participant);
  g_autofree char *visit = session != NULL ? g_strdup_printf("ses-%s", session) : NULL;
  return g_build_filename(data, "sourcedata", subject, visit, NULL);
}

char *journal_prefix(const char *participant, const char *session, const char *task) {
  return g_strdup_printf("sub-%s%s%s_task-%s", participant, session != NULL ? "_ses-" : "",
                         session != NULL ? session : "", task);
}

gsize journal_file_run(const char *file, const char *prefix) {
  gsize length = strlen(prefix);
  if (strncmp(file, prefix, length) != 0 || !g_str_has_prefix(file + length, "_run-") ||
      !g_str_has_suffix(file, SUFFIX))
    return 0;
  const char *digits = file + length + strlen("_run-");
  gsize count = strspn(digits, "0123456789");
  gint64 run = 0;
  g_autofree char *number = g_strndup(digits, count);
  if (strcmp(digits + count, SUFFIX) != 0 || !number_parse_int(number, &run) || run > G_MAXINT)
    return 0;
  return (gsize)run;
}

gsize journal_highest_run(const char *folder, const char *prefix) {
  gsize highest = 0;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
    highest = MAX(highest, journal_file_run(name, prefix));
  return highest;
}

bool journal_newest(const char *data, const char *participant, const char *session, const char *task, char **path,
                    JournalStatus *status, GError **error) {
  if (!protocol_check_label("participant", participant, error) ||
      (session != NULL && !protocol_check_label("session", session, error)))
    return false;
  g_autofree char *folder = journal_folder(data, participant, session);
  g_autofree char *prefix = journal_prefix(participant, session, task);
  gsize run = journal_highest_run(folder, prefix);
  if (run == 0) {
    *path = NULL;
    return true;
  }
  g_autofree char *newest = g_strdup_printf("%s/%s_run-%zu" SUFFIX, folder, prefix, run);
  g_autoptr(JournalContents) contents = NULL;
  if (!journal_read(newest, &contents, error))
    return false;
  *status = contents->status;
  *path = g_steal_pointer(&newest);
  return true;
}

/* Adds the journals of a folder, and of its ses- folders; `level` 0 is sourcedata itself. */
static void collect(const char *folder, int level, GPtrArray *paths) {
  static const char *const folders[] = {"sub-", "ses-"};
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (level > 0 && g_str_has_suffix(name, SUFFIX))
      g_ptr_array_add(paths, g_steal_pointer(&path));
    else if (level < 2 && g_str_has_prefix(name, folders[level]) && g_file_test(path, G_FILE_TEST_IS_DIR))
      collect(path, level + 1, paths);
  }
}

static gint by_path(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

GPtrArray *journal_list(const char *data, GError **error) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  if (!g_file_test(data, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: there is no such data folder", data);
    g_ptr_array_unref(paths);
    return NULL;
  }
  g_autofree char *source = g_build_filename(data, "sourcedata", NULL);
  collect(source, 0, paths);
  g_ptr_array_sort(paths, by_path);
  return paths;
}

bool journal_check_kind(const char *data, bool simulated, GError **error) {
  g_autoptr(GPtrArray) paths = g_file_test(data, G_FILE_TEST_IS_DIR) ? journal_list(data, error) : NULL;
  for (guint i = 0; paths != NULL && i < paths->len; i++) {
    g_autoptr(JournalContents) contents = NULL;
    if (!journal_read(paths->pdata[i], &contents, NULL))
      continue;
    if (contents->header->simulated == simulated)
      return true;
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s holds %s data: choose another data folder for %s ones", data,
                simulated ? "real" : "simulated", simulated ? "simulated" : "real");
    return false;
  }
  return true;
}

char *journal_namesake(const char *data, const JournalHeader *header) {
  g_autoptr(GPtrArray) paths = g_file_test(data, G_FILE_TEST_IS_DIR) ? journal_list(data, NULL) : NULL;
  for (guint i = 0; paths != NULL && i < paths->len; i++) {
    g_autoptr(JournalContents) contents = NULL;
    if (!journal_read(paths->pdata[i], &contents, NULL))
      continue;
    const JournalHeader *other = contents->header;
    if (other->allocation == header->allocation && strcmp(other->task, header->task) == 0 &&
        strcmp(other->participant, header->participant) != 0)
      return g_strdup(other->participant);
  }
  return NULL;
}
