/* Every rung's rules on a screen whose every refresh is known. */
#include <math.h>
#include <string.h>

#include "tests/present/display/fake_screen.h"
#include "tests/support.h"

static const FlipRung RUNGS[] = {FLIP_WAYLAND, FLIP_OML, FLIP_KMS, FLIP_FINISH};

typedef struct {
  FakeScreen screen;
  FlipLadder ladder;
} Bench;

static void open_bench(Bench *bench, double hz, FlipRung rung) {
  fake_screen_init(&bench->screen, hz);
  bench->ladder = fake_ladder(&bench->screen);
  bench->screen.jitter_ns = rung == FLIP_FINISH ? 30000 : 2e6;
  FlipSource *sources[] = {fake_source_new(&bench->screen, rung)};
  flip_ladder_climb(&bench->ladder, sources, 1, &(FlipFacts){.nominal_hz = hz, .whole_screen = true});
}

static void close_bench(Bench *bench) {
  flip_ladder_clear(&bench->ladder);
  clock_free(bench->screen.clock);
}

static Flip show(Bench *bench, gint64 wanted_ns) {
  Flip flip = {0};
  flip_ladder_show(&bench->ladder, wanted_ns, &flip);
  return flip;
}

/* Frames wanted 1 to 40 refreshes and a third after one another: each comes at the first refresh after its wish. */
static void check_rate(double hz, FlipRung rung) {
  Bench bench;
  open_bench(&bench, hz, rung);
  g_assert_cmpstr(bench.ladder.note, ==, "");
  g_assert_cmpint(bench.ladder.judge.rung, ==, rung);
  support_assert_near("measured rate", 1000 / bench.ladder.refresh.mean_ms, hz, rung == FLIP_FINISH ? 1e-3 : 1e-6, 0);
  Flip flip = show(&bench, 0);
  for (int i = 0; i < 200; i++) {
    gint64 before = bench.screen.shown_ns;
    int whole = 1 + i * 7 % 40;
    gint64 wanted = flip.time_ns + (gint64)((whole + 0.33) * bench.screen.period_ns);
    flip = show(&bench, wanted);
    g_assert_cmpint(llround((double)(bench.screen.shown_ns - before) / bench.screen.period_ns), ==, whole + 1);
    g_assert_cmpint(flip.missed, ==, 0);
    g_assert_cmpstr(flip.source, ==, flip_rung_name(rung));
    gint64 error = flip.time_ns - bench.screen.shown_ns;
    if (rung == FLIP_FINISH)
      g_assert_true(error > 0 && error < 150000);
    else
      g_assert_cmpint(error, ==, 0);
    g_assert_cmpint(flip.uncertainty_ns, >=, error);
  }
  g_assert_cmpuint(bench.ladder.judge.n_missed + bench.ladder.judge.n_early + bench.ladder.judge.n_off_grid, ==, 0);
  close_bench(&bench);
}

static void test_rates(void) {
  static const double rates[] = {59.94, 60, 120, 240};
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++)
    for (gsize k = 0; k < G_N_ELEMENTS(RUNGS); k++)
      check_rate(rates[i], RUNGS[k]);
}

/* A nominal 60 Hz that is 59.94 Hz: after 300 refreshes the two differ by a third of one. */
static void test_measured_rate_is_used(void) {
  Bench bench;
  fake_screen_init(&bench.screen, 59.94);
  bench.ladder = fake_ladder(&bench.screen);
  FlipSource *sources[] = {fake_source_new(&bench.screen, FLIP_OML)};
  flip_ladder_climb(&bench.ladder, sources, 1, &(FlipFacts){.nominal_hz = 60, .whole_screen = true});
  Flip flip = show(&bench, 0), later = show(&bench, flip.time_ns + (gint64)(300 * bench.screen.period_ns));
  support_assert_near("refreshes", (double)(later.time_ns - flip.time_ns) / bench.screen.period_ns, 300, 0, 1e-6);
  g_assert_cmpint(later.missed, ==, 0);
  close_bench(&bench);
}

