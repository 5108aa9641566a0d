#include "protocols/luminance.h"

/* Python: w = (.2126, .7152, .0722); s = sum(w * (v / 12.92 if v <= .04045 else ((v + .055) / 1.055) ** 2.4));
 * round(255 * (12.92 * s if s <= .0031308 else 1.055 * s ** (1 / 2.4) - .055)) */
static void test_colours_have_wcags_luminance_and_its_grey(void) {
  static const struct {
    guint8 rgb[3], grey;
    double luminance;
  } cases[] = {{{0x20, 0x30, 0x60}, 51, 0.032655091350614604},
               {{0xff, 0xd0, 0x40}, 213, 0.6674191588093702},
               {{0x0a, 0x07, 0x05}, 7, 0.002274449098524859}, /* in the line's part of the curve */
               {{0xc0, 0x3a, 0x91}, 112, 0.16276913566010437}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_assert_cmpfloat_with_epsilon(luminance_of(cases[i].rgb), cases[i].luminance, 1e-15);
    g_assert_cmpuint(luminance_grey(cases[i].luminance), ==, cases[i].grey);
  }
}

static void test_greys_stay_as_they_are(void) {
  for (int level = 0; level < 256; level++) {
    const guint8 grey[3] = {(guint8)level, (guint8)level, (guint8)level};
    g_assert_cmpint(luminance_grey(luminance_of(grey)), ==, level);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/luminance/colours have WCAG's luminance and its grey",
                  test_colours_have_wcags_luminance_and_its_grey);
  g_test_add_func("/luminance/greys stay as they are", test_greys_stay_as_they_are);
  return g_test_run();
}
