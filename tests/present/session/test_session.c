#include <math.h>
#include <string.h>

#include "present/screens/page_screen.h"
#include "present/screens/rating_screen.h"
#include "tests/present/rig.h"
#include "tests/support.h"

static const TrialRecord *trial(const Rig *rig, guint i) {
  g_assert_cmpuint(i, <, rig->contents->trials->len);
  return rig->contents->trials->pdata[i];
}

static guint count_events(const Rig *rig, const char *kind) {
  guint n = 0;
  for (guint i = 0; i < rig->contents->events->len; i++)
    n += strcmp(((const EventRecord *)rig->contents->events->pdata[i])->kind, kind) == 0;
  return n;
}

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
    const TrialRecord *record = trial(rig, i);
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

/* The sliders come with the image: the answer 1237 ms after both. At 60 Hz 300 ms are 18 refreshes exactly. */
static void test_times_together(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, rig_dutiful, rig);
  const TrialRecord *record = trial(rig, 0);
  support_assert_near("response time", record->response_time, 1.237, 0, 1e-9);
  support_assert_near("onset", record->onset_actual, record->onset_planned, 0, 1e-6);
  support_assert_near("first touch", record->ratings[0].first_touch_time - record->onset_actual, 0.6, 0, 1e-9);
  support_assert_near("second touch", record->ratings[1].first_touch_time - record->onset_actual, 1.0, 0, 1e-9);
  g_assert_cmpstr(record->onset_source, ==, "simulated");
  g_assert_cmpuint(record->missed_frames, ==, 0);
  /* Confirmation, then 200 ms of blank from the next refresh, then 300 ms of fixation. */
  double gap = trial(rig, 1)->onset_actual - record->ratings[0].confirm_time;
  g_assert_cmpfloat(gap, >=, 0.5 - 1e-6);
  g_assert_cmpfloat(gap, <=, 0.5 + 1.0 / 60 + 1e-6);
  rig_free(rig);
}

/* 400 ms of fixation, 500 ms of image, and the sliders only then: the answer 500 + 1237 ms after the image. */
static void test_times_apart(void) {
  Rig *rig = rig_new(false, true);
  rig_run(rig, false, rig_dutiful, rig);
  const TrialRecord *record = trial(rig, 2);
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
  support_assert_near("response time", trial(rig, 0)->response_time, 1.1, 0, 1e-9);
  support_assert_near("uncertainty", trial(rig, 0)->response_uncertainty, 0.01625, 0, 1e-12);
  rig_free(rig);
}

/* --- Between trials --- */

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

/* --- Confirming --- */

/* Enter 5 ms before a deadline of 1 s, and 5 ms after it. */
static void at_the_last_moment(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind != MOMENT_RATING) {
    rig_dutiful(rig, moment);
    return;
  }
  rig_key(rig, 300, KEY_HOME, '\0');
  rig_key(rig, 400, KEY_TAB, '\0');
  rig_key(rig, 500, KEY_END, '\0');
  rig_key(rig, moment->trial->number == 1 ? 995 : 1005, KEY_ENTER, '\0');
}

static void test_answer_counts_until_the_deadline(void) {
  Rig *rig = rig_new(false, false);
  rig->protocol->blocks[0].deadline_ms = 1000;
  g_assert_cmpint(rig_run(rig, false, at_the_last_moment, rig), ==, JOURNAL_COMPLETE);
  g_assert_false(trial(rig, 0)->timed_out);
  support_assert_near("response time", trial(rig, 0)->response_time, 0.995, 0, 1e-9);
  g_assert_true(trial(rig, 1)->timed_out);
  g_assert_true(isnan(trial(rig, 1)->response_time));
  rig_free(rig);
}

typedef struct {
  Rig *rig;
  int ratings;
} Eager;

