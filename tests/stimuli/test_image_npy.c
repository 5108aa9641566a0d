#include <math.h>
#include <string.h>

#include "stimuli/image_codecs.h"

/* numpy.save of a float32 array of shape (2, 1, 3): 128 bytes of header, then the values. */
static const char header[] = "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3), }";
static const float values[] = {1.25f, -3.5e7f, 0.1f, INFINITY, 255.75f, -0.0f};
enum { HEADER_BYTES = 128 };

static GByteArray *numpy_file(void) {
  GByteArray *file = g_byte_array_new();
  g_byte_array_append(file, (const guint8 *)header, sizeof header - 1);
  while (file->len < HEADER_BYTES - 1)
    g_byte_array_append(file, (const guint8 *)" ", 1);
  g_byte_array_append(file, (const guint8 *)"\n", 1);
  g_byte_array_append(file, (const guint8 *)values, sizeof values);
  return file;
}

static void test_a_file_is_as_numpy_writes_it(void) {
  g_autoptr(GByteArray) want = numpy_file();
  g_autoptr(Image) image = image_new(1, 2, NULL);
  GError *error = NULL;
  memcpy(image->pixels, values, sizeof values);
  g_autoptr(GByteArray) got = image_npy_encode("a.npy", image, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(got->len, ==, want->len);
  g_assert_true(memcmp(got->data, want->data, want->len) == 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image-npy/a-file-is-as-numpy-writes-it", test_a_file_is_as_numpy_writes_it);
  return g_test_run();
}
