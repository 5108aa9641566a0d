#include <math.h>
#include <stdio.h>

#include "present/selftest/figure.h"
#include "present/selftest/selftest_display.h"
#include "present/selftest/timing_report.h"
#include "stimuli/base/error.h"

#define LOOKS_A_SECOND 2000 /* at most: it looks every millisecond */

static bool is_input(const Event *event) {
  return event->kind == EVENT_KEY || event->kind == EVENT_POINTER_DOWN || event->kind == EVENT_POINTER_UP ||
         event->kind == EVENT_POINTER_MOVE;
}

/* The gaps between two looks for input, while a frame is drawn anew every 100 ms as a slider's would be. */
static gsize measure(Display *display, const Frame *frame, int seconds, double *gaps_ms, gsize *n_events) {
  gint64 start = clock_now_ns(display->clock), end = start + seconds * NS_PER_S, before = start, drawn = start;
  gsize n = 0, limit = (gsize)seconds * LOOKS_A_SECOND;
  Flip flip;
  while (before < end && n < limit) {
    Event event;
    if (before - drawn > 100 * NS_PER_MS) {
      display_show(display, frame, 0, &flip);
      drawn = before;
    }
    bool any = display_next_event(display, clock_now_ns(display->clock), &event);
    if (any && event.kind == EVENT_CLOSE)
      break;
    *n_events += any && is_input(&event);
    if (any && event.kind == EVENT_KEY && event.key == KEY_ESCAPE)
      break;
    gint64 now = clock_now_ns(display->clock);
    gaps_ms[n++] = (double)(now - before) / (double)NS_PER_MS;
    before = now;
    clock_wait_until(display->clock, now + NS_PER_MS);
  }
  return n;
}

static bool run_test(int screen, int seconds, const char *figure, GError **error) {
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(Display) display = NULL;
  g_autoptr(Frame) frame = NULL;
  if (!selftest_open(clock, screen, &display, &frame, error))
    return false;
  Flip flip;
  display_show(display, frame, 0, &flip);
  g_autofree double *gaps = g_new(double, (gsize)seconds *LOOKS_A_SECOND);
  gsize n_events = 0, n = measure(display, frame, seconds, gaps, &n_events);
  TimingStats stats = timing_stats(gaps, n);
  g_autofree char *text = timing_stats_text(&stats, "ms");
  selftest_print_display(display);
  printf("Input: gaps between two looks for it: %s.\n", text);
  printf(
      "%zu events of keyboard and mouse came meanwhile. An answer's time is at most one such gap late; what keyboard, "
      "mouse and USB add comes on top and is not measured here.\n",
      n_events);
  TimingFigure drawn = {"Gaps between two looks for input", "ms", "look", gaps, n, NAN};
  return figure == NULL || timing_figure_write(&drawn, figure, error);
}

static bool run(int argc, char **argv, GError **error) {
  int screen = 0, seconds = 10;
  g_autofree char *figure = NULL;
  const GOptionEntry entries[] = {
      {"display", 0, 0, G_OPTION_ARG_INT, &screen, "Which screen, from 1 (default 1)", "N"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long, 1 to 600 (default 10); Escape ends it", "S"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &figure, "Draw the gaps into FILE.svg or FILE.png", "FILE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_selftest_input, entries, 0, 0, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (seconds < 1 || seconds > 600) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--seconds is 1 to 600");
    return false;
  }
  return figure_check(figure, error) && run_test(screen, seconds, figure, error);
}

const Command command_selftest_input = {"selftest input", "", "How late the times of keys and clicks can be", run};