/* Tries to confirm all the time: with nothing touched, then with one slider touched. */
static void eager(gpointer context, const SessionMoment *moment) {
  Eager *who = context;
  if (moment->kind != MOMENT_RATING) {
    rig_dutiful(who->rig, moment);
    return;
  }
  Box button = rating_screen_button(moment->screen);
  rig_key(who->rig, 100, KEY_ENTER, '\0');
  rig_key(who->rig, 200, KEY_SPACE, '\0');
  rig_pointer(who->rig, 300, EVENT_POINTER_DOWN, button.x + 5, button.y + 5);
  rig_pointer(who->rig, 350, EVENT_POINTER_UP, button.x + 5, button.y + 5);
  rig_key(who->rig, 400, KEY_LEFT, '\0'); /* arousal, which was hidden: 49 */
  rig_key(who->rig, 500, KEY_ENTER, '\0');
  rig_key(who->rig, 600, KEY_TAB, '\0');
  rig_key(who->rig, 700, KEY_ENTER, '\0');
  rig_key(who->rig, 800, KEY_RIGHT, '\0'); /* valence: 51 */
  rig_key(who->rig, 900, KEY_LEFT, '\0');  /* back at its start, which counts: it was touched */
  rig_pointer(who->rig, 1000, EVENT_POINTER_DOWN, button.x + 5, button.y + 5);
  rig_pointer(who->rig, 1050, EVENT_POINTER_UP, button.x + 5, button.y + 5);
}

static void test_no_answer_before_both_touched(void) {
  Rig *rig = rig_new(false, false);
  Eager who = {rig, 0};
  g_assert_cmpint(rig_run(rig, false, eager, &who), ==, JOURNAL_COMPLETE);
  support_assert_near("response time", trial(rig, 0)->response_time, 1.05, 0, 1e-9);
  g_assert_cmpfloat(trial(rig, 0)->ratings[0].final, ==, 49);
  g_assert_cmpfloat(trial(rig, 0)->ratings[1].final, ==, 50);
  g_assert_true(trial(rig, 0)->ratings[1].touched);
  rig_free(rig);
}

/* --- Dragging --- */

/* Drags the first slider out of the window at the right and the second out at the left. */
static void dragger(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind != MOMENT_RATING) {
    rig_dutiful(rig, moment);
    return;
  }
  for (gsize i = 0; i < 2; i++) {
    const Slider *slider = rating_screen_slider(moment->screen, i);
    double y = slider->track.y + slider->track.height / 2, end = i == 0 ? 5000 : -3000;
    gint64 at = 300 + 500 * (gint64)i;
    rig_pointer(rig, at, EVENT_POINTER_DOWN, slider_x(slider, 37), y);
    rig_pointer(rig, at + 100, EVENT_POINTER_MOVE, slider_x(slider, 60), y + 300);
    rig_pointer(rig, at + 200, EVENT_POINTER_MOVE, end, -900);
    rig_pointer(rig, at + 300, EVENT_POINTER_UP, end, -900);
    rig_pointer(rig, at + 400, EVENT_POINTER_MOVE, slider_x(slider, 20), y); /* let go: nothing moves */
  }
  rig_key(rig, 2000, KEY_SPACE, '\0');
}

static void test_drag_beyond_the_ends(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, dragger, rig);
  const TrialRecord *record = trial(rig, 0);
  g_assert_cmpfloat(record->ratings[0].final, ==, 100);
  g_assert_cmpfloat(record->ratings[1].final, ==, 0);
  g_autofree char *arousal = rating_record_trajectory(&record->ratings[0]);
  g_autofree char *valence = rating_record_trajectory(&record->ratings[1]);
  g_assert_cmpstr(arousal, ==, "300:37;400:60;500:100");
  g_assert_cmpstr(valence, ==, "0:50;800:37;900:60;1000:0");
  rig_free(rig);
}

/* --- Pausing and quitting --- */

typedef struct {
  Rig *rig;
  MomentKind where; /* the screen that is broken into, once */
  bool quit, done;
  int fixations;
} Pauser;

