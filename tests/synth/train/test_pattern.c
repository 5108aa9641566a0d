#include <math.h>
#include <string.h>

#include "synth/train/pattern.h"
#include "tests/support.h"

#define SIDE 64

static Image *render(gsize label, guint32 seed, int width, int height) {
  Random random;
  random_init(&random, seed);
  Image *image = image_new(width, height, NULL);
  pattern_render(label, &random, image);
  return image;
}

static void test_there_are_at_least_64_classes_of_distinct_names(void) {
  g_assert_cmpuint(pattern_n_classes(), >=, 64);
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  for (gsize k = 0; k < pattern_n_classes(); k++)
    g_assert_true(g_hash_table_add(names, (gpointer)pattern_class_name(k)));
}

static void test_pixels_are_finite_and_in_range_at_any_size(void) {
  const int sizes[][2] = {{SIDE, SIDE}, {61, 97}, {130, 33}};
  for (gsize k = 0; k < pattern_n_classes(); k++)
    for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++)
      for (guint32 seed = 0; seed < 4; seed++) {
        g_autoptr(Image) image = render(k, seed, sizes[s][0], sizes[s][1]);
        for (int i = 0; i < image->width * image->height * 3; i++)
          g_assert_true(image->pixels[i] >= 0 && image->pixels[i] <= 255);
      }
}

static void test_a_seed_gives_the_same_image_and_another_seed_another(void) {
  for (gsize k = 0; k < pattern_n_classes(); k++) {
    g_autoptr(Image) a = render(k, 7, SIDE, SIDE), b = render(k, 7, SIDE, SIDE), c = render(k, 8, SIDE, SIDE);
    gsize bytes = (gsize)SIDE * SIDE * 3 * sizeof(float);
    g_assert_cmpint(memcmp(a->pixels, b->pixels, bytes), ==, 0);
    g_assert_cmpint(memcmp(a->pixels, c->pixels, bytes), !=, 0);
  }
}

/* No class is a flat image: over ten members the mean contrast is well above the noise of rounding. */
static void test_every_class_has_contrast(void) {
  for (gsize k = 0; k < pattern_n_classes(); k++) {
    double contrast = 0;
    for (guint32 seed = 0; seed < 10; seed++) {
      g_autoptr(Image) image = render(k, seed, SIDE, SIDE);
      double sum = 0, squares = 0, n = SIDE * SIDE;
      for (int i = 0; i < SIDE * SIDE; i++) {
        double green = (double)image->pixels[3 * i + 1];
        sum += green;
        squares += green * green;
      }
      contrast += sqrt(MAX(squares / n - sum / n * (sum / n), 0)) / 10;
    }
    if (!(contrast > 8))
      g_error("%s: contrast %g", pattern_class_name(k), contrast);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/train/pattern/there_are_at_least_64_classes_of_distinct_names",
                  test_there_are_at_least_64_classes_of_distinct_names);
  g_test_add_func("/train/pattern/pixels_are_finite_and_in_range_at_any_size",
                  test_pixels_are_finite_and_in_range_at_any_size);
  g_test_add_func("/train/pattern/a_seed_gives_the_same_image_and_another_seed_another",
                  test_a_seed_gives_the_same_image_and_another_seed_another);
  g_test_add_func("/train/pattern/every_class_has_contrast", test_every_class_has_contrast);
  return g_test_run();
}
