#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image_codecs.h"

/* Source: numpy.lib.format, version 1.0: magic, version, little-endian 16-bit header length, a Python dict padded with
 * blanks and a line end so that the data start at a multiple of 64. */
#define MAGIC "\x93NUMPY\x01\x00"

enum { PREFIX = 10, ALIGNMENT = 64 };

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

static gsize data_bytes(const Image *image) { return (gsize)image->width * (gsize)image->height * 3 * sizeof(float); }

GByteArray *image_npy_encode(const char *name, const Image *image, GError **error) {
  char header[2 * ALIGNMENT + 1];
  int length = g_snprintf(header, sizeof header, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, 3), }",
                          image->height, image->width);
  gsize padded = (PREFIX + (gsize)length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
  memset(header + length, ' ', padded - (gsize)length - 1);
  header[padded - 1] = '\n';

  gsize bytes = data_bytes(image), size = PREFIX + padded + bytes;
  guint8 *file = g_try_malloc(size);
  if (file == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "%s: no memory for %" G_GSIZE_FORMAT " bytes", name, size);
    return NULL;
  }
  memcpy(file, MAGIC, 8);
  file[8] = (guint8)(padded & 0xFF);
  file[9] = (guint8)(padded >> 8);
  memcpy(file + PREFIX, header, padded);
  memcpy(file + PREFIX + padded, image->pixels, bytes);
  return g_byte_array_new_take(file, size);
}

bool image_write_npy(const Image *image, const char *path, GError **error) {
  g_autoptr(GByteArray) npy = image_npy_encode(path, image, error);
  return npy != NULL && files_write(path, npy->data, npy->len, FILES_PUBLIC, error);
}

/* What follows 'KEY': in the header, or NULL. */
static const char *header_value(const char *header, const char *key) {
  const char *found = strstr(header, key);
  if (found == NULL)
    return NULL;
  found += strlen(key);
  return found + strspn(found, " ");
}

static const char *parse_header(const char *header, int *width, int *height) {
  const char *type = header_value(header, "'descr':"), *order = header_value(header, "'fortran_order':");
  const char *shape = header_value(header, "'shape':");
  if (type == NULL || order == NULL || shape == NULL)
    return "its header is malformed";
  if (!g_str_has_prefix(type, "'<f4'"))
    return "its values are not float32";
  if (!g_str_has_prefix(order, "False"))
    return "it is in Fortran order";
  int end = 0;
  bool ok = sscanf(shape, "(%6d, %6d, 3)%n", height, width, &end) == 2 && end > 0;
  return ok ? NULL : "its shape is not (height, width, 3)";
}

static bool decode(const char *path, const guint8 *file, gsize size, Image **image, GError **error) {
  const char *fault = NULL;
  int width = 0, height = 0;
  gsize start = 0;
  if (size < PREFIX || memcmp(file, MAGIC, 8) != 0) {
    fault = "is not a NumPy file of version 1.0";
  } else {
    gsize length = (gsize)file[8] | (gsize)file[9] << 8;
    start = PREFIX + length;
    if (start > size) {
      fault = "is truncated";
    } else {
      g_autofree char *header = g_strndup((const char *)file + PREFIX, length);
      fault = parse_header(header, &width, &height);
    }
  }
  g_autoptr(Image) read = NULL;
  if (fault == NULL) {
    read = image_new(width, height, error);
    if (read == NULL) {
      g_prefix_error(error, "%s: ", path);
      return false;
    }
    gsize left = size - start, wanted = data_bytes(read);
    fault = left < wanted ? "is truncated" : left > wanted ? "has more data than its shape says" : NULL;
  }
  if (fault != NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", path, fault);
    return false;
  }
  memcpy(read->pixels, file + start, size - start);
  *image = g_steal_pointer(&read);
  return true;
}

bool image_read_npy(const char *path, Image **image, GError **error) {
  gsize limit = (gsize)IMAGE_MAX_SIDE * IMAGE_MAX_SIDE * 3 * sizeof(float) + 65536, size;
  g_autofree char *file = NULL;
  return files_read(path, limit, &file, &size, error) && decode(path, (const guint8 *)file, size, image, error);
}