static void pauser(gpointer context, const SessionMoment *moment) {
  Pauser *who = context;
  who->fixations += moment->kind == MOMENT_FIXATION;
  if (moment->kind == MOMENT_PAUSE && who->quit) {
    rig_key(who->rig, 500, KEY_CHARACTER, 'q');
    rig_key(who->rig, 600, KEY_CHARACTER, 'n'); /* not yet */
    rig_key(who->rig, 700, KEY_CHARACTER, 'q');
    rig_key(who->rig, 800, KEY_CHARACTER, 'y');
    return;
  }
  if (moment->kind != who->where || who->done) {
    rig_dutiful(who->rig, moment);
    return;
  }
  who->done = true;
  if (moment->kind == MOMENT_RATING) { /* in the middle of a drag */
    const Slider *slider = rating_screen_slider(moment->screen, 0);
    rig_pointer(who->rig, 300, EVENT_POINTER_DOWN, slider_x(slider, 80), slider->track.y);
    rig_pointer(who->rig, 400, EVENT_POINTER_MOVE, slider_x(slider, 70), slider->track.y);
  }
  rig_key(who->rig, 450, KEY_ESCAPE, '\0');
}

static void test_pause_in_a_drag(void) {
  Rig *rig = rig_new(false, false);
  Pauser who = {.rig = rig, .where = MOMENT_RATING};
  g_assert_cmpint(rig_run(rig, false, pauser, &who), ==, JOURNAL_COMPLETE);
  const TrialRecord *record = trial(rig, 0);
  g_assert_cmpuint(record->pauses, ==, 1);
  g_assert_cmpuint(trial(rig, 1)->pauses, ==, 0);
  /* Escape at 450 ms, the pause's Enter 3 s after it shows, which the next refresh does; then 1237 ms. */
  g_assert_cmpfloat(record->pause_duration, >=, 3);
  g_assert_cmpfloat(record->pause_duration, <=, 3 + 1.0 / 60 + 1e-6);
  double active = record->response_time - record->pause_duration;
  g_assert_cmpfloat(active, >=, 0.45 + 1.237);
  g_assert_cmpfloat(active, <=, 0.45 + 1.237 + 1.0 / 60 + 1e-6);
  g_assert_cmpfloat(trial(rig, 1)->pause_duration, ==, 0);
  g_assert_cmpuint(count_events(rig, "pause"), ==, 1);
  g_assert_cmpuint(count_events(rig, "continue"), ==, 1);
  g_assert_cmpfloat(record->ratings[0].final, ==, 0); /* set anew after the pause */
  g_autofree char *arousal = rating_record_trajectory(&record->ratings[0]);
  g_assert_true(g_str_has_prefix(arousal, "300:80;400:70;"));
  rig_free(rig);
}

