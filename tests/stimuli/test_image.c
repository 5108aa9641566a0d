#include "stimuli/image.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/support.h"

/* The picture of these tests: v(x, y, c) = (7 x^2 + 13 y + 50 c + 3 x y) mod 256. */
static Image *picture(int width, int height) {
  GError *error = NULL;
  Image *image = image_new(width, height, &error);
  g_assert_no_error(error);
  float *pixel = image->pixels;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++)
        *pixel++ = (float)((7 * x * x + 13 * y + 50 * c + 3 * x * y) % 256);
  return image;
}

static double at(const Image *image, int x, int y, int c) {
  return (double)image->pixels[(y * image->width + x) * 3 + c];
}

static Image *read_data(const char *name) {
  g_autofree char *relative = g_build_filename("images", name, NULL), *path = support_data(relative);
  Image *image = NULL;
  GError *error = NULL;
  image_read(path, &image, &error);
  g_assert_no_error(error);
  return image;
}

static void assert_same_pixels(const Image *got, const Image *want) {
  g_assert_cmpint(got->width, ==, want->width);
  g_assert_cmpint(got->height, ==, want->height);
  for (int i = 0; i < want->width * want->height * 3; i++)
    g_assert_cmpfloat((double)got->pixels[i], ==, (double)want->pixels[i]);
}

static void assert_pixel(const char *what, const Image *image, int x, int y, double r, double g, double b,
                         double tolerance) {
  const double want[] = {r, g, b};
  for (int c = 0; c < 3; c++)
    support_assert_near(what, at(image, x, y, c), want[c], 0, tolerance);
}

static void test_a_png_round_trip_clips_and_truncates(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.png", NULL);
  g_autoptr(Image) image = picture(23, 17), read = NULL;
  const float odd[] = {-3.7f, 0.999f, 254.999f, 255.5f, 1e30f, NAN, -INFINITY, INFINITY, 17.6f};
  const float want[] = {0, 0, 254, 255, 255, 0, 0, 255, 17};
  memcpy(image->pixels, odd, sizeof odd);
  GError *error = NULL;
  image_write_png(image, path, &error);
  g_assert_no_error(error);
  image_read(path, &read, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(want); i++)
    g_assert_cmpfloat((double)read->pixels[i], ==, (double)want[i]);
  image_quantise(image);
  assert_same_pixels(read, image);
  support_remove(folder);
}

static void test_the_same_pixels_give_the_same_bytes_with_an_srgb_chunk(void) {
  g_autofree char *folder = support_folder(), *a = g_build_filename(folder, "a.png", NULL);
  g_autofree char *b = g_build_filename(folder, "b.png", NULL), *bytes_a = NULL, *bytes_b = NULL;
  g_autoptr(Image) image = picture(40, 31);
  gsize size_a, size_b;
  g_assert_true(image_write_png(image, a, NULL));
  g_assert_true(image_write_png(image, b, NULL));
  g_assert_true(files_read(a, 1 << 20, &bytes_a, &size_a, NULL));
  g_assert_true(files_read(b, 1 << 20, &bytes_b, &size_b, NULL));
  g_assert_cmpuint(size_a, ==, size_b);
  g_assert_true(memcmp(bytes_a, bytes_b, size_a) == 0);
  g_assert_nonnull(memmem(bytes_a, size_a, "sRGB", 4));
  support_remove(folder);
}

/* The files: written with zlib by a script; samples are (9001 x + 4001 y + 20011 c) mod 65536, or their high bytes. */
static void test_every_kind_of_png_is_read(void) {
  g_autoptr(Image) rgb16 = read_data("rgb16.png"), rgba16 = read_data("rgba16.png"), rgba8 = read_data("rgba8.png");
  g_autoptr(Image) grey_alpha = read_data("greyalpha8.png"), grey = read_data("grey1.png");
  g_autoptr(Image) palette = read_data("palette2-trns.png"), interlaced = read_data("interlaced.png");
  g_autoptr(Image) plain = picture(23, 17);
  assert_pixel("rgb16", rgb16, 3, 2, 35005 / 257.0, 55016 / 257.0, 9491 / 257.0, 1e-5);
  double alpha = 29502 / 65535.0, rest = 128 * (1 - alpha);
  assert_pixel("rgba16", rgba16, 3, 2, 35005 / 257.0 * alpha + rest, 55016 / 257.0 * alpha + rest,
               9491 / 257.0 * alpha + rest, 1e-4);
  /* x 6, y 4: samples 70010, 90021, 110032, 130043 mod 65536, high bytes 17, 95, 173, 251 */
  alpha = 251 / 255.0;
  rest = 128 * (1 - alpha);
  assert_pixel("rgba8", rgba8, 6, 4, 17 * alpha + rest, 95 * alpha + rest, 173 * alpha + rest, 1e-4);
  /* x 5, y 1: samples 49006, 69017 mod 65536 = 3481, high bytes 191, 13 */
  alpha = 13 / 255.0;
  assert_pixel("greyalpha8", grey_alpha, 5, 1, 191 * alpha + 128 * (1 - alpha), 191 * alpha + 128 * (1 - alpha),
               191 * alpha + 128 * (1 - alpha), 1e-4);
  assert_pixel("grey1 white", grey, 0, 0, 255, 255, 255, 0);
  assert_pixel("grey1 black", grey, 1, 0, 0, 0, 0, 0);
  assert_pixel("palette opaque", palette, 0, 3, 10, 20, 30, 0);
  alpha = 128 / 255.0;
  rest = 128 * (1 - alpha);
  assert_pixel("palette half", palette, 1, 3, 200 * alpha + rest, 100 * alpha + rest, 50 * alpha + rest, 1e-4);
  assert_pixel("palette clear", palette, 2, 3, 128, 128, 128, 0);
  assert_pixel("palette past tRNS", palette, 3, 3, 77, 66, 55, 0);
  assert_same_pixels(interlaced, plain);
}

