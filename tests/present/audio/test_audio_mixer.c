#include <math.h>
#include <string.h>

#include "present/audio/audio_mixer.h"
#include "present/display/clock.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

enum { PERIOD = 256, RATE = 48000 };
#define PERIOD_NS (256e9 / RATE)
#define READY 300 /* callbacks: the fit's slope is measured */

typedef struct {
  AudioMixer mixer;
  GArray *out; /* float, every frame since the last clear */
  guint64 n_callbacks;
  double late_ns; /* of all further callbacks */
} Device;

static void callbacks(Device *device, int n) {
  float out[PERIOD * AUDIO_CHANNELS];
  for (int i = 0; i < n; i++) {
    gint64 now = (gint64)llround((double)device->n_callbacks++ * PERIOD_NS + device->late_ns);
    audio_mixer_render(&device->mixer, out, PERIOD, now);
    g_array_append_vals(device->out, out, G_N_ELEMENTS(out));
  }
}

static Device device_new(void) {
  Device device = {.out = g_array_new(FALSE, FALSE, sizeof(float))};
  audio_mixer_init(&device.mixer, RATE, PERIOD);
  callbacks(&device, READY);
  return device;
}

/* When a frame is heard, by the definition of audio_clock.h. */
static double heard_ns(double frame) { return frame * 1e9 / RATE + PERIOD_NS; }

static void assert_frames(const Device *device, const float *want, gsize n_frames) {
  g_assert_cmpuint(device->out->len, >=, n_frames * AUDIO_CHANNELS);
  for (gsize i = 0; i < n_frames; i++)
    for (gsize c = 0; c < AUDIO_CHANNELS; c++)
      if (g_array_index(device->out, float, i *AUDIO_CHANNELS + c) != want[i])
        g_error("frame %zu channel %zu: %g, not %g", i, c,
                (double)g_array_index(device->out, float, i *AUDIO_CHANNELS + c), (double)want[i]);
}

static void add(float *out, const Sound *sound, gsize at) {
  for (gsize i = 0; i < sound->n_frames; i++)
    out[at + i] += sound->samples[i];
}

static void test_silence(void) {
  Device device = device_new();
  for (guint i = 0; i < device.out->len; i++)
    g_assert_cmpfloat((double)g_array_index(device.out, float, i), ==, 0);
  g_array_unref(device.out);
}

/* Offsets that begin and end within periods and across them. */
static void test_exact_offsets(void) {
  Device device = device_new();
  g_autoptr(Sound) probe = sound_new_tone(1234.5, 50, -12.5, RATE, NULL);
  g_autoptr(Sound) tone = sound_new_tone(440, 30.0625, -20, RATE, NULL);
  guint64 anchor = device.mixer.frame + 777;
  AudioCue cues[] = {{probe, 0}, {tone, 20.8125}, {probe, 100}};
  audio_mixer_cue(&device.mixer, cues, 3, (gint64)llround(heard_ns((double)anchor)));
  float want[4 * 2400 * 2] = {0};
  gsize n = 40 * PERIOD;
  g_assert_cmpuint(n, <, G_N_ELEMENTS(want));
  add(want, probe, 777);
  add(want, tone, 777 + 999); /* 20.8125 ms * 48 */
  add(want, probe, 777 + 4800);
  g_array_set_size(device.out, 0);
  callbacks(&device, 40);
  assert_frames(&device, want, n);
  for (gsize i = 0; i < 3; i++) {
    const AudioOnset *onset = &device.mixer.voices[i].onset;
    g_assert_true(onset->heard);
    g_assert_cmpstr(onset->source, ==, "fit");
    double frame = (double)anchor + (double[]){0, 999, 4800}[i];
    support_assert_near("onset", (double)onset->time_ns, heard_ns(frame), 0, 2000);
    support_assert_near("planned", (double)onset->planned_ns, heard_ns(frame), 0, 2000);
    support_assert_near("bound", (double)onset->uncertainty_ns, PERIOD_NS, 0, 2000);
  }
  g_assert_cmpuint(device.mixer.n_clipped, ==, 0);
  g_array_unref(device.out);
}

static void test_stereo_keeps_its_sides(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new(3, 2, RATE, NULL);
  for (gsize i = 0; i < 6; i++)
    sound->samples[i] = 0.1f * (float)(i + 1);
  AudioCue cue = {sound, 0};
  audio_mixer_cue(&device.mixer, &cue, 1, (gint64)llround(heard_ns((double)device.mixer.frame + 255)));
  g_array_set_size(device.out, 0);
  callbacks(&device, 2);
  const float *out = (const float *)(gpointer)device.out->data;
  g_assert_cmpfloat((double)out[254 * 2], ==, 0);
  g_assert_true(memcmp(out + (gsize)255 * 2, sound->samples, 6 * sizeof(float)) == 0);
  g_assert_cmpfloat((double)out[258 * 2], ==, 0);
  g_array_unref(device.out);
}