static void test_pause_restarts_timed_parts(void) {
  Rig *rig = rig_new(false, true);
  Pauser who = {.rig = rig, .where = MOMENT_IMAGE};
  g_assert_cmpint(rig_run(rig, false, pauser, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(rig->contents->trials->len, ==, 4);
  g_assert_cmpint(who.fixations, ==, 5);
  g_assert_cmpuint(trial(rig, 2)->pauses, ==, 1);
  support_assert_near("response time", trial(rig, 2)->response_time, 1.737, 0, 1e-6);
  rig_free(rig);
}

typedef struct {
  Rig *rig;
  EventKind kind; /* what pauses, once, after both sliders were touched */
  bool done;
} Repeater;

/* Of the second attempt nothing but its own keys counts: an answer of the first would be confirmed at once. */
static void repeater(gpointer context, const SessionMoment *moment) {
  Repeater *who = context;
  if (moment->kind != MOMENT_RATING) {
    rig_dutiful(who->rig, moment);
    return;
  }
  if (!who->done) {
    who->done = true;
    rig_key(who->rig, 100, KEY_HOME, '\0');
    rig_key(who->rig, 200, KEY_TAB, '\0');
    rig_key(who->rig, 300, KEY_END, '\0');
    Event event = {.kind = who->kind, .key = KEY_ESCAPE, .time_ns = clock_now_ns(who->rig->clock) + 400 * NS_PER_MS};
    display_null_push(who->rig->display, &event);
    return;
  }
  rig_key(who->rig, 500, KEY_ENTER, '\0');
  rig_key(who->rig, 600, KEY_RIGHT, '\0');
  rig_key(who->rig, 800, KEY_TAB, '\0');
  rig_key(who->rig, 1000, KEY_RIGHT, '\0');
  rig_key(who->rig, 1237, KEY_ENTER, '\0');
}

static void test_repeated_trial_has_fresh_sliders(void) {
  static const EventKind kinds[] = {EVENT_KEY, EVENT_FOCUS_LOST, EVENT_DISPLAY_LOST};
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    Rig *rig = rig_new(false, true);
    for (gsize block = 0; block < 2; block++)
      rig->protocol->blocks[block].deadline_ms = 3000;
    Repeater who = {rig, kinds[i], false};
    g_assert_cmpint(rig_run(rig, false, repeater, &who), ==, JOURNAL_COMPLETE);
    g_assert_cmpuint(rig->contents->trials->len, ==, 4);
    const TrialRecord *record = trial(rig, 0);
    g_assert_cmpuint(record->pauses, ==, 1);
    g_assert_cmpfloat(record->pause_duration, ==, 0); /* of the attempt that counts */
    g_assert_true(isnan(record->ratings[0].start));
    support_assert_near("response time", record->response_time, 1.237, 0, 1e-9);
    support_assert_near("first touch", record->ratings[0].first_touch_time - record->onset_actual, 0.6, 0, 1e-9);
    support_assert_near("second touch", record->ratings[1].first_touch_time - record->onset_actual, 1.0, 0, 1e-9);
    g_autofree char *arousal = rating_record_trajectory(&record->ratings[0]);
    g_autofree char *valence = rating_record_trajectory(&record->ratings[1]);
    g_assert_cmpstr(arousal, ==, "600:51");
    g_assert_cmpstr(valence, ==, "0:50;1000:51");
    rig_free(rig);
  }
}

static void test_quit_and_resume(void) {
  Rig *rig = rig_new(false, true);
  Pauser who = {.rig = rig, .where = MOMENT_IMAGE, .quit = true};
  g_assert_cmpint(rig_run(rig, false, pauser, &who), ==, JOURNAL_ABORTED);
  g_assert_cmpstr(rig->contents->abort_reason, ==, "quit");
  g_assert_cmpuint(rig->contents->trials->len, ==, 3);
  g_assert_cmpstr(trial(rig, 2)->abort_reason, ==, "quit");
  g_assert_true(isnan(trial(rig, 2)->ratings[0].final));
  g_assert_cmpint(rig_run(rig, true, rig_dutiful, rig), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(rig->contents->answers->len, ==, 2);
  g_assert_cmpuint(rig->contents->trials->len, ==, 5);
  g_assert_cmpuint(trial(rig, 3)->step, ==, trial(rig, 2)->step);
  g_assert_cmpuint(trial(rig, 3)->trial, ==, trial(rig, 2)->trial);
  g_assert_cmpstr(trial(rig, 3)->stim_id, ==, trial(rig, 2)->stim_id);
  g_assert_null(trial(rig, 3)->abort_reason);
  rig_free(rig);
}

/* Does nothing at the screen after `left` others: the null display then closes. */
typedef struct {
  Rig *rig;
  int left;
} Leaver;

static void leaver(gpointer context, const SessionMoment *moment) {
  Leaver *who = context;
  if (who->left-- > 0)
    rig_dutiful(who->rig, moment);
}

static void test_closed_anywhere(void) {
  for (int screens = 0; screens < 12; screens++) {
    Rig *rig = rig_new(false, true);
    Leaver who = {rig, screens};
    g_assert_cmpint(rig_run(rig, false, leaver, &who), ==, JOURNAL_ABORTED);
    g_assert_cmpstr(rig->contents->abort_reason, ==, "display closed");
    g_assert_cmpint(rig_run(rig, true, rig_dutiful, rig), ==, JOURNAL_COMPLETE);
    guint confirmed = 0;
    for (guint i = 0; i < rig->contents->trials->len; i++)
      confirmed += trial(rig, i)->abort_reason == NULL;
    g_assert_cmpuint(confirmed, ==, 4);
    g_assert_cmpuint(rig->contents->answers->len, ==, 2);
    rig_free(rig);
  }
}

/* --- Input that is not meant --- */

static void double_clicker(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind == MOMENT_PAGE) {
    Box button = page_screen_button(moment->screen);
    rig_pointer(rig, 500, EVENT_POINTER_DOWN, button.x + 9, button.y + 9);
    rig_pointer(rig, 540, EVENT_POINTER_UP, button.x + 9, button.y + 9);
    rig_key(rig, 620, KEY_CHARACTER, '3');
    rig_key(rig, 640, KEY_ENTER, '\0'); /* the question is on for 100 ms: not read yet */
    return;
  }
  rig_dutiful(rig, moment);
}

static void test_input_for_the_screen_before(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, double_clicker, rig);
  g_assert_cmpuint(((const AnswerRecord *)rig->contents->answers->pdata[1])->choice, ==, 1);
  rig_free(rig);
}

