#include "analysis/output_place.h"

#include "stimuli/base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool set_unusable(const char *folder, int cause, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write into the folder: %s", folder, g_strerror(cause));
  return false;
}

bool output_place_check_folder(const char *folder, GError **error) {
  g_autofree char *nearest = g_canonicalize_filename(folder, NULL);
  struct stat status;
  while (lstat(nearest, &status) != 0 && errno == ENOENT && strcmp(nearest, "/") != 0) {
    char *parent = g_path_get_dirname(nearest);
    g_free(nearest);
    nearest = parent;
  }
  if (stat(nearest, &status) != 0)
    return set_unusable(nearest, errno, error);
  if (!S_ISDIR(status.st_mode))
    return set_unusable(nearest, ENOTDIR, error);
  return access(nearest, W_OK | X_OK) == 0 || set_unusable(nearest, errno, error);
}

/* What names a file that may not exist yet: its folder without links, and its name there. NULL where the folder does
 * not exist either. Free with g_free. */
static char *place_of(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
  char *resolved = realpath(folder, NULL);
  char *place = resolved != NULL ? g_build_filename(resolved, name, NULL) : NULL;
  free(resolved);
  return place;
}

static bool same_file(const char *a, const char *b) {
  struct stat one, other;
  if (stat(a, &one) == 0 && stat(b, &other) == 0)
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
  g_autofree char *place = place_of(a), *other_place = place_of(b);
  if (place == NULL && other_place == NULL) { /* their folders are not made yet */
    place = g_canonicalize_filename(a, NULL);
    other_place = g_canonicalize_filename(b, NULL);
  }
  return place != NULL && other_place != NULL && strcmp(place, other_place) == 0;
}

bool output_place_check_file(const char *path, const char *const *inputs, gsize n_inputs, GError **error) {
  g_autofree char *folder = g_path_get_dirname(path);
  if (*path == '\0') {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "the name of a file to write is empty");
    return false;
  }
  for (gsize i = 0; i < n_inputs; i++)
    if (same_file(path, inputs[i])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: would overwrite the input %s; name another file", path,
                  inputs[i]);
      return false;
    }
  return output_place_check_folder(folder, error);
}

bool output_place_check_files(const char *const *outputs, gsize n_outputs, const char *const *inputs, gsize n_inputs,
                              GError **error) {
  for (gsize i = 0; i < n_outputs; i++) {
    if (outputs[i] == NULL)
      continue;
    for (gsize k = 0; k < n_inputs; k++)
      if (inputs[k] != NULL && !output_place_check_file(outputs[i], &inputs[k], 1, error))
        return false;
    if (!output_place_check_file(outputs[i], NULL, 0, error))
      return false;
    for (gsize k = 0; k < i; k++)
      if (outputs[k] != NULL && same_file(outputs[i], outputs[k])) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                    "%s: would overwrite %s, which is written too; name another file", outputs[i], outputs[k]);
        return false;
      }
  }
  return true;
}
