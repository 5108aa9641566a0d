#include <math.h>
#include <string.h>

#include "present/selftest/timing_report.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

/* R: x <- c(16.61, 16.75, 16.7, 33.4, 16.68); mean(x); sd(x); quantile(x, c(.5, .99)) */
static void test_stats(void) {
  static const double values[] = {16.61, 16.75, 16.7, 33.4, 16.68};
  TimingStats stats = timing_stats(values, 5);
  support_assert_near("mean", stats.mean, 20.028, 1e-12, 0);
  support_assert_near("sd", stats.sd, 7.47534413923533, 1e-12, 0);
  support_assert_near("median", stats.median, 16.7, 1e-12, 0);
  support_assert_near("99 %", stats.p99, 32.734, 1e-12, 0);
  g_assert_cmpfloat(stats.min, ==, 16.61);
  g_assert_cmpfloat(stats.max, ==, 33.4);
  TimingStats none = timing_stats(values, 0), one = timing_stats(values, 1);
  g_assert_true(isnan(none.mean) && isnan(none.max) && isnan(one.sd));
}

/* A clock that is 40 ppm fast and began elsewhere; the third flash came a refresh late. */
static void test_light_fit(void) {
  double flips[40], light[40];
  for (int i = 0; i < 40; i++) {
    flips[i] = 1000 + 0.31 * i + 0.001 * (i % 3);
    light[i] = 5.25 + (flips[i] - 1000) * 1.00004;
  }
  LightFit fit = {0};
  GError *error = NULL;
  g_assert_true(light_fit(flips, light, 40, 16.68, &fit, &error));
  support_assert_near("offset", fit.offset_s, -994.75, 0, 1e-9);
  support_assert_near("drift", fit.drift_ppm, 40, 0, 1e-4);
  g_assert_cmpuint(fit.n_off_by_one, ==, 0);
  light_fit_clear(&fit);
  light[2] += 0.01668;
  g_assert_true(light_fit(flips, light, 40, 16.68, &fit, &error));
  g_assert_cmpuint(fit.n_off_by_one, ==, 1);
  g_assert_cmpfloat(fit.residuals_ms[2], >, 14);
  light_fit_clear(&fit);
}

static void test_light_fit_refuses(void) {
  double flips[] = {1, 2, 3, 4}, light[] = {1, 2, 2, 4};
  LightFit fit = {0};
  GError *error = NULL;
  g_assert_false(light_fit(flips, light, 4, 16.7, &fit, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "flash 3"));
  g_clear_error(&error);
  g_assert_false(light_fit(flips, light, 2, 16.7, &fit, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
}

static void test_figures(void) {
  static const double values[] = {16.61, 16.75, 16.7, 33.4, 16.68};
  TimingFigure figure = {"Intervals", "ms", "flip", values, 5, 16.667};
  g_autofree char *folder = support_folder();
  g_autofree char *svg = g_build_filename(folder, "a.svg", NULL), *png = g_build_filename(folder, "a.png", NULL);
  g_autofree char *other = g_build_filename(folder, "a.gif", NULL), *text = NULL, *data = NULL;
  GError *error = NULL;
  gsize size = 0;
  g_assert_true(timing_figure_write(&figure, svg, &error));
  g_assert_true(g_file_get_contents(svg, &text, NULL, &error));
  g_assert_nonnull(strstr(text, "</svg>"));
  g_assert_true(timing_figure_write(&figure, png, &error));
  g_assert_true(g_file_get_contents(png, &data, &size, &error));
  g_assert_cmpuint(size, >, 8);
  g_assert_cmpint(memcmp(data, "\x89PNG\r\n\x1a\n", 8), ==, 0);
  g_assert_false(timing_figure_write(&figure, other, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_USAGE);
  g_clear_error(&error);
  support_remove(folder);
}

/* Times that a photodiode could have given, through the command. */
static void test_comparing_files(void) {
  g_autofree char *folder = support_folder(), *output = NULL, *fault = NULL;
  g_autofree char *flips = g_build_filename(folder, "flips.tsv", NULL);
  g_autofree char *light = g_build_filename(folder, "light.tsv", NULL);
  g_autofree char *figure = g_build_filename(folder, "light.png", NULL);
  GError *error = NULL;
  g_file_set_contents(flips, "flash\tflip\n1\t1.0\n2\t1.3\n3\t1.75\n4\t2.1\n", -1, &error);
  g_file_set_contents(light, "light\n7.01\n7.31\n7.76\n8.11\n", -1, &error);
  g_assert_cmpint(support_run(&output, NULL, "dreamrig-present", "selftest", "photodiode", flips, "--compare", light,
                              "-o", figure, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(output, "0 of 4 flashes were more than half a refresh"));
  g_assert_true(g_file_test(figure, G_FILE_TEST_EXISTS));
  g_file_set_contents(light, "light\n7.01\n7.31\n7.76\n", -1, &error);
  g_assert_cmpint(
      support_run(NULL, &fault, "dreamrig-present", "selftest", "photodiode", flips, "--compare", light, NULL), ==, 1);
  g_assert_nonnull(strstr(fault, "4 flashes"));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/timing_report/statistics are R's", test_stats);
  g_test_add_func("/timing_report/fits light to flips", test_light_fit);
  g_test_add_func("/timing_report/refuses flashes that cannot be", test_light_fit_refuses);
  g_test_add_func("/timing_report/draws SVG and PNG", test_figures);
  g_test_add_func("/timing_report/compares files", test_comparing_files);
  return g_test_run();
}
