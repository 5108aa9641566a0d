#include "synth/dream/set_folder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/dream_record.h"
#include "synth/dream/set.h"
#include "synth/dream/set_image.h"

static bool exists(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static bool check_recipe(const Recipe *recipe, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, SET_RECIPE, NULL);
  g_autoptr(Recipe) old = NULL;
  if (!recipe_read(path, &old, error))
    return false;
  if (!old->network || !old->layers[0]) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "%s: is empty or names no network or no layers, so it is not what a set was made with; give another "
                "folder with -o",
                path);
    return false;
  }
  g_autofree char *difference = recipe_difference(old, recipe);
  if (!difference)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
              "%s: holds a set made with other settings: %s; give another folder with -o, or the same settings", folder,
              difference);
  return false;
}

static bool write_recipe(const Recipe *recipe, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, SET_RECIPE, NULL);
  g_autofree char *text = recipe_format(recipe);
  return files_write(path, text, strlen(text), FILES_PUBLIC, error);
}

/* One image of the user's serves every seed; noise is each seed's own. */
static char *start_file(const RecipeInputs *inputs, int seed) {
  return inputs->start ? g_strdup(RECIPE_KEPT_START) : g_strdup_printf(START_FOLDER "/noise_seed%d.png", seed);
}

/* A folder that is no set yet may hold other files, but none where the set's are to be. */
static bool check_empty(const RecipeInputs *inputs, const char *folder, const SetRow *rows, gsize n_rows,
                        GError **error) {
  if (exists(folder, MANIFEST_TABLE) || exists(folder, MANIFEST_RECORD)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "%s: holds a stimulus set without a " SET_RECIPE
                ": it was not made by dreamrig-synth set, or the recipe was deleted; give another folder with -o",
                folder);
    return false;
  }
  for (int seed = 1; seed <= inputs->recipe->seeds; seed++) {
    g_autofree char *file = start_file(inputs, seed), *path = g_build_filename(folder, file, NULL);
    GStatBuf status;
    if (g_lstat(path, &status) == 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                  "%s: is in the way: the set is to keep a start image here; move it away, or give another folder "
                  "with -o",
                  path);
      return false;
    }
  }
  for (gsize i = 0; i < n_rows; i++)
    if (!set_image_check_way(folder, &rows[i], error))
      return false;
  return true;
}

static bool same_pixels(const Image *a, const Image *b) {
  return a->width == b->width && a->height == b->height &&
         memcmp(a->pixels, b->pixels, (gsize)a->width * (gsize)a->height * 3 * sizeof(float)) == 0;
}

/* Writes the image unless the file has it already, and gives the file's digest. */
static bool keep_start(const Image *start, const char *path, char **sha256, GError **error) {
  g_autoptr(Image) old = NULL;
  if (!image_read(path, &old, NULL) || !same_pixels(old, start))
    if (!image_write_png(start, path, error))
      return false;
  return files_sha256(path, sha256, error);
}

static bool write_starts(const RecipeInputs *inputs, const char *folder, JsonObject *record, GError **error) {
  g_autofree char *start_folder = g_build_filename(folder, START_FOLDER, NULL), *sha256 = NULL;
  if (!files_make_folder(start_folder, 0755, error))
    return false;
  for (int seed = 1; seed <= inputs->recipe->seeds; seed++) {
    g_autofree char *file = start_file(inputs, seed), *path = g_build_filename(folder, file, NULL);
    if (seed == 1 || !inputs->start) {
      g_autoptr(Image) start = recipe_inputs_start(inputs, (guint32)seed, error);
      g_clear_pointer(&sha256, g_free);
      if (!start || !keep_start(start, path, &sha256, error))
        return false;
    }
    dream_record_add_start(record, inputs, seed, file, sha256);
  }
  return true;
}

/* The version that began the set must be the one that goes on with it; the BLAS libraries of all hosts are listed. */
static bool merge_old_record(JsonObject *record, const char *folder, GError **error) {
  g_autoptr(JsonObject) old = NULL;
  if (!stimulus_record_read(folder, &old, error))
    return false;
  const char *program = json_text(old, "program", NULL);
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

static bool prepare_locked(const RecipeInputs *inputs, const char *folder, const SetRow *rows, gsize n_rows,
                           GError **error) {
  if (!(exists(folder, SET_RECIPE)
            ? check_recipe(inputs->recipe, folder, error)
            : check_empty(inputs, folder, rows, n_rows, error) && write_recipe(inputs->recipe, folder, error)))
    return false;
  JsonObject *record = dream_record_new(inputs);
  const bool ok = write_starts(inputs, folder, record, error) && write_record(inputs, folder, record, error);
  json_object_unref(record);
  return ok;
}

bool set_folder_prepare(const RecipeInputs *inputs, const char *folder, const SetRow *rows, gsize n_rows,
                        SetTable *table, GError **error) {
  if (!set_table_lock(table, error))
    return false;
  const bool ok = prepare_locked(inputs, folder, rows, n_rows, error);
  set_table_unlock(table);
  return ok;
}
