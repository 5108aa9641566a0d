/* The real program in a window under Xvfb, driven from outside by mouse and keyboard. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "present/choice_screen.h"
#include "present/page_screen.h"
#include "present/phrases.h"
#include "present/trial_view.h"
#include "tests/present/rig.h"
#include "tests/present/xserver.h"
#include "tests/support.h"

#define SCREEN_WIDTH 1400
#define SCREEN_HEIGHT 900
#define WINDOW_WIDTH 1280
#define WINDOW_HEIGHT 800
#define LEFT ((SCREEN_WIDTH - WINDOW_WIDTH) / 2) /* SDL puts the window in the middle */
#define TOP ((SCREEN_HEIGHT - WINDOW_HEIGHT) / 2)
#define PATIENCE_MS 20000

typedef struct {
  XServer *server;
  char *folder, *data, *path;
  Protocol *protocol;
  TrialList *trials;
  Theme theme;
  Colour disabled; /* of a button that cannot be pressed */
  GPid session;
} Window;

static Window *window_new(void) {
  XServer *server = xserver_start(SCREEN_WIDTH, SCREEN_HEIGHT);
  if (server == NULL)
    return NULL;
  Window *window = g_new0(Window, 1);
  window->server = server;
  window->folder = support_folder();
  window->data = g_build_filename(window->folder, "data", NULL);
  g_autofree char *set = g_build_filename(window->folder, "set", NULL);
  rig_write_set(set, 4);
  window->path = rig_write_protocol(window->folder, true);
  GError *error = NULL;
  protocol_open(window->path, NULL, &window->protocol, &error);
  g_assert_no_error(error);
  trial_list_new(window->protocol, "01", &window->trials, &error);
  g_assert_no_error(error);
  window->theme = theme_new(&window->protocol->screen, WINDOW_WIDTH, WINDOW_HEIGHT);
  double grey = window->theme.background.green * (1 - 0.14); /* towards the text's black */
  window->disabled = (Colour){grey, grey, grey};
  return window;
}

static void window_free(Window *window) {
  xserver_stop(window->server);
  protocol_free(window->protocol);
  trial_list_free(window->trials);
  support_remove(window->folder);
  g_free(window->folder);
  g_free(window->data);
  g_free(window->path);
  g_free(window);
}

static void start(Window *window, const char *option) {
  g_autofree char *program = support_program("dreamrig-present");
  char *arguments[] = {
      program,      (char *)"run",        window->path,       (char *)"--subject", (char *)"01", (char *)"--data",
      window->data, (char *)"--windowed", (char *)"1280x800", (char *)option,      NULL};
  g_auto(GStrv) environment = xserver_environment(window->server);
  GError *error = NULL;
  g_spawn_async(NULL, arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                &window->session, &error);
  g_assert_no_error(error);
}

static int wait_for_end(Window *window) {
  int status = 0;
  for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
    if (waitpid(window->session, &status, WNOHANG) == window->session)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    g_usleep(20000);
  }
  kill(window->session, SIGKILL);
  waitpid(window->session, &status, 0);
  return -1;
}

static guint32 pixel_at(const Frame *frame, double x, double y) {
  return frame->pixels[(TOP + (int)y) * SCREEN_WIDTH + LEFT + (int)x];
}

/* Waits until the window is there and this pixel of it is of this grey, as the theme mixes it. */
static void wait_for_grey(const Window *window, double x, double y, const Colour *colour) {
  int want = (int)lround(colour->green * 255);
  for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
    g_autoptr(Frame) frame = xserver_picture(window->server);
    int got = (int)(pixel_at(frame, x, y) & 0xff);
    if (pixel_at(frame, 2, 2) == 0xff808080u && abs(got - want) <= 2) {
      g_usleep(300000); /* longer than presses count for the screen before */
      return;
    }
    g_usleep(20000);
  }
  xserver_keep(window->server, "window-timeout");
  g_error("the pixel at %g, %g did not become %d", x, y, want);
}

