#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/sound.h"
#include "tests/support.h"

static void append_int(GByteArray *file, guint32 value, guint n_bytes) {
  guint32 little = GUINT32_TO_LE(value);
  g_byte_array_append(file, (const guint8 *)&little, n_bytes);
}

/* A RIFF WAVE file of 16-bit samples. */
static char *write_wav(const char *folder, int n_channels, int rate_hz, const gint16 *samples, gsize n) {
  g_autoptr(GByteArray) file = g_byte_array_new();
  g_byte_array_append(file, (const guint8 *)"RIFF", 4);
  append_int(file, (guint32)(36 + 2 * n), 4);
  g_byte_array_append(file, (const guint8 *)"WAVEfmt ", 8);
  append_int(file, 16, 4);
  append_int(file, 1, 2);
  append_int(file, (guint32)n_channels, 2);
  append_int(file, (guint32)rate_hz, 4);
  append_int(file, (guint32)(rate_hz * n_channels * 2), 4);
  append_int(file, (guint32)n_channels * 2, 2);
  append_int(file, 16, 2);
  g_byte_array_append(file, (const guint8 *)"data", 4);
  append_int(file, (guint32)(2 * n), 4);
  for (gsize i = 0; i < n; i++)
    append_int(file, (guint32)(guint16)samples[i], 2);
  char *path = g_build_filename(folder, "a.wav", NULL);
  g_assert_true(files_write(path, file->data, file->len, FILES_PUBLIC, NULL));
  return path;
}

static void test_a_file_is_read(void) {
  static const gint16 samples[] = {0, -32768, 12345, 16384, -7, 32767};
  g_autofree char *folder = support_folder(), *path = write_wav(folder, 2, 44100, samples, 6);
  g_autoptr(Sound) sound = NULL;
  GError *error = NULL;
  sound_read(path, &sound, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(sound->n_frames, ==, 3);
  g_assert_cmpint(sound->n_channels, ==, 2);
  g_assert_cmpint(sound->rate_hz, ==, 44100);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat((double)sound->samples[i], ==, samples[i] / 32768.0);
  support_remove(folder);
}

static void assert_refused(const char *path, const char *message) {
  Sound *sound = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(sound_read(path, &sound, &error));
  g_assert_null(sound);
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_true(g_str_has_prefix(error->message, path));
  if (strstr(error->message, message) == NULL)
    g_error("\"%s\" does not say \"%s\"", error->message, message);
}

static void test_bad_files_are_refused(void) {
  static const gint16 samples[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  static const struct {
    int n_channels, rate_hz;
    gsize n;
    const char *message;
  } cases[] = {{4, 44100, 8, "has 4 channels; 1 or 2 are needed"},
               {1, 4000, 8, "has a rate of 4000 Hz; 8000 to 384000 are possible"},
               {1, 44100, 0, "has no samples"}};
  g_autofree char *folder = support_folder();
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = write_wav(folder, cases[i].n_channels, cases[i].rate_hz, samples, cases[i].n);
    assert_refused(path, cases[i].message);
  }
  g_autofree char *text = g_build_filename(folder, "text.wav", NULL), *none = g_build_filename(folder, "none", NULL);
  g_assert_true(files_write(text, "not a sound", 11, FILES_PUBLIC, NULL));
  assert_refused(text, "cannot be read as a sound");
  assert_refused(none, "there is no such file");
  assert_refused(folder, "there is no such file");
  support_remove(folder);
}

/* IEEE float WAV, one sample of which is not a number. */
static void test_samples_that_are_no_numbers_are_refused(void) {
  static const guint8 head[] = "RIFF\x34\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x03\x00\x01\x00\x80\xbb\x00\x00\x00\xee"
                               "\x02\x00\x04\x00\x20\x00"
                               "data\x10\x00\x00\x00";
  const float samples[] = {0.25f, -0.5f, NAN, 0};
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "nan.wav", NULL);
  g_autoptr(GByteArray) file = g_byte_array_new();
  g_byte_array_append(file, head, sizeof head - 1);
  g_byte_array_append(file, (const guint8 *)samples, sizeof samples);
  g_assert_true(files_write(path, file->data, file->len, FILES_PUBLIC, NULL));
  assert_refused(path, "sample 3 is not a finite number");
  support_remove(folder);
}

/* A tone at another rate is the tone that would have been made there. 2e-5: the converter's 97 dB. */
static void test_resampling_keeps_time_and_level(void) {
  static const int rates[][2] = {{44100, 48000}, {48000, 44100}, {22050, 48000}, {96000, 48000}, {44117, 48000}};
  for (gsize r = 0; r < G_N_ELEMENTS(rates); r++) {
    g_autoptr(Sound) from = sound_new_tone(997.3, 200, -6.5, rates[r][0], NULL);
    g_autoptr(Sound) want = sound_new_tone(997.3, 200, -6.5, rates[r][1], NULL);
    g_autoptr(Sound) got = NULL;
    GError *error = NULL;
    sound_resample(from, rates[r][1], &got, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got->rate_hz, ==, rates[r][1]);
    g_assert_cmpuint(got->n_frames, ==, want->n_frames);
    for (gsize i = want->n_frames / 4; i < want->n_frames * 3 / 4; i++)
      support_assert_near("resampled", (double)got->samples[i], (double)want->samples[i], 0, 2e-5);
  }
}

