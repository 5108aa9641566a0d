/* A whole session: what it records of its trials, and when it shows what. */
#include <math.h>

#include "tests/present/rig.h"
#include "tests/support.h"

static void test_complete(void) {
  Rig *rig = rig_new(false, true);
  g_assert_cmpint(rig_run(rig, false, rig_dutiful, rig), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(rig->contents->answers->len, ==, 2);
  const AnswerRecord *mood = rig->contents->answers->pdata[1];
  g_assert_cmpstr(mood->name, ==, "mood");
  g_assert_cmpuint(mood->choice, ==, 1);
  g_assert_cmpstr(mood->label, ==, "Bad");
  g_assert_cmpuint(rig->contents->trials->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const TrialRecord *record = rig_trial(rig, i);
    g_assert_null(record->abort_reason);
    g_assert_cmpfloat(record->ratings[0].final, ==, 0);
    g_assert_cmpfloat(record->ratings[1].final, ==, 100);
    g_assert_true(isnan(record->ratings[0].start));
    g_assert_cmpfloat(record->ratings[1].start, ==, 50);
    g_assert_cmpstr(record->slider_on_top, ==, "arousal");
    g_assert_cmpstr(record->stim_id, ==, protocol_stimulus(rig->protocol, rig->trials->trials[i].stimulus, "id"));
  }
  rig_free(rig);
}

typedef struct {
  Rig *rig;
  GString *shown;
  bool paused;
} BarReader;

/* Dutiful, but for one pause at the sliders of the third trial. */
static void read_bar(gpointer context, const SessionMoment *moment) {
  BarReader *reader = context;
  double share = moment->screen->theme.progress;
  bool trial = moment->kind != MOMENT_PAGE && moment->kind != MOMENT_QUESTION && moment->kind != MOMENT_PAUSE;
  g_assert_true(isnan(share) == trial);
  if (!trial)
    g_string_append_printf(reader->shown, "%.4f ", share);
  if (!reader->paused && moment->kind == MOMENT_RATING && moment->step == 3) {
    reader->paused = true;
    rig_key(reader->rig, 600, KEY_ESCAPE, '\0');
  } else {
    rig_dutiful(reader->rig, moment);
  }
}

/* Six parts: a page, a question, two trials, two trials. */
static void test_progress_is_shown_outside_of_trials(void) {
  Rig *rig = rig_new(false, true);
  rig->protocol->screen.progress = true;
  BarReader reader = {.rig = rig, .shown = g_string_new(NULL)};
  g_assert_cmpint(rig_run(rig, false, read_bar, &reader), ==, JOURNAL_COMPLETE);
  g_assert_cmpstr(reader.shown->str, ==, "0.0000 0.1667 0.6667 ");
  g_string_free(reader.shown, TRUE);
  rig_free(rig);
}

static void test_drawing_changes_no_answer(void) {
  Rig *blind = rig_new(false, true), *seeing = rig_new(true, true);
  rig_run(blind, false, rig_dutiful, blind);
  rig_run(seeing, false, rig_dutiful, seeing);
  for (guint i = 0; i < 4; i++) {
    g_assert_cmpfloat(rig_trial(blind, i)->response_time, ==, rig_trial(seeing, i)->response_time);
    g_assert_cmpfloat(rig_trial(blind, i)->ratings[1].final, ==, rig_trial(seeing, i)->ratings[1].final);
  }
  rig_free(blind);
  rig_free(seeing);
}

/* The sliders come with the image: the answer 1237 ms after both. At 60 Hz 300 ms are 18 refreshes exactly. */
static void test_times_together(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, rig_dutiful, rig);
  const TrialRecord *record = rig_trial(rig, 0);
  support_assert_near("response time", record->response_time, 1.237, 0, 1e-9);
  support_assert_near("onset", record->onset_actual, record->onset_planned, 0, 1e-6);
  support_assert_near("first touch", record->ratings[0].first_touch_time - record->onset_actual, 0.6, 0, 1e-9);
  support_assert_near("second touch", record->ratings[1].first_touch_time - record->onset_actual, 1.0, 0, 1e-9);
  g_assert_cmpstr(record->onset_source, ==, "simulated");
  g_assert_cmpuint(record->missed_frames, ==, 0);
  /* Confirmation, then 200 ms of blank from the next refresh, then 300 ms of fixation. */
  double gap = rig_trial(rig, 1)->onset_actual - record->ratings[0].confirm_time;
  g_assert_cmpfloat(gap, >=, 0.5 - 1e-6);
  g_assert_cmpfloat(gap, <=, 0.5 + 1.0 / 60 + 1e-6);
  rig_free(rig);
}

