/* The files: ImageMagick 6.9 convert with -strip, of the picture v(x, y, c) = (7 x^2 + 13 y + 50 c + 3 x y) mod 256;
 * pixels as `convert FILE -depth 8 txt:` prints them. */
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image.h"
#include "tests/support.h"

static Image *picture(void) {
  GError *error = NULL;
  Image *image = image_new(23, 17, &error);
  g_assert_no_error(error);
  for (int y = 0, i = 0; y < 17; y++)
    for (int x = 0; x < 23; x++)
      for (int c = 0; c < 3; c++)
        image->pixels[i++] = (float)((7 * x * x + 13 * y + 50 * c + 3 * x * y) % 256);
  return image;
}

static void assert_file(const char *relative, const int inner[3], const int corner[3]) {
  g_autofree char *path = support_data(relative);
  g_autoptr(Image) image = NULL;
  GError *error = NULL;
  image_read(path, &image, &error);
  g_assert_no_error(error);
  g_assert_cmpint(image->width, ==, 23);
  g_assert_cmpint(image->height, ==, 17);
  for (int c = 0; c < 3; c++) {
    /* 1: decoders may round the inverse DCT and the colour conversion apart. */
    support_assert_near(relative, (double)image->pixels[(7 * 23 + 5) * 3 + c], inner[c], 0, 1);
    support_assert_near(relative, (double)image->pixels[(16 * 23 + 22) * 3 + c], corner[c], 0, 1);
  }
}

static void test_colour_grey_and_progressive_files_are_read(void) {
  assert_file("images/rgb.jpg", (int[]){115, 166, 195}, (int[]){84, 77, 129});
  assert_file("images/grey.jpg", (int[]){158, 158, 158}, (int[]){87, 87, 87});
  assert_file("images/progressive.jpg", (int[]){109, 166, 209}, (int[]){44, 96, 146});
}

static void test_an_inverted_cmyk_file_is_read(void) {
  /* (255 - 119, 255 - 59, 255 - 0) * (255 - 42) / 255, and the same of (177, 89, 0, 111) */
  assert_file("images/cmyk.jpg", (int[]){114, 164, 213}, (int[]){44, 94, 144});
}

static void test_a_cut_file_is_refused_rather_than_filled_with_grey(void) {
  static const char *const names[] = {"images/rgb.jpg", "images/progressive.jpg"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = support_data(names[i]), *bytes = NULL;
    gsize size;
    g_assert_true(files_read(path, 1 << 20, &bytes, &size, NULL));
    for (gsize cut = 0; cut < size - 2; cut++) {
      g_autofree char *part = g_malloc(cut + 1);
      memcpy(part, bytes, cut);
      Image *image = NULL;
      GError *error = NULL;
      g_assert_false(image_decode("cut.jpg", part, cut, &image, &error));
      g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
      g_assert_true(g_str_has_prefix(error->message, "cut.jpg: "));
      g_assert_null(strchr(error->message, '\n'));
      g_error_free(error);
    }
  }
}

static void test_the_size_as_jpeg_matches_another_program_on_libjpeg_turbo(void) {
  /* convert p.ppm -sampling-factor 4:2:0 -define jpeg:dct-method=islow
   * -define jpeg:optimize-coding=false -strip -quality Q a.jpg; wc -c a.jpg */
  static const struct {
    int quality;
    gsize bytes;
  } cases[] = {{10, 711}, {50, 849}, {75, 934}, {85, 1018}, {100, 1549}};
  g_autoptr(Image) image = picture();
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gsize bytes = 0;
    GError *error = NULL;
    image_jpeg_bytes(image, cases[i].quality, &bytes, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(bytes, ==, cases[i].bytes);
  }
}

static void test_the_size_is_that_of_the_quantised_image(void) {
  g_autoptr(Image) image = picture();
  gsize whole, fractions;
  g_assert_true(image_jpeg_bytes(image, 90, &whole, NULL));
  for (int i = 0; i < 23 * 17 * 3; i++)
    image->pixels[i] += 0.83f;
  g_assert_true(image_jpeg_bytes(image, 90, &fractions, NULL));
  g_assert_cmpuint(whole, ==, fractions);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image-jpeg/colour-grey-and-progressive-files-are-read",
                  test_colour_grey_and_progressive_files_are_read);
  g_test_add_func("/image-jpeg/an-inverted-cmyk-file-is-read", test_an_inverted_cmyk_file_is_read);
  g_test_add_func("/image-jpeg/a-cut-file-is-refused-rather-than-filled-with-grey",
                  test_a_cut_file_is_refused_rather_than_filled_with_grey);
  g_test_add_func("/image-jpeg/the-size-as-jpeg-matches-another-program-on-libjpeg-turbo",
                  test_the_size_as_jpeg_matches_another_program_on_libjpeg_turbo);
  g_test_add_func("/image-jpeg/the-size-is-that-of-the-quantised-image", test_the_size_is_that_of_the_quantised_image);
  return g_test_run();
}
