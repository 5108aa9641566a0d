#include <SDL.h>
#include <math.h>
#include <stdio.h>

#include "present/audio/audio_sdl.h"
#include "present/commands.h"
#include "present/selftest/audio_figure.h"
#include "present/selftest/figure.h"
#include "present/selftest/timing_report.h"
#include "stimuli/base/error.h"

#define MAX_SECONDS 300
#define PROBE_MS 50.0
#define PROBE_DBFS -20.0
#define PROBES_A_SECOND 2

typedef struct {
  AudioLog log;
  AudioProbe probes[PROBES_A_SECOND * MAX_SECONDS]; /* time_s: since the start of CLOCK_MONOTONIC while measuring */
  gsize n_probes;
} Measured;

static void measure_until_ns(Audio *audio, Measured *measured, gint64 time_ns) {
  while (clock_now_ns(audio->clock) < time_ns) {
    AudioClock clock = audio_sdl_clock(audio);
    audio_log_take(&measured->log, &clock);
    SDL_Delay(2);
  }
}

static bool play_probes(Audio *audio, const Sound *probe, int seconds, Measured *measured, GError **error) {
  gint64 next = clock_now_ns(audio->clock) + NS_PER_S / 4;
  for (int i = 0; i < PROBES_A_SECOND * seconds; i++, next += NS_PER_S / PROBES_A_SECOND) {
    AudioCue cue = {probe, 0};
    audio_cue(audio, &cue, 1, next);
    measure_until_ns(audio, measured, next + NS_PER_S / 4);
    AudioOnset onset = audio_onset(audio, 0);
    if (audio_state(audio).lost || !onset.heard) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the sound device was lost after %.1f s",
                  (double)i / PROBES_A_SECOND);
      return false;
    }
    measured->probes[measured->n_probes++] =
        (AudioProbe){.time_s = (double)onset.planned_ns / (double)NS_PER_S,
                     .error_ms = (double)(onset.time_ns - onset.planned_ns) / (double)NS_PER_MS,
                     .bound_ms = onset.uncertainty_ns < 0 ? NAN : (double)onset.uncertainty_ns / (double)NS_PER_MS};
  }
  return true;
}

static void print_onsets(const Measured *measured) {
  double errors_ms[PROBES_A_SECOND * MAX_SECONDS], bound_ms = NAN;
  gsize n_untrusted = 0;
  for (gsize i = 0; i < measured->n_probes; i++) {
    errors_ms[i] = measured->probes[i].error_ms;
    bound_ms = fmax(bound_ms, measured->probes[i].bound_ms); /* passes over NaN */
    n_untrusted += isnan(measured->probes[i].bound_ms) ? 1 : 0;
  }
  TimingStats stats = timing_stats(errors_ms, measured->n_probes);
  g_autofree char *text = timing_stats_text(&stats, "ms");
  printf("Onsets: fitted less planned time of the probes: %s.\n", text);
  if (!isnan(bound_ms))
    printf("The true onset lies within %.2f ms of the fitted one (one callback and the callbacks' worst "
           "distance from the line).\n",
           bound_ms);
  if (n_untrusted > 0)
    printf("UNTRUSTED: %zu of the %zu onsets came about when the device ran dry.\n", n_untrusted, measured->n_probes);
}

static void print_report(const Audio *audio, const Measured *measured, const AudioLogFit *fit, guint64 n_underruns) {
  printf("Sound: SDL driver %s, device %s, %d Hz, callbacks of %u frames (%.2f ms).\n", audio->info.driver,
         audio->info.device, audio->rate_hz, audio->info.period_frames,
         audio->info.period_frames * 1000.0 / audio->rate_hz);
  printf("Clock: the device's rate was %+.1f ppm off nominal by CLOCK_MONOTONIC (least squares through %zu callbacks "
         "in %.1f s); callbacks lay %.3f ms (root mean square) and at worst %.3f ms off that line.\n",
         fit->drift_ppm, fit->n, fit->n > 0 ? fit->points[fit->n - 1].time_s : 0, fit->scatter_ms, fit->worst_ms);
  printf("Underruns: %" G_GUINT64_FORMAT ".\n", n_underruns);
  print_onsets(measured);
  printf("These are times of the computer. What the driver and the hardware add is not known; only a microphone or a "
         "cable tells it.\n");
}

static bool report(Audio *audio, Measured *measured, const char *path, GError **error) {
  AudioLogFit fit;
  audio_log_fit(&measured->log, audio->rate_hz, &fit);
  print_report(audio, measured, &fit, audio_state(audio).n_underruns);
  gint64 first_ns = fit.n > 0 ? g_array_index(measured->log.stamps, AudioLogStamp, 0).time_ns : 0;
  for (gsize i = 0; i < measured->n_probes; i++)
    measured->probes[i].time_s -= (double)first_ns / (double)NS_PER_S;
  AudioFigure figure = {&fit, audio->info.period_frames * 1000.0 / audio->rate_hz, measured->probes,
                        measured->n_probes};
  bool good = path == NULL || audio_figure_write(&figure, path, error);
  audio_log_fit_clear(&fit);
  return good;
}

static bool run_test(const char *device, int seconds, bool silent, const char *path, GError **error) {
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = audio_sdl_open(clock, device, error);
  if (audio == NULL)
    return false;
  Random random;
  random_init(&random, 1);
  g_autofree Measured *measured = g_new0(Measured, 1);
  measured->log = audio_log_new();
  Sound *probe = silent ? sound_new((gsize)(audio->rate_hz * PROBE_MS / 1000), 1, audio->rate_hz, error)
                        : sound_new_noise(PROBE_MS, PROBE_DBFS, &random, audio->rate_hz, error);
  bool good =
      probe != NULL && play_probes(audio, probe, seconds, measured, error) && report(audio, measured, path, error);
  audio_log_clear(&measured->log);
  audio_free(audio); /* before the sound that it may still play */
  sound_free(probe);
  return good;
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *device = NULL, *figure = NULL;
  int seconds = 10;
  gboolean silent = FALSE;
  const GOptionEntry entries[] = {
      {"audio-device", 0, 0, G_OPTION_ARG_STRING, &device, "Which device (default: the system's)", "NAME"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to measure (default 10)", "N"},
      {"silent", 0, 0, G_OPTION_ARG_NONE, &silent, "Play silence instead of noise bursts", NULL},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &figure, "Draw callbacks and onsets into FILE.svg or FILE.png", "FILE"},
      {0}};
  GError *fault = NULL;
  if (!command_parse(&command_selftest_audio, entries, 0, 0, &argc, &argv, &fault)) {
    if (fault != NULL)
      g_propagate_error(error, fault);
    return fault == NULL;
  }
  if (seconds < 1 || seconds > MAX_SECONDS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--seconds is 1 to %d", MAX_SECONDS);
    return false;
  }
  return figure_check(figure, error) && run_test(device, seconds, silent, figure, error);
}

const Command command_selftest_audio = {"selftest audio", "", "Callbacks, underruns and how sure sound onsets are",
                                        run};
