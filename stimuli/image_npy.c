#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/image_codecs.h"

/* Source: numpy.lib.format, version 1.0: magic, version, little-endian 16-bit header length, a Python dict padded with
 * blanks and a line end so that the data start at a multiple of 64. */
#define MAGIC "\x93NUMPY\x01\x00"

enum { PREFIX = 10, ALIGNMENT = 64 };

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

GByteArray *image_npy_encode(const char *name, const Image *image, GError **error) {
  char header[2 * ALIGNMENT + 1];
  int length = g_snprintf(header, sizeof header, "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, 3), }",
                          image->height, image->width);
  gsize padded = (PREFIX + (gsize)length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
  memset(header + length, ' ', padded - (gsize)length - 1);
  header[padded - 1] = '\n';

  gsize bytes = (gsize)image->width * (gsize)image->height * 3 * sizeof(float), size = PREFIX + padded + bytes;
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
