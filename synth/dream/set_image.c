#include "synth/dream/set_image.h"

#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image_codecs.h"

enum { DIGEST_LENGTH = 64 };

static char *pending_path(const char *folder, const SetRow *row) {
  g_autofree char *name = g_strdup_printf(".%s.pending", row->id);
  return g_build_filename(folder, name, NULL);
}

bool set_image_write(const Image *image, const char *folder, const SetRow *row, char **sha256, GError **error) {
  g_autofree char *path = g_build_filename(folder, row->file, NULL), *pending = pending_path(folder, row);
  g_autoptr(GByteArray) png = g_byte_array_new();
  if (!image_png_encode(path, image, png, error))
    return false;
  g_autofree char *digest = files_sha256_data(png->data, png->len);
  if (!files_write(pending, digest, DIGEST_LENGTH, FILES_PUBLIC, error))
    return false;
  if (!files_write(path, png->data, png->len, FILES_PUBLIC, error)) {
    g_unlink(pending);
    return false;
  }
  *sha256 = g_steal_pointer(&digest);
  return true;
}

void set_image_forget(const char *folder, const SetRow *row) {
  g_autofree char *pending = pending_path(folder, row);
  g_unlink(pending);
}

bool set_image_check_way(const char *folder, const SetRow *row, GError **error) {
  g_autofree char *path = g_build_filename(folder, row->file, NULL), *pending = pending_path(folder, row);
  GStatBuf status;
  if (g_lstat(path, &status) != 0)
    return true;
  g_autofree char *announced = NULL, *digest = NULL;
  gsize size;
  if (files_read(pending, DIGEST_LENGTH, &announced, &size, NULL) && files_sha256(path, &digest, NULL) &&
      strcmp(announced, digest) == 0)
    return true;
  g_set_error(
      error, RIG_ERROR, RIG_ERROR_STATE,
      "%s: is in the way: the set is to have an image of this name, and did not make this one; move it away, or "
      "give another folder with -o",
      path);
  return false;
}
