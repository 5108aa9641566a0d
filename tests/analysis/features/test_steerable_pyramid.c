#include "analysis/features/steerable_pyramid.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

#include <math.h>
#include <string.h>

typedef struct {
  gsize n;
  int width[STEERABLE_BANDS], height[STEERABLE_BANDS];
  double amplitude[STEERABLE_BANDS];
} Seen;

static void look(const Plane *band, gpointer context) {
  Seen *seen = context;
  seen->width[seen->n] = band->width;
  seen->height[seen->n] = band->height;
  double largest = 0;
  for (gsize i = 0; i < plane_size(band); i++)
    largest = fmax(largest, fabs(band->data[i]));
  seen->amplitude[seen->n++] = largest;
}

static void split_wave(int width, int height, int across, int down, Seen *seen) {
  g_autoptr(Planes) planes = planes_new(1, width, height, NULL);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      planes->planes[0].data[y * width + x] =
          cos(2 * G_PI * ((double)across * x / width + (double)down * y / height) + 0.4);
  GError *error = NULL;
  g_autoptr(SteerablePyramid) pyramid = steerable_pyramid_new(width, height, CLUTTER_MODE_ROSENHOLTZ, &error);
  g_assert_no_error(error);
  *seen = (Seen){0};
  steerable_pyramid_split(pyramid, &planes->planes[0], look, seen);
}

/* A wave comes out of each band scaled by that band's response, sampled well enough to meet its crest nearly. */
static void test_wave(void) {
  Seen seen;
  split_wave(97, 88, 15, 9, &seen);
  double u = 15 / 48.5, v = 9 / 44.0, octaves = log2(hypot(u, v)), direction = atan2(v, u);
  double high = cos(G_PI / 2 * (octaves + 1));
  for (int orientation = 0; orientation < 4; orientation++) {
    double response = sqrt(0.8) * fabs(pow(cos(direction - G_PI * orientation / 4), 3)) * high;
    support_assert_near("finest level", seen.amplitude[orientation], response, 5e-3, 1e-9);
    /* Fewer samples share the same spectrum: the coarser level grows by the ratio of the sizes. */
    double coarser = response / high * sqrt(1 - high * high) * (97 * 88) / (49 * 44);
    support_assert_near("second level", seen.amplitude[4 + orientation], coarser, 5e-2, 1e-9);
    support_assert_near("third level", seen.amplitude[8 + orientation], 0, 0, 1e-9);
  }
}

static void test_sizes(void) {
  Seen seen;
  split_wave(97, 88, 1, 1, &seen);
  g_assert_cmpuint(seen.n, ==, 13);
  static const int widths[] = {97, 49, 25, 13}, heights[] = {88, 44, 22, 11};
  for (gsize band = 0; band < 13; band++) {
    g_assert_cmpint(seen.width[band], ==, widths[band / 4]);
    g_assert_cmpint(seen.height[band], ==, heights[band / 4]);
  }
}

static void test_constant(void) {
  Seen seen;
  split_wave(40, 33, 0, 0, &seen);
  for (gsize band = 0; band < 12; band++)
    support_assert_near("oriented band", seen.amplitude[band], 0, 0, 1e-12);
}

static void test_too_small(void) {
  GError *error = NULL;
  g_assert_null(steerable_pyramid_new(31, 400, CLUTTER_MODE_ROSENHOLTZ, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "32 x 32"));
  g_clear_error(&error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/features/pyramid/a wave is scaled by each band's response", test_wave);
  g_test_add_func("/features/pyramid/thirteen bands, each level half as large", test_sizes);
  g_test_add_func("/features/pyramid/a constant is in the lowpass only", test_constant);
  g_test_add_func("/features/pyramid/too small an image is refused", test_too_small);
  return g_test_run();
}
