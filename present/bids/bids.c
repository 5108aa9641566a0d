#include "present/bids/bids.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "present/bids/bids_files.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"

#define LOCK_WAIT_MS 20000
#define LOCK_POLL_MS 50

bool bids_write(const char *data, const char *relative, const char *text, gsize size, GError **error) {
  g_autofree char *path = g_build_filename(data, relative, NULL);
  g_autofree char *present = NULL;
  gsize present_size = 0;
  if (files_read(path, size, &present, &present_size, NULL) && present_size == size && memcmp(present, text, size) == 0)
    return true;
  g_autofree char *folder = g_path_get_dirname(path);
  return files_make_folder(folder, 0700, error) && files_write(path, text, size, FILES_PRIVATE, error);
}

bool bids_write_table(const char *data, const char *relative, const Table *table, GError **error) {
  GString *text = table_format(table);
  bool written = bids_write(data, relative, text->str, text->len, error);
  g_string_free(text, TRUE);
  return written;
}

bool bids_write_json(const char *data, const char *relative, JsonObject *object, GError **error) {
  g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
  json_node_set_object(node, object);
  gsize size = 0;
  g_autofree char *text = json_write(node, &size);
  return bids_write(data, relative, text, size, error);
}

bool bids_put_tsv(gpointer root, const char *stem, const Table *table, JsonObject *columns, GError **error) {
  g_autofree char *tsv = g_strconcat(stem, ".tsv", NULL), *json = g_strconcat(stem, ".json", NULL);
  return bids_write_table(root, tsv, table, error) && bids_write_json(root, json, columns, error);
}

JsonObject *bids_describe(JsonObject *sidecar, const char *column, const char *description, const char *units) {
  JsonObject *object = json_object_new();
  json_object_set_string_member(object, "Description", description);
  if (units != NULL)
    json_object_set_string_member(object, "Units", units);
  json_object_set_object_member(sidecar, column, object);
  return object;
}

/* Sums of clocks carry the noise of binary fractions behind the nanoseconds that were measured. */
char *bids_seconds(double seconds) {
  char text[NUMBER_SIZE];
  return g_strdup(isfinite(seconds) ? number_format(round(seconds * 1e9) / 1e9, text) : "n/a");
}

void bids_set_seconds(Table *table, gsize row, gsize column, double seconds) {
  g_autofree char *text = bids_seconds(seconds);
  table_set(table, row, column, text);
}

JsonArray *bids_design_list(const JournalHeader *header, const char *name) {
  JsonNode *node = json_object_get_member(header->design, name);
  JsonArray *objects = json_array_new();
  JsonArray *all = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  for (guint i = 0; all != NULL && i < json_array_get_length(all); i++)
    if (JSON_NODE_HOLDS_OBJECT(json_array_get_element(all, i)))
      json_array_add_object_element(objects, json_object_ref(json_array_get_object_element(all, i)));
  return objects;
}

/* Two sessions that end at the same moment derive one after the other. */
static bool wait_for_lock(const char *data, int *lock, GError **error) {
  g_autofree char *path = g_build_filename(data, ".dreamrig.lock", NULL);
  for (int waited = 0;; waited += LOCK_POLL_MS) {
    g_autoptr(GError) cause = NULL;
    if (files_lock(path, lock, &cause))
      return true;
    if (!g_error_matches(cause, RIG_ERROR, RIG_ERROR_STATE) || waited >= LOCK_WAIT_MS) {
      g_propagate_error(error, g_steal_pointer(&cause));
      return false;
    }
    g_usleep(LOCK_POLL_MS * 1000);
  }
}

/* Derives from one journal at a time, so that memory does not grow with the study. `left_out` takes the faults of
 * journals; NULL: they are the call's. */
static bool derive(const char *data, const GPtrArray *paths, GStrvBuilder *left_out, GError **error) {
  g_autoptr(BidsStudy) study = bids_study_new();
  g_autoptr(GError) first = NULL;
  gsize n_bad = 0;
  for (guint i = 0; i < paths->len; i++) {
    g_autoptr(JournalContents) contents = NULL;
    g_autoptr(GError) cause = NULL;
    if (journal_read(paths->pdata[i], &contents, &cause) && bids_study_add(study, contents, &cause)) {
      if (!bids_write_behaviour(data, contents, &cause) || !bids_write_events(data, contents, &cause)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
      }
      continue;
    }
    bids_study_add_unreadable(study, data, paths->pdata[i], cause->message);
    if (left_out != NULL)
      g_strv_builder_add(left_out, cause->message);
    if (n_bad++ == 0)
      first = g_steal_pointer(&cause);
  }
  if (!bids_study_write(study, data, error))
    return false;
  if (n_bad == 0 || (left_out != NULL && n_bad < paths->len))
    return true;
  if (n_bad > 1)
    g_prefix_error(&first, "%zu journals cannot be read; the first: ", n_bad);
  g_propagate_error(error, g_steal_pointer(&first));
  return false;
}

static bool derive_locked(const char *data, GStrvBuilder *left_out, GError **error) {
  g_autoptr(GPtrArray) paths = journal_list(data, error);
  int lock = -1;
  if (paths == NULL)
    return false;
  if (!wait_for_lock(data, &lock, error))
    return false;
  bool derived = derive(data, paths, left_out, error);
  files_unlock(lock);
  return derived;
}

bool bids_derive(const char *data, GError **error) { return derive_locked(data, NULL, error); }

bool bids_derive_readable(const char *data, char ***left_out, GError **error) {
  g_autoptr(GStrvBuilder) messages = g_strv_builder_new();
  if (!derive_locked(data, messages, error))
    return false;
  *left_out = g_strv_builder_end(messages);
  return true;
}
