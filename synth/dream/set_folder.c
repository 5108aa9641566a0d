#include "synth/dream/set_folder.h"

#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/dream_record.h"
#include "synth/dream/set.h"

#define START_FOLDER "start"
#define MAX_RECORD_BYTES (64 * 1024 * 1024)

static bool exists(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool check_recipe(const Recipe *recipe, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, SET_RECIPE, NULL);
  g_autoptr(Recipe) old = NULL;
  if (!recipe_read(path, &old, error))
    return false;
  g_autofree char *difference = recipe_difference(old, recipe);
  if (!difference)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
              "%s: holds a set made with other settings: %s; give another folder with -o, or the same settings", folder,
              difference);
  return false;
}

static bool write_recipe(const Recipe *recipe, const char *folder, GError **error) {
  if (exists(folder, MANIFEST_TABLE) || exists(folder, MANIFEST_RECORD)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "%s: holds a stimulus set that was not made by dreamrig-synth set; give another folder with -o",
                folder);
    return false;
  }
  g_autofree char *path = g_build_filename(folder, SET_RECIPE, NULL);
  g_autofree char *text = recipe_format(recipe);
  return files_write(path, text, strlen(text), FILES_PUBLIC, error);
}

static bool same_pixels(const Image *a, const Image *b) {
  return a->width == b->width && a->height == b->height &&
         memcmp(a->pixels, b->pixels, (gsize)a->width * (gsize)a->height * 3 * sizeof(float)) == 0;
}

/* Writes the image unless the file has it already, and gives the file's digest. */
static bool keep_start(const Image *start, const char *path, char **sha256, GError **error) {
  g_autoptr(Image) old = NULL;
  if (!g_file_test(path, G_FILE_TEST_EXISTS) || !image_read(path, &old, NULL) || !same_pixels(old, start))
    if (!image_write_png(start, path, error))
      return false;
  return files_sha256(path, sha256, error);
}

static bool write_starts(const RecipeInputs *inputs, const char *folder, JsonObject *record, GError **error) {
  g_autofree char *start_folder = g_build_filename(folder, START_FOLDER, NULL);
  if (!files_make_folder(start_folder, 0755, error))
    return false;
  /* One image of the user's serves every seed; noise is each seed's own. */
  g_autofree char *file = NULL, *sha256 = NULL;
  for (int seed = 1; seed <= inputs->recipe->seeds; seed++) {
    if (seed == 1 || !inputs->start) {
      g_autoptr(Image) start = recipe_inputs_start(inputs, (guint32)seed, error);
      if (!start)
        return false;
      g_free(file);
      file =
          inputs->start ? g_strdup(START_FOLDER "/start.png") : g_strdup_printf(START_FOLDER "/noise_seed%d.png", seed);
      g_clear_pointer(&sha256, g_free);
      g_autofree char *path = g_build_filename(folder, file, NULL);
      if (!keep_start(start, path, &sha256, error))
        return false;
    }
    dream_record_add_start(record, inputs, seed, file, sha256);
  }
  return true;
}

/* The version that began the set must be the one that goes on with it; the BLAS libraries of all hosts are listed. */
static bool merge_old_record(JsonObject *record, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, MANIFEST_RECORD, NULL), *text = NULL;
  gsize size;
  g_autoptr(JsonNode) root = NULL;
  if (!files_read(path, MAX_RECORD_BYTES, &text, &size, error) || !json_read(path, text, size, &root, error))
    return false;
  JsonObject *old = JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
  const char *program = old ? json_object_get_string_member_with_default(old, "program", NULL) : NULL;
  if (g_strcmp0(program, json_object_get_string_member(record, "program")) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s: was begun by %s; this is %s", folder,
                program ? program : "an unknown program", json_object_get_string_member(record, "program"));
    return false;
  }
  dream_record_merge_blas(record, old);
  return true;
}

static bool write_record(const RecipeInputs *inputs, const char *folder, JsonObject *record, GError **error) {
  json_object_set_int_member(record, "n_stimuli", (gint64)inputs->n_nodes * inputs->recipe->seeds);
  if (exists(folder, MANIFEST_RECORD) && !merge_old_record(record, folder, error))
    return false;
  g_autoptr(StimulusSet) set = stimulus_set_new(folder);
  json_object_unref(set->record);
  set->record = json_object_ref(record);
  if (exists(folder, MANIFEST_TABLE)) {
    g_autofree char *path = g_build_filename(folder, MANIFEST_TABLE, NULL);
    Table *old;
    if (!table_read(path, &old, error))
      return false;
    table_free(set->stimuli);
    set->stimuli = old;
  }
  return stimulus_set_write(set, error);
}

static bool prepare_locked(const RecipeInputs *inputs, const char *folder, GError **error) {
  if (!(exists(folder, SET_RECIPE) ? check_recipe(inputs->recipe, folder, error)
                                   : write_recipe(inputs->recipe, folder, error)))
    return false;
  JsonObject *record = dream_record_new(inputs);
  const bool ok = write_starts(inputs, folder, record, error) && write_record(inputs, folder, record, error);
  json_object_unref(record);
  return ok;
}

bool set_folder_prepare(const RecipeInputs *inputs, const char *folder, SetTable *table, GError **error) {
  if (!set_table_lock(table, error))
    return false;
  const bool ok = prepare_locked(inputs, folder, error);
  set_table_unlock(table);
  return ok;
}
