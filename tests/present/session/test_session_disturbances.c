/* The focus goes to another window, or a screen is unplugged: on any screen nothing is lost and nothing doubled. */
#include "present/screens/rating_screen.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/present/rig.h"

typedef struct {
  Rig *rig;
  bool done; /* it happened, which it does once */
  int pauses;
} Witness;

/* In the middle of a drag of the first slider; what comes then meets the pause, which Enter ends. */
static void focus_loser(gpointer context, const SessionMoment *moment) {
  Witness *who = context;
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
  Witness who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, false, focus_loser, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(who.pauses, ==, 1);
  g_assert_cmpuint(rig_trial(rig, 0)->focus_losses, ==, 1);
  g_assert_cmpuint(rig_trial(rig, 0)->pauses, ==, 1);
  g_assert_cmpuint(fixture_count_events(rig->contents, "focus_lost"), ==, 1);
  g_assert_cmpuint(fixture_count_events(rig->contents, "focus_gained"), ==, 1);
  g_assert_cmpuint(fixture_count_events(rig->contents, "pause"), ==, 1);
  g_assert_cmpfloat(rig_trial(rig, 0)->ratings[0].final, ==, 10);
  g_assert_cmpfloat(rig_trial(rig, 0)->ratings[1].final, ==, 100);
  rig_free(rig);
}

/* In the middle of the first timed image. */
static void unplug(gpointer context, const SessionMoment *moment) {
  Witness *who = context;
  who->pauses += moment->kind == MOMENT_PAUSE;
  if (moment->kind == MOMENT_IMAGE && !who->done) {
    rig_pointer(who->rig, 100, EVENT_DISPLAY_LOST, 0, 0);
    who->done = true;
  }
  rig_dutiful(who->rig, moment);
}

static void test_unplugging_pauses(void) {
  Rig *rig = rig_new(false, true);
  Witness who = {.rig = rig};
  g_assert_cmpint(rig_run(rig, false, unplug, &who), ==, JOURNAL_COMPLETE);
  g_assert_cmpint(who.pauses, ==, 1);
  g_assert_cmpuint(fixture_count_events(rig->contents, "display_lost"), ==, 1);
  g_assert_cmpuint(rig->contents->trials->len, ==, 4); /* the one that was cut short, once */
  const TrialRecord *cut = rig_trial(rig, 2);
  g_assert_cmpuint(cut->pauses, ==, 1);
  g_assert_cmpfloat(cut->ratings[0].final, ==, 0);
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
    if (rig_trial(rig, i)->abort_reason == NULL) {
      gsize row = rig->trials->trials[confirmed++].stimulus;
      g_assert_cmpstr(rig_trial(rig, i)->stim_id, ==, protocol_stimulus(rig->protocol, row, "id"));
      g_assert_cmpfloat(rig_trial(rig, i)->ratings[0].final, ==, 0);
      g_assert_cmpfloat(rig_trial(rig, i)->ratings[1].final, ==, 100);
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/pauses and lets go of a drag when the focus is lost", test_focus_loss);
  g_test_add_func("/session/pauses where a screen is unplugged", test_unplugging_pauses);
  g_test_add_func("/session/loses and doubles nothing when the focus is lost on any screen", test_focus_lost_anywhere);
  g_test_add_func("/session/loses and doubles nothing when a screen is unplugged on any screen",
                  test_screen_unplugged_anywhere);
  return g_test_run();
}
