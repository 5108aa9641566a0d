#include <string.h>

#include "tests/support.h"

static int selftest(const char *driver, const char *file, const char *seconds, char **out, char **err) {
  g_setenv("SDL_AUDIODRIVER", driver, TRUE);
  g_setenv("SDL_DISKAUDIOFILE", file, TRUE);
  return support_run(out, err, "dreamrig-present", "selftest", "audio", "--seconds", seconds, NULL);
}

static void test_figure(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL), *text = NULL;
  g_autofree char *figure = g_build_filename(folder, "audio.svg", NULL), *err = NULL;
  g_setenv("SDL_AUDIODRIVER", "disk", TRUE);
  g_setenv("SDL_DISKAUDIOFILE", path, TRUE);
  GError *error = NULL;
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-present", "selftest", "audio", "--seconds", "1", "-o", figure, NULL), ==, 0);
  g_file_get_contents(figure, &text, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(strstr(text, "</svg>"));
  g_assert_cmpint(
      support_run(NULL, &err, "dreamrig-present", "selftest", "audio", "--seconds", "300", "-o", "a.gif", NULL), ==, 2);
  g_assert_nonnull(strstr(err, "a.gif: a figure's name ends in .svg or .png")); /* before it measures for minutes */
  support_remove(folder);
}

static void test_report(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL), *out = NULL;
  g_assert_cmpint(selftest("disk", path, "1", &out, NULL), ==, 0);
  g_assert_nonnull(
      strstr(out, "Sound: SDL driver disk, device default, 48000 Hz, callbacks of 256 frames (5.33 ms).\n"));
  g_assert_nonnull(strstr(out, "(n = 2).\n"));
  support_remove(folder);
}

static void test_faults(void) {
  g_autofree char *gone = NULL, *none = NULL, *usage = NULL;
  g_assert_cmpint(selftest("disk", "/dev/full", "1", NULL, &gone), ==, 1);
  g_assert_nonnull(strstr(gone, "sound device (default): was lost while it was opened"));
  g_assert_cmpint(selftest("no such driver", "", "1", NULL, &none), ==, 1);
  g_assert_nonnull(strstr(none, "no sound device to play the sounds on: "));
  g_assert_cmpint(selftest("disk", "", "0", NULL, &usage), ==, 2);
  g_assert_nonnull(strstr(usage, "--seconds is 1 to 300"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/selftest audio/reports what the device does", test_report);
  g_test_add_func("/selftest audio/draws a figure", test_figure);
  g_test_add_func("/selftest audio/says what is missing", test_faults);
  return g_test_run();
}