/* Ends a free image with a double click where the first slider will be. */
static void double_viewer(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind != MOMENT_IMAGE) {
    rig_dutiful(rig, moment);
    return;
  }
  rig_key(rig, 120, KEY_SPACE, '\0'); /* meant for what was before the image */
  for (int press = 0; press < 2; press++) {
    rig_pointer(rig, 1000 + 110 * press, EVENT_POINTER_DOWN, 640, 400);
    rig_pointer(rig, 1040 + 110 * press, EVENT_POINTER_UP, 640, 400);
  }
  rig_key(rig, 1180, KEY_HOME, '\0');
}

static void test_second_click_of_a_free_image_touches_no_slider(void) {
  Rig *rig = rig_new(false, true);
  rig->protocol->blocks[1].image_free = true;
  rig->protocol->blocks[1].image_ms = 0;
  rig->protocol->blocks[1].fixation_ms = (DurationRange){0, 0};
  g_assert_cmpint(rig_run(rig, false, double_viewer, rig), ==, JOURNAL_COMPLETE);
  for (guint i = 2; i < 4; i++) {
    const TrialRecord *record = trial(rig, i);
    g_assert_cmpfloat(record->image_duration, >=, 1.0);
    g_assert_cmpfloat(record->image_duration, <, 1.02);
    support_assert_near("first touch",
                        record->ratings[0].first_touch_time - record->onset_actual - record->image_duration, 0.6, 0,
                        1e-6);
  }
  rig_free(rig);
}

static void held_enter(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind == MOMENT_PAGE) {
    Event event = {.kind = EVENT_KEY, .key = KEY_ENTER, .repeat = true};
    event.time_ns = clock_now_ns(rig->clock) + 400 * NS_PER_MS;
    display_null_push(rig->display, &event);
    rig_key(rig, 900, KEY_ENTER, '\0');
    return;
  }
  rig_dutiful(rig, moment);
}

static void test_held_key_confirms_nothing(void) {
  Rig *rig = rig_new(false, false);
  rig_run(rig, false, held_enter, rig);
  const AnswerRecord *page = rig->contents->answers->pdata[0];
  support_assert_near("page", page->confirm_time - page->onset, 0.9, 0, 1e-9);
  rig_free(rig);
}

/* --- What happens to windows, screens and devices --- */

typedef struct {
  Rig *rig;
  bool done;
  int pauses;
} FocusLoser;