static void test_clipping_is_counted(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new(4, 1, RATE, NULL);
  memcpy(sound->samples, (const float[]){0.75f, -0.625f, 0.25f, 0.5f}, 4 * sizeof(float));
  AudioCue cues[] = {{sound, 0}, {sound, 0}};
  audio_mixer_cue(&device.mixer, cues, 2, (gint64)llround(heard_ns((double)device.mixer.frame)));
  g_array_set_size(device.out, 0);
  callbacks(&device, 1);
  assert_frames(&device, (const float[]){1, -1, 0.5f, 1, 0}, 5);
  g_assert_cmpuint(device.mixer.n_clipped, ==, 4); /* two samples on two channels */
  g_array_unref(device.out);
}

/* The image came 16.67 ms (800 frames) late: the first sound had begun, the second moves with the image. */
static void test_a_late_image_moves_what_has_not_begun(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new_tone(1000, 5, -6, RATE, NULL);
  guint64 anchor = device.mixer.frame + 2000;
  AudioCue cues[] = {{sound, -30}, {sound, 40}};
  audio_mixer_cue(&device.mixer, cues, 2, (gint64)llround(heard_ns((double)anchor)));
  float want[40 * 256] = {0};
  add(want, sound, 2000 - 1440);
  add(want, sound, 2000 + 800 + 1920);
  g_array_set_size(device.out, 0);
  callbacks(&device, 8);
  audio_mixer_anchor(&device.mixer, (gint64)llround(heard_ns((double)anchor + 800)));
  callbacks(&device, 32);
  assert_frames(&device, want, 40 * 256);
  support_assert_near("first plan", (double)device.mixer.voices[0].onset.planned_ns, heard_ns((double)anchor - 1440), 0,
                      2000);
  support_assert_near("second plan", (double)device.mixer.voices[1].onset.planned_ns,
                      heard_ns((double)anchor + 800 + 1920), 0, 2000);
  g_array_unref(device.out);
}

/* Asked for in the past: at once, and the onset says when that was. */
static void test_what_is_late_begins_at_once(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new_tone(1000, 5, -6, RATE, NULL);
  guint64 now = device.mixer.frame;
  AudioCue cue = {sound, 0};
  audio_mixer_cue(&device.mixer, &cue, 1, (gint64)llround(heard_ns((double)now - 500)));
  callbacks(&device, 1);
  const AudioOnset *onset = &device.mixer.voices[0].onset;
  support_assert_near("onset", (double)onset->time_ns, heard_ns((double)now), 0, 2000);
  support_assert_near("late", (double)(onset->time_ns - onset->planned_ns), 500e9 / RATE, 0, 2000);
  g_array_unref(device.out);
}

/* Stopped in the middle of a constant: it fades linearly over 240 frames, and what was still to come never does. */
static void test_stop_fades(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new(5000, 1, RATE, NULL);
  for (gsize i = 0; i < sound->n_frames; i++)
    sound->samples[i] = 0.5f;
  AudioCue cues[] = {{sound, 0}, {sound, 50}};
  audio_mixer_cue(&device.mixer, cues, 2, (gint64)llround(heard_ns((double)device.mixer.frame)));
  callbacks(&device, 2);
  audio_mixer_stop(&device.mixer);
  g_array_set_size(device.out, 0);
  callbacks(&device, 20);
  for (guint i = 0; i < 20 * 256; i++)
    support_assert_near("fade", (double)g_array_index(device.out, float, 2 * i), i < 240 ? 0.5 * (240 - i) / 240 : 0, 0,
                        1e-6);
  g_assert_false(device.mixer.voices[1].onset.heard);
  g_array_unref(device.out);
}

static void test_an_underrun_takes_the_onset_s_trust(void) {
  Device device = device_new();
  g_autoptr(Sound) sound = sound_new_tone(1000, 5, -6, RATE, NULL);
  AudioCue cues[] = {{sound, 0}, {sound, 500}};
  audio_mixer_cue(&device.mixer, cues, 2, (gint64)llround(heard_ns((double)device.mixer.frame + 300)));
  device.late_ns = 50e6;
  callbacks(&device, 200);
  g_assert_cmpuint(device.mixer.clock.n_underruns, ==, 1);
  g_assert_cmpstr(device.mixer.voices[0].onset.source, ==, "untrusted");
  g_assert_cmpint(device.mixer.voices[0].onset.uncertainty_ns, ==, -1);
  g_assert_cmpstr(device.mixer.voices[1].onset.source, ==, "fit");
  g_array_unref(device.out);
}

