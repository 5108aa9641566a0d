/* The real program in a window under Xvfb: a whole session by mouse and keys, a kill and what comes after it. */
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "present/screens/choice_screen.h"
#include "present/screens/pause_screen.h"
#include "tests/present/window.h"
#include "tests/support.h"

static double slider_y(const Slider *slider) { return slider->track.y + slider->track.height / 2; }

static void at(const Window *window, double x, double y, const char *what) {
  g_autofree char *command = window_at(window, x, y, what);
  window_do(window, command);
}

/* A click on the first slider at 30, the second dragged from 50 out of the window at the right. */
static void rate_by_mouse(Window *window, const TrialView *view) {
  const Slider *first = rating_screen_slider(view->rating, 0), *second = rating_screen_slider(view->rating, 1);
  xserver_keep(window->server, "rating");
  at(window, slider_x(first, 30), slider_y(first), "click 1");
  window_wait_for_thumb(window, first, 30);
  at(window, slider_x(second, 50), slider_y(second), "mousedown 1");
  at(window, slider_x(second, 80), slider_y(second), "");
  window_wait_for_thumb(window, second, 80);
  xserver_keep(window->server, "dragging");
  at(window, WINDOW_WIDTH + 40, slider_y(second) - 200, "");
  window_wait_for_thumb(window, second, 100);
  at(window, WINDOW_WIDTH + 40, slider_y(second) - 200, "mouseup 1");
  g_autofree char *click = window_click(window, rating_screen_button(view->rating));
  window_insist(window, &(Goal){.trials = 1}, click);
}

/* No key counts at once after a pause; this one may come again and again. */
static void go_home(Window *window, const Slider *slider) {
  window_insist(window, &(Goal){.shows = &window->theme.text, .x = slider_x(slider, 0) - 4, .y = slider_y(slider) - 12},
                "key Home");
}

/* Escape in the middle of a drag; then Q, but not Y; then Enter. */
static void pause_in_drag(Window *window, const TrialView *view) {
  const Slider *first = rating_screen_slider(view->rating, 0);
  at(window, slider_x(first, 20), slider_y(first), "mousedown 1");
  at(window, slider_x(first, 25), slider_y(first), "");
  window_wait_for_thumb(window, first, 25);
  Colour card;
  Goal paused = window_pause_page(window), asking = window_asking_page(window, &card);
  window_insist(window, &paused, "key Escape");
  xserver_keep(window->server, "pause");
  window_insist(window, &asking, "key q");
  window_insist(window, &paused, "key n");
  at(window, slider_x(first, 60), slider_y(first), "mouseup 1");
  window_insist(window, &(Goal){.shows = &window->theme.faint, .x = first->track.x + 9, .y = first->track.y + 5},
                "key Return");
  go_home(window, first);
}