/* Waits until this many trials are confirmed on disk. */
static void wait_for_confirmed(const Window *window, guint wanted) {
  for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
    g_autofree char *path = NULL;
    JournalStatus status = JOURNAL_INTERRUPTED;
    g_autoptr(JournalContents) contents = NULL;
    if (journal_newest(window->data, "01", NULL, "test", &path, &status, NULL) && path != NULL &&
        journal_read(path, &contents, NULL) && contents->trials->len >= wanted)
      return;
    g_usleep(20000);
  }
  g_error("there are no %u confirmed trials", wanted);
}

static void at(const Window *window, double x, double y, const char *what) {
  xserver_do(window->server, "mousemove %d %d %s", LEFT + (int)round(x), TOP + (int)round(y), what);
}

static void click_box(const Window *window, Box box) {
  at(window, box.x + box.width / 2, box.y + box.height / 2, "click 1");
}

/* --- The protocol's screens, one by one --- */

static void pass_page(const Window *window) {
  g_autoptr(Screen) page =
      page_screen_new(&window->theme, window->protocol->pages[0].title, window->protocol->pages[0].text);
  Box button = page_screen_button(page);
  wait_for_grey(window, button.x + 20, button.y + 6, &window->theme.text);
  xserver_keep(window->server, "page");
  click_box(window, button);
}

static void pass_question(const Window *window) {
  const ProtocolQuestion *question = &window->protocol->questions[0];
  g_autoptr(Screen) screen =
      choice_screen_new(&window->theme, question->text, question->options, question->n_options, true);
  Box button = choice_screen_button(screen);
  wait_for_grey(window, button.x + 20, button.y + 6, &window->disabled);
  click_box(window, choice_screen_option(screen, 1));
  g_usleep(200000);
  xserver_keep(window->server, "question");
  xserver_do(window->server, "key Down Return");
}

static TrialView wait_for_trial(const Window *window, gsize i) {
  TrialView view = trial_view_new(window->protocol, &window->theme, &window->trials->trials[i]);
  const Box *track = &rating_screen_slider(view.rating, 0)->track;
  wait_for_confirmed(window, (guint)i); /* its screen has gone before the record is written */
  wait_for_grey(window, track->x + 9, track->y + 5, &window->theme.faint);
  return view;
}

static double slider_y(const Slider *slider) { return slider->track.y + slider->track.height / 2; }

/* A click on the first slider at 30, the second dragged from 50 out of the window at the right. */
static void rate_by_mouse(const Window *window, const TrialView *view) {
  const Slider *first = rating_screen_slider(view->rating, 0), *second = rating_screen_slider(view->rating, 1);
  xserver_keep(window->server, "rating");
  at(window, slider_x(first, 30), slider_y(first), "click 1");
  at(window, slider_x(second, 50), slider_y(second), "mousedown 1");
  at(window, slider_x(second, 80), slider_y(second), "");
  g_usleep(100000);
  xserver_keep(window->server, "dragging");
  at(window, WINDOW_WIDTH + 40, slider_y(second) - 200, "");
  at(window, WINDOW_WIDTH + 40, slider_y(second) - 200, "mouseup 1");
  click_box(window, rating_screen_button(view->rating));
}

static void rate_by_keys(const Window *window) {
  xserver_do(window->server, "key Return"); /* nothing is touched: no answer */
  xserver_do(window->server, "key Home Right Right Return Tab Next Shift+Left Left Return");
}

