#include "present/draw/frame.h"

/* The sizes of an image, a box, and the picture in it. */
static void assert_fit(const int *sizes, bool exact) {
  int width = 0, height = 0;
  picture_fit(sizes[0], sizes[1], sizes[2], sizes[3], exact, &width, &height);
  g_assert_cmpint(width, ==, sizes[4]);
  g_assert_cmpint(height, ==, sizes[5]);
}

/* A black image with these red values as a picture of another size. */
static Picture *red_picture(int width, int height, const float *red, int shown_width, int shown_height) {
  GError *error = NULL;
  g_autoptr(Image) image = image_new(width, height, &error);
  g_assert_no_error(error);
  for (int i = 0; i < width * height; i++)
    image->pixels[3 * i] = red[i];
  Picture *picture = NULL;
  picture_new(image, shown_width, shown_height, &picture, &error);
  g_assert_no_error(error);
  return picture;
}

static void test_picture_fit(void) {
  static const int cases[][6] = {{400, 400, 1177, 430, 400, 400},
                                 {224, 224, 1177, 460, 448, 448},
                                 {1000, 500, 800, 600, 800, 400},
                                 {37, 23, 74, 46, 74, 46},
                                 {500, 1000, 999, 10, 5, 10}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_fit(cases[i], false);
}

static void test_picture_fit_exactly(void) {
  static const int cases[][6] = {{224, 224, 1843, 594, 594, 594},
                                 {37, 23, 1843, 594, 956, 594},
                                 {1000, 500, 800, 600, 800, 400},
                                 {400, 100, 1000, 594, 1000, 250}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_fit(cases[i], true);
}

static void test_picture_mean(void) {
  static const float red[] = {10, 20, 200, 102, 30, 41, 90, 11};
  g_autoptr(Picture) picture = red_picture(4, 2, red, 2, 1);
  g_assert_cmphex(picture->pixels[0], ==, 0xff190000u); /* 101 / 4 = 25.25 */
  g_assert_cmphex(picture->pixels[1], ==, 0xff650000u); /* 403 / 4 = 100.75 */
}

/* By hand: each target pixel covers 4 / 6 of a source pixel across and one line in height. */
static void test_picture_between_whole_factors(void) {
  static const float red[] = {10, 20, 200, 101};
  static const guint32 wanted[] = {10, 15, 20, 200, 151, 101}; /* (10 + 20) / 2 = 15; (200 + 101) / 2 = 150.5 */
  g_autoptr(Picture) picture = red_picture(4, 1, red, 6, 2);
  for (gsize i = 0; i < 12; i++)
    g_assert_cmphex(picture->pixels[i], ==, 0xff000000u | wanted[i % 6] << 16);
}

static void test_blit_clips(void) {
  GError *error = NULL;
  g_autoptr(Frame) frame = frame_new(10, 8, &error);
  guint32 pixels[20 * 20];
  for (guint i = 0; i < 400; i++)
    pixels[i] = 0xff000000u | i;
  Picture picture = {20, 20, pixels};
  frame_blit(frame, &picture, -5, -6);
  g_assert_cmphex(frame->pixels[0], ==, 0xff000000u | (6 * 20 + 5));
  g_assert_cmphex(frame->pixels[79], ==, 0xff000000u | (13 * 20 + 14));
  frame_fill(frame, 7);
  frame_blit(frame, &picture, 10, 0);
  frame_blit(frame, &picture, 0, -20);
  for (guint i = 0; i < 80; i++)
    g_assert_cmphex(frame->pixels[i], ==, 0xff070707u);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/picture/fits at whole factors or smaller", test_picture_fit);
  g_test_add_func("/picture/fits exactly", test_picture_fit_exactly);
  g_test_add_func("/picture/averages between whole factors", test_picture_between_whole_factors);
  g_test_add_func("/picture/averages the area under a pixel", test_picture_mean);
  g_test_add_func("/picture/is clipped to the frame", test_blit_clips);
  return g_test_run();
}
