#include <stdio.h>

#include "present/commands.h"
#include "present/display_sdl.h"
#include "stimuli/base/error.h"

static void print_report(const Display *display) {
  const DisplayInfo *info = &display->info;
  printf("driver      %s, renderer %s\n", info->driver, info->renderer);
  printf("size        %d x %d px\n", display->width, display->height);
  printf("refresh     nominal %.3f Hz, measured %.3f Hz, SD of %d intervals %.3f ms\n", info->nominal_hz,
         info->measured_hz, info->n_intervals, info->interval_sd_ms);
  printf("onset times %s\n", info->trusted ? "trusted" : info->note);
}

static bool run(int argc, char **argv, GError **error) {
  int screen = 0;
  const GOptionEntry entries[] = {{"display", 0, 0, G_OPTION_ARG_INT, &screen, "Which screen, from 1 (default 1)", "N"},
                                  {0}};
  GError *fault = NULL;
  if (!command_parse(&command_selftest_display, entries, 0, 0, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (screen < 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--display counts from 1");
    return false;
  }
  g_autoptr(Clock) clock = clock_new_real();
  DisplaySdlOptions options = {.screen = screen, .title = "dreamrig", .background = {128, 128, 128}};
  g_autoptr(Display) display = display_sdl_open(clock, &options, error);
  if (display == NULL)
    return false;
  print_report(display);
  return true;
}

const Command command_selftest_display = {"selftest display", "", "Refresh, missed frames and what tells their times",
                                          run};