/* Escape in the middle of a drag; then Q, but not Y; then Enter. */
static void pause_in_drag(const Window *window, const TrialView *view) {
  const Slider *first = rating_screen_slider(view->rating, 0);
  at(window, slider_x(first, 20), slider_y(first), "mousedown 1");
  at(window, slider_x(first, 25), slider_y(first), "");
  xserver_do(window->server, "key Escape");
  g_usleep(500000);
  xserver_keep(window->server, "pause");
  xserver_do(window->server, "key q");
  g_usleep(300000);
  xserver_do(window->server, "key n");
  g_usleep(300000);
  at(window, slider_x(first, 60), slider_y(first), "mouseup 1");
  xserver_do(window->server, "key Return");
  wait_for_grey(window, first->track.x + 9, first->track.y + 5, &window->theme.faint);
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

static void test_from_first_page_to_last(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  start(window, NULL);
  pass_page(window);
  pass_question(window);
  TrialView view = wait_for_trial(window, 0);
  rate_by_mouse(window, &view);
  trial_view_clear(&view);
  view = wait_for_trial(window, 1);
  rate_by_keys(window);
  trial_view_clear(&view);
  view = wait_for_trial(window, 2);
  pause_in_drag(window, &view);
  xserver_do(window->server, "key Left Tab End Return");
  trial_view_clear(&view);
  view = wait_for_trial(window, 3);
  rate_by_keys(window);
  trial_view_clear(&view);
  g_assert_cmpint(wait_for_end(window), ==, 0);

  g_autoptr(Table) table = behaviour(window, "1");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  static const char *const arousal[] = {"30", "2", "24", "2"}, *const valence[] = {"100", "29", "100", "29"};
  for (gsize row = 0; row < 4; row++) {
    assert_cell(table, row, "arousal", arousal[row]);
    assert_cell(table, row, "valence", valence[row]);
    assert_cell(table, row, "simulated", "0");
    assert_cell(table, row, "arousal_touched", "1");
    assert_cell(table, row, "stim_id", protocol_stimulus(window->protocol, window->trials->trials[row].stimulus, "id"));
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

/* Killed in the third trial; then resumed by the answer to the question on the screen. */
static void test_killed_and_resumed(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  start(window, NULL);
  pass_page(window);
  pass_question(window);
  for (gsize i = 0; i < 2; i++) {
    TrialView view = wait_for_trial(window, i);
    rate_by_keys(window);
    trial_view_clear(&view);
  }
  TrialView view = wait_for_trial(window, 2);
  xserver_do(window->server, "key Home Tab End"); /* touched but not confirmed */
  kill(window->session, SIGKILL);
  g_assert_cmpint(wait_for_end(window), ==, 128 + SIGKILL);
  g_usleep(200000);

  start(window, NULL);
  char *answers[] = {(char *)PHRASE_RESUME_YES, (char *)PHRASE_RESUME_NO, NULL};
  g_autoptr(Screen) question = choice_screen_new(&window->theme, PHRASE_RESUME, answers, 2, true);
  Box button = choice_screen_button(question);
  wait_for_grey(window, button.x + 20, button.y + 6, &window->disabled);
  xserver_keep(window->server, "resume");
  xserver_do(window->server, "key 1 Return");
  g_usleep(800000);
  xserver_do(window->server, "key Return"); /* welcome back */
  for (gsize i = 2; i < 4; i++) {
    trial_view_clear(&view);
    view = wait_for_trial(window, i);
    rate_by_keys(window);
  }
  trial_view_clear(&view);
  g_assert_cmpint(wait_for_end(window), ==, 0);
  g_autoptr(Table) table = behaviour(window, "1");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  for (gsize row = 0; row < 4; row++) {
    assert_cell(table, row, "arousal", "2");
    assert_cell(table, row, "stim_id", protocol_stimulus(window->protocol, window->trials->trials[row].stimulus, "id"));
  }
  window_free(window);
}

static void test_quit(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  start(window, NULL);
  pass_page(window);
  g_usleep(500000);
  xserver_do(window->server, "key Escape");
  g_usleep(400000);
  xserver_do(window->server, "key q");
  g_usleep(100000);
  xserver_do(window->server, "key y");
  g_assert_cmpint(wait_for_end(window), ==, 1);
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_COMPLETE;
  GError *error = NULL;
  journal_newest(window->data, "01", NULL, "test", &path, &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, JOURNAL_ABORTED);
  g_autoptr(JournalContents) contents = NULL;
  journal_read(path, &contents, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(contents->answers->len, ==, 1);
  g_assert_cmpstr(contents->header->display.driver, ==, "x11");
  g_assert_false(contents->header->display.onset_trusted); /* Xvfb has no screen to wait for */
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/window/runs from the first page to the last", test_from_first_page_to_last);
  g_test_add_func("/window/resumes after a kill", test_killed_and_resumed);
  g_test_add_func("/window/ends on Escape, Q, Y with status 1", test_quit);
  return g_test_run();
}