static void check_drops(double hz) {
  for (gsize k = 0; k < G_N_ELEMENTS(RUNGS); k++) {
    FlipRung rung = RUNGS[k];
    Bench bench;
    open_bench(&bench, hz, rung);
    Flip flip = show(&bench, 0);
    bench.screen.fault = FAKE_DROPS;
    flip = show(&bench, flip.time_ns + 100 * NS_PER_MS);
    g_assert_cmpint(flip.missed, ==, 2);
    g_assert_cmpstr(flip.source, ==, flip_rung_name(rung));
    flip = show(&bench, 0); /* unscheduled: at the next refresh, had it not been dropped */
    g_assert_cmpint(flip.missed, ==, 2);
    bench.screen.fault = FAKE_GOOD;
    g_assert_cmpint(show(&bench, flip.time_ns + 50 * NS_PER_MS).missed, ==, 0);
    g_assert_cmpuint(bench.ladder.judge.n_missed, ==, 4);
    close_bench(&bench);
  }
}

static void test_drops_are_counted(void) {
  static const double rates[] = {59.94, 60, 120, 240};
  for (gsize i = 0; i < G_N_ELEMENTS(rates); i++)
    check_drops(rates[i]);
}

/* Asked for too late: 30 ms after its wish at 60 Hz, which is two refreshes. */
static void test_late_wishes_are_missed(void) {
  for (gsize k = 0; k < G_N_ELEMENTS(RUNGS); k++) {
    Bench bench;
    open_bench(&bench, 60, RUNGS[k]);
    Flip flip = show(&bench, 0);
    gint64 wanted = flip.time_ns + (gint64)(3 * bench.screen.period_ns);
    clock_wait_until(bench.screen.clock, wanted + 30 * NS_PER_MS);
    g_assert_cmpint(show(&bench, wanted).missed, ==, 2);
    close_bench(&bench);
  }
}

static const struct {
  FakeFault fake;
  StampFault fault;
} FAULTS[] = {{FAKE_DUPLICATE, STAMP_REPEATED}, {FAKE_BACKWARDS, STAMP_BACKWARDS}, {FAKE_ZERO, STAMP_ZERO},
              {FAKE_AHEAD, STAMP_LATE},         {FAKE_STALE, STAMP_EARLY},         {FAKE_SILENT, STAMP_ABSENT},
              {FAKE_SOFT, STAMP_SOFT},          {FAKE_NEVER_SHOWN, STAMP_DROPPED}};

/* One bad stamp makes one untrusted flip; the third in a row ends the trust. */
static void check_bad_stamps(FlipRung rung, double hz) {
  for (gsize i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
    Bench bench;
    open_bench(&bench, hz, rung);
    show(&bench, 0);
    bench.screen.fault = FAULTS[i].fake;
    Flip bad = show(&bench, 0);
    g_assert_cmpstr(bad.source, ==, "untrusted");
    g_assert_cmpint(bad.uncertainty_ns, ==, -1);
    g_assert_cmpint(bad.missed, ==, -1);
    g_assert_cmpuint(bench.ladder.judge.n_faults[FAULTS[i].fault], ==, 1);
    bench.screen.fault = FAKE_GOOD;
    Flip good = show(&bench, 0);
    g_assert_cmpstr(good.source, ==, flip_rung_name(rung));
    g_assert_cmpint(good.time_ns, ==, bench.screen.shown_ns);
    bench.screen.fault = FAULTS[i].fake;
    for (int k = 0; k < 3; k++)
      show(&bench, 0);
    bench.screen.fault = FAKE_GOOD;
    g_assert_cmpstr(show(&bench, 0).source, ==, "untrusted");
    g_assert_cmpstr(bench.ladder.note, !=, "");
    g_autofree char *summary = flip_ladder_summary(&bench.ladder);
    g_assert_nonnull(strstr(summary, stamp_fault_text(FAULTS[i].fault)));
    close_bench(&bench);
  }
}

/* The rungs with stamps; what the clock after a swap says is judged by its place among the refreshes alone. */
static void test_bad_stamps(void) {
  static const double rates[] = {59.94, 120, 240};
  for (gsize k = 0; k < G_N_ELEMENTS(RUNGS); k++)
    for (gsize i = 0; i < G_N_ELEMENTS(rates) && RUNGS[k] != FLIP_FINISH; i++)
      check_bad_stamps(RUNGS[k], rates[i]);
}

