#include <math.h>
#include <stdio.h>
#include <string.h>

#include "present/selftest/figure.h"
#include "present/selftest/selftest_display.h"
#include "present/selftest/timing_report.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/random.h"
#include "stimuli/base/table.h"

#define PATCH_PX 200

static void fill_patch(Frame *frame, bool lit) {
  for (int y = 0; y < MIN(PATCH_PX, frame->height); y++)
    for (int x = 0; x < MIN(PATCH_PX, frame->width); x++)
      frame->pixels[(gsize)y * (gsize)frame->width + (gsize)x] = lit ? 0xffffffffu : 0xff000000u;
}

/* --- Flashing --- */

static void add_flash(Table *table, gint64 planned_ns, const Flip *flip, gint64 origin_ns) {
  gsize row = table_add_row(table);
  char actual[32];
  g_ascii_formatd(actual, sizeof actual, "%.6f", (double)(flip->time_ns - origin_ns) / (double)NS_PER_S);
  table_set_int(table, row, 0, (gint64)row + 1);
  table_set_double(table, row, 1, (double)(planned_ns - origin_ns) / (double)NS_PER_S);
  table_set(table, row, 2, actual);
  table_set(table, row, 3, flip->source);
  table_set_double(table, row, 4, flip->uncertainty_ns < 0 ? NAN : (double)flip->uncertainty_ns / (double)NS_PER_S);
  if (flip->missed >= 0)
    table_set_int(table, row, 5, flip->missed);
}

/* White for 5 refreshes, black for 10 to 19: no period that a slow photodiode could fall in step with. */
static void flash(Display *display, Frame *frame, int n, Table *table) {
  double hz = display->info.measured_hz > 1 ? display->info.measured_hz : 60;
  Random random;
  random_init(&random, 1);
  Flip flip;
  fill_patch(frame, false);
  display_show(display, frame, 0, &flip);
  gint64 origin = flip.time_ns;
  for (int i = 0; i < n; i++) {
    gint64 on = flip.time_ns + (gint64)llround((10 + random_below(&random, 10)) / hz * (double)NS_PER_S);
    fill_patch(frame, true);
    display_prepare(display, frame);
    display_show(display, frame, on, &flip);
    add_flash(table, on, &flip, origin);
    gint64 off = flip.time_ns + (gint64)llround(5 / hz * (double)NS_PER_S);
    fill_patch(frame, false);
    display_prepare(display, frame);
    display_show(display, frame, off, &flip);
  }
}

static bool run_flashes(int screen, int n, const char *path, GError **error) {
  static const char *const columns[] = {"flash", "planned", "flip", "source", "uncertainty", "missed_frames"};
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(Display) display = NULL;
  g_autoptr(Frame) frame = NULL;
  if (!files_check_output(path, error) || !selftest_open(clock, screen, &display, &frame, error))
    return false;
  g_autoptr(Table) table = table_new(columns, G_N_ELEMENTS(columns));
  flash(display, frame, n, table);
  selftest_print_display(display);
  g_autofree char *summary = display_summary(display);
  printf("Photodiode: %d flashes of %d px in the upper left corner; %s. Their times are in %s.\n", n, PATCH_PX,
         summary != NULL ? summary : "not counted", path);
  printf("With the photodiode's times of the same flashes (a TSV file with a column \"light\", in s): selftest "
         "photodiode --compare LIGHT.tsv %s\n",
         path);
  return table_write(table, path, FILES_PUBLIC, error);
}

/* --- Comparing --- */

static bool read_times(const char *path, const char *column, double **times, gsize *n, GError **error) {
  g_autoptr(Table) table = NULL;
  gsize index = 0;
  if (!table_read(path, &table, error) || !table_require_column(table, column, &index, error))
    return false;
  *n = table_n_rows(table);
  *times = g_new(double, *n + 1);
  for (gsize i = 0; i < *n; i++)
    if (!table_get_double(table, i, index, &(*times)[i], error))
      return false;
  return true;
}

static bool compare(const char *flips_path, const char *light_path, double hz, const char *figure, GError **error) {
  g_autofree double *flips = NULL, *light = NULL;
  gsize n_flips = 0, n_light = 0;
  if (!read_times(flips_path, "flip", &flips, &n_flips, error) ||
      !read_times(light_path, "light", &light, &n_light, error))
    return false;
  if (n_flips != n_light) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s has %zu flashes and %s %zu: which belong together?", flips_path,
                n_flips, light_path, n_light);
    return false;
  }
  LightFit fit;
  if (!light_fit(flips, light, n_flips, 1000 / hz, &fit, error)) {
    g_prefix_error(error, "%s, %s: ", flips_path, light_path);
    return false;
  }
  TimingStats stats = timing_stats(fit.residuals_ms, fit.n);
  g_autofree char *text = timing_stats_text(&stats, "ms");
  printf("Light against flips, less a constant (screen's delay and difference of the clocks) and a drift of %.2f ppm: "
         "%s.\n%zu of %zu flashes were more than half a refresh (%.2f ms) off.\n",
         fit.drift_ppm, text, fit.n_off_by_one, fit.n, 500 / hz);
  TimingFigure drawn = {"Light less flip, without constant and drift", "ms", "flash", fit.residuals_ms, fit.n, 0};
  bool good = figure == NULL || timing_figure_write(&drawn, figure, error);
  light_fit_clear(&fit);
  return good;
}

static bool run(int argc, char **argv, GError **error) {
  int screen = 0, flashes = 100;
  double hz = 60;
  g_autofree char *light = NULL, *figure = NULL;
  const GOptionEntry entries[] = {
      {"display", 0, 0, G_OPTION_ARG_INT, &screen, "Which screen, from 1 (default 1)", "N"},
      {"flashes", 0, 0, G_OPTION_ARG_INT, &flashes, "How many flashes, 3 to 10000 (default 100)", "N"},
      {"compare", 0, 0, G_OPTION_ARG_FILENAME, &light, "Flash nothing; compare FLIPS with these times", "LIGHT"},
      {"hz", 0, 0, G_OPTION_ARG_DOUBLE, &hz, "With --compare: the screen's rate (default 60)", "HZ"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &figure, "With --compare: draw into FILE.svg or FILE.png", "FILE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_selftest_photodiode, entries, 1, 1, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (flashes < 3 || flashes > SELFTEST_MAX_FLIPS || !(hz >= 1 && hz <= 1000) || (figure != NULL && light == NULL)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--flashes is 3 to %d, --hz 1 to 1000, and -o goes with --compare",
                SELFTEST_MAX_FLIPS);
    return false;
  }
  if (!figure_check(figure, error))
    return false;
  return light != NULL ? compare(argv[1], light, hz, figure, error) : run_flashes(screen, flashes, argv[1], error);
}

const Command command_selftest_photodiode = {"selftest photodiode", "FLIPS",
                                             "Flash a corner for a photodiode, and compare its times", run};
