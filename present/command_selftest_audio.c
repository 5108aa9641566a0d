#include <SDL.h>
#include <math.h>
#include <stdio.h>

#include "present/audio/audio_sdl.h"
#include "present/commands.h"
#include "stimuli/base/error.h"

#define MAX_SECONDS 300
#define PROBE_MS 50.0
#define PROBE_DBFS -20.0

/* How the planned and the fitted onsets of the probes differed. */
typedef struct {
  gsize n, n_untrusted;
  double mean_ms, worst_ms, bound_ms; /* bound: the largest */
} Probes;

static void wait_until_ns(const Clock *clock, gint64 time_ns) {
  while (clock_now_ns(clock) < time_ns)
    SDL_Delay(2);
}

/* One probe half a second. */
static bool play_probes(Audio *audio, const Sound *probe, int seconds, Probes *probes, GError **error) {
  gint64 next = clock_now_ns(audio->clock) + NS_PER_S / 4;
  for (int i = 0; i < 2 * seconds; i++, next += NS_PER_S / 2) {
    AudioCue cue = {probe, 0};
    audio_cue(audio, &cue, 1, next);
    wait_until_ns(audio->clock, next + NS_PER_S / 4);
    AudioOnset onset = audio_onset(audio, 0);
    if (audio_state(audio).lost || !onset.heard) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the sound device was lost after %.1f s", i / 2.0);
      return false;
    }
    bool trusted = onset.uncertainty_ns >= 0;
    double error_ms = (double)(onset.time_ns - onset.planned_ns) / (double)NS_PER_MS;
    probes->n++;
    probes->n_untrusted += !trusted;
    probes->mean_ms += (error_ms - probes->mean_ms) / (double)probes->n;
    probes->worst_ms = fmax(probes->worst_ms, fabs(error_ms));
    if (trusted)
      probes->bound_ms = fmax(probes->bound_ms, (double)onset.uncertainty_ns / (double)NS_PER_MS);
  }
  return true;
}

static void print_report(Audio *audio, const Probes *probes, int seconds) {
  AudioClock clock = audio_sdl_clock(audio);
  double nominal = (double)NS_PER_S / audio->rate_hz;
  printf("driver      %s, device %s\n", audio->info.driver, audio->info.device);
  printf("rate        %d Hz, callbacks of %u frames (%.2f ms)\n", audio->rate_hz, audio->info.period_frames,
         audio->info.period_frames * nominal / (double)NS_PER_MS);
  printf("clock       %+.0f ppm against CLOCK_MONOTONIC over the last %zu callbacks, scatter %.3f ms\n",
         (nominal / clock.fit.ns_per_frame - 1) * 1e6, clock.n_stamps, clock.fit.scatter_ns / (double)NS_PER_MS);
  printf("underruns   %" G_GUINT64_FORMAT " in %d s\n", clock.n_underruns, seconds);
  printf("onsets      %zu probes: fitted minus planned %.3f ms on average, %.3f ms at worst; bound %.2f ms\n",
         probes->n, probes->mean_ms, probes->worst_ms, probes->bound_ms);
  if (probes->n_untrusted > 0)
    printf("            %zu of them untrusted\n", probes->n_untrusted);
  printf("not known   what the driver and the hardware add; only a microphone or a cable tells it\n");
}

static bool run(int argc, char **argv, GError **error) {
  g_autofree char *device = NULL;
  int seconds = 10;
  gboolean silent = FALSE;
  const GOptionEntry entries[] = {
      {"audio-device", 0, 0, G_OPTION_ARG_STRING, &device, "Which device (default: the system's)", "NAME"},
      {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to measure (default 10)", "N"},
      {"silent", 0, 0, G_OPTION_ARG_NONE, &silent, "Play silence instead of noise bursts", NULL},
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
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = audio_sdl_open(clock, device, error);
  if (audio == NULL)
    return false;
  Random random;
  random_init(&random, 1);
  Probes probes = {0};
  Sound *probe = silent ? sound_new((gsize)(audio->rate_hz * PROBE_MS / 1000), 1, audio->rate_hz, error)
                        : sound_new_noise(PROBE_MS, PROBE_DBFS, &random, audio->rate_hz, error);
  bool good = probe != NULL && play_probes(audio, probe, seconds, &probes, error);
  if (good)
    print_report(audio, &probes, seconds);
  audio_free(audio); /* before the sound that it may still play */
  sound_free(probe);
  return good;
}

const Command command_selftest_audio = {"selftest audio", "", "Callbacks, underruns and how sure sound onsets are",
                                        run};
