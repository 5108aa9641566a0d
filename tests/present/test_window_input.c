/* What real mice and keyboards do besides answering, at the real program's window under Xvfb: the journal holds the
 * answers as if it had not been. */
#include <math.h>
#include <string.h>

#include "tests/present/window.h"
#include "tests/support.h"

#define HELD_US (2200 * 1000) /* longer than a key must be held to repeat */

static double middle(const Slider *slider) { return slider->track.y + slider->track.height / 2; }

static void at(const Window *window, const Slider *slider, double position, const char *what) {
  g_autofree char *command = window_at(window, slider_x(slider, position), middle(slider), what);
  window_do(window, command);
}

/* The window of a session that has come to its first trial; NULL where there is no X server. */
static Window *start(bool repeats_keys, TrialView *view) {
  Window *window = repeats_keys ? window_new_repeating() : window_new();
  if (window == NULL)
    return NULL;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  *view = window_wait_for_trial(window, 0);
  return window;
}

static void confirm(Window *window, guint trials) { window_insist(window, &(Goal){.trials = trials}, "key Return"); }

/* A rating's record in the journal's trial; both stay the contents'. */
static const RatingRecord *rating(const JournalContents *contents, guint trial, gsize slider) {
  g_assert_cmpuint(contents->trials->len, >, trial);
  return &((const TrialRecord *)contents->trials->pdata[trial])->ratings[slider];
}

static guint count_events(const JournalContents *contents, const char *kind) {
  guint n = 0;
  for (guint i = 0; i < contents->events->len; i++)
    n += strcmp(((const EventRecord *)contents->events->pdata[i])->kind, kind) == 0;
  return n;
}

/* A double click sets the slider once; wheel, the right button and a second button within a drag do nothing. */
static void test_other_buttons(void) {
  TrialView view;
  Window *window = start(false, &view);
  if (window == NULL)
    return;
  const Slider *first = rating_screen_slider(view.rating, 0), *second = rating_screen_slider(view.rating, 1);
  at(window, first, 40, "click --repeat 2 --delay 60 1");
  window_wait_for_thumb(window, first, 40);
  at(window, first, 44, "click --repeat 3 4 click --repeat 2 5"); /* the wheel, up and down */
  at(window, first, 90, "click 3 click 2");
  at(window, second, 50, "mousedown 1");
  at(window, second, 70, "");
  window_wait_for_thumb(window, second, 70);
  at(window, second, 70, "mousedown 3 mouseup 3");
  at(window, second, 77, ""); /* still dragging */
  window_wait_for_thumb(window, second, 77);
  at(window, second, 77, "mouseup 1");
  at(window, second, 20, ""); /* and no longer */
  confirm(window, 1);
  g_autoptr(JournalContents) contents = window_journal(window);
  const RatingRecord *clicked = rating(contents, 0, 0), *dragged = rating(contents, 0, 1);
  g_assert_cmpfloat(clicked->final, ==, 40);
  g_assert_cmpuint(clicked->n_samples, ==, 1);
  g_assert_cmpfloat(clicked->samples[0].value, ==, 40);
  g_assert_true(clicked->touched && dragged->touched);
  g_assert_cmpfloat(dragged->final, ==, 77);
  g_assert_cmpfloat(dragged->samples[0].value, ==, 50); /* where it stood */
  g_assert_cmpfloat(dragged->samples[dragged->n_samples - 1].value, ==, 77);
  g_assert_cmpuint(contents->trials->len, ==, 1);
  trial_view_clear(&view);
  window_free(window);
}

