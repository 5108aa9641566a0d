#include "analysis/features/colour.h"
#include "tests/support.h"

#include <math.h>

static Image *image_of(const unsigned char (*pixels)[3], int n) {
  Image *image = image_new(n, 1, NULL);
  for (int i = 0; i < 3 * n; i++)
    image->pixels[i] = pixels[i / 3][i % 3];
  return image;
}

static void test_known_colours(void) {
  static const struct {
    unsigned char rgb[1][3];
    double hue, saturation, brightness;
  } known[] = {
      {{{255, 0, 0}}, 0, 1, 1},
      {{{255, 255, 0}}, 60, 1, 1},
      {{{0, 255, 0}}, 120, 1, 1},
      {{{0, 255, 255}}, 180, 1, 1},
      {{{0, 0, 255}}, 240, 1, 1},
      {{{255, 0, 255}}, 300, 1, 1},
      {{{64, 128, 96}}, 150, 0.5, 128.0 / 255},
      {{{51, 12, 38}}, 320, 39.0 / 51, 0.2},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_autoptr(Image) image = image_of(known[i].rgb, 1);
    ColourMeans means;
    colour_means(image, &means);
    support_assert_near("hue", means.hue_deg, known[i].hue, 0, 1e-12);
    support_assert_near("saturation", means.saturation, known[i].saturation, 0, 1e-15);
    support_assert_near("brightness", means.brightness, known[i].brightness, 0, 1e-15);
  }
}

static void test_means(void) {
  static const unsigned char pixels[][3] = {{200, 30, 40},   {250, 10, 90}, {10, 20, 240},
                                            {128, 128, 128}, {0, 0, 0},     {255, 0, 1}};
  g_autoptr(Image) image = image_of(pixels, 6);
  ColourMeans means;
  colour_means(image, &means);
  /* Python: colorsys.rgb_to_hsv of each pixel; cmath.phase of the sum of exp(2j pi h) over those with s > 0 */
  support_assert_near("hue", means.hue_deg, 332.4760304470629, 1e-12, 0);
  support_assert_near("saturation", means.saturation, 0.6280555555555556, 1e-12, 0);
  support_assert_near("brightness", means.brightness, 0.7013071895424837, 1e-12, 0);
}

static void test_hue_across_red(void) {
  static const unsigned char pixels[][3] = {{255, 0, 85}, {255, 85, 0}}; /* 340 and 20 degrees: arithmetically 180 */
  g_autoptr(Image) image = image_of(pixels, 2);
  ColourMeans means;
  colour_means(image, &means);
  support_assert_near("hue", remainder(means.hue_deg, 360), 0, 0, 1e-12);
  g_assert_cmpfloat(means.hue_deg, <, 360);
}

static void test_no_hue(void) {
  static const unsigned char grey[][3] = {{0, 0, 0}, {90, 90, 90}}, opposite[][3] = {{255, 0, 0}, {0, 255, 255}};
  g_autoptr(Image) grey_image = image_of(grey, 2);
  g_autoptr(Image) opposite_image = image_of(opposite, 2);
  ColourMeans means;
  colour_means(grey_image, &means);
  g_assert_true(isnan(means.hue_deg));
  g_assert_cmpfloat(means.saturation, ==, 0);
  colour_means(opposite_image, &means);
  g_assert_true(isnan(means.hue_deg));
  g_assert_cmpfloat(means.saturation, ==, 1);
}

static void test_white(void) {
  static const unsigned char pixels[][3] = {{255, 255, 255}, {0, 0, 0}};
  g_autoptr(Image) image = image_of(pixels, 2);
  g_autoptr(Planes) planes = planes_new(3, 2, 1, NULL);
  Plane *p = planes->planes;
  colour_clutter_lab(image, CLUTTER_MODE_ROSENHOLTZ, &p[0], &p[1], &p[2]);
  support_assert_near("L of white", p[0].data[0], 8.9914, 0, 5e-5);
  support_assert_near("L of black", p[0].data[1], 0, 0, 1e-12);
  support_assert_near("a of black", p[1].data[1], 0, 0, 1e-12);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/colour/known colours", test_known_colours);
  g_test_add_func("/features/colour/means as Python's colorsys has them", test_means);
  g_test_add_func("/features/colour/hue is averaged around the circle", test_hue_across_red);
  g_test_add_func("/features/colour/grey and opposing hues have no mean hue", test_no_hue);
  g_test_add_func("/features/colour/white has the published code's lightness", test_white);
  return g_test_run();
}