/* In the middle of a drag of the first slider; what comes then meets the pause, which Enter ends. */
static void focus_loser(gpointer context, const SessionMoment *moment) {
  FocusLoser *who = context;
  who->pauses += moment->kind == MOMENT_PAUSE;
  if (moment->kind == MOMENT_RATING && !who->done) {
    const Slider *slider = rating_screen_slider(moment->screen, 0);
    rig_pointer(who->rig, 100, EVENT_POINTER_DOWN, slider_x(slider, 10), slider->track.y);
    rig_pointer(who->rig, 150, EVENT_FOCUS_LOST, 0, 0);
    rig_pointer(who->rig, 200, EVENT_POINTER_MOVE, slider_x(slider, 90), slider->track.y);
    rig_pointer(who->rig, 250, EVENT_FOCUS_GAINED, 0, 0);
    who->done = true;
    return;
  }
  if (moment->kind == MOMENT_RATING && moment->trial->number == 1) { /* back, as they were */
    rig_key(who->rig, 300, KEY_TAB, '\0');
    rig_key(who->rig, 400, KEY_END, '\0');
    rig_key(who->rig, 500, KEY_ENTER, '\0');
    return;
  }
  rig_dutiful(who->rig, moment);
}

static void test_focus_loss(void) {
  Rig *rig = rig_new(false, false);
  FocusLoser who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, false, focus_loser, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(who.pauses, ==, 1);
  g_assert_cmpuint(trial(rig, 0)->focus_losses, ==, 1);
  g_assert_cmpuint(trial(rig, 0)->pauses, ==, 1);
  g_assert_cmpuint(count_events(rig, "focus_lost"), ==, 1);
  g_assert_cmpuint(count_events(rig, "focus_gained"), ==, 1);
  g_assert_cmpuint(count_events(rig, "pause"), ==, 1);
  g_assert_cmpfloat(trial(rig, 0)->ratings[0].final, ==, 10);
  g_assert_cmpfloat(trial(rig, 0)->ratings[1].final, ==, 100);
  rig_free(rig);
}

typedef struct {
  Rig *rig;
  EventKind kind;
  int left; /* screens before it happens */
  bool quit;
  int pauses;
} Disturber;

static void disturber(gpointer context, const SessionMoment *moment) {
  Disturber *who = context;
  who->pauses += moment->kind == MOMENT_PAUSE;
  if (who->left-- == 0) {
    rig_pointer(who->rig, 20, who->kind, 0, 0); /* before a blank of 100 ms is over */
    if (who->kind == EVENT_FOCUS_LOST)
      rig_pointer(who->rig, 60, EVENT_FOCUS_GAINED, 0, 0);
    return; /* the screen comes again after the pause */
  }
  if (moment->kind == MOMENT_PAUSE && who->quit) {
    rig_key(who->rig, 500, KEY_CHARACTER, 'q');
    rig_key(who->rig, 700, KEY_CHARACTER, 'y');
    return;
  }
  rig_dutiful(who->rig, moment);
}

/* Each answer once, and each of the four trials confirmed once, in the design's order. */
static void assert_each_once(const Rig *rig) {
  guint confirmed = 0;
  for (guint i = 0; i < rig->contents->trials->len; i++)
    if (trial(rig, i)->abort_reason == NULL) {
      gsize row = rig->trials->trials[confirmed++].stimulus;
      g_assert_cmpstr(trial(rig, i)->stim_id, ==, protocol_stimulus(rig->protocol, row, "id"));
      g_assert_cmpfloat(trial(rig, i)->ratings[0].final, ==, 0);
      g_assert_cmpfloat(trial(rig, i)->ratings[1].final, ==, 100);
    }
  g_assert_cmpuint(confirmed, ==, 4);
  g_assert_cmpuint(rig->contents->answers->len, ==, 2);
}

