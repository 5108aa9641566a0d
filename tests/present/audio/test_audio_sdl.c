/* SDL's disk driver writes into a file what a device would have played: byte for byte what the mixer gave. */
#include <SDL.h>
#include <math.h>
#include <sndfile.h>
#include <string.h>

#include "present/audio/audio_sdl.h"
#include "stimuli/base/error.h"
#include "tests/support.h"

static void use_disk(const char *path) {
  g_setenv("SDL_AUDIODRIVER", "disk", TRUE);
  g_setenv("SDL_DISKAUDIOFILE", path, TRUE);
  g_setenv("SDL_DISKAUDIODELAY", "5", TRUE);
}

/* The frames of the file; free with g_free. */
static float *read_frames(const char *path, gsize *n_frames) {
  char *bytes = NULL;
  gsize size = 0;
  GError *error = NULL;
  g_file_get_contents(path, &bytes, &size, &error);
  g_assert_no_error(error);
  *n_frames = size / (AUDIO_CHANNELS * sizeof(float));
  return (float *)(gpointer)bytes;
}

static Audio *open_audio(Clock *clock) {
  GError *error = NULL;
  Audio *audio = audio_sdl_open(clock, NULL, &error);
  g_assert_no_error(error);
  return audio;
}

static void wait_until_heard(Audio *audio, gsize cue, gint64 and_ms) {
  for (int i = 0; i < 20000 && !audio_onset(audio, cue).heard; i++)
    SDL_Delay(1);
  g_assert_true(audio_onset(audio, cue).heard);
  SDL_Delay((guint32)and_ms);
}

static void test_bytes(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL);
  use_disk(path);
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = open_audio(clock);
  g_assert_cmpstr(audio->info.driver, ==, "disk");
  g_assert_cmpuint(audio->info.period_frames, ==, AUDIO_PERIOD_FRAMES);
  g_autoptr(Sound) tone = sound_new_tone(1234.5, 40, -12.5, audio->rate_hz, NULL);
  g_autoptr(Sound) loud = sound_new_tone(440, 30.0625, 0, audio->rate_hz, NULL);
  sound_ramp(tone, 5);
  const gsize offset = 999; /* 20.8125 ms at 48 kHz: while the first one sounds, and together they clip */
  AudioCue cues[] = {{tone, 0}, {loud, 1000.0 * (double)offset / audio->rate_hz}};
  gint64 anchor = clock_now_ns(clock) + 80 * NS_PER_MS;
  audio_cue(audio, cues, 2, anchor);
  wait_until_heard(audio, 1, 100);
  AudioState state = audio_state(audio);
  g_assert_false(state.lost);
  g_assert_cmpuint(state.n_clipped, >, 0);
  AudioOnset first = audio_onset(audio, 0), second = audio_onset(audio, 1);
  g_assert_cmpint(first.planned_ns, ==, anchor);
  g_assert_true(second.heard);
  audio_free(audio);

  gsize n = 0, begin = 0;
  g_autofree float *frames = read_frames(path, &n);
  while (begin < n && frames[2 * begin] == 0)
    begin++;
  begin--; /* a sine's first sample is 0 */
  g_autofree float *want = g_new0(float, n);
  for (gsize i = 0; i < tone->n_frames; i++)
    want[begin + i] += tone->samples[i];
  for (gsize i = 0; i < loud->n_frames; i++)
    want[begin + offset + i] += loud->samples[i];
  g_assert_cmpuint(n, >, begin + offset + loud->n_frames + 1000);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 2; c++)
      if (frames[2 * i + c] != CLAMP(want[i], -1.0f, 1.0f))
        g_error("frame %zu channel %zu: %g, not %g", i, c, (double)frames[2 * i + c], (double)want[i]);
  support_remove(folder);
}

/* What libsndfile wrote: 60 ms of two tones at 44.1 kHz, on two channels. */
static Sound *read_file_at(const char *path, int rate_hz) {
  GError *error = NULL;
  enum { N = 2646 };
  SF_INFO info = {.samplerate = 44100, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_24};
  SNDFILE *file = sf_open(path, SFM_WRITE, &info);
  g_assert_nonnull(file);
  for (int i = 0; i < N; i++) {
    const float frame[2] = {0.31F * sinf((float)i * 0.1F), 0.17F * cosf((float)i * 0.037F)};
    g_assert_cmpint(sf_writef_float(file, frame, 1), ==, 1);
  }
  sf_close(file);
  g_autoptr(Sound) read = NULL;
  Sound *sound = NULL;
  g_assert_true(sound_read(path, &read, &error));
  g_assert_cmpint(read->rate_hz, ==, 44100);
  g_assert_true(sound_resample(read, rate_hz, &sound, &error));
  return sound;
}