/* The time between two onsets 24,000 frames apart, told in a session in which every callback comes late by what
 * `lateness` says of its number; *bounds is the sum of both bounds. */
static double interval_ns(double (*lateness)(guint64 callback, Random *random), double pace, double *bounds) {
  AudioMixer mixer;
  Random random;
  float out[PERIOD * AUDIO_CHANNELS];
  random_init(&random, 77);
  audio_mixer_init(&mixer, RATE, PERIOD);
  g_autoptr(Sound) sound = sound_new_tone(1000, 5, -6, RATE, NULL);
  AudioCue cues[] = {{sound, 0}, {sound, 500}};
  for (guint64 i = 0; i < 1000; i++) {
    double time = (double)i * PERIOD_NS * pace;
    if (i == 400)
      audio_mixer_cue(&mixer, cues, 2, (gint64)llround(time + 2e7));
    audio_mixer_render(&mixer, out, PERIOD, (gint64)llround(time + lateness(i, &random)));
  }
  const AudioOnset *one = &mixer.voices[0].onset, *other = &mixer.voices[1].onset;
  g_assert_cmpuint(mixer.voices[1].start - mixer.voices[0].start, ==, 24000);
  g_assert_cmpstr(one->source, ==, "fit");
  g_assert_cmpstr(other->source, ==, "fit");
  *bounds = (double)(one->uncertainty_ns + other->uncertainty_ns);
  return (double)(other->time_ns - one->time_ns);
}

/* Nothing, then from the middle between both sounds on 5 ms late: as when load sets in. */
static double load_sets_in(guint64 callback, Random *random) {
  return (callback > 450 ? 4e6 : 0) + 1e6 * random_uniform(random);
}
static double jitter(guint64 callback G_GNUC_UNUSED, Random *random) { return 4.5e6 * random_uniform(random); }
static double none(guint64 callback G_GNUC_UNUSED, Random *random G_GNUC_UNUSED) { return 0; }

/* 24,000 frames are 500 ms. The rate is told by 512 stamps over 2.7 s: 4.5 ms of uniform jitter leave a standard error
 * of 4.5 / sqrt(12) / (2.73 / sqrt(12)) / sqrt(512) = 73 ppm, 0.04 ms of 500; a step of 4 ms in the middle tilts the
 * line by 1.5 * 4 ms / 2.73 s, which no converter's rate does. */
static void test_sounds_of_one_image_keep_their_interval(void) {
  double bounds = 0;
  support_assert_near("exact", interval_ns(none, 1, &bounds), 500e6, 0, 2000);
  support_assert_near("exact bounds", bounds, 2 * PERIOD_NS, 0, 4000);
  support_assert_near("jitter", interval_ns(jitter, 1, &bounds), 500e6, 0, 2e5);
  g_assert_cmpfloat(bounds, >, 2 * (PERIOD_NS + 2e6)); /* callbacks lie up to 2.25 ms about their mean */
  support_assert_near("load", interval_ns(load_sets_in, 1, &bounds), 500e6, 0, 5e5);
  g_assert_cmpfloat(bounds, >, 2 * PERIOD_NS + 4e6);
}

/* SDL's disk driver sleeps 5 ms for 5.33 ms of sound, and the work of a callback: 4.3 % fast. The samples are 500 ms
 * apart and the callbacks 478.5; the bounds have room for both. */
static void test_a_driver_without_a_converter_keeps_the_samples(void) {
  double bounds = 0;
  support_assert_near("paced", interval_ns(none, 0.957, &bounds), 500e6, 0, 2000);
  g_assert_cmpfloat(bounds, >, 2 * PERIOD_NS * 0.957 + 0.043 * 500e6);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio mixer/is silent without sounds", test_silence);
  g_test_add_func("/audio mixer/begins sounds at exact samples", test_exact_offsets);
  g_test_add_func("/audio mixer/keeps the sides of a stereo sound", test_stereo_keeps_its_sides);
  g_test_add_func("/audio mixer/counts what it limits to full scale", test_clipping_is_counted);
  g_test_add_func("/audio mixer/moves what has not begun when the image is late",
                  test_a_late_image_moves_what_has_not_begun);
  g_test_add_func("/audio mixer/begins at once what is late", test_what_is_late_begins_at_once);
  g_test_add_func("/audio mixer/fades when stopped", test_stop_fades);
  g_test_add_func("/audio mixer/keeps the interval between sounds when callbacks jitter",
                  test_sounds_of_one_image_keep_their_interval);
  g_test_add_func("/audio mixer/keeps it where nothing but a clock paces the driver",
                  test_a_driver_without_a_converter_keeps_the_samples);
  g_test_add_func("/audio mixer/does not trust an onset about an underrun", test_an_underrun_takes_the_onset_s_trust);
  return g_test_run();
}
