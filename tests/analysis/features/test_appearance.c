/* Colour, contrast, edges, symmetry, spectrum and dimension against the Aesthetics Toolbox (commit 8b3582cc of its
 * repository, run with Pillow 9.4, scikit-image 0.19, numpy 1.24), imagefluency's definition in numpy, and closed
 * forms. The values of dream.png are those of: color.rgb2lab, color.rgb2hsv, shannonentropy_channels,
 * fourier_slope_mather, fractal_dimension_2d, create_filterbank with edge_resize, run_filterbank and edge_density;
 * np.corrcoef of the halves.
 */
#include "analysis/features/contrast.h"
#include "analysis/features/edge_density.h"
#include "analysis/features/fourier_slope.h"
#include "analysis/features/fractal_dimension.h"
#include "analysis/features/image_features.h"
#include "analysis/features/resample.h"
#include "analysis/features/symmetry.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

#include <math.h>

static Image *dream(int x, int y, int width, int height) {
  g_autofree char *path = support_data("clutter/dream.png");
  g_autoptr(Image) image = NULL;
  GError *error = NULL;
  image_read(path, &image, &error);
  g_assert_no_error(error);
  return image_crop(image, x, y, width, height, NULL);
}

static void set_pixel(Image *image, int x, int y, float value) {
  for (int c = 0; c < 3; c++)
    image->pixels[3 * (y * image->width + x) + c] = value;
}

static void test_toolbox(void) {
  g_autoptr(Image) image = dream(0, 0, 190, 150);
  ImageFeatureOptions options = {.clutter = CLUTTER_NONE, .jpeg_quality = 75};
  ImageFeatures features;
  GError *error = NULL;
  image_features(image, &options, &features, &error);
  g_assert_no_error(error);
  const struct {
    const char *name;
    double got, want, tolerance;
  } values[] = {{"hue_arithmetic", features.hue_arithmetic, 181.2222766, 1e-9},
                {"rgb_mean", features.rgb_mean, 125.9678596, 1e-9},
                {"lab_l", features.lab_l, 52.80909735, 1e-9},
                {"lab_a", features.lab_a, 0.6881752244, 1e-9},
                {"lab_b", features.lab_b, -0.3568984065, 1e-9},
                {"rms_contrast", features.rms_contrast, 0.05540787449, 1e-9},
                /* Pillow's weights have 22 bits: some pixels of the resized image are 1 lighter or darker. */
                {"edge_density", features.edge_density, 47.04407405, 1e-5},
                {"colourfulness", features.colourfulness, 26.78510722, 1e-9},
                {"fourier_slope", features.fourier_slope, -0.2022051372, 1e-8},
                {"luminance_entropy", features.luminance_entropy, 5.951041225, 1e-9},
                {"symmetry_vertical", features.symmetry_vertical, 0.02600859134, 1e-8},
                {"symmetry_horizontal", features.symmetry_horizontal, 0.01784241176, 1e-8},
                {"fractal_dimension", features.fractal_dimension, 2.167039444, 1e-9}};
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    support_assert_near(values[i].name, values[i].got, values[i].want, values[i].tolerance, 0);
}

/* An odd side, 171 x 118. */
static void test_odd_sides(void) {
  g_autoptr(Image) image = dream(5, 11, 171, 118);
  double density, dimension;
  MirrorSymmetry symmetry;
  g_assert_true(edge_density(image, &density, NULL));
  g_assert_true(fractal_dimension(image, &dimension, NULL));
  g_assert_true(mirror_symmetry(image, &symmetry, NULL));
  support_assert_near("edge density", density, 51.0749272, 1e-5, 0);
  support_assert_near("dimension", dimension, 2.168837637, 1e-9, 0);
  support_assert_near("vertical", symmetry.vertical, 0.01925235203, 1e-8, 0);
  support_assert_near("horizontal", symmetry.horizontal, 0.02220825991, 1e-8, 0);
}