/* A noise burst 150 ms before the image, a tone with it, a resampled file 37.25 ms after it, at exact samples. */
static void test_before_and_after_the_image(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL);
  g_autofree char *wav = g_build_filename(folder, "two.wav", NULL);
  use_disk(path);
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = open_audio(clock);
  Random random;
  random_init(&random, 17);
  g_autoptr(Sound) noise = sound_new_noise(50, -20, &random, audio->rate_hz, NULL);
  g_autoptr(Sound) tone = sound_new_tone(1000.7, 60, -18.5, audio->rate_hz, NULL);
  g_autoptr(Sound) file = read_file_at(wav, audio->rate_hz);
  g_assert_cmpint(file->n_channels, ==, 2);
  AudioCue cues[] = {{noise, -150}, {tone, 0}, {file, 37.25}};
  audio_cue(audio, cues, 3, clock_now_ns(clock) + 300 * NS_PER_MS);
  wait_until_heard(audio, 2, 150);
  g_assert_cmpuint(audio_state(audio).n_clipped, ==, 0);
  g_assert_cmpint(audio_onset(audio, 1).planned_ns - audio_onset(audio, 0).planned_ns, ==, 150 * NS_PER_MS);
  audio_free(audio);

  gsize n = 0, begin = 0;
  g_autofree float *frames = read_frames(path, &n);
  while (begin < n && frames[2 * begin] == 0)
    begin++;
  g_autofree float *want = g_new0(float, 2 * n);
  const gsize starts[] = {0, 7200, 7200 + 1788}; /* frames at 48 kHz */
  for (gsize k = 0; k < 3; k++) {
    const Sound *sound = cues[k].sound;
    g_assert_cmpuint(begin + starts[k] + sound->n_frames, <, n);
    for (gsize i = 0; i < sound->n_frames; i++)
      for (gsize c = 0; c < 2; c++)
        want[2 * (begin + starts[k] + i) + c] +=
            sound->samples[i * (gsize)sound->n_channels + (sound->n_channels == 2 ? c : 0)];
  }
  for (gsize i = 0; i < 2 * n; i++)
    if (frames[i] != want[i])
      g_error("frame %zu channel %zu: %g, not %g", i / 2 - begin, i % 2, (double)frames[i], (double)want[i]);
  support_remove(folder);
}

static void test_silence(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL);
  use_disk(path);
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = open_audio(clock);
  AudioClock stamps = audio_sdl_clock(audio);
  g_assert_true(audio_clock_is_ready(&stamps));
  audio_free(audio);
  gsize n = 0;
  g_autofree float *frames = read_frames(path, &n);
  g_assert_cmpuint(n, >=, 32 * AUDIO_PERIOD_FRAMES);
  for (gsize i = 0; i < 2 * n; i++)
    g_assert_cmpfloat((double)frames[i], ==, 0);
  support_remove(folder);
}

/* The disk is full from the start: what SDL takes for a device that was pulled out. */
static void test_a_device_that_goes(void) {
  use_disk("/dev/full");
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(GError) error = NULL;
  g_assert_null(audio_sdl_open(clock, NULL, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_cmpstr(error->message, ==, "sound device (default): was lost while it was opened");
}

static void test_a_device_that_goes_later_and_comes_back(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "audio.raw", NULL);
  use_disk(path);
  g_autoptr(Clock) clock = clock_new_real();
  Audio *audio = open_audio(clock);
  g_autoptr(Sound) tone = sound_new_tone(500, 20, -6, audio->rate_hz, NULL);
  g_assert_false(audio_state(audio).lost);
  use_disk("/dev/full");
  GError *error = NULL;
  g_assert_false(audio_reopen(audio, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_clear_error(&error);
  g_assert_true(audio_state(audio).lost);
  AudioCue cue = {tone, 0};
  audio_cue(audio, &cue, 1, clock_now_ns(clock)); /* harmless */
  g_assert_false(audio_onset(audio, 0).heard);
  audio_stop(audio);
  use_disk(path);
  audio_reopen(audio, &error);
  g_assert_no_error(error);
  g_assert_false(audio_state(audio).lost);
  audio_cue(audio, &cue, 1, clock_now_ns(clock));
  wait_until_heard(audio, 0, 0);
  audio_free(audio);
  support_remove(folder);
}

static void test_no_device(void) {
  g_setenv("SDL_AUDIODRIVER", "no such driver", TRUE);
  g_autoptr(Clock) clock = clock_new_real();
  g_autoptr(GError) error = NULL;
  g_assert_null(audio_sdl_open(clock, NULL, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_true(g_str_has_prefix(error->message, "no sound device to play the sounds on: "));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio sdl/plays what was mixed, byte for byte", test_bytes);
  g_test_add_func("/audio sdl/plays noise, tone and resampled file about the image, byte for byte",
                  test_before_and_after_the_image);
  g_test_add_func("/audio sdl/is open on silence", test_silence);
  g_test_add_func("/audio sdl/refuses a device that goes while it is opened", test_a_device_that_goes);
  g_test_add_func("/audio sdl/plays again once the device is back", test_a_device_that_goes_later_and_comes_back);
  g_test_add_func("/audio sdl/says where there is no device", test_no_device);
  return g_test_run();
}
