#include "tests/stimuli/npy.h"

#include <stdio.h>
#include <string.h>

#include "stimuli/base/files.h"

enum { PREFIX = 10 }; /* magic, version, the header's length */

Image *npy_read(const char *path) {
  g_autofree char *file = NULL;
  GError *error = NULL;
  gsize size = 0;
  int width = 0, height = 0;
  files_read(path, (gsize)1 << 26, &file, &size, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(size, >, PREFIX);
  g_assert_true(memcmp(file, "\x93NUMPY\x01\x00", 8) == 0);
  gsize start = PREFIX + ((gsize)(guint8)file[8] | (gsize)(guint8)file[9] << 8);
  g_assert_cmpuint(start, <=, size);
  g_autofree char *header = g_strndup(file + PREFIX, start - PREFIX);
  if (sscanf(header, "{'descr': '<f4', 'fortran_order': False, 'shape': (%6d, %6d, 3), }", &height, &width) != 2)
    g_error("%s: %s", path, header);
  Image *image = image_new(width, height, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(size - start, ==, (gsize)width * (gsize)height * 3 * sizeof(float));
  memcpy(image->pixels, file + start, size - start);
  return image;
}