static void test_flat(void) {
  g_autoptr(Image) image = image_new(64, 48, NULL);
  for (int i = 0; i < 3 * 64 * 48; i++)
    image->pixels[i] = 93;
  ImageFeatureOptions options = {.clutter = CLUTTER_NONE, .jpeg_quality = 75};
  ImageFeatures features;
  g_assert_true(image_features(image, &options, &features, NULL));
  g_assert_cmpfloat(features.rms_contrast, ==, 0);
  g_assert_cmpfloat(features.colourfulness, ==, 0);
  g_assert_cmpfloat(features.luminance_entropy, ==, 0);
  g_assert_cmpfloat(features.hue_arithmetic, ==, 0);
  support_assert_near("edges", features.edge_density, 0, 0, 1e-9);
  g_assert_true(isnan(features.fourier_slope));
  g_assert_true(isnan(features.symmetry_vertical));
  g_assert_true(isnan(features.fractal_dimension));
}

/* Half of the pixels red, half blue: rg = 200 and 0, yb = 100 and -150, so that the deviations are 100 and 125 and the
 * means 100 and -25. */
static void test_colourfulness(void) {
  g_autoptr(Image) image = image_new(10, 4, NULL);
  for (int i = 0; i < 40; i++)
    image->pixels[3 * i + (i < 20 ? 0 : 2)] = i < 20 ? 200 : 150;
  support_assert_near("M3", contrast_colourfulness(image),
                      sqrt(100 * 100 + 125 * 125) + 0.3 * sqrt(100 * 100 + 25 * 25), 1e-12, 0);
  /* sd(rep(c(200, 0), 20)) / 255 in R is .3972 of one channel; n - 1 */
  double red = 100 * sqrt(40.0 / 39) / 255, blue = 75 * sqrt(40.0 / 39) / 255;
  support_assert_near("RMS", contrast_rms(image), .2989 * red + .1140 * blue, 1e-12, 0);
}

static void test_mirrored(void) {
  Random random;
  random_init(&random, 41);
  g_autoptr(Image) image = image_new(61, 40, NULL);
  for (int y = 0; y < 40; y++)
    for (int x = 0; x <= 30; x++) {
      float value = (float)(random_uniform(&random) * 255);
      set_pixel(image, x, y, value);
      set_pixel(image, 60 - x, y, value);
    }
  MirrorSymmetry symmetry;
  g_assert_true(mirror_symmetry(image, &symmetry, NULL));
  support_assert_near("mirrored", symmetry.vertical, .2989 + .5870 + .1140, 1e-12, 0);
  g_assert_cmpfloat(symmetry.horizontal, <, 0.3);
  /* two columns more at the left: the axis is found one column further right */
  g_autoptr(Image) shifted = image_new(63, 40, NULL);
  for (int y = 0; y < 40; y++)
    for (int x = 0; x < 63; x++)
      set_pixel(shifted, x, y, x < 2 ? (float)(random_uniform(&random) * 255) : image->pixels[3 * (y * 61 + x - 2)]);
  g_assert_true(mirror_symmetry(shifted, &symmetry, NULL));
  support_assert_near("shifted axis", symmetry.vertical, .2989 + .5870 + .1140, 1e-12, 0);
}

