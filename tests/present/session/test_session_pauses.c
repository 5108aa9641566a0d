/* Pausing, quitting and closing: what is shown again, what is kept, and where a resumed session goes on. */
#include <math.h>

#include "present/screens/rating_screen.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/present/rig.h"
#include "tests/support.h"

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
  const TrialRecord *record = rig_trial(rig, 0);
  g_assert_cmpuint(record->pauses, ==, 1);
  g_assert_cmpuint(rig_trial(rig, 1)->pauses, ==, 0);
  /* Escape at 450 ms, the pause's Enter 3 s after it shows, which the next refresh does; then 1237 ms. */
  g_assert_cmpfloat(record->pause_duration, >=, 3);
  g_assert_cmpfloat(record->pause_duration, <=, 3 + 1.0 / 60 + 1e-6);
  double active = record->response_time - record->pause_duration;
  g_assert_cmpfloat(active, >=, 0.45 + 1.237);
  g_assert_cmpfloat(active, <=, 0.45 + 1.237 + 1.0 / 60 + 1e-6);
  g_assert_cmpfloat(rig_trial(rig, 1)->pause_duration, ==, 0);
  g_assert_cmpuint(fixture_count_events(rig->contents, "pause"), ==, 1);
  g_assert_cmpuint(fixture_count_events(rig->contents, "continue"), ==, 1);
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
  g_assert_cmpuint(rig_trial(rig, 2)->pauses, ==, 1);
  support_assert_near("response time", rig_trial(rig, 2)->response_time, 1.737, 0, 1e-6);
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
  if (!rig_comes_to(who->rig, moment, MOMENT_RATING))
    return;
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
    const TrialRecord *record = rig_trial(rig, 0);
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

typedef struct {
  Rig *rig;
  MomentKind where;
  EventKind press; /* what comes a second time: keys Enter, or clicks in the middle of the window */
  bool paused;
  gint64 back_ns, after_ns; /* when the screen came back, and when another followed it; 0: not yet */
} Doubler;

static void press(const Doubler *who, gint64 after_ms) {
  if (who->press == EVENT_KEY)
    rig_key(who->rig, after_ms, KEY_ENTER, '\0');
  else
    rig_pointer(who->rig, after_ms, EVENT_POINTER_DOWN, 640, 400);
}

/* Sets whatever can be confirmed, pauses, ends the pause by a double press, and presses again once it may count. */
static void doubler(gpointer context, const SessionMoment *moment) {
  Doubler *who = context;
  gint64 now = clock_now_ns(who->rig->clock);
  if (moment->kind == MOMENT_PAUSE) {
    rig_key(who->rig, 500, KEY_ENTER, '\0');
    press(who, 534);
    press(who, 690);
    return;
  }
  if (moment->kind != who->where || who->back_ns > 0) {
    who->after_ns = who->back_ns > 0 && who->after_ns == 0 ? now : who->after_ns;
    if (moment->kind == MOMENT_IMAGE)
      rig_key(who->rig, 300, KEY_ENTER, '\0');
    rig_dutiful(who->rig, moment);
    return;
  }
  if (!who->paused) {
    who->paused = true;
    if (moment->kind == MOMENT_QUESTION)
      rig_key(who->rig, 300, KEY_CHARACTER, '1');
    if (moment->kind == MOMENT_RATING) {
      rig_key(who->rig, 300, KEY_HOME, '\0');
      rig_key(who->rig, 350, KEY_TAB, '\0');
      rig_key(who->rig, 400, KEY_END, '\0');
    }
    rig_key(who->rig, 450, KEY_ESCAPE, '\0');
    return;
  }
  who->back_ns = now;
  rig_key(who->rig, 201, KEY_ENTER, '\0');
}

static void test_a_double_press_ends_the_pause_alone(void) {
  static const struct {
    MomentKind where;
    EventKind press;
  } cases[] = {{MOMENT_IMAGE, EVENT_KEY},
               {MOMENT_IMAGE, EVENT_POINTER_DOWN},
               {MOMENT_RATING, EVENT_KEY},
               {MOMENT_QUESTION, EVENT_KEY},
               {MOMENT_PAGE, EVENT_KEY}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Rig *rig = rig_new(false, true);
    rig->protocol->blocks[1].image_free = true;
    rig->protocol->blocks[1].image_ms = 0;
    Doubler who = {.rig = rig, .where = cases[i].where, .press = cases[i].press};
    g_assert_cmpint(rig_run(rig, false, doubler, &who), ==, JOURNAL_COMPLETE);
    g_assert_cmpuint(fixture_count_events(rig->contents, "pause"), ==, 1);
    g_assert_cmpint(who.after_ns - who.back_ns, >=, 201 * NS_PER_MS);
    g_assert_cmpint(who.after_ns - who.back_ns, <, 260 * NS_PER_MS);
    rig_free(rig);
  }
}

/* Of a trial that begins again too: whatever has its time comes from its fixation, which may be short. */
static void twice_escaped(gpointer context, const SessionMoment *moment) {
  Pauser *who = context;
  who->fixations += moment->kind == MOMENT_FIXATION;
  if (moment->kind == MOMENT_PAUSE) {
    rig_key(who->rig, 500, KEY_ESCAPE, '\0');
    rig_key(who->rig, 534, KEY_ESCAPE, '\0');
  } else if (moment->kind == MOMENT_IMAGE && !who->done) {
    who->done = true;
    rig_key(who->rig, 450, KEY_ESCAPE, '\0');
  } else {
    rig_dutiful(who->rig, moment);
  }
}