/* A held key moves the slider on and on; a held Enter confirms one trial and nothing after it. */
static void test_held_keys(void) {
  TrialView view;
  Window *window = start(true, &view);
  if (window == NULL)
    return;
  const Slider *first = rating_screen_slider(view.rating, 0), *second = rating_screen_slider(view.rating, 1);
  window_do(window, "keydown Prior"); /* from 50, 10 at a time */
  window_wait_for_thumb(window, first, 100);
  window_do(window, "keyup Prior key Tab key End");
  window_wait_for_thumb(window, second, 100);
  window_insist(window, &(Goal){.trials = 1}, "keydown Return");
  trial_view_clear(&view);
  view = window_wait_for_trial(window, 1); /* the key is still held */
  first = rating_screen_slider(view.rating, 0);
  second = rating_screen_slider(view.rating, 1);
  at(window, first, 12, "click 1");
  at(window, second, 88, "click 1");
  window_wait_for_thumb(window, second, 88);
  g_usleep(HELD_US);
  g_autoptr(JournalContents) held = window_journal(window);
  g_assert_cmpuint(held->trials->len, ==, 1);
  window_do(window, "keyup Return");
  confirm(window, 2);
  g_autoptr(JournalContents) contents = window_journal(window);
  const RatingRecord *repeated = rating(contents, 0, 0);
  g_assert_cmpfloat(repeated->final, ==, 100);
  g_assert_cmpuint(repeated->n_samples, ==, 5); /* 60, 70, 80, 90, 100: repeats at the end change nothing */
  for (gsize i = 0; i < 5; i++)
    g_assert_cmpfloat(repeated->samples[i].value, ==, 60 + 10 * (double)i);
  g_assert_cmpfloat(rating(contents, 1, 0)->final, ==, 12);
  g_assert_cmpfloat(rating(contents, 1, 1)->final, ==, 88);
  trial_view_clear(&view);
  window_free(window);
}

/* The focus goes in the middle of a drag: the session pauses, the slider stays, keys typed elsewhere are not taken, and
 * the journal tells of it. */
static void test_focus_loss(void) {
  TrialView view;
  Window *window = start(false, &view);
  if (window == NULL)
    return;
  const Slider *first = rating_screen_slider(view.rating, 0), *second = rating_screen_slider(view.rating, 1);
  window_do(window, "search --class dreamrig windowfocus");
  at(window, second, 50, "mousedown 1");
  at(window, second, 63, "");
  window_wait_for_thumb(window, second, 63);
  window_do(window, "search --maxdepth 0 .* windowfocus"); /* the root window */
  g_usleep(HELD_US / 2);                                   /* SDL waits whether it comes back at once */
  at(window, second, 91, "");
  at(window, second, 91, "mouseup 1");
  window_do(window, "mousemove 2 2 key Home key Tab key End"); /* X sends keys on the root to the window beneath */
  window_do(window, "search --class dreamrig windowfocus");
  Goal back = {.shows = &window->theme.faint, .x = first->track.x + 9, .y = first->track.y + 5};
  window_insist(window, &back, "key Return"); /* out of the pause */
  g_autofree char *click = window_at(window, slider_x(first, 35), middle(first), "click 1");
  Goal clicked = window_thumb(window, first, 35);
  window_insist(window, &clicked, click); /* right after a pause clicks do not count */
  window_wait_for_thumb(window, second, 63);
  confirm(window, 1);
  g_autoptr(JournalContents) contents = window_journal(window);
  g_assert_cmpfloat(rating(contents, 0, 0)->final, ==, 35);
  g_assert_cmpfloat(rating(contents, 0, 1)->final, ==, 63);
  g_assert_cmpuint(((const TrialRecord *)contents->trials->pdata[0])->focus_losses, ==, 1);
  g_assert_cmpuint(((const TrialRecord *)contents->trials->pdata[0])->pauses, ==, 1);
  g_assert_cmpuint(count_events(contents, "focus_lost"), ==, 1);
  g_assert_cmpuint(count_events(contents, "focus_gained"), >=, 1);
  trial_view_clear(&view);
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/window input/a double click counts once, wheel and other buttons not at all", test_other_buttons);
  g_test_add_func("/window input/held keys repeat, but confirm only once", test_held_keys);
  g_test_add_func("/window input/a drag ends when the focus goes", test_focus_loss);
  return g_test_run();
}