static void disturb_everywhere(EventKind kind, bool quit) {
  int n_screens = 0;
  for (;; n_screens++) {
    Rig *rig = rig_new(false, true);
    Disturber who = {rig, kind, n_screens, quit, 0};
    JournalStatus status = rig_run(rig, false, disturber, &who);
    bool past = who.left >= 0;
    if (!past && quit) {
      g_assert_cmpint(status, ==, JOURNAL_ABORTED);
      status = rig_run(rig, true, rig_dutiful, rig);
    }
    g_assert_cmpint(status, ==, JOURNAL_COMPLETE);
    g_assert_cmpint(who.pauses, ==, past ? 0 : 1);
    assert_each_once(rig);
    rig_free(rig);
    if (past)
      break;
  }
  g_assert_cmpint(n_screens, >=, 14); /* a page, a question, 2 x 2 and 2 x 3 screens, 2 blanks */
}

static void test_focus_lost_anywhere(void) {
  disturb_everywhere(EVENT_FOCUS_LOST, false);
  disturb_everywhere(EVENT_FOCUS_LOST, true);
}

static void test_screen_unplugged_anywhere(void) {
  disturb_everywhere(EVENT_DISPLAY_LOST, false);
  disturb_everywhere(EVENT_DISPLAY_LOST, true);
}

/* --- Pixels --- */

typedef struct {
  Rig *rig;
  bool seen;
} Viewer;

/* The shown frame holds the file's own pixels, repeated at the whole factor that fits the box. */
static void viewer(gpointer context, const SessionMoment *moment) {
  Viewer *who = context;
  rig_dutiful(who->rig, moment);
  if (moment->kind != MOMENT_RATING || moment->trial->number != 2)
    return;
  GError *error = NULL;
  g_autofree char *path = stimulus_set_path(who->rig->protocol->set, moment->trial->stimulus);
  g_autoptr(Image) image = NULL;
  image_read(path, &image, &error);
  g_assert_no_error(error);
  Box box = rating_screen_image_box(moment->screen);
  int factor = (int)(box.height / 23);
  int left = (int)(box.x + (box.width - 37 * factor) / 2), top = (int)(box.y + (box.height - 23 * factor) / 2);
  const Frame *frame = display_null_frame(who->rig->display);
  for (int y = 0; y < 23 * factor; y++)
    for (int x = 0; x < 37 * factor; x++) {
      const float *rgb = image->pixels + ((gsize)(y / factor) * 37 + (gsize)(x / factor)) * 3;
      guint32 want = 0xff000000u | (guint32)rgb[0] << 16 | (guint32)rgb[1] << 8 | (guint32)rgb[2];
      g_assert_cmphex(frame->pixels[(gsize)(top + y) * 1280 + (gsize)(left + x)], ==, want);
    }
  who->seen = true;
}

static void test_stimulus_pixels(void) {
  Rig *rig = rig_new(true, false);
  Viewer who = {rig, false};
  g_assert_cmpint(rig_run(rig, false, viewer, &who), ==, JOURNAL_COMPLETE);
  g_assert_true(who.seen);
  g_assert_cmpuint(trial(rig, 1)->image_height_px, >, 23);
  g_assert_cmpuint(trial(rig, 1)->image_height_px % 23, ==, 0);
  g_assert_cmpuint(trial(rig, 1)->image_width_px * 23, ==, trial(rig, 1)->image_height_px * 37);
  rig_free(rig);
}

/* Another image, as good as the first, takes the place of the next one's file at the first trial. */
typedef struct {
  Rig *rig;
  char *path;
} Swapper;

static void swapper(gpointer context, const SessionMoment *moment) {
  Swapper *who = context;
  if (moment->kind == MOMENT_FIXATION && moment->trial->number == 1 && moment->step == 2) {
    g_autoptr(Image) image = image_new(37, 23, NULL);
    for (gsize i = 0; i < 37 * 23 * 3; i++)
      image->pixels[i] = 77;
    g_assert_true(image_write_png(image, who->path, NULL));
  }
  rig_dutiful(who->rig, moment);
}