static void test_every_cut_of_a_png_is_refused_by_name(void) {
  g_autofree char *path = support_data("images/interlaced.png"), *bytes = NULL;
  gsize size;
  g_assert_true(files_read(path, 1 << 20, &bytes, &size, NULL));
  for (gsize cut = 0; cut < size; cut++) {
    g_autofree char *part = g_malloc(cut + 1); /* exactly sized, so that ASan sees a read past the end */
    memcpy(part, bytes, cut);
    Image *image = NULL;
    GError *error = NULL;
    g_assert_false(image_decode("cut.png", part, cut, &image, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_true(g_str_has_prefix(error->message, "cut.png: "));
    g_assert_null(strchr(error->message, '\n'));
    g_error_free(error);
  }
}

static void test_a_damaged_byte_never_crashes_a_decoder(void) {
  static const char *const names[] = {"images/interlaced.png", "images/palette2-trns.png", "images/rgb.jpg",
                                      "images/progressive.jpg", "images/cmyk.jpg"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = support_data(names[i]), *bytes = NULL;
    gsize size;
    g_assert_true(files_read(path, 1 << 20, &bytes, &size, NULL));
    for (gsize place = 0; place < size; place++) {
      bytes[place] ^= 0x55;
      g_autoptr(Image) image = NULL;
      GError *error = NULL;
      bool done = image_decode("damaged", bytes, size, &image, &error);
      g_assert_true(done == (error == NULL));
      g_clear_error(&error);
      bytes[place] ^= 0x55;
    }
  }
}

static void assert_refused(const char *name, const char *bytes, gsize size, const char *want) {
  Image *image = NULL;
  GError *error = NULL;
  g_assert_false(image_decode(name, bytes, size, &image, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, want);
  g_error_free(error);
}

static void test_what_is_not_an_image_is_refused_in_one_line(void) {
  assert_refused("a.png", "", 0, "a.png: is empty");
  assert_refused("a.png", "GIF89a......", 12, "a.png: is neither a PNG nor a JPEG");
  static const char *const names[] = {"huge.png", "too-wide.png"};
  static const char *const wants[] = {"x: cannot read the PNG: it is truncated",
                                      "x: cannot read the PNG: it has 16385 x 1 pixels; sides are at most 16384"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *relative = g_build_filename("images", names[i], NULL), *path = support_data(relative);
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(files_read(path, 1 << 20, &bytes, &size, NULL));
    assert_refused("x", bytes, size, wants[i]);
  }
  Image *image = NULL;
  GError *error = NULL;
  g_assert_false(image_read("/no/such.png", &image, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "/no/such.png: cannot read: No such file or directory");
  g_error_free(error);
}

static void test_an_unwritable_place_is_named_and_left_empty(void) {
  g_autoptr(Image) image = picture(5, 4);
  GError *error = NULL;
  g_assert_false(image_write_png(image, "/no/such/folder/a.png", &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_cmpstr(error->message, ==, "/no/such/folder/a.png: cannot write: No such file or directory");
  g_error_free(error);
}

static void test_sizes_and_crops_out_of_range_fail(void) {
  GError *error = NULL;
  g_assert_null(image_new(0, 5, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
  g_assert_null(image_new(5, IMAGE_MAX_SIDE + 1, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
  g_autoptr(Image) image = picture(9, 7);
  static const int bad[][4] = {{-1, 0, 2, 2}, {0, 6, 2, 2}, {8, 0, 2, 1}, {0, 0, 0, 1}, {1, 1, G_MAXINT, 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_assert_null(image_crop(image, bad[i][0], bad[i][1], bad[i][2], bad[i][3], &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_clear_error(&error);
  }
  g_autoptr(Image) part = image_crop(image, 4, 3, 5, 4, &error), copy = image_copy(image, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(at(part, 2, 1, 1), ==, at(image, 6, 4, 1));
  g_assert_cmpuint((guintptr)part->pixels % 64, ==, 0);
  assert_same_pixels(copy, image);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image/a-png-round-trip-clips-and-truncates", test_a_png_round_trip_clips_and_truncates);
  g_test_add_func("/image/the-same-pixels-give-the-same-bytes-with-an-srgb-chunk",
                  test_the_same_pixels_give_the_same_bytes_with_an_srgb_chunk);
  g_test_add_func("/image/every-kind-of-png-is-read", test_every_kind_of_png_is_read);
  g_test_add_func("/image/every-cut-of-a-png-is-refused-by-name", test_every_cut_of_a_png_is_refused_by_name);
  g_test_add_func("/image/a-damaged-byte-never-crashes-a-decoder", test_a_damaged_byte_never_crashes_a_decoder);
  g_test_add_func("/image/what-is-not-an-image-is-refused-in-one-line",
                  test_what_is_not_an_image_is_refused_in_one_line);
  g_test_add_func("/image/an-unwritable-place-is-named-and-left-empty",
                  test_an_unwritable_place_is_named_and_left_empty);
  g_test_add_func("/image/sizes-and-crops-out-of-range-fail", test_sizes_and_crops_out_of_range_fail);
  return g_test_run();
}