/* A refresh that follows the frames: a hardware stamp stays a time, but what was missed cannot be said; the clock after
 * a swap is worth nothing. */
static void test_variable_refresh(void) {
  for (gsize k = 0; k < G_N_ELEMENTS(RUNGS); k++) {
    Bench bench;
    open_bench(&bench, 144, RUNGS[k]);
    bench.screen.variable = true;
    Flip flip = show(&bench, 0);
    int off_grid = 0;
    for (int i = 0; i < 20; i++) {
      gint64 wanted = flip.time_ns + (gint64)((3 + 0.05 * i) * bench.screen.period_ns);
      clock_wait_until(bench.screen.clock, wanted);
      flip = show(&bench, 0);
      if (flip.missed >= 0)
        continue;
      off_grid++;
      g_assert_cmpstr(flip.source, ==, flip_rung_name(RUNGS[k] == FLIP_FINISH ? FLIP_UNTRUSTED : RUNGS[k]));
      if (RUNGS[k] != FLIP_FINISH)
        g_assert_cmpint(flip.time_ns, ==, bench.screen.shown_ns);
    }
    g_assert_cmpint(off_grid, >=, 8);
    g_assert_cmpuint(bench.ladder.judge.n_off_grid, ==, (guint)off_grid);
    close_bench(&bench);
  }
}

/* --- The climb --- */

static void climb(FakeScreen *screen, FlipLadder *ladder, FlipSource *first, const FlipFacts *facts) {
  *ladder = fake_ladder(screen);
  FlipSource *sources[] = {NULL, first, fake_source_new(screen, FLIP_FINISH)};
  flip_ladder_climb(ladder, sources, G_N_ELEMENTS(sources), facts);
}

/* Zeros, as a driver without the extension gives them. */
static void give_zeros(FlipSource *source G_GNUC_UNUSED, Clock *clock G_GNUC_UNUSED, gint64 until_ns G_GNUC_UNUSED,
                       FlipStamp *stamp) {
  *stamp = (FlipStamp){.answered = true};
}

static void test_climbs_down_from_a_liar(void) {
  FakeScreen screen;
  FlipLadder ladder;
  fake_screen_init(&screen, 60);
  FlipSource *liar = fake_source_new(&screen, FLIP_OML);
  liar->after = give_zeros;
  climb(&screen, &ladder, liar, &(FlipFacts){.nominal_hz = 60, .whole_screen = true});
  g_assert_cmpint(ladder.judge.rung, ==, FLIP_FINISH);
  g_assert_cmpstr(ladder.note, ==, "");
  g_assert_cmpint(screen.n_freed, ==, 1);
  g_assert_cmpint(ladder.judge.uncertainty_ns, >, 16 * NS_PER_MS);
  flip_ladder_clear(&ladder);
  g_assert_cmpint(screen.n_freed, ==, 2);
  clock_free(screen.clock);
}

static void check_untrusted(double hz, double irregular_ns, const FlipFacts *facts, const char *why) {
  FakeScreen screen;
  FlipLadder ladder;
  fake_screen_init(&screen, hz);
  screen.irregular_ns = irregular_ns;
  climb(&screen, &ladder, fake_source_new(&screen, FLIP_OML), facts);
  g_assert_cmpint(ladder.judge.rung, ==, FLIP_UNTRUSTED);
  g_assert_null(ladder.source);
  g_assert_cmpint(screen.n_freed, ==, 2);
  if (strstr(ladder.note, why) == NULL)
    g_error("\"%s\" does not say \"%s\"", ladder.note, why);
  Flip flip;
  flip_ladder_show(&ladder, 0, &flip);
  g_assert_cmpstr(flip.source, ==, "untrusted");
  g_assert_cmpint(flip.uncertainty_ns, ==, -1);
  flip_ladder_clear(&ladder);
  clock_free(screen.clock);
}