static void test_a_double_escape_ends_the_pause_alone(void) {
  Rig *rig = rig_new(false, true);
  Pauser who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, false, twice_escaped, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(fixture_count_events(rig->contents, "pause"), ==, 1);
  g_assert_cmpint(who.fixations, ==, 5);
  rig_free(rig);
}

static void test_quit_and_resume(void) {
  Rig *rig = rig_new(false, true);
  Pauser who = {.rig = rig, .where = MOMENT_IMAGE, .quit = true};
  g_assert_cmpint(rig_run(rig, false, pauser, &who), ==, JOURNAL_ABORTED);
  g_assert_cmpstr(rig->contents->abort_reason, ==, "quit");
  g_assert_cmpuint(rig->contents->trials->len, ==, 3);
  g_assert_cmpstr(rig_trial(rig, 2)->abort_reason, ==, "quit");
  g_assert_true(isnan(rig_trial(rig, 2)->ratings[0].final));
  g_assert_cmpint(rig_run(rig, true, rig_dutiful, rig), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(rig->contents->answers->len, ==, 2);
  g_assert_cmpuint(rig->contents->trials->len, ==, 5);
  g_assert_cmpuint(rig_trial(rig, 3)->step, ==, rig_trial(rig, 2)->step);
  g_assert_cmpuint(rig_trial(rig, 3)->trial, ==, rig_trial(rig, 2)->trial);
  g_assert_cmpstr(rig_trial(rig, 3)->stim_id, ==, rig_trial(rig, 2)->stim_id);
  g_assert_null(rig_trial(rig, 3)->abort_reason);
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
      confirmed += rig_trial(rig, i)->abort_reason == NULL;
    g_assert_cmpuint(confirmed, ==, 4);
    g_assert_cmpuint(rig->contents->answers->len, ==, 2);
    rig_free(rig);
  }
}

/* Pauses once in each page that comes before the first step. */
typedef struct {
  Rig *rig;
  gsize n_pages;
  double progress[4]; /* of each such page and its pause */
  gsize n_progress;
} Early;

static void early(gpointer context, const SessionMoment *moment) {
  Early *who = context;
  bool first = moment->kind == MOMENT_PAGE && moment->page == NULL;
  if ((first || moment->kind == MOMENT_PAUSE) && who->n_progress < G_N_ELEMENTS(who->progress))
    who->progress[who->n_progress++] = moment->screen->theme.progress;
  if (first && who->n_progress == 2 * who->n_pages + 1) {
    who->n_pages++;
    rig_key(who->rig, 500, KEY_ESCAPE, '\0');
    return;
  }
  rig_dutiful(who->rig, moment);
}

static const char *pause_place(const Rig *rig, gsize n) {
  for (guint i = 0; i < rig->contents->events->len; i++) {
    const EventRecord *event = rig->contents->events->pdata[i];
    if (g_str_equal(event->kind, "pause") && n-- == 0)
      return event->detail;
  }
  g_assert_not_reached();
}

static void test_pause_before_the_first_step(void) {
  Rig *rig = rig_new(false, true);
  rig->untrusted = rig->protocol->screen.progress = true;
  /* The warning, a page, a question, fixation and sliders, the interval, fixation: in the second of six trials. */
  Leaver leaves = {rig, 6};
  g_assert_cmpint(rig_run(rig, false, leaver, &leaves), ==, JOURNAL_ABORTED);
  g_assert_cmpuint(rig->contents->trials->len, ==, 2);
  Early who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, true, early, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(fixture_count_events(rig->contents, "pause"), ==, 2);
  g_assert_cmpstr(pause_place(rig, 0), ==, "page untrusted");
  g_assert_cmpstr(pause_place(rig, 1), ==, "page resumed");
  g_assert_cmpuint(who.n_progress, ==, 4);
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpfloat(who.progress[i], ==, 3.0 / 6); /* page, question and one of four trials */
  rig_free(rig);
}

static void test_pause_in_the_warning_of_a_new_session(void) {
  Rig *rig = rig_new(false, false);
  rig->untrusted = rig->protocol->screen.progress = true;
  Early who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, false, early, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpstr(pause_place(rig, 0), ==, "page untrusted");
  g_assert_cmpfloat(who.progress[1], ==, 0);
  rig_free(rig);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/pauses in mid-drag", test_pause_in_a_drag);
  g_test_add_func("/session/starts a trial again after a pause in its timed part", test_pause_restarts_timed_parts);
  g_test_add_func("/session/begins a repeated trial with untouched sliders", test_repeated_trial_has_fresh_sliders);
  g_test_add_func("/session/ends nothing but the pause by a double press", test_a_double_press_ends_the_pause_alone);
  g_test_add_func("/session/ends nothing but the pause by a double Escape", test_a_double_escape_ends_the_pause_alone);
  g_test_add_func("/session/quits on Q and Y and resumes at the same trial", test_quit_and_resume);
  g_test_add_func("/session/resumes wherever the display was closed", test_closed_anywhere);
  g_test_add_func("/session/pauses before the first step", test_pause_before_the_first_step);
  g_test_add_func("/session/pauses in the warning of a new session", test_pause_in_the_warning_of_a_new_session);
  return g_test_run();
}
