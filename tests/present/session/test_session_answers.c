/* What counts as an answer: until when, with which sliders touched, and which input is not meant for the screen. */
#include <math.h>

#include "present/screens/page_screen.h"
#include "present/screens/rating_screen.h"
#include "tests/present/rig.h"
#include "tests/support.h"

/* A press that is let go after 50 ms, which is when it counts for a button. */
static void click(Rig *rig, gint64 after_ms, double x, double y) {
  rig_pointer(rig, after_ms, EVENT_POINTER_DOWN, x, y);
  rig_pointer(rig, after_ms + 50, EVENT_POINTER_UP, x, y);
}

/* Enter 5 ms before a deadline of 1 s, and 5 ms after it. */
static void at_the_last_moment(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (!rig_comes_to(rig, moment, MOMENT_RATING))
    return;
  rig_key(rig, 300, KEY_HOME, '\0');
  rig_key(rig, 400, KEY_TAB, '\0');
  rig_key(rig, 500, KEY_END, '\0');
  rig_key(rig, moment->trial->number == 1 ? 995 : 1005, KEY_ENTER, '\0');
}

static void test_answer_counts_until_the_deadline(void) {
  Rig *rig = rig_new(false, false);
  rig->protocol->blocks[0].deadline_ms = 1000;
  g_assert_cmpint(rig_run(rig, false, at_the_last_moment, rig), ==, JOURNAL_COMPLETE);
  g_assert_false(rig_trial(rig, 0)->timed_out);
  support_assert_near("response time", rig_trial(rig, 0)->response_time, 0.995, 0, 1e-9);
  g_assert_true(rig_trial(rig, 1)->timed_out);
  g_assert_true(isnan(rig_trial(rig, 1)->response_time));
  rig_free(rig);
}

/* Tries to confirm all the time: with nothing touched, then with one slider touched. */
static void eager(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (!rig_comes_to(rig, moment, MOMENT_RATING))
    return;
  Box button = rating_screen_button(moment->screen);
  rig_key(rig, 100, KEY_ENTER, '\0');
  rig_key(rig, 200, KEY_SPACE, '\0');
  click(rig, 300, button.x + 5, button.y + 5);
  rig_key(rig, 400, KEY_LEFT, '\0'); /* arousal, which was hidden: 49 */
  rig_key(rig, 500, KEY_ENTER, '\0');
  rig_key(rig, 600, KEY_TAB, '\0');
  rig_key(rig, 700, KEY_ENTER, '\0');
  rig_key(rig, 800, KEY_RIGHT, '\0'); /* valence: 51 */
  rig_key(rig, 900, KEY_LEFT, '\0');  /* back at its start, which counts: it was touched */
  click(rig, 1000, button.x + 5, button.y + 5);
}

static void test_no_answer_before_both_touched(void) {
  Rig *rig = rig_new(false, false);
  g_assert_cmpint(rig_run(rig, false, eager, rig), ==, JOURNAL_COMPLETE);
  support_assert_near("response time", rig_trial(rig, 0)->response_time, 1.05, 0, 1e-9);
  g_assert_cmpfloat(rig_trial(rig, 0)->ratings[0].final, ==, 49);
  g_assert_cmpfloat(rig_trial(rig, 0)->ratings[1].final, ==, 50);
  g_assert_true(rig_trial(rig, 0)->ratings[1].touched);
  rig_free(rig);
}

/* Drags the first slider out of the window at the right and the second out at the left. */
static void dragger(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (!rig_comes_to(rig, moment, MOMENT_RATING))
    return;
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
  const TrialRecord *record = rig_trial(rig, 0);
  g_assert_cmpfloat(record->ratings[0].final, ==, 100);
  g_assert_cmpfloat(record->ratings[1].final, ==, 0);
  g_autofree char *arousal = rating_record_trajectory(&record->ratings[0]);
  g_autofree char *valence = rating_record_trajectory(&record->ratings[1]);
  g_assert_cmpstr(arousal, ==, "300:37;400:60;500:100");
  g_assert_cmpstr(valence, ==, "0:50;800:37;900:60;1000:0");
  rig_free(rig);
}

static void double_clicker(gpointer context, const SessionMoment *moment) {
  Rig *rig = context;
  if (moment->kind == MOMENT_PAGE) {
    Box button = page_screen_button(moment->screen);
    click(rig, 490, button.x + 9, button.y + 9);
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
  if (!rig_comes_to(rig, moment, MOMENT_IMAGE))
    return;
  rig_key(rig, 120, KEY_SPACE, '\0'); /* meant for what was before the image */
  click(rig, 1000, 640, 400);
  click(rig, 1110, 640, 400);
  rig_key(rig, 1180, KEY_HOME, '\0');
}

static void test_second_click_of_a_free_image_touches_no_slider(void) {
  Rig *rig = rig_new(false, true);
  rig->protocol->blocks[1].image_free = true;
  rig->protocol->blocks[1].image_ms = 0;
  rig->protocol->blocks[1].fixation_ms = (DurationRange){0, 0};
  g_assert_cmpint(rig_run(rig, false, double_viewer, rig), ==, JOURNAL_COMPLETE);
  for (guint i = 2; i < 4; i++) {
    const TrialRecord *record = rig_trial(rig, i);
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/session/takes an answer until the deadline", test_answer_counts_until_the_deadline);
  g_test_add_func("/session/takes no answer before both sliders were touched", test_no_answer_before_both_touched);
  g_test_add_func("/session/clamps a drag beyond the ends", test_drag_beyond_the_ends);
  g_test_add_func("/session/leaves out input meant for the screen before", test_input_for_the_screen_before);
  g_test_add_func("/session/touches no slider by the second click of a free image",
                  test_second_click_of_a_free_image_touches_no_slider);
  g_test_add_func("/session/confirms nothing by a held key", test_held_key_confirms_nothing);
  return g_test_run();
}
