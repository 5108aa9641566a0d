#include "present/selftest/audio_figure.h"

#include <math.h>
#include <string.h>

#include "present/display/clock.h"
#include "stimuli/base/error.h"
#include "stimuli/image.h"
#include "tests/support.h"

enum { PERIOD = 256, RATE = 48000, DRY_AT = 600, N_CALLBACKS = 1400, LATE_ONE = 1000 };
#define BEGUN_NS G_GINT64_CONSTANT(777123456789012)
#define FAST_PPM 83.0
#define GAP_MS 40.0
#define LATE_MS 3.0

/* Callbacks of a device that is fast, stands still once (where wanted) and calls late once; taken up every 37. */
static AudioLog log_callbacks(bool runs_dry) {
  AudioLog log = audio_log_new();
  AudioClock clock;
  audio_clock_init(&clock, RATE, PERIOD);
  for (guint64 i = 0; i < N_CALLBACKS; i++) {
    double time_ns = (double)(i * PERIOD) * (1e9 / RATE) * (1 - FAST_PPM * 1e-6);
    time_ns += (runs_dry && i >= DRY_AT ? GAP_MS * 1e6 : 0) + (i == LATE_ONE ? LATE_MS * 1e6 : 0);
    audio_clock_stamp(&clock, i * PERIOD, BEGUN_NS + llround(time_ns));
    if (i % 37 == 0 || i == DRY_AT - 1 || i == N_CALLBACKS - 1)
      audio_log_take(&log, &clock);
  }
  return log;
}

static void test_fit(void) {
  AudioLog log = log_callbacks(true);
  AudioLogFit fit;
  audio_log_fit(&log, RATE, &fit);
  g_assert_cmpuint(fit.n, ==, N_CALLBACKS);
  g_assert_cmpuint(fit.n_underruns, ==, 1);
  support_assert_near("underrun", fit.underruns_s[0], DRY_AT * PERIOD / 48000.0 * (1 - 83e-6) + 0.04, 0, 1e-8);
  /* The late callback stands in the middle of its run of 800, whose slope it leaves alone. */
  support_assert_near("drift", fit.drift_ppm, FAST_PPM, 0, 0.01);
  /* Drawn 3 ms later, where the line has fallen by that much of its drift. */
  support_assert_near("worst", fit.worst_ms, LATE_MS * (1 - 1.0 / 800 + FAST_PPM * 1e-6), 0, 1e-5);
  support_assert_near("scatter", fit.scatter_ms, LATE_MS * sqrt((1 - 1.0 / 800) / N_CALLBACKS), 0, 1e-5);
  /* Deviations are those of a fast clock, and the gap is seen whole. */
  support_assert_near("before", fit.points[DRY_AT - 1].deviation_ms, -599 * 256 / 48.0 * 83e-6, 0, 1e-5);
  support_assert_near("after", fit.points[DRY_AT].deviation_ms, GAP_MS - 600 * 256 / 48.0 * 83e-6, 0, 1e-5);
  audio_log_fit_clear(&fit);
  audio_log_clear(&log);
}

static void test_nothing_came(void) {
  AudioLog log = audio_log_new();
  AudioLogFit fit;
  audio_log_fit(&log, RATE, &fit);
  g_assert_cmpuint(fit.n, ==, 0);
  g_assert_true(isnan(fit.drift_ppm) && isnan(fit.worst_ms));
  audio_log_fit_clear(&fit);
  audio_log_clear(&log);
}

static gsize count_colour(const Image *image, float red, float green, float blue) {
  gsize n = 0;
  for (gsize i = 0; i < (gsize)image->width * (gsize)image->height; i++) {
    const float *p = &image->pixels[3 * i];
    n += fabsf(p[0] - red) < 2 && fabsf(p[1] - green) < 2 && fabsf(p[2] - blue) < 2;
  }
  return n;
}

/* The figure of such a log; `path` is kept. */
static void draw(bool runs_dry, const char *path) {
  static const AudioProbe probes[] = {{1.0, 0.4, 5.4}, {2.0, -0.7, 5.9}, {3.3, 41.0, NAN}, {6.9, 0.1, 5.4}};
  AudioLog log = log_callbacks(runs_dry);
  AudioLogFit fit;
  audio_log_fit(&log, RATE, &fit);
  AudioFigure figure = {&fit, 256 / 48.0, probes, G_N_ELEMENTS(probes)};
  GError *error = NULL;
  audio_figure_write(&figure, path, &error);
  g_assert_no_error(error);
  audio_log_fit_clear(&fit);
  audio_log_clear(&log);
}

/* Three panels of 160 px, with the orange line of an underrun (on two columns, at half strength each unless it falls on
 * a pixel's middle) in each. */
static void test_figure_marks_underruns(void) {
  g_autofree char *folder = support_folder(), *text = NULL;
  g_autofree char *dry = g_build_filename(folder, "dry.png", NULL), *fine = g_build_filename(folder, "fine.png", NULL);
  g_autofree char *svg = g_build_filename(folder, "dry.svg", NULL);
  draw(true, dry);
  draw(false, fine);
  draw(true, svg);
  g_autoptr(Image) with = NULL;
  g_autoptr(Image) without = NULL;
  GError *error = NULL;
  g_assert_true(image_read(dry, &with, &error) && image_read(fine, &without, &error));
  gsize n_orange = 0;
  for (int y = 0; y < with->height; y++) {
    bool any = false;
    for (int x = 0; x < with->width; x++) {
      const float *p = &with->pixels[3 * ((gsize)y * (gsize)with->width + (gsize)x)];
      any = any || (p[0] - p[2] > 60 && p[0] - p[1] < 0.6F * (p[0] - p[2]) && p[0] > 200);
    }
    n_orange += any;
  }
  g_assert_cmpuint(n_orange, >=, 3 * 155);
  g_assert_cmpuint(count_colour(without, 31, 89, 158), >, 1000); /* the callbacks */
  for (gsize i = 0; i < (gsize)without->width * (gsize)without->height; i++) {
    const float *p = &without->pixels[3 * i];
    g_assert_false(p[0] > 200 && fabsf(p[1] - 115) < 2 && p[2] < 2);
  }
  g_file_get_contents(svg, &text, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(strstr(text, "</svg>"));
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio log/fits a line between underruns", test_fit);
  g_test_add_func("/audio log/has no numbers where nothing came", test_nothing_came);
  g_test_add_func("/audio log/draws underruns across all panels", test_figure_marks_underruns);
  return g_test_run();
}