static void test_the_same_rate_keeps_every_sample(void) {
  Random random;
  random_init(&random, 3);
  g_autoptr(Sound) from = sound_new_noise(20, -10, &random, 48000, NULL);
  g_autoptr(Sound) got = NULL;
  g_assert_true(sound_resample(from, 48000, &got, NULL));
  g_assert_cmpuint(got->n_frames, ==, from->n_frames);
  g_assert_true(memcmp(got->samples, from->samples, from->n_frames * sizeof(float)) == 0);
}

/* 500 Hz at 8 kHz: 16 samples a period, so that 160 samples have the level exactly. */
static void test_a_tone_has_its_level(void) {
  g_autoptr(Sound) sound = sound_new_tone(500, 20, -23.7, 8000, NULL);
  g_assert_cmpuint(sound->n_frames, ==, 160);
  g_assert_cmpfloat((double)sound->samples[0], ==, 0);
  support_assert_near("peak", (double)sound->samples[4], 0.06531305526474723, 0, 1e-9); /* 10^(-23.7/20) */
  support_assert_near("level", sound_level_dbfs(sound), -23.7, 0, 1e-6);
  g_autoptr(GError) error = NULL;
  g_assert_null(sound_new_tone(4000, 20, -23.7, 8000, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

/* The first sample is numpy.random.RandomState(3).random_sample()'s, scaled; 10 s have the level within 0.03 dB (five
 * standard errors: the relative one of a mean square of n uniform numbers is sqrt(0.8 / n)). */
static void test_noise_has_its_level_and_never_clips(void) {
  Random random;
  random_init(&random, 3);
  g_autoptr(Sound) sound = sound_new_noise(10000, SOUND_MAX_NOISE_DBFS, &random, 48000, NULL);
  support_assert_near("first", (double)sound->samples[0], 2 * 0.5507979025745755 - 1, 0, 1e-7);
  support_assert_near("level", sound_level_dbfs(sound), SOUND_MAX_NOISE_DBFS, 0, 0.03);
  for (gsize i = 0; i < sound->n_frames; i++)
    g_assert_cmpfloat(fabs((double)sound->samples[i]), <=, 1);
}

/* Values by Python: (1 - cos(pi * (i + .5) / 5)) / 2. */
static void test_ramps_are_raised_cosines(void) {
  static const double want[] = {0.024471741852423214, 0.20610737385376343, 0.5,
                                0.7938926261462365,   0.9755282581475768,  1};
  g_autoptr(Sound) sound = sound_new(20, 2, 10000, NULL);
  for (gsize i = 0; i < 40; i++)
    sound->samples[i] = i % 2 == 0 ? 1.0f : -0.5f;
  sound_ramp(sound, 0.5);
  for (gsize i = 0; i < 10; i++) {
    support_assert_near("left", (double)sound->samples[2 * i], want[MIN(i, 5)], 0, 1e-7);
    support_assert_near("right", (double)sound->samples[2 * i + 1], want[MIN(i, 5)] * -0.5, 0, 1e-7);
    support_assert_near("end", (double)sound->samples[2 * (19 - i)], want[MIN(i, 5)], 0, 1e-7);
  }
  sound_ramp(sound, 5000); /* no longer than half of it */
  g_assert_cmpfloat((double)sound->samples[0], <, 1e-3);
}

static void test_a_level_is_set_unless_it_clips(void) {
  g_autoptr(GError) error = NULL, silent = NULL;
  g_autoptr(Sound) sound = sound_new(400, 1, 8000, NULL);
  g_assert_false(sound_set_level(sound, -20, &silent));
  g_assert_error(silent, RIG_ERROR, RIG_ERROR_INPUT);
  sound->samples[17] = 0.25f;
  sound->samples[18] = -0.125f;
  g_assert_true(sound_set_level(sound, -30, NULL));
  support_assert_near("level", sound_level_dbfs(sound), -30, 0, 1e-6);
  support_assert_near("ratio", (double)(sound->samples[17] / sound->samples[18]), -2, 0, 1e-6);
  float before = sound->samples[17];
  g_assert_false(sound_set_level(sound, -3, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  /* 10 log10(2 (1 + 1/4) / 400) */
  g_assert_cmpstr(error->message, ==, "the sound would clip at -3.00 dBFS; -22.05 is the most");
  g_assert_cmpfloat((double)sound->samples[17], ==, (double)before);
}

static void test_sizes_out_of_range_are_refused(void) {
  g_autoptr(GError) none = NULL, many = NULL;
  g_assert_null(sound_new(0, 1, 8000, &none));
  g_assert_error(none, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_null(sound_new(8000 * 600 + 1, 1, 8000, &many));
  g_assert_error(many, RIG_ERROR, RIG_ERROR_INPUT);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sound/a file is read", test_a_file_is_read);
  g_test_add_func("/sound/bad files are refused", test_bad_files_are_refused);
  g_test_add_func("/sound/samples that are no numbers are refused", test_samples_that_are_no_numbers_are_refused);
  g_test_add_func("/sound/resampling keeps time and level", test_resampling_keeps_time_and_level);
  g_test_add_func("/sound/the same rate keeps every sample", test_the_same_rate_keeps_every_sample);
  g_test_add_func("/sound/a tone has its level", test_a_tone_has_its_level);
  g_test_add_func("/sound/noise has its level and never clips", test_noise_has_its_level_and_never_clips);
  g_test_add_func("/sound/ramps are raised cosines", test_ramps_are_raised_cosines);
  g_test_add_func("/sound/a level is set unless it clips", test_a_level_is_set_unless_it_clips);
  g_test_add_func("/sound/sizes out of range are refused", test_sizes_out_of_range_are_refused);
  return g_test_run();
}