static void test_untrusted_displays(void) {
  check_untrusted(60, 500000, &(FlipFacts){.nominal_hz = 60}, "SD");
  check_untrusted(75.1, 0, &(FlipFacts){.nominal_hz = 60}, "70 of 70 intervals were more than 20 % off");
  check_untrusted(60, 0, &(FlipFacts){.nominal_hz = 0}, "does not say");
  check_untrusted(60, 0, &(FlipFacts){.nominal_hz = 60, .condemned = "software renderer"}, "software renderer");
}

static void test_window_beside_others_is_less_sure(void) {
  RefreshFacts refresh = {.nominal_hz = 60, .mean_ms = 16.68, .sd_ms = 0.01, .n_intervals = 70};
  FlipJudge judge;
  flip_judge_init(&judge, FLIP_OML, &refresh, false);
  g_assert_cmpint(judge.uncertainty_ns, ==, 16680000);
  flip_judge_init(&judge, FLIP_OML, &refresh, true);
  g_assert_cmpint(judge.uncertainty_ns, ==, 100000);
}

/* --- The measurement --- */

static void test_refresh_criteria(void) {
  RefreshFacts good = {.nominal_hz = 60, .mean_ms = 16.683, .sd_ms = 0.05, .n_intervals = 60};
  g_assert_true(refresh_is_trusted(&good));
  RefreshFacts few = good, noisy = good, unknown = good, dropping = good;
  few.n_intervals = 49;
  noisy.sd_ms = 0.2;
  unknown.nominal_hz = 0;
  dropping.n_dropped = 16;
  g_assert_false(refresh_is_trusted(&few));
  g_assert_false(refresh_is_trusted(&noisy));
  g_assert_false(refresh_is_trusted(&unknown));
  g_assert_false(refresh_is_trusted(&dropping));
  dropping.n_dropped = 15;
  g_assert_true(refresh_is_trusted(&dropping));
}

/* numpy.mean and numpy.std(ddof=1) of [16.61, 16.75, 16.70]: 16.686666666666667, 0.07094598884597587. */
static void test_refresh_statistics(void) {
  const gint64 times[] = {1000000000, 1016610000, 1033360000, 1066760000, 1166760000, 1166760000};
  const gint64 counts[] = {50, 51, 52, 54, 57, 57};
  RefreshFacts facts;
  refresh_measure(times, counts, 6, 60, &facts); /* the fourth interval is of two refreshes of 16.7 ms */
  support_assert_near("mean", facts.mean_ms, 16.686666666666667, 1e-12, 0);
  support_assert_near("sd", facts.sd_ms, 0.07094598884597587, 1e-9, 0);
  g_assert_cmpint(facts.n_intervals, ==, 3);
  g_assert_cmpint(facts.n_dropped, ==, 2); /* 33.3 ms a refresh, and none at all */
  refresh_measure(times, NULL, 6, 60, &facts);
  g_assert_cmpint(facts.n_intervals, ==, 2);
  refresh_measure(times, NULL, 1, 60, &facts);
  g_assert_true(isnan(facts.mean_ms) && isnan(facts.sd_ms));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/flip/shows at the first refresh after the wish at every rate", test_rates);
  g_test_add_func("/flip/reckons with the measured rate", test_measured_rate_is_used);
  g_test_add_func("/flip/counts dropped frames", test_drops_are_counted);
  g_test_add_func("/flip/counts refreshes that passed before a late wish", test_late_wishes_are_missed);
  g_test_add_func("/flip/believes no impossible stamp", test_bad_stamps);
  g_test_add_func("/flip/notices a variable refresh", test_variable_refresh);
  g_test_add_func("/flip/falls to the next rung where one lies", test_climbs_down_from_a_liar);
  g_test_add_func("/flip/says why a display is untrusted", test_untrusted_displays);
  g_test_add_func("/flip/is less sure of a window than of the whole screen", test_window_beside_others_is_less_sure);
  g_test_add_func("/refresh/follows Psychtoolbox's criteria", test_refresh_criteria);
  g_test_add_func("/refresh/leaves out what is no interval", test_refresh_statistics);
  return g_test_run();
}
