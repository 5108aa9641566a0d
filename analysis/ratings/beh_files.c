#include "analysis/ratings/beh_files.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static void beh_file_free(gpointer item) {
  BehFile *file = item;
  g_free(file->path);
  g_free(file->participant);
  g_free(file->session);
  g_free(file->task);
  g_free(file->run);
  g_free(file->id);
  g_free(file);
}

/* The names in folder/relative, ascending; none where that is no folder. */
static bool list_folder(const char *folder, const char *relative, char ***names, GError **error) {
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  if (g_file_test(path, G_FILE_TEST_IS_DIR))
    return files_list(path, names, error);
  *names = g_new0(char *, 1);
  return true;
}

/* Splits "sub-03_ses-1_task-rating_run-2_beh.tsv"; NULL where a part is unknown, doubled, or sub or task is missing. */
static BehFile *parse_name(const char *name, const char *path) {
  BehFile *file = g_new0(BehFile, 1);
  file->path = g_strdup(path);
  g_auto(GStrv) parts = g_strsplit(name, "_", -1);
  const struct {
    const char *prefix;
    char **place;
  } entities[] = {{"sub-", &file->participant}, {"ses-", &file->session}, {"task-", &file->task}, {"run-", &file->run}};
  bool valid = true;
  for (gsize i = 0; parts[i] != NULL && parts[i + 1] != NULL; i++) {
    bool known = false;
    for (gsize e = 0; e < G_N_ELEMENTS(entities) && !known; e++) {
      if (!g_str_has_prefix(parts[i], entities[e].prefix) || *entities[e].place != NULL)
        continue;
      *entities[e].place = g_strdup(parts[i]);
      known = true;
    }
    valid = valid && known;
  }
  if (!valid || file->participant == NULL || file->task == NULL) {
    beh_file_free(file);
    return NULL;
  }
  if (file->session == NULL)
    file->session = g_strdup("");
  if (file->run == NULL)
    file->run = g_strdup("");
  else
    file->run_number = g_ascii_strtoull(file->run + strlen("run-"), NULL, 10);
  return file;
}

static bool add_folder(GPtrArray *files, const char *folder, const char *participant, const char *session,
                       GError **error) {
  g_autofree char *beh = g_build_filename(participant, session, "beh", NULL);
  g_auto(GStrv) names = NULL;
  if (!list_folder(folder, beh, &names, error))
    return false;
  for (char **name = names; *name != NULL; name++) {
    if (!g_str_has_suffix(*name, "_beh.tsv"))
      continue;
    g_autofree char *path = g_build_filename(beh, *name, NULL);
    BehFile *file = parse_name(*name, path);
    if (file == NULL || strcmp(file->participant, participant) != 0 || strcmp(file->session, session) != 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s%c%s: file name: expected %s%s%s_task-LABEL[_run-N]_beh.tsv",
                  folder, G_DIR_SEPARATOR, path, participant, *session != '\0' ? "_" : "", session);
      g_clear_pointer(&file, beh_file_free);
      return false;
    }
    g_ptr_array_add(files, file);
  }
  return true;
}

static int compare_files(gconstpointer a, gconstpointer b) {
  const BehFile *x = *(BehFile *const *)a, *y = *(BehFile *const *)b;
  int order = strcmp(x->participant, y->participant);
  if (order == 0)
    order = strcmp(x->session, y->session);
  if (order == 0)
    order = (x->run_number > y->run_number) - (x->run_number < y->run_number);
  return order != 0 ? order : strcmp(x->path, y->path);
}

static void name_raters(GPtrArray *files) {
  const BehFile *first = NULL;
  g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < files->len; i++) {
    BehFile *file = g_ptr_array_index(files, i);
    if (first == NULL || strcmp(first->participant, file->participant) != 0)
      first = file;
    g_autoptr(GString) id = g_string_new(file->participant);
    const char *own[] = {file->session, file->task, file->run}, *firsts[] = {first->session, first->task, first->run};
    for (gsize e = 0; e < G_N_ELEMENTS(own); e++)
      if (*own[e] != '\0' && strcmp(own[e], firsts[e]) != 0)
        g_string_append_printf(id, "_%s", own[e]);
    if (g_hash_table_contains(taken, id->str)) { /* the parts that differ are the same as another file's: take all */
      g_autofree char *name = g_path_get_basename(file->path);
      g_string_truncate(g_string_assign(id, name), strlen(name) - strlen("_beh.tsv"));
    }
    file->id = g_strdup(id->str);
    g_hash_table_add(taken, file->id);
  }
}

bool beh_files_find(const char *folder, GPtrArray **files, GError **error) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(beh_file_free);
  g_auto(GStrv) participants = NULL;
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no such data folder", folder);
    return false;
  }
  if (!files_list(folder, &participants, error))
    return false;
  for (char **participant = participants; *participant != NULL; participant++) {
    g_auto(GStrv) sessions = NULL;
    if (!g_str_has_prefix(*participant, "sub-"))
      continue;
    if (!add_folder(found, folder, *participant, "", error) || !list_folder(folder, *participant, &sessions, error))
      return false;
    for (char **session = sessions; *session != NULL; session++)
      if (g_str_has_prefix(*session, "ses-") && !add_folder(found, folder, *participant, *session, error))
        return false;
  }
  if (found->len == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no session data; expected sub-LABEL/beh/*_beh.tsv", folder);
    return false;
  }
  g_ptr_array_sort(found, compare_files);
  name_raters(found);
  *files = g_steal_pointer(&found);
  return true;
}
