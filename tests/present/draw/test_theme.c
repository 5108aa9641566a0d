#include "present/draw/theme.h"

#include <math.h>

static const ProtocolScreen plain = {
    .background = {0x20, 0x30, 0x60}, .foreground = {0xff, 0xd0, 0x40}, .text_percent = 100};

static void assert_level(const Colour *colour, double level) {
  g_assert_cmpfloat_with_epsilon(colour->red, level / 255, 1e-12);
  g_assert_cmpfloat_with_epsilon(colour->green, level / 255, 1e-12);
  g_assert_cmpfloat_with_epsilon(colour->blue, level / 255, 1e-12);
}

/* The greys are those of test_luminance.c; the card lies 0.58 of the way from the background to black. */
static void test_greyscale_keeps_luminance_and_drops_hue(void) {
  ProtocolScreen screen = plain;
  screen.contrast = CONTRAST_GREYSCALE;
  Theme theme = theme_new(&screen, 960, 600);
  assert_level(&theme.background, 51);
  assert_level(&theme.text, 213);
  assert_level(&theme.card, 51 * 0.42);
  assert_level(&theme.faint, 51 + 162 * 0.26);
  guint8 behind[3];
  theme_background(&screen, behind);
  for (int i = 0; i < 3; i++)
    g_assert_cmpuint(behind[i], ==, 51);
  g_assert_false(theme.strong);
}

static void test_high_contrast_is_black_and_white(void) {
  ProtocolScreen screen = plain;
  screen.contrast = CONTRAST_HIGH;
  Theme light = theme_new(&screen, 960, 600); /* light text on a dark ground */
  const Colour *black[] = {&light.background, &light.card}, *white[] = {&light.text, &light.muted, &light.faint};
  for (gsize i = 0; i < G_N_ELEMENTS(black); i++)
    assert_level(black[i], 0);
  for (gsize i = 0; i < G_N_ELEMENTS(white); i++)
    assert_level(white[i], 255);
  g_assert_true(light.strong);
  screen.foreground[0] = screen.foreground[1] = screen.foreground[2] = 0;
  Theme dark = theme_new(&screen, 960, 600);
  assert_level(&dark.background, 255);
  assert_level(&dark.card, 255);
  assert_level(&dark.text, 0);
}

/* 960 x 600: 0.75 px a unit; the least legible em is 14 px at 1080 lines, 7.78 px here. */
static void test_text_beside_figures_follows_the_text_size(void) {
  ProtocolScreen screen = plain;
  screen.text_percent = 150;
  Theme large = theme_new(&screen, 960, 600);
  g_assert_cmpfloat_with_epsilon(theme_text_px(&large, 21, 0.75), 23.625, 1e-12);
  g_assert_cmpfloat_with_epsilon(theme_least_units(&large), 15.5555555556, 1e-9);
  screen.text_percent = 50;
  Theme small = theme_new(&screen, 960, 600);
  g_assert_cmpfloat_with_epsilon(theme_text_px(&small, 21, 0.75), 7.875, 1e-12);
  g_assert_cmpfloat_with_epsilon(theme_text_px(&small, 16, 0.75), 7.7777777778, 1e-9); /* no smaller than legible */
  g_assert_cmpfloat_with_epsilon(theme_text_px(&small, 16, 0.375), 6, 1e-12);          /* nor larger than normal */
  g_assert_cmpfloat_with_epsilon(theme_least_units(&small), 10.3703703704, 1e-9);
}

static void check_word(const char *text, double width, bool broken) {
  g_autoptr(Text) laid_out = text_new(text, 20, TEXT_REGULAR, width, TEXT_START);
  g_assert_true(text_breaks_word(laid_out) == broken);
}

static void test_a_line_that_ends_within_a_word_is_seen(void) {
  check_word("unpleasant", 300, false);
  check_word("unpleasant", 60, true);
  check_word("so so so so so so", 60, false);
  check_word("so so\nunpleasant so", 60, true);
  check_word("这张图像让您感觉如何", 60, false); /* between any two of these a line may end */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/theme/greyscale keeps luminance and drops hue", test_greyscale_keeps_luminance_and_drops_hue);
  g_test_add_func("/theme/high contrast is black and white", test_high_contrast_is_black_and_white);
  g_test_add_func("/theme/text beside figures follows the text size", test_text_beside_figures_follows_the_text_size);
  g_test_add_func("/text/a line that ends within a word is seen", test_a_line_that_ends_within_a_word_is_seen);
  return g_test_run();
}