static Table *behaviour(const Window *window, const char *run) {
  g_autofree char *name = g_strdup_printf("sub-01/beh/sub-01_task-test_run-%s_beh.tsv", run);
  g_autofree char *path = g_build_filename(window->data, name, NULL);
  GError *error = NULL;
  Table *table = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

static void assert_cell(const Table *table, gsize row, const char *column, const char *want) {
  int index = table_column(table, column);
  g_assert_cmpint(index, >=, 0);
  g_assert_cmpstr(table_get(table, row, (gsize)index), ==, want);
}

static void assert_stimulus(const Window *window, const Table *table, gsize row) {
  assert_cell(table, row, "stim_id", protocol_stimulus(window->protocol, window->trials->trials[row].stimulus, "id"));
}

static void assert_ends(Window *window, int status) {
  window_wait(window, &(Goal){.ended = true});
  g_assert_cmpint(window->status, ==, status);
}

static void test_from_first_page_to_last(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  TrialView view = window_wait_for_trial(window, 0);
  rate_by_mouse(window, &view);
  trial_view_clear(&view);
  view = window_wait_for_trial(window, 1);
  window_rate_by_keys(window, 1);
  trial_view_clear(&view);
  view = window_wait_for_trial(window, 2);
  pause_in_drag(window, &view);
  window_do(window, "key Shift+Right Shift+Right Right Right Right Right Tab End");
  window_insist(window, &(Goal){.trials = 3}, "key Return");
  trial_view_clear(&view);
  view = window_wait_for_trial(window, 3);
  window_rate_by_keys(window, 3);
  trial_view_clear(&view);
  assert_ends(window, 0);

  g_autoptr(Table) table = behaviour(window, "1");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  static const char *const arousal[] = {"30", "2", "24", "2"}, *const valence[] = {"100", "29", "100", "29"};
  for (gsize row = 0; row < 4; row++) {
    assert_cell(table, row, "arousal", arousal[row]);
    assert_cell(table, row, "valence", valence[row]);
    assert_cell(table, row, "simulated", "0");
    assert_cell(table, row, "arousal_touched", "1");
    assert_stimulus(window, table, row);
    assert_cell(table, row, "pauses", row == 2 ? "1" : "0");
  }
  g_autofree char *phenotype = g_build_filename(window->data, "phenotype", "mood.tsv", NULL);
  g_autoptr(Table) mood = NULL;
  GError *error = NULL;
  table_read(phenotype, &mood, &error);
  g_assert_no_error(error);
  assert_cell(mood, 0, "mood", "3");
  window_free(window);
}

/* Of an earlier version, whose orders followed the zero of 01 too: nothing is shown twice or left out. */
static void test_goes_on_under_its_rules(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  GError *error = NULL;
  g_autoptr(TrialList) present = g_steal_pointer(&window->trials);
  window->protocol->rules = 1;
  trial_list_new(window->protocol, "01", &window->trials, &error);
  g_assert_no_error(error);
  bool differs = false;
  for (gsize i = 0; i < 4; i++)
    differs |= present->trials[i].stimulus != window->trials->trials[i].stimulus;
  g_assert_true(differs);
  g_autoptr(JournalHeader) header = journal_header_new(window->protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  journal_create(window->data, header, JOURNAL_FAST, &journal, &error);
  g_assert_no_error(error);
  g_autoptr(AnswerRecord) page = answer_record_new(0, "welcome", 0, "", 1, 2);
  g_autoptr(AnswerRecord) mood = answer_record_new(1, "mood", 3, "Good", 3, 4);
  g_assert_true(journal_answer(journal, page, NULL) && journal_answer(journal, mood, NULL));
  g_clear_pointer(&journal, journal_close);
  window_start(window, "--resume");
  window_wait_for_resumed(window);
  TrialView view = window_resume_at_trial(window, 0);
  for (gsize i = 0; i < 4; i++) {
    trial_view_clear(&view);
    view = window_wait_for_trial(window, i);
    window_rate_by_keys(window, i);
  }
  trial_view_clear(&view);
  assert_ends(window, 0);
  g_autoptr(Table) table = behaviour(window, "1");
  for (gsize row = 0; row < 4; row++)
    assert_stimulus(window, table, row);
  window_free(window);
}

/* Answers the operator's question by "resume", and goes on from the page behind it to trial i. */
static void resume(Window *window, gsize i) {
  char *const *words = window->protocol->phrases;
  char *answers[] = {words[PHRASE_RESUME_YES], words[PHRASE_RESUME_NO], NULL};
  g_autoptr(Screen) question = choice_screen_new(&window->theme, words[PHRASE_RESUME], answers, 2, true);
  Box button = choice_screen_button(question);
  Goal ready = {.shows = &window->disabled, .x = button.x + 20, .y = button.y + 6};
  window_wait(window, &ready);
  xserver_keep(window->server, "resume");
  ready.shows = &window->theme.text;
  window_insist(window, &ready, "key 1");
  window_insist(window, &(Goal){.parts = 2}, "key Return");
  TrialView view = window_resume_at_trial(window, i);
  trial_view_clear(&view);
}

/* Killed in the third trial; then resumed by the answer to the question on the screen. */
static void test_killed_and_resumed(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  for (gsize i = 0; i < 2; i++) {
    TrialView view = window_wait_for_trial(window, i);
    window_rate_by_keys(window, i);
    trial_view_clear(&view);
  }
  TrialView view = window_wait_for_trial(window, 2);
  window_do(window, "key Home Tab End"); /* touched but not confirmed */
  kill(window->session, SIGKILL);
  assert_ends(window, 128 + SIGKILL);
  window_wait(window, &(Goal){.gone = true});

  window_start(window, NULL);
  resume(window, 2);
  for (gsize i = 2; i < 4; i++) {
    trial_view_clear(&view);
    view = window_wait_for_trial(window, i);
    window_rate_by_keys(window, i);
  }
  trial_view_clear(&view);
  assert_ends(window, 0);
  g_autoptr(Table) table = behaviour(window, "1");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  for (gsize row = 0; row < 4; row++) {
    assert_cell(table, row, "arousal", "2");
    assert_stimulus(window, table, row);
  }
  window_free(window);
}

/* The window shrinks to 900 x 700 on a trial: the frame is shown at 900 / 1280 between bands above and below. */
static void test_resized(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  TrialView view = window_wait_for_trial(window, 0);
  window->scale = 900 / 1280.0;
  double band = (700 - WINDOW_HEIGHT * window->scale) / 2;
  window->top += band;
  const Slider *first = rating_screen_slider(view.rating, 0), *second = rating_screen_slider(view.rating, 1);
  Box button = rating_screen_button(view.rating);
  window_insist(window, &(Goal){.shows = &window->disabled, .x = button.x + 20, .y = button.y + 10},
                "getwindowfocus windowsize 900 700");
  g_assert_cmphex(xserver_pixel(window->server, (int)window->left + 450, (int)(window->top - band) + 10), ==,
                  0xff808080u);
  at(window, slider_x(first, 30), slider_y(first), "click 1");
  at(window, slider_x(second, 80), slider_y(second), "click 1");
  g_autofree char *click = window_click(window, button);
  window_insist(window, &(Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 10}, "key Tab");
  xserver_keep(window->server, "resized");
  window_insist(window, &(Goal){.trials = 1, .resizes = 1}, click);
  g_autoptr(JournalContents) contents = window_journal(window);
  const TrialRecord *trial = contents->trials->pdata[0];
  g_assert_cmpfloat(trial->ratings[0].final, ==, 30);
  g_assert_cmpfloat(trial->ratings[1].final, ==, 80);
  trial_view_clear(&view);
  window_free(window);
}

/* Another program's window comes up on the same screen and takes the keyboard; returns that program. */
static GPid take_focus(const Window *window) {
  g_autofree char *program = support_program("dreamrig-present");
  char *arguments[] = {program, (char *)"run", window->path, (char *)"--windowed", (char *)"320x320", NULL};
  g_auto(GStrv) environment = xserver_environment(window->server);
  GPid other = 0;
  GError *error = NULL;
  g_spawn_async(NULL, arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                &other, &error);
  g_assert_no_error(error);
  return other;
}

/* The keyboard goes in the middle of the first trial's ratings: the session pauses, and goes back to them. */
static void test_focus_lost(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  window_start(window, NULL);
  window_pass_page(window);
  window_pass_question(window);
  TrialView view = window_wait_for_trial(window, 0);
  const Slider *first = rating_screen_slider(view.rating, 0);
  window_do(window, "key Home Right Right");
  window_wait_for_thumb(window, first, 2);
  g_autoptr(Screen) pause = pause_screen_new_because(&window->theme, window->protocol->phrases[PHRASE_FOCUS_LOST]);
  Box button = pause_screen_button(pause);
  GPid other = take_focus(window);
  window_wait(window, &(Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 6});
  kill(other, SIGKILL);
  waitpid(other, NULL, 0);
  xserver_keep(window->server, "focus-lost");
  window_do(window, "key Tab End Return"); /* nobody hears it */
  g_autoptr(JournalContents) paused = window_journal(window);
  g_assert_cmpuint(paused->trials->len, ==, 0);
  g_autofree char *click = window_click(window, button);
  g_autofree char *back = g_strconcat("search --onlyvisible --class . windowfocus ", click, NULL);
  Goal thumb = {.shows = &window->theme.text, .x = slider_x(first, 2) - 4, .y = slider_y(first) - 12};
  window_insist(window, &thumb, back);
  go_home(window, first);
  window_do(window, "key Right Right Tab Next Shift+Left Left");
  window_insist(window, &(Goal){.trials = 1}, "key Return");
  g_autoptr(JournalContents) contents = window_journal(window);
  const TrialRecord *trial = contents->trials->pdata[0];
  g_assert_cmpuint(trial->pauses, ==, 1);
  g_assert_cmpuint(trial->focus_losses, ==, 1);
  g_assert_cmpfloat(trial->ratings[0].final, ==, 2);
  g_assert_cmpfloat_with_epsilon(trial->ratings[1].final, 29, 1e-9);
  trial_view_clear(&view);
  for (gsize i = 1; i < 4; i++) {
    view = window_wait_for_trial(window, i);
    window_rate_by_keys(window, i);
    trial_view_clear(&view);
  }
  assert_ends(window, 0);
  g_autoptr(Table) table = behaviour(window, "1");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  assert_cell(table, 0, "pauses", "1");
  g_assert_nonnull(strstr(table_get(table, 0, (gsize)table_column(table, "focus_events")), ":lost"));
  for (gsize row = 0; row < 4; row++)
    assert_stimulus(window, table, row);
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/window/runs from the first page to the last", test_from_first_page_to_last);
  g_test_add_func("/window/resumes after a kill", test_killed_and_resumed);
  g_test_add_func("/window/goes on under the rules that a session began under", test_goes_on_under_its_rules);
  g_test_add_func("/window/keeps the frame's shape and its clicks when resized", test_resized);
  g_test_add_func("/window/pauses where another window takes the keyboard", test_focus_lost);
  return g_test_run();
}
