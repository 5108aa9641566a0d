/* Values from NumPy, of the picture v(x, y, c) = (7 x^2 + 13 y + 50 c + 3 x y) mod 256: the bilinear ones with
 * s = arange(out, dtype=float32) * float32(float32(in) / float32(out)), l = floor(s), f = s - l and
 * v[l] + (v[min(l + 1, in - 1)] - v[l]) * f along x, then y, in float32; the area ones as two matrix products. */
#include "stimuli/image.h"
#include "tests/support.h"

static Image *new_image(int width, int height) {
  GError *error = NULL;
  Image *image = image_new(width, height, &error);
  g_assert_no_error(error);
  return image;
}

static Image *picture(void) {
  Image *image = new_image(23, 17);
  for (int y = 0, i = 0; y < 17; y++)
    for (int x = 0; x < 23; x++)
      for (int c = 0; c < 3; c++)
        image->pixels[i++] = (float)((7 * x * x + 13 * y + 50 * c + 3 * x * y) % 256);
  return image;
}

static double at(const Image *image, int x, int y, int c) {
  return (double)image->pixels[(y * image->width + x) * 3 + c];
}

static double sum(const Image *image) {
  double total = 0;
  for (int i = 0; i < image->width * image->height * 3; i++)
    total += (double)image->pixels[i];
  return total;
}

static void test_enlarging_matches_tensorflow_1(void) {
  g_autoptr(Image) from = picture(), to = new_image(31, 29);
  image_resize_tf1(from, to);
  g_assert_cmpfloat(at(to, 5, 7, 0), ==, 196.78643798828125);
  g_assert_cmpfloat(at(to, 30, 28, 2), ==, 144.0);
  g_assert_cmpfloat(at(to, 11, 3, 1), ==, 71.11344146728516);
  g_assert_cmpfloat(at(to, 0, 28, 0), ==, 208.0);
  support_assert_near("sum", sum(to), 339040.040790081, 1e-12, 0);
}

static void test_reducing_matches_tensorflow_1(void) {
  g_autoptr(Image) from = picture(), to = new_image(16, 12);
  image_resize_tf1(from, to);
  g_assert_cmpfloat(at(to, 5, 7, 0), ==, 145.43226623535156);
  g_assert_cmpfloat(at(to, 15, 11, 2), ==, 117.60939025878906);
  g_assert_cmpfloat(at(to, 11, 3, 1), ==, 58.171875);
  g_assert_cmpfloat(at(to, 0, 11, 0), ==, 202.5833282470703);
  support_assert_near("sum", sum(to), 72318.7497882843, 1e-12, 0);
}

static void test_the_same_size_is_a_copy_in_both_methods(void) {
  g_autoptr(Image) from = picture(), bilinear = new_image(23, 17), area = new_image(23, 17);
  image_resize_tf1(from, bilinear);
  image_resize_area(from, area);
  for (int i = 0; i < 23 * 17 * 3; i++) {
    g_assert_cmpfloat((double)bilinear->pixels[i], ==, (double)from->pixels[i]);
    g_assert_cmpfloat((double)area->pixels[i], ==, (double)from->pixels[i]);
  }
}

static void test_averaging_areas_matches_matrix_products_and_keeps_the_mean(void) {
  g_autoptr(Image) from = picture(), to = new_image(5, 7);
  image_resize_area(from, to);
  /* float32 of the result: 6e-8 relative */
  support_assert_near("(0, 0, 0)", at(to, 0, 0, 0), 50.04347826086956, 1e-7, 0);
  support_assert_near("(4, 6, 2)", at(to, 4, 6, 2), 134.22762148337597, 1e-7, 0);
  support_assert_near("(3, 2, 1)", at(to, 3, 2, 1), 142.70843989769818, 1e-7, 0);
  support_assert_near("mean", sum(to) / (5 * 7 * 3), 125.60699062233589, 1e-7, 0);
}

/* By hand: a target pixel covers 3 / 7 of a source pixel, the third and the fifth parts of two. */
static void test_enlarging_averages_the_covered_parts(void) {
  g_autoptr(Image) from = new_image(3, 1), to = new_image(7, 2);
  static const float red[] = {17, 203, 90};
  static const double wanted[] = {17, 17, 141, 203, 165.3333333333, 90, 90};
  for (int i = 0; i < 3; i++)
    from->pixels[3 * i] = red[i];
  image_resize_area(from, to);
  for (int i = 0; i < 14; i++)
    support_assert_near("red", at(to, i % 7, i / 7, 0), wanted[i % 7], 1e-7, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/image-resize/enlarging-matches-tensorflow-1", test_enlarging_matches_tensorflow_1);
  g_test_add_func("/image-resize/reducing-matches-tensorflow-1", test_reducing_matches_tensorflow_1);
  g_test_add_func("/image-resize/the-same-size-is-a-copy-in-both-methods",
                  test_the_same_size_is_a_copy_in_both_methods);
  g_test_add_func("/image-resize/averaging-areas-matches-matrix-products-and-keeps-the-mean",
                  test_averaging_areas_matches_matrix_products_and_keeps_the_mean);
  g_test_add_func("/image-resize/enlarging-averages-the-covered-parts", test_enlarging_averages_the_covered_parts);
  return g_test_run();
}
