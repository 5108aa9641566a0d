#include "synth/dream/start.h"

#include "stimuli/base/error.h"
#include "tests/support.h"
#include "tests/synth/dream/network.h"

static void noise_is_numpys(void) {
  /* w = SHA-256("7/noise") as big-endian words; np.clip(np.floor(np.random.RandomState(w[:4]).normal(127, 12.75,
   * (5, 7, 3))), 0, 255) */
  GError *error = NULL;
  g_autoptr(Image) noise = start_noise(7, 7, 5, &error);
  g_assert_no_error(error);
  const float first[] = {119, 136, 141}, middle[] = {108, 127, 127}, last[] = {99, 137, 123};
  float sum = 0;
  for (int i = 0; i < 7 * 5 * 3; i++)
    sum += noise->pixels[i];
  g_assert_cmpfloat(sum, ==, 13134);
  for (int c = 0; c < 3; c++) {
    g_assert_cmpfloat(noise->pixels[c], ==, first[c]);
    g_assert_cmpfloat(noise->pixels[(2 * 7 + 3) * 3 + c], ==, middle[c]);
    g_assert_cmpfloat(noise->pixels[(4 * 7 + 6) * 3 + c], ==, last[c]);
  }
}

static void the_top_left_of_an_image_is_kept(void) {
  GError *error = NULL;
  g_autofree char *path = support_data("tiny5h/noise.png");
  g_autoptr(Image) whole = NULL, part = NULL;
  g_assert_true(start_read(path, 0, 0, &whole, &error));
  g_assert_true(start_read(path, 31, 17, &part, &error));
  g_assert_cmpint(part->width, ==, 31);
  g_assert_cmpint(part->height, ==, 17);
  for (int y = 0; y < 17; y++)
    for (int i = 0; i < 31 * 3; i++)
      g_assert_cmpfloat(part->pixels[y * 31 * 3 + i], ==, whole->pixels[y * whole->width * 3 + i]);
}

static void an_image_smaller_than_wanted_is_an_error(void) {
  GError *error = NULL;
  g_autofree char *path = support_data("tiny5h/noise.png");
  Image *image = NULL;
  g_assert_false(start_read(path, 190, 151, &image, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "noise.png: is 190x150 pixels, smaller than the wanted 190x151"));
  g_error_free(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/start/noise is NumPy's", noise_is_numpys);
  g_test_add_func("/start/the top left of an image is kept", the_top_left_of_an_image_is_kept);
  g_test_add_func("/start/an image smaller than wanted is an error", an_image_smaller_than_wanted_is_an_error);
  return g_test_run();
}
