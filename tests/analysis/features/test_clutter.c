#include "analysis/features/clutter_feature_congestion.h"
#include "analysis/features/clutter_subband_entropy.h"
#include "stimuli/base/error.h"
#include "stimuli/base/table.h"
#include "tests/support.h"

#include <math.h>
#include <string.h>

/* The oracle's rotation of small kernels (Octave's imrotate) and bin edges differ a little from MATLAB's. */
#define ORACLE_TOLERANCE 0.01
#define PORT_TOLERANCE 1e-3 /* rounding there decides the bins of values on their edges, as a checkerboard has */
#define PRINTED 5e-7        /* the oracle's last digit */

static Image *flat_image(int width, int height, float value) {
  Image *image = image_new(width, height, NULL);
  for (int i = 0; i < 3 * width * height; i++)
    image->pixels[i] = value;
  return image;
}

static void test_oracle(void) {
  g_autofree char *path = support_data("clutter/values.tsv");
  g_autoptr(Table) table = NULL;
  GError *error = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(table_n_rows(table), ==, 5);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    g_autofree char *relative = g_build_filename("clutter", table_get(table, row, 0), NULL);
    g_autofree char *file = support_data(relative);
    g_autoptr(Image) image = NULL;
    image_read(file, &image, &error);
    g_assert_no_error(error);
    FeatureCongestion congestion;
    double entropy;
    g_assert_true(clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &congestion, NULL, &error));
    g_assert_true(clutter_subband_entropy(image, CLUTTER_MODE_ROSENHOLTZ, &entropy, NULL, &error));
    FeatureCongestion port;
    double port_entropy;
    g_assert_true(clutter_feature_congestion(image, CLUTTER_MODE_PORT, &port, NULL, &error));
    g_assert_true(clutter_subband_entropy(image, CLUTTER_MODE_PORT, &port_entropy, NULL, &error));
    const struct {
      const char *column;
      double got;
    } values[] = {{"fc_rosenholtz", congestion.total},
                  {"se_rosenholtz", entropy},

                  {"color_rosenholtz", congestion.color},
                  {"contrast_rosenholtz", congestion.contrast},
                  {"orientation_rosenholtz", congestion.orientation}};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
      double want;
      g_assert_true(table_get_double(table, row, (gsize)table_column(table, values[i].column), &want, &error));
      g_autofree char *what = g_strdup_printf("%s %s", table_get(table, row, 0), values[i].column);
      support_assert_near(what, values[i].got, want, ORACLE_TOLERANCE, PRINTED);
    }
    double want;
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, "fc_port"), &want, &error));
    support_assert_near("port's congestion", port.total, want, PORT_TOLERANCE, PRINTED);
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, "se_port"), &want, &error));
    support_assert_near("port's entropy", port_entropy, want, PORT_TOLERANCE, PRINTED);
  }
}

/* Nothing varies: only the noise terms on the covariances' diagonals are left. */
static void test_flat(void) {
  static const int sizes[][2] = {{64, 64}, {97, 33}, {25, 121}};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(Image) image = flat_image(sizes[i][0], sizes[i][1], 77);
    FeatureCongestion congestion;
    g_assert_true(clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &congestion, NULL, NULL));
    support_assert_near("color", congestion.color, cbrt(3.5e-6), 1e-6, 0);
    /* The square root of what is left of a difference of equal numbers. */
    support_assert_near("contrast", congestion.contrast, 0, 0, 1e-7);
    support_assert_near("orientation", congestion.orientation, sqrt(0.001), 1e-9, 0);
    support_assert_near("total", congestion.total, 1.248283, 1e-6, 0);
  }
  g_autoptr(Image) image = flat_image(64, 45, 77);
  double entropy;
  g_assert_true(clutter_subband_entropy(image, CLUTTER_MODE_ROSENHOLTZ, &entropy, NULL, NULL));
  g_assert_cmpfloat(entropy, ==, 0);
}