static void test_replaced_image_is_not_shown(void) {
  Rig *rig = rig_new(true, false);
  GError *error = NULL;
  Swapper who = {rig, stimulus_set_path(rig->protocol->set, rig->trials->trials[1].stimulus)};
  g_autoptr(JournalHeader) header = journal_header_new(rig->protocol, "01", NULL, true, NULL);
  Journal *journal = NULL;
  g_assert_true(journal_create(rig->data, header, JOURNAL_FAST, &journal, NULL));
  SessionSetup setup = {.protocol = rig->protocol,
                        .trials = rig->trials,
                        .display = rig->display,
                        .journal = journal,
                        .pictures = rig->pictures,
                        .watcher = {swapper, &who}};
  JournalStatus status = JOURNAL_INTERRUPTED;
  g_assert_false(session_run(&setup, &status, &error));
  g_assert_true(g_str_has_prefix(error->message, who.path));
  g_assert_nonnull(strstr(error->message, ": the file has changed since the session began (SHA-256 "));
  g_autoptr(JournalContents) contents = NULL;
  g_assert_true(journal_read(journal_path(journal), &contents, NULL));
  g_assert_cmpuint(contents->trials->len, ==, 1); /* the first is kept */
  g_assert_cmpint(contents->status, !=, JOURNAL_COMPLETE);
  g_clear_error(&error);
  journal_close(journal);
  g_free(who.path);
  rig_free(rig);
}

static void test_drawing_changes_no_answer(void) {
  Rig *blind = rig_new(false, true), *seeing = rig_new(true, true);
  rig_run(blind, false, rig_dutiful, blind);
  rig_run(seeing, false, rig_dutiful, seeing);
  for (guint i = 0; i < 4; i++) {
    g_assert_cmpfloat(trial(blind, i)->response_time, ==, trial(seeing, i)->response_time);
    g_assert_cmpfloat(trial(blind, i)->ratings[1].final, ==, trial(seeing, i)->ratings[1].final);
  }
  rig_free(blind);
  rig_free(seeing);
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
  g_test_add_func("/session/takes an answer until the deadline", test_answer_counts_until_the_deadline);
  g_test_add_func("/session/takes no answer before both sliders were touched", test_no_answer_before_both_touched);
  g_test_add_func("/session/clamps a drag beyond the ends", test_drag_beyond_the_ends);
  g_test_add_func("/session/pauses in mid-drag", test_pause_in_a_drag);
  g_test_add_func("/session/starts a trial again after a pause in its timed part", test_pause_restarts_timed_parts);
  g_test_add_func("/session/begins a repeated trial with untouched sliders", test_repeated_trial_has_fresh_sliders);
  g_test_add_func("/session/quits on Q and Y and resumes at the same trial", test_quit_and_resume);
  g_test_add_func("/session/resumes wherever the display was closed", test_closed_anywhere);
  g_test_add_func("/session/leaves out input meant for the screen before", test_input_for_the_screen_before);
  g_test_add_func("/session/touches no slider by the second click of a free image",
                  test_second_click_of_a_free_image_touches_no_slider);
  g_test_add_func("/session/confirms nothing by a held key", test_held_key_confirms_nothing);
  g_test_add_func("/session/pauses and lets go of a drag when the focus is lost", test_focus_loss);
  g_test_add_func("/session/loses and doubles nothing when the focus is lost on any screen", test_focus_lost_anywhere);
  g_test_add_func("/session/loses and doubles nothing when a screen is unplugged on any screen",
                  test_screen_unplugged_anywhere);
  g_test_add_func("/session/shows the stimulus's own pixels", test_stimulus_pixels);
  g_test_add_func("/session/does not show an image whose file was replaced", test_replaced_image_is_not_shown);
  g_test_add_func("/session/answers do not depend on drawing", test_drawing_changes_no_answer);
  return g_test_run();
}
