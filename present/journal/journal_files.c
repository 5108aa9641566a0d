#include <stdio.h>
#include <stdlib.h>
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

/* --- All journals --- */

typedef struct {
  char *path, *participant; /* the participant's folder */
  char *begun;              /* the header's wall clock; "": the header cannot be read */
} Found;

static void found_free(gpointer data) {
  Found *found = data;
  g_free(found->path);
  g_free(found->participant);
  g_free(found->begun);
  g_free(found);
}

/* Reads the first line alone; NULL where that is no whole header. */
static JournalHeader *header_of(const char *path) {
  FILE *file = fopen(path, "re");
  char *line = NULL;
  size_t room = 0;
  ssize_t size = file != NULL ? getline(&line, &room, file) : -1;
  if (file != NULL)
    fclose(file);
  char digest[JOURNAL_DIGEST_SIZE] = "";
  g_autofree char *type = NULL;
  g_autoptr(JsonObject) data = NULL;
  JournalHeader *header = NULL;
  bool read = size > 1 && line[size - 1] == '\n' &&
              journal_line_parse(path, line, (gsize)size - 1, 1, digest, &type, &data, NULL) &&
              strcmp(type, "header") == 0 && journal_header_from_json(data, &header, NULL);
  free(line);
  return read ? header : NULL;
}

/* Adds the journals of a folder, and of its ses- folders; `level` 0 is sourcedata itself. */
static void collect(const char *folder, const char *participant, int level, GPtrArray *all) {
  static const char *const folders[] = {"sub-", "ses-"};
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (level > 0 && g_str_has_suffix(name, SUFFIX)) {
      g_autoptr(JournalHeader) header = header_of(path);
      Found *found = g_new(Found, 1);
      *found = (Found){g_strdup(path), g_strdup(participant), g_strdup(header != NULL ? header->wall_clock : "")};
      g_ptr_array_add(all, found);
    } else if (level < 2 && g_str_has_prefix(name, folders[level]) && g_file_test(path, G_FILE_TEST_IS_DIR)) {
      collect(path, level == 0 ? name : participant, level + 1, all);
    }
  }
}

/* By text, but numbers in it by their size: "run-2" before "run-10". */
static int compare_naturally(const char *a, const char *b) {
  const char *left = a, *right = b;
  while (*left != '\0' && *right != '\0') {
    if (!g_ascii_isdigit(*left) || !g_ascii_isdigit(*right)) {
      if (*left != *right)
        break;
      left++;
      right++;
      continue;
    }
    left += strspn(left, "0");
    right += strspn(right, "0");
    gsize n_left = strspn(left, "0123456789"), n_right = strspn(right, "0123456789");
    int digits = n_left == n_right ? strncmp(left, right, n_left) : n_left < n_right ? -1 : 1;
    if (digits != 0)
      return digits;
    left += n_left;
    right += n_right;
  }
  return *left != *right ? (guchar)*left - (guchar)*right : strcmp(a, b);
}

/* Simulated sessions all begin at the same moment: their files' names decide. */
static gint by_moment(gconstpointer a, gconstpointer b) {
  const Found *left = *(Found *const *)a, *right = *(Found *const *)b;
  int order = strcmp(left->participant, right->participant);
  order = order != 0 ? order : strcmp(left->begun, right->begun);
  return order != 0 ? order : compare_naturally(left->path, right->path);
}

/* As journal_list has them; empty where there is none or no such folder. */
static GPtrArray *find_all(const char *data) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(found_free);
  g_autofree char *source = g_build_filename(data, "sourcedata", NULL);
  collect(source, "", 0, all);
  g_ptr_array_sort(all, by_moment);
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add(paths, g_strdup(((const Found *)all->pdata[i])->path));
  return paths;
}

GPtrArray *journal_list(const char *data, GError **error) {
  g_autoptr(GPtrArray) paths = find_all(data);
  if (paths->len > 0)
    return g_steal_pointer(&paths);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              g_file_test(data, G_FILE_TEST_IS_DIR) ? "%s: holds no session data (sourcedata/sub-*/*_journal.jsonl)"
                                                    : "%s: there is no such data folder",
              data);
  return NULL;
}

bool journal_check_kind(const char *data, bool simulated, GError **error) {
  g_autoptr(GPtrArray) paths = find_all(data);
  for (guint i = 0; i < paths->len; i++) {
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
  g_autoptr(GPtrArray) paths = find_all(data);
  for (guint i = 0; i < paths->len; i++) {
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

gsize journal_other_rules(const char *data, const Protocol *protocol, gsize rules) {
  g_autoptr(GPtrArray) paths = find_all(data);
  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(JournalHeader) header = header_of(paths->pdata[i]);
    if (header != NULL && header->rules != rules && header->seed == protocol->seed &&
        strcmp(header->task, protocol->task) == 0)
      return header->rules;
  }
  return 0;
}