/* Transposing exchanges the roles of rows and columns and of the orientations, and nothing else. */
static void test_transposed(void) {
  g_autofree char *path = support_data("clutter/dream.png");
  g_autoptr(Image) image = NULL;
  g_assert_true(image_read(path, &image, NULL));
  g_autoptr(Image) turned = image_new(image->height, image->width, NULL);
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      for (int c = 0; c < 3; c++)
        turned->pixels[(x * image->height + y) * 3 + c] = image->pixels[(y * image->width + x) * 3 + c];
  FeatureCongestion upright, transposed;
  g_assert_true(clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &upright, NULL, NULL));
  g_assert_true(clutter_feature_congestion(turned, CLUTTER_MODE_ROSENHOLTZ, &transposed, NULL, NULL));
  support_assert_near("color", transposed.color, upright.color, 1e-6, 0);
  support_assert_near("contrast", transposed.contrast, upright.contrast, 1e-6, 0);
  support_assert_near("orientation", transposed.orientation, upright.orientation, 1e-6, 0);
}

static void test_band_entropy(void) {
  double values[] = {3, 8, 0, 5, 1, 7, 2, 4, 6}; /* 3 bins with edges 0, 4, 8: 4, 4 and 1 values */
  Plane band = {3, 3, values};
  gsize counts[3];
  g_assert_cmpuint(clutter_band_bins(9), ==, 3);
  g_assert_cmpuint(clutter_band_bins(10), ==, 4);
  support_assert_near("entropy", clutter_band_entropy(&band, counts), -(8 * log(4.0 / 9) + log(1.0 / 9)) / 9, 1e-14, 0);
  for (gsize i = 0; i < 9; i++)
    values[i] = -0.3;
  g_assert_cmpfloat(clutter_band_entropy(&band, counts), ==, 0);
}

/* The measure is the mean of its map, and the entropy that of its bands, in both modes and at odd sides. */
static void test_parts(void) {
  g_autofree char *path = support_data("clutter/dream.png");
  g_autoptr(Image) whole = NULL;
  g_assert_true(image_read(path, &whole, NULL));
  g_autoptr(Image) image = image_crop(whole, 3, 5, 97, 64, NULL);
  for (int mode = CLUTTER_MODE_ROSENHOLTZ; mode <= CLUTTER_MODE_PORT; mode++) {
    FeatureCongestion congestion;
    g_autoptr(Planes) maps = NULL;
    g_assert_true(clutter_feature_congestion(image, (ClutterMode)mode, &congestion, &maps, NULL));
    g_assert_cmpint(maps->planes[CONGESTION_TOTAL].width, ==, 97);
    support_assert_near("map", plane_mean(&maps->planes[CONGESTION_TOTAL]), congestion.total, 1e-12, 0);
    support_assert_near("color", plane_mean(&maps->planes[CONGESTION_COLOR]), congestion.color, 1e-12, 0);
    SubbandEntropies bands;
    double entropy, weighted = 0;
    g_assert_true(clutter_subband_entropy(image, (ClutterMode)mode, &entropy, &bands, NULL));
    g_assert_cmpuint(bands.n_bands, ==, mode == CLUTTER_MODE_PORT ? 14 : 13);
    for (gsize channel = 0; channel < 3; channel++)
      for (gsize band = 0; band < bands.n_bands; band++)
        weighted += bands.of[channel][band] * (channel == 0 ? 1 : 0.0625) / (double)bands.n_bands;
    support_assert_near("bands", weighted / 1.125, entropy, 1e-12, 0);
  }
}

static void test_too_small(void) {
  g_autoptr(Image) image = flat_image(300, 24, 9);
  GError *error = NULL;
  FeatureCongestion congestion;
  g_assert_false(clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &congestion, NULL, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "25 x 25"));
  g_clear_error(&error);
  double entropy;
  g_assert_false(clutter_subband_entropy(image, CLUTTER_MODE_ROSENHOLTZ, &entropy, NULL, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/clutter/within 1 % of the authors' code and equal to the port", test_oracle);
  g_test_add_func("/features/clutter/flat image has the closed form", test_flat);
  g_test_add_func("/features/clutter/transposing the image changes nothing", test_transposed);
  g_test_add_func("/features/clutter/band entropy of counted bins", test_band_entropy);
  g_test_add_func("/features/clutter/maps and bands add up to the measures", test_parts);
  g_test_add_func("/features/clutter/too small an image is refused", test_too_small);
  return g_test_run();
}
