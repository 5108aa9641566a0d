#include <math.h>

#include "analysis/features/identification.h"
#include "analysis/features/image_statistics.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

/* Two classes apart on the first value; the second is noise of a far larger range, which standardising tames. */
static void test_neighbours_of_another_seed_decide(void) {
  const double d[6 * 2] = {0, 900, .1, -800, .05, 850, 1, -900, 1.1, 800, 1.05, -850};
  const int classes[6] = {0, 0, 0, 1, 1, 1}, seeds[6] = {1, 2, 3, 1, 2, 3};
  const gsize one_block[] = {2}, two_blocks[] = {1, 1};
  Identification identified[6];
  identification_run(6, 2, d, one_block, 1, classes, seeds, identified);
  /* In standard deviations, image 1 is 1.80 from image 3 and 1.94 and 2.01 from the others of its own class. */
  const Identification want[6] = {IDENTIFICATION_FOUND, IDENTIFICATION_MISSED, IDENTIFICATION_FOUND,
                                  IDENTIFICATION_FOUND, IDENTIFICATION_FOUND,  IDENTIFICATION_FOUND};
  for (int i = 0; i < 6; i++)
    g_assert_cmpint(identified[i], ==, want[i]);
  identification_run(6, 2, d, two_blocks, 2, classes, seeds, identified);
  for (int i = 0; i < 6; i++)
    g_assert_cmpint(identified[i], ==, want[i]);
}

/* With every image of one seed, nothing may be compared with anything. */
static void test_images_of_one_seed_are_never_neighbours(void) {
  const double d[3] = {0, 0, 0};
  const int classes[3] = {0, 0, 0}, seeds[3] = {4, 4, 4};
  const gsize blocks[] = {1};
  Identification identified[3] = {IDENTIFICATION_FOUND, IDENTIFICATION_FOUND, IDENTIFICATION_FOUND};
  identification_run(3, 1, d, blocks, 1, classes, seeds, identified);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint(identified[i], ==, IDENTIFICATION_NONE);
}

/* Class 1 has one seed alone: its image cannot be identified, and is no miss; the other class is not disturbed. */
static void test_image_without_a_partner_is_set_apart(void) {
  const double d[3] = {0, .1, 1};
  const int classes[3] = {0, 0, 1}, seeds[3] = {1, 2, 2};
  const gsize blocks[] = {1};
  Identification results[3];
  identification_run(3, 1, d, blocks, 1, classes, seeds, results);
  g_assert_cmpint(results[0], ==, IDENTIFICATION_FOUND);
  g_assert_cmpint(results[1], ==, IDENTIFICATION_FOUND);
  g_assert_cmpint(results[2], ==, IDENTIFICATION_NONE);
}

/* A vertical grating: all gradient energy lies in the first of eight orientations, at the first scale. */
static void test_statistics_of_a_grating(void) {
  g_autoptr(Image) image = image_new(64, 48, NULL);
  for (int y = 0; y < 48; y++)
    for (int x = 0; x < 64; x++)
      for (int c = 0; c < 3; c++)
        image->pixels[(y * 64 + x) * 3 + c] = 128 + 100 * sinf(.4f * (float)x);
  double s[IMAGE_STATISTICS_N];
  GError *error = NULL;
  g_assert_true(image_statistics(image, s, &error));
  const double *colours = s + IMAGE_STATISTICS_PROPERTIES, *directions = colours + IMAGE_STATISTICS_COLOURS;
  double shares = 0;
  for (int k = 0; k < IMAGE_STATISTICS_COLOURS; k++)
    shares += colours[k] * colours[k];
  support_assert_near("colour shares", shares, 1, 1e-12, 0);
  for (int k = 0; k < 64; k++)
    if (k % 21 != 0)
      g_assert_cmpfloat(colours[k], ==, 0); /* greys only: bins 0, 21, 42, 63 */
  support_assert_near("first orientation", directions[0], 1, 1e-12, 0);
  support_assert_near("saturation", s[2], 0, 0, 1e-12);
}

static void test_small_image_is_refused(void) {
  g_autoptr(Image) image = image_new(31, 40, NULL);
  double s[IMAGE_STATISTICS_N];
  GError *error = NULL;
  g_assert_false(image_statistics(image, s, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/identification/neighbours_of_another_seed_decide", test_neighbours_of_another_seed_decide);
  g_test_add_func("/identification/images_of_one_seed_are_never_neighbours",
                  test_images_of_one_seed_are_never_neighbours);
  g_test_add_func("/identification/image_without_a_partner_is_set_apart", test_image_without_a_partner_is_set_apart);
  g_test_add_func("/identification/statistics_of_a_grating", test_statistics_of_a_grating);
  g_test_add_func("/identification/small_image_is_refused", test_small_image_is_refused);
  return g_test_run();
}
