#include "synth/dream/octaves.h"

#include "stimuli/base/error.h"
#include "tests/support.h"
#include "tests/synth/dream/network.h"

static void sides_are_numpys_float32_quotients(void) {
  /* int(np.int32(np.float32([side]) / scale)[0]) */
  const struct {
    int side;
    double scale;
    int smaller;
  } known[] = {{800, 1.4, 571}, {571, 1.4, 407}, {407, 1.4, 290}, {290, 1.4, 207},
               {33, 1.1, 30},   {18, 1.2, 14},   {87, 1.45, 59},  {1, 1.4, 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    g_assert_cmpint(octaves_smaller_side(known[i].side, known[i].scale), ==, known[i].smaller);
}

static void merging_what_was_split_gives_the_image_back(void) {
  GError *error = NULL;
  g_autoptr(Image) image = test_image(61, 43);
  g_autoptr(Octaves) octaves = octaves_new(61, 43, 4, 1.4, &error);
  g_assert_no_error(error);
  memcpy(octaves_level(octaves, 0)->pixels, image->pixels, 61 * 43 * 3 * sizeof(float));
  octaves_split(octaves);
  g_assert_cmpint(octaves_level(octaves, 3)->width, ==, 21);  /* 61, 43, 30, 21 */
  g_assert_cmpint(octaves_level(octaves, 3)->height, ==, 15); /* 43, 30, 21, 15: float32(21) / 1.4 is 15 */
  for (int k = 2; k >= 0; k--)
    octaves_merge(octaves, k);
  for (gsize i = 0; i < 61 * 43 * 3; i++)
    g_assert_cmpfloat_with_epsilon(octaves_level(octaves, 0)->pixels[i], image->pixels[i], 1e-3);
}

static void an_octave_without_pixels_is_an_error(void) {
  GError *error = NULL;
  g_assert_null(octaves_new(3, 40, 5, 1.4, &error)); /* 3, 2, 1, 0 */
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "use 3 octaves or fewer"));
  g_error_free(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/octaves/sides are NumPy's float32 quotients", sides_are_numpys_float32_quotients);
  g_test_add_func("/octaves/merging what was split gives the image back", merging_what_was_split_gives_the_image_back);
  g_test_add_func("/octaves/an octave without pixels is an error", an_octave_without_pixels_is_an_error);
  return g_test_run();
}
