#include <math.h>

#include "present/audio/audio_clock.h"
#include "present/display/clock.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

enum { PERIOD = 256, RATE = 48000 };
#define NS_PER_FRAME (1e9 / RATE)
#define BEGUN_NS G_GINT64_CONSTANT(777123456789012)

/* Stamps callbacks first..last (in periods): frames at ns_per_frame, each late by up to jitter_ns. */
static void run(AudioClock *clock, guint64 first, guint64 last, double ns_per_frame, double late_ns, double jitter_ns,
                Random *random) {
  for (guint64 i = first; i < last; i++) {
    double time = (double)(i * PERIOD) * ns_per_frame + late_ns + jitter_ns * random_uniform(random);
    g_assert_false(audio_clock_stamp(clock, i * PERIOD, BEGUN_NS + (gint64)llround(time)));
  }
}

static void test_exact_callbacks(void) {
  AudioClock clock;
  Random random;
  random_init(&random, 1);
  audio_clock_init(&clock, RATE, PERIOD);
  run(&clock, 0, AUDIO_CLOCK_LEAST - 1, NS_PER_FRAME, 0, 0, &random);
  g_assert_false(audio_clock_is_ready(&clock));
  run(&clock, AUDIO_CLOCK_LEAST - 1, 1000, NS_PER_FRAME, 0, 0, &random);
  g_assert_true(audio_clock_is_ready(&clock));
  /* Frame 300000 is asked for at 6.25 s and heard one period (5333333 ns) later, give or take one. */
  support_assert_near("time", (double)(audio_fit_time_ns(&clock.fit, 300000) - BEGUN_NS), 6255333333.3, 0, 200);
  support_assert_near("bound", (double)audio_fit_bound_ns(&clock.fit), 5333334, 0, 200);
  g_assert_cmpuint(audio_fit_frame(&clock.fit, BEGUN_NS + 6255333333), ==, 300000);
  g_assert_cmpuint(audio_fit_frame(&clock.fit, 0), ==, 0);
}

/* A sound card that is 83 ppm fast, callbacks late by up to 1 ms: 512 stamps over 2.7 s tell the rate within 5 standard
 * errors of 1 ms / sqrt(12) / (2.73 s / sqrt(12)) / sqrt(512) = 16 ppm. */
static void test_drift(void) {
  AudioClock clock;
  Random random;
  random_init(&random, 2);
  audio_clock_init(&clock, RATE, PERIOD);
  double fast = NS_PER_FRAME * (1 - 83e-6);
  run(&clock, 0, 3000, fast, 0, 1e6, &random);
  support_assert_near("rate", clock.fit.ns_per_frame / NS_PER_FRAME - 1, -83e-6, 0, 80e-6);
  support_assert_near("scatter", clock.fit.scatter_ns, 1e6 / sqrt(12), 0.1, 0);
  /* The mean callback is half a millisecond late. */
  guint64 frame = 2990 * PERIOD;
  double want = (double)frame * fast + 0.5e6 + PERIOD * NS_PER_FRAME;
  support_assert_near("time", (double)(audio_fit_time_ns(&clock.fit, frame) - BEGUN_NS), want, 0, 1.5e5);
  g_assert_cmpuint(clock.n_underruns, ==, 0);
}

static void test_underrun(void) {
  AudioClock clock;
  Random random;
  random_init(&random, 3);
  audio_clock_init(&clock, RATE, PERIOD);
  run(&clock, 0, 600, NS_PER_FRAME, 0, 0, &random);
  double gap = 40e6; /* the device stood still */
  for (guint64 i = 600; i < 600 + AUDIO_CLOCK_LATE; i++) {
    gint64 time = BEGUN_NS + (gint64)((double)(i * PERIOD) * NS_PER_FRAME + gap);
    g_assert_true(audio_clock_stamp(&clock, i * PERIOD, time) == (i == 599 + AUDIO_CLOCK_LATE));
  }
  g_assert_cmpuint(clock.n_underruns, ==, 1);
  run(&clock, 600 + AUDIO_CLOCK_LATE, 700, NS_PER_FRAME, gap, 0, &random);
  double want = 800 * PERIOD * NS_PER_FRAME + gap + PERIOD * NS_PER_FRAME;
  support_assert_near("time", (double)(audio_fit_time_ns(&clock.fit, 800 * PERIOD) - BEGUN_NS), want, 0, 200);
}

/* A sound server that wakes up for eight periods at once, then sleeps: every eighth callback is late by the time of
 * seven, and nothing was lost. */
static void test_bunches_are_no_underrun(void) {
  AudioClock clock;
  audio_clock_init(&clock, RATE, PERIOD);
  for (guint64 i = 0; i < 800; i++) {
    double time = (double)((i / 8 * 8) * PERIOD) * NS_PER_FRAME;
    audio_clock_stamp(&clock, i * PERIOD, BEGUN_NS + (gint64)time);
  }
  g_assert_cmpuint(clock.n_underruns, ==, 0);
}

static void test_one_late_callback(void) {
  AudioClock clock;
  Random random;
  random_init(&random, 4);
  audio_clock_init(&clock, RATE, PERIOD);
  run(&clock, 0, 600, NS_PER_FRAME, 0, 0, &random);
  g_assert_false(audio_clock_stamp(&clock, 600 * PERIOD, BEGUN_NS + (gint64)(600 * PERIOD * NS_PER_FRAME + 30e6)));
  run(&clock, 601, 700, NS_PER_FRAME, 0, 0, &random);
  g_assert_cmpuint(clock.n_underruns, ==, 0);
  /* 30 ms in one of 512 stamps move the line by 30 / 512 = 0.06 ms in its middle, by up to four times that at its end.
   */
  double want = 601 * PERIOD * NS_PER_FRAME;
  support_assert_near("time", (double)(audio_fit_time_ns(&clock.fit, 600 * PERIOD) - BEGUN_NS), want, 0, 2.4e5);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audio clock/tells a frame's time from exact callbacks", test_exact_callbacks);
  g_test_add_func("/audio clock/learns the device's rate through scatter", test_drift);
  g_test_add_func("/audio clock/begins a new line after an underrun", test_underrun);
  g_test_add_func("/audio clock/takes bunched callbacks for no underrun", test_bunches_are_no_underrun);
  g_test_add_func("/audio clock/is hardly moved by one late callback", test_one_late_callback);
  return g_test_run();
}