/* 400 ms of fixation, 500 ms of image, and the sliders only then: the answer 500 + 1237 ms after the image. */
static void test_times_apart(void) {
  Rig *rig = rig_new(false, true);
  rig_run(rig, false, rig_dutiful, rig);
  const TrialRecord *record = rig_trial(rig, 2);
  g_assert_cmpstr(record->block, ==, "timed");
  support_assert_near("response time", record->response_time, 1.737, 0, 1e-6);
  support_assert_near("onset", record->onset_actual, record->onset_planned, 0, 1e-6);
  rig_free(rig);
}

/* Dutiful, but Enter is seen 16.25 ms late at most. */
static void seen_late(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  rig_dutiful(rig, moment);
  if (moment->kind != MOMENT_RATING)
    return;
  Event event = {.kind = EVENT_KEY, .key = KEY_ENTER, .uncertainty_ns = 16250 * (NS_PER_MS / 1000)};
  event.time_ns = clock_now_ns(rig->clock) + 1100 * NS_PER_MS;
  display_null_push(rig->display, &event);
}

static void test_input_uncertainty_is_recorded(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, seen_late, rig);
  support_assert_near("response time", rig_trial(rig, 0)->response_time, 1.1, 0, 1e-9);
  support_assert_near("uncertainty", rig_trial(rig, 0)->response_uncertainty, 0.01625, 0, 1e-12);
  rig_free(rig);
}

/* The null display, but drawing takes 30 ms and each flip 3 ms more; it notes when each flip was. */
typedef struct {
  Rig *rig;
  const DisplayClass *inner;
  DisplayClass slow;
  gint64 flip_ns[2]; /* the last but one, the last */
  gint64 blank_ns;   /* when the last interval's blank appeared */
  int n_intervals;
} SlowScreen;

static SlowScreen *slow_screen; /* a DisplayClass has no context */

static void slow_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  slow_screen->inner->show(display, frame, wanted_ns, flip);
  slow_screen->flip_ns[0] = slow_screen->flip_ns[1];
  slow_screen->flip_ns[1] = flip->time_ns;
  clock_wait_until(display->clock, clock_now_ns(display->clock) + 3 * NS_PER_MS);
}

static void slow_prepare(Display *display, const Frame *frame G_GNUC_UNUSED) {
  clock_wait_until(display->clock, clock_now_ns(display->clock) + 30 * NS_PER_MS);
}

static void on_slow_screen(gpointer context, const SessionMoment *moment) {
  SlowScreen *screen = context;
  Display *display = screen->rig->display;
  if (display->class != &screen->slow) {
    screen->inner = display->class;
    screen->slow = *display->class;
    screen->slow.show = slow_show;
    screen->slow.prepare = slow_prepare;
    display->class = &screen->slow;
  }
  if (moment->kind == MOMENT_BLANK)
    screen->blank_ns = screen->flip_ns[0]; /* the interval's own flip shows the blank a second time */
  if (moment->kind == MOMENT_FIXATION && moment->trial->number > 1) {
    support_assert_near("interval", (double)(screen->flip_ns[1] - screen->blank_ns) / (double)NS_PER_S,
                        moment->step == 2 ? 0.2 : 0.1, 0, 1e-6);
    screen->n_intervals++;
  }
  rig_dutiful(screen->rig, moment);
}

static void test_intervals_are_as_long_as_planned_on_a_slow_screen(void) {
  Rig *rig = rig_new(true, true);
  SlowScreen screen = {.rig = rig};
  slow_screen = &screen;
  g_assert_cmpint(rig_run(rig, false, on_slow_screen, &screen), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(screen.n_intervals, ==, 2);
  rig_free(rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/progress is shown outside of trials", test_progress_is_shown_outside_of_trials);
  g_test_add_func("/session/runs to its end", test_complete);
  g_test_add_func("/session/times with sliders beneath the image", test_times_together);
  g_test_add_func("/session/times with sliders after the image", test_times_apart);
  g_test_add_func("/session/records how late input was seen", test_input_uncertainty_is_recorded);
  g_test_add_func("/session/makes intervals as long as planned on a slow screen",
                  test_intervals_are_as_long_as_planned_on_a_slow_screen);
  g_test_add_func("/session/answers do not depend on drawing", test_drawing_changes_no_answer);
  return g_test_run();
}
