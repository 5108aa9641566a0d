#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image.h"
#include "tests/support.h"

/* numpy.save of a float32 array of shape (2, 1, 3): 128 bytes of header, then the values. */
static const char header[] = "\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3), }";
enum { HEADER_BYTES = 128, PREFIX = 10 };

static GByteArray *numpy_file(void) {
  GByteArray *file = g_byte_array_new();
  g_byte_array_append(file, (const guint8 *)header, sizeof header - 1);
  while (file->len < HEADER_BYTES - 1)
    g_byte_array_append(file, (const guint8 *)" ", 1);
  g_byte_array_append(file, (const guint8 *)"\n", 1);
  const float values[] = {1.25f, -3.5e7f, 0.1f, INFINITY, 255.75f, -0.0f};
  g_byte_array_append(file, (const guint8 *)values, sizeof values);
  return file;
}

static void test_a_file_is_written_as_numpy_writes_it_and_read_back(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.npy", NULL), *written = NULL;
  g_autoptr(GByteArray) want = numpy_file();
  g_autoptr(Image) image = NULL;
  gsize size;
  GError *error = NULL;
  g_assert_true(files_write(path, want->data, want->len, FILES_PUBLIC, NULL));
  image_read_npy(path, &image, &error);
  g_assert_no_error(error);
  g_assert_cmpint(image->width, ==, 1);
  g_assert_cmpint(image->height, ==, 2);
  g_assert_cmpfloat((double)image->pixels[1], ==, -3.5e7);
  image_write_npy(image, path, &error);
  g_assert_no_error(error);
  g_assert_true(files_read(path, 1 << 20, &written, &size, NULL));
  g_assert_cmpuint(size, ==, want->len);
  g_assert_true(memcmp(written, want->data, size) == 0);
  support_remove(folder);
}

static void assert_refused(const char *path, const void *data, gsize size, const char *want) {
  g_autofree char *message = g_strdup_printf("%s: %s", path, want);
  g_assert_true(files_write(path, data, size, FILES_PUBLIC, NULL));
  Image *image = NULL;
  GError *error = NULL;
  g_assert_false(image_read_npy(path, &image, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, message);
  g_error_free(error);
}

static void test_other_files_are_refused_by_name(void) {
  static const struct {
    const char *from, *to, *want;
  } cases[] = {
      {"<f4", "<f8", "its values are not float32"},
      {"False", "True ", "it is in Fortran order"},
      {"(2, 1, 3)", "(2, 1, 4)", "its shape is not (height, width, 3)"},
      {"(2, 1, 3)", "(2, 3)   ", "its shape is not (height, width, 3)"},
      {"(2, 1, 3)", "(2, 1, 3,", "its shape is not (height, width, 3)"},
      {"(2, 1, 3)", "(2, 2, 3)", "is truncated"},
      {"(2, 1, 3)", "(1, 1, 3)", "has more data than its shape says"},
      {"(2, 1, 3)", "(0, 1, 3)", "an image of 1 x 0 pixels: sides must be 1 to 16384"},
      {"descr", "dtype", "its header is malformed"},
      {"NUMPY", "NUMPI", "is not a NumPy file of version 1.0"},
  };
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.npy", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GByteArray) file = numpy_file();
    char *place = memmem(file->data, file->len, cases[i].from, strlen(cases[i].from));
    memcpy(place, cases[i].to, strlen(cases[i].to));
    assert_refused(path, file->data, file->len, cases[i].want);
  }
  g_autoptr(GByteArray) file = numpy_file();
  assert_refused(path, file->data, file->len - 1, "is truncated");
  assert_refused(path, file->data, PREFIX + 3, "is truncated");
  assert_refused(path, file->data, PREFIX - 1, "is not a NumPy file of version 1.0");
  support_remove(folder);
}

static void test_an_oracle_written_by_numpy_is_read(void) {
  g_autofree char *path = support_shared("oracles/tiny5h/dream-conv2d2.npy");
  if (path == NULL)
    return;
  g_autoptr(Image) image = NULL;
  GError *error = NULL;
  image_read_npy(path, &image, &error);
  g_assert_no_error(error);
  g_assert_cmpint(image->width, ==, 190);
  g_assert_cmpint(image->height, ==, 150);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image-npy/a-file-is-written-as-numpy-writes-it-and-read-back",
                  test_a_file_is_written_as_numpy_writes_it_and_read_back);
  g_test_add_func("/image-npy/other-files-are-refused-by-name", test_other_files_are_refused_by_name);
  g_test_add_func("/image-npy/an-oracle-written-by-numpy-is-read", test_an_oracle_written_by_numpy_is_read);
  return g_test_run();
}
