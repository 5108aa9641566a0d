#include <math.h>
#include <stdio.h>

#include "present/selftest/figure.h"
#include "present/selftest/selftest_display.h"
#include "present/selftest/timing_report.h"
#include "stimuli/base/error.h"

#define N_SCHEDULED 100

typedef struct {
  double intervals_ms[SELFTEST_MAX_FLIPS]; /* of flips as fast as the display takes them */
  gsize n_intervals;
  double errors_ms[N_SCHEDULED]; /* actual less planned, of flips at planned times */
  gsize n_missed;
} Measured;

static void measure(Display *display, const Frame *frame, gsize n_flips, Measured *measured) {
  Flip flip = {0}, before = {0};
  display_show(display, frame, 0, &before);
  for (gsize i = 0; i < n_flips; i++) {
    display_show(display, frame, 0, &flip);
    measured->intervals_ms[measured->n_intervals++] = (double)(flip.time_ns - before.time_ns) / (double)NS_PER_MS;
    before = flip;
  }
  double hz = display->info.measured_hz > 1 ? display->info.measured_hz : 60;
  for (gsize i = 0; i < N_SCHEDULED; i++) {
    gint64 planned = flip.time_ns + (gint64)llround((double)(5 + i % 7) / hz * (double)NS_PER_S);
    display_show(display, frame, planned, &flip);
    measured->errors_ms[i] = (double)(flip.time_ns - planned) / (double)NS_PER_MS;
    measured->n_missed += (gsize)MAX(flip.missed, 0);
  }
}

void selftest_print_display(const Display *display) {
  const DisplayInfo *info = &display->info;
  printf("Display: %s, %s, %d x %d px.\n", info->driver, info->renderer, display->width, display->height);
  if (info->nominal_hz > 0)
    printf("Refresh: nominal %.3f Hz, measured %.3f Hz", info->nominal_hz, info->measured_hz);
  else
    printf("Refresh: the system states none, measured %.3f Hz", info->measured_hz);
  printf(" (%d intervals, SD %.3f ms, %d left out).\n", info->n_intervals, info->interval_sd_ms, info->n_dropped);
  printf("Flip times: %s: %s.\n", flip_rung_name(info->rung), flip_rung_meaning(info->rung));
  if (!info->trusted)
    printf("UNTRUSTED: %s. No onset time of this display should be reported.\n", info->note);
}

static void print_report(const Display *display, const Measured *measured) {
  TimingStats intervals = timing_stats(measured->intervals_ms, measured->n_intervals);
  TimingStats errors = timing_stats(measured->errors_ms, N_SCHEDULED);
  g_autofree char *interval_text = timing_stats_text(&intervals, "ms");
  g_autofree char *error_text = timing_stats_text(&errors, "ms");
  g_autofree char *summary = display_summary(display);
  selftest_print_display(display);
  printf("Intervals between flips: %s.\n", interval_text);
  printf("Actual less planned time of frames at planned times: %s; %zu refreshes missed.\n", error_text,
         measured->n_missed);
  printf("All flips: %s.\n", summary != NULL ? summary : "not counted");
  printf("These are times of the computer. Only a photodiode shows when light left the screen: selftest photodiode.\n");
}

bool selftest_open(Clock *clock, int screen, Display **display, Frame **frame, GError **error) {
  if (screen < 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--display counts from 1");
    return false;
  }
  DisplaySdlOptions options = {.screen = screen, .title = "dreamrig self-test", .background = {128, 128, 128}};
  *display = display_sdl_open(clock, &options, error);
  if (*display == NULL)
    return false;
  display_set_pointer(*display, false);
  *frame = frame_new((*display)->width, (*display)->height, error);
  if (*frame != NULL)
    return true;
  g_clear_pointer(display, display_free);
  return false;
}

static bool run_test(int screen, gsize n_flips, const char *figure, GError **error) {
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(Display) display = NULL;
  g_autoptr(Frame) frame = NULL;
  if (!selftest_open(clock, screen, &display, &frame, error))
    return false;
  g_autofree Measured *measured = g_new0(Measured, 1);
  measure(display, frame, n_flips, measured);
  print_report(display, measured);
  TimingFigure drawn = {.title = "Intervals between flips",
                        .unit = "ms",
                        .abscissa = "flip",
                        .values = measured->intervals_ms,
                        .n = measured->n_intervals,
                        .reference = display->info.nominal_hz > 0 ? 1000 / display->info.nominal_hz : NAN};
  return figure == NULL || timing_figure_write(&drawn, figure, error);
}

static bool run(int argc, char **argv, GError **error) {
  int screen = 0, flips = 600;
  g_autofree char *figure = NULL;
  const GOptionEntry entries[] = {
      {"display", 0, 0, G_OPTION_ARG_INT, &screen, "Which screen, from 1 (default 1)", "N"},
      {"flips", 0, 0, G_OPTION_ARG_INT, &flips, "How many flips to measure, 10 to 10000 (default 600)", "N"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &figure, "Draw the intervals into FILE.svg or FILE.png", "FILE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_selftest_display, entries, 0, 0, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (flips < 10 || flips > SELFTEST_MAX_FLIPS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--flips is 10 to %d", SELFTEST_MAX_FLIPS);
    return false;
  }
  return figure_check(figure, error) && run_test(screen, (gsize)flips, figure, error);
}

const Command command_selftest_display = {"selftest display", "", "Refresh, missed frames and what tells their times",
                                          run};