/* White noise in the spectrum's phases with amplitude 1/f has the slope -1 (8 bit add a little noise). */
static void test_slope(void) {
  static const double wanted[] = {-0.6, -1.0, -1.4};
  for (gsize k = 0; k < G_N_ELEMENTS(wanted); k++) {
    g_autoptr(Planes) planes = planes_new(1, 128, 128, NULL);
    Plane *plane = &planes->planes[0];
    Random random;
    random_init(&random, 7);
    double power = 0;
    for (int i = 0; i < 128 * 128; i++)
      plane->data[i] = 0;
    for (int v = -32; v <= 32; v++)
      for (int u = 0; u <= 32; u++) {
        double f = hypot(u, v), phase = 2 * G_PI * random_uniform(&random);
        if (f < 1 || (u == 0 && v < 0))
          continue;
        double amplitude = pow(rint(f), wanted[k]);
        power += amplitude * amplitude / 2;
        for (int y = 0; y < 128; y++)
          for (int x = 0; x < 128; x++)
            plane->data[y * 128 + x] += amplitude * cos(2 * G_PI * (u * x + v * y) / 128.0 + phase);
      }
    for (int i = 0; i < 128 * 128; i++)
      plane->data[i] = CLAMP(50 + plane->data[i] * 11 / sqrt(power), 0, 100);
    double slope;
    g_assert_true(fourier_slope(plane, &slope, NULL));
    support_assert_near("slope", slope, wanted[k], 0, 0.02);
  }
}

/* A straight border has dimension 1: the boxes on it are as many as the boxes of a side. The border must not lie
 * between boxes, where none of them has both parts. */
static void test_straight_border(void) {
  g_autoptr(Image) image = image_new(256, 256, NULL);
  for (int y = 0; y < 256; y++)
    for (int x = 0; x < 256; x++)
      set_pixel(image, x, y, x < 85 ? 0 : 255);
  double dimension;
  g_assert_true(fractal_dimension(image, &dimension, NULL));
  support_assert_near("line", dimension, 1, 1e-12, 0);
}

/* np.asarray(Image.fromarray(np.array([[0,50,200],[255,10,90]],np.uint8)).resize((5,4), resample=...)) with Pillow 9.4,
 * and of the 7 x 1 image [0,255,0,0,128,64,255] to 3 x 1. */
static void test_resample(void) {
  static const double bicubic[] = {0,   0,   54, 159, 221, 53,  43,  42, 129, 187,
                                   202, 133, 18, 72,  120, 255, 179, 6,  42,  86},
                      lanczos[] = {0,   0,   57, 177, 234, 59,  39,  41, 129, 190,
                                   196, 128, 19, 66,  132, 255, 195, 3,  18,  88},
                      shrunk[] = {107, 41, 154};
  double in_data[] = {0, 50, 200, 255, 10, 90}, line_data[] = {0, 255, 0, 0, 128, 64, 255}, scratch_data[20],
         out_data[20];
  Plane in = {3, 2, in_data}, line = {7, 1, line_data}, scratch = {5, 4, scratch_data}, out = {5, 4, out_data};
  resample(&in, RESAMPLE_BICUBIC, 5, 4, &scratch, &out);
  for (gsize i = 0; i < 20; i++)
    g_assert_cmpfloat(out_data[i], ==, bicubic[i]);
  resample(&in, RESAMPLE_LANCZOS, 5, 4, &scratch, &out);
  for (gsize i = 0; i < 20; i++)
    g_assert_cmpfloat(out_data[i], ==, lanczos[i]);
  resample(&line, RESAMPLE_LANCZOS, 3, 1, &scratch, &out);
  for (gsize i = 0; i < 3; i++)
    g_assert_cmpfloat(out_data[i], ==, shrunk[i]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/appearance/as the Aesthetics Toolbox and imagefluency measure it", test_toolbox);
  g_test_add_func("/features/appearance/also with odd sides", test_odd_sides);
  g_test_add_func("/features/appearance/a flat image has none or no value", test_flat);
  g_test_add_func("/features/appearance/colourfulness and contrast of two colours", test_colourfulness);
  g_test_add_func("/features/appearance/mirror symmetry finds the axis", test_mirrored);
  g_test_add_func("/features/appearance/the slope that an image was made with", test_slope);
  g_test_add_func("/features/appearance/a straight border has dimension 1", test_straight_border);
  g_test_add_func("/features/appearance/resizing as Pillow does it", test_resample);
  return g_test_run();
}
