#include "tests/present/window.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "present/screens/choice_screen.h"
#include "present/screens/page_screen.h"
#include "present/screens/pause_screen.h"
#include "tests/support.h"

#define SCREEN_WIDTH 1400
#define SCREEN_HEIGHT 900
#define PATIENCE_US (240 * G_USEC_PER_SEC) /* a machine whose disk or processor stands still for a while */
#define REPEAT_US (4 * G_USEC_PER_SEC)     /* far longer than a screen takes to show even under a sanitizer */

static Window *window_on(XServer *server) {
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
  window->left = (SCREEN_WIDTH - WINDOW_WIDTH) / 2.0; /* SDL puts the window in the middle */
  window->top = (SCREEN_HEIGHT - WINDOW_HEIGHT) / 2.0;
  window->scale = 1;
  window->label = "01";
  window->task = "test";
  return window;
}

Window *window_new(void) { return window_on(xserver_start(SCREEN_WIDTH, SCREEN_HEIGHT)); }

Window *window_new_repeating(void) { return window_on(xserver_start_repeating(SCREEN_WIDTH, SCREEN_HEIGHT)); }

static bool has_ended(Window *window) {
  int status = 0;
  if (window->session != 0 && waitpid(window->session, &status, WNOHANG) == window->session) {
    window->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    window->session = 0;
  }
  return window->session == 0;
}

void window_free(Window *window) {
  if (!has_ended(window)) {
    kill(window->session, SIGKILL);
    waitpid(window->session, NULL, 0);
  }
  xserver_stop(window->server);
  protocol_free(window->protocol);
  trial_list_free(window->trials);
  support_remove(window->folder);
  g_free(window->folder);
  g_free(window->data);
  g_free(window->path);
  g_free(window);
}

void window_start(Window *window, const char *option) {
  window_launch(window, (const char *[]){"run", window->path, "--subject", "01", "--data", window->data, "--windowed",
                                         "1280x800", option, NULL});
}

void window_launch(Window *window, const char *const *list) {
  g_autoptr(GPtrArray) all = g_ptr_array_new();
  g_autofree char *program = support_program("dreamrig-present");
  g_ptr_array_add(all, program);
  for (; *list != NULL; list++)
    g_ptr_array_add(all, (gpointer)*list);
  g_ptr_array_add(all, NULL);
  char **arguments = (char **)all->pdata;
  g_auto(GStrv) environment = xserver_environment(window->server);
  GError *error = NULL;
  g_spawn_async(NULL, arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                &window->session, &error);
  g_assert_no_error(error);
}

JournalContents *window_journal(const Window *window) {
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_INTERRUPTED;
  JournalContents *contents = NULL;
  if (!journal_newest(window->data, window->label, window->session_label, window->task, &path, &status, NULL) ||
      path == NULL || !journal_read(path, &contents, NULL))
    return NULL;
  return contents;
}

static guint32 pixel_at(const Window *window, double x, double y) {
  return xserver_pixel(window->server, (int)floor(window->left + (x + 0.5) * window->scale),
                       (int)floor(window->top + (y + 0.5) * window->scale));
}

static bool is_there(const Window *window) { return pixel_at(window, 2, 2) == 0xff808080u; }

/* Whether the window is there and this pixel of it is of this grey, as the theme mixes it. */
static bool shows_grey(const Window *window, double x, double y, const Colour *colour) {
  int want = (int)lround(colour->green * 255), got = (int)(pixel_at(window, x, y) & 0xff);
  return is_there(window) && abs(got - want) <= 2;
}

static bool is_recorded(const Window *window, const Goal *goal) {
  if (goal->answers == 0 && goal->trials == 0 && goal->parts == 0 && goal->resizes == 0)
    return true;
  g_autoptr(JournalContents) contents = window_journal(window);
  guint resizes = 0;
  for (guint i = 0; contents != NULL && i < contents->events->len; i++)
    resizes += g_str_equal(((const EventRecord *)contents->events->pdata[i])->kind, "resized");
  return contents != NULL && contents->answers->len >= goal->answers && contents->trials->len >= goal->trials &&
         contents->n_parts >= goal->parts && resizes >= goal->resizes;
}

#define PARKED 48

/* The renderer rounds a level up or down. */
static bool is_same(guint32 a, guint32 b) {
  for (int shift = 0; shift < 24; shift += 8)
    if (abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > 1)
      return false;
  return true;
}

/* NULL where there is no screen. */
static Frame *draw_wanted(Screen *screen) {
  if (screen == NULL)
    return NULL;
  Frame *wanted = frame_new(WINDOW_WIDTH, WINDOW_HEIGHT, NULL);
  bool fresh = false;
  screen_draw(screen, NULL, &fresh, wanted);
  return wanted;
}

static bool shows_frame(const Window *window, const Frame *wanted) {
  g_autoptr(Frame) shown = xserver_picture(window->server);
  bool same = true;
  for (int y = 0; y < WINDOW_HEIGHT && same; y++)
    for (int x = y < PARKED ? PARKED : 0; x < WINDOW_WIDTH && same; x++)
      same = is_same(wanted->pixels[y * WINDOW_WIDTH + x],
                     shown->pixels[(y + (int)window->top) * shown->width + x + (int)window->left]);
  return same;
}

static bool is_reached(Window *window, const Goal *goal, const Frame *wanted) {
  return (wanted == NULL || shows_frame(window, wanted)) &&
         (goal->shows == NULL || shows_grey(window, goal->x, goal->y, goal->shows)) && is_recorded(window, goal) &&
         (!goal->ended || has_ended(window)) && (!goal->gone || !is_there(window));
}

static bool wait_until(Window *window, const Goal *goal, const Frame *wanted, gint64 until_us) {
  while (!is_reached(window, goal, wanted)) {
    if (g_get_monotonic_time() > until_us)
      return false;
    g_usleep(20000);
  }
  return true;
}

/* For DREAMRIG_SCREENSHOTS: what was to be seen, beside what is. */
static void keep_wanted(const Frame *wanted) {
  const char *folder = g_getenv("DREAMRIG_SCREENSHOTS");
  if (folder == NULL || wanted == NULL)
    return;
  g_autofree char *path = g_build_filename(folder, "window-wanted.png", NULL);
  frame_write_png(wanted, path, NULL);
}

/* --- Where it stands, for who reads that it did not get on --- */

#define PRINTED_COLUMNS 100
#define PRINTED_ROWS 30

/* The screen in characters, from '#' for black over '.' for the background's grey to blank for white. */
static void print_screen(const Window *window) {
  g_autoptr(Frame) shown = xserver_picture(window->server);
  for (int row = 0; row < PRINTED_ROWS; row++) {
    char line[PRINTED_COLUMNS + 1] = {0};
    for (int column = 0; column < PRINTED_COLUMNS; column++) {
      int left = column * shown->width / PRINTED_COLUMNS, right = (column + 1) * shown->width / PRINTED_COLUMNS;
      int top = row * shown->height / PRINTED_ROWS, bottom = (row + 1) * shown->height / PRINTED_ROWS;
      int furthest = 0x80;
      for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) {
          int level = (int)(shown->pixels[y * shown->width + x] >> 8 & 0xff);
          if (abs(level - 0x80) > abs(furthest - 0x80))
            furthest = level;
        }
      line[column] = "#%+.-: "[furthest * 7 / 256];
    }
    g_printerr("# |%s|\n", line);
  }
}

static void print_file(const char *name, const char *folder, const char *file) {
  g_autofree char *path = g_build_filename(folder, file, NULL), *text = NULL;
  if (g_file_get_contents(path, &text, NULL, NULL))
    g_printerr("# %s %s: %s\n", name, file, g_strstrip(text));
}

/* What each of the session's threads waits for. */
static void print_threads(const Window *window) {
  g_autofree char *tasks = g_strdup_printf("/proc/%d/task", (int)window->session);
  g_autoptr(GDir) folder = g_dir_open(tasks, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
    g_autofree char *task = g_build_filename(tasks, name, NULL);
    print_file(name, task, "comm");
    print_file(name, task, "wchan");
    print_file(name, task, "syscall");
  }
}

/* The last lines, without what does not change. */
static void print_journal(const Window *window) {
  g_autofree char *path = NULL, *text = NULL;
  JournalStatus status = JOURNAL_INTERRUPTED;
  if (!journal_newest(window->data, window->label, window->session_label, window->task, &path, &status, NULL) ||
      path == NULL || !g_file_get_contents(path, &text, NULL, NULL))
    return;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  guint n = g_strv_length(lines);
  for (guint i = n > 6 ? n - 6 : 0; i < n; i++)
    g_printerr("# journal: %.300s\n", lines[i]);
}

static void give_up(Window *window, const Goal *goal, const Frame *wanted, const char *command) {
  xserver_keep(window->server, "window-timeout");
  keep_wanted(wanted);
  print_screen(window);
  print_threads(window);
  print_journal(window);
  g_error("\"%s\" did not lead to %u answers, %u trials, %u parts, %s at %g, %g: pixel %x, the session %s", command,
          goal->answers, goal->trials, goal->parts, goal->shows != NULL ? "a grey" : "", goal->x, goal->y,
          pixel_at(window, goal->x, goal->y), has_ended(window) ? "has ended" : "runs");
}

void window_wait(Window *window, const Goal *goal) {
  g_autoptr(Frame) wanted = draw_wanted(goal->looks);
  if (!wait_until(window, goal, wanted, g_get_monotonic_time() + PATIENCE_US))
    give_up(window, goal, wanted, "waiting");
}

void window_do(const Window *window, const char *command) { xserver_do(window->server, "%s", command); }

void window_insist(Window *window, const Goal *goal, const char *command) {
  g_autoptr(Frame) wanted = draw_wanted(goal->looks);
  gint64 end_us = g_get_monotonic_time() + PATIENCE_US;
  do {
    window_do(window, command);
    if (wait_until(window, goal, wanted, g_get_monotonic_time() + REPEAT_US))
      return;
  } while (g_get_monotonic_time() < end_us);
  give_up(window, goal, wanted, command);
}

void window_park_pointer(const Window *window) {
  xserver_do(window->server, "mousemove %d %d", (int)window->left + PARKED / 4, (int)window->top + PARKED / 4);
}

char *window_at(const Window *window, double x, double y, const char *what) {
  return g_strdup_printf("mousemove %d %d %s", (int)round(window->left + x * window->scale),
                         (int)round(window->top + y * window->scale), what);
}

char *window_click(const Window *window, Box box) {
  return window_at(window, box.x + box.width / 2, box.y + box.height / 2, "click 1");
}

/* --- The protocol's screens --- */

Goal window_pause_page(const Window *window) {
  g_autoptr(Screen) pause = pause_screen_new(&window->theme);
  Box button = pause_screen_button(pause);
  return (Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 6};
}

Goal window_asking_page(const Window *window, Colour *card) {
  g_autoptr(Screen) pause = pause_screen_new(&window->theme);
  screen_handle(pause, &(Event){.kind = EVENT_KEY, .key = KEY_CHARACTER, .character = 'q'});
  g_autoptr(Frame) frame = frame_new(WINDOW_WIDTH, WINDOW_HEIGHT, NULL);
  bool fresh = false;
  screen_draw(pause, NULL, &fresh, frame);
  Goal goal = window_pause_page(window);
  double grey = (frame->pixels[(int)goal.y * WINDOW_WIDTH + (int)goal.x] & 0xff) / 255.0;
  *card = (Colour){grey, grey, grey};
  goal.shows = card;
  return goal;
}

void window_pass_page(Window *window) {
  g_autoptr(Screen) page =
      page_screen_new(&window->theme, window->protocol->pages[0].title, window->protocol->pages[0].text);
  Box button = page_screen_button(page);
  window_wait(window, &(Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 6});
  xserver_keep(window->server, "page");
  g_autofree char *click = window_click(window, button);
  window_insist(window, &(Goal){.answers = 1}, click);
}

void window_pass_question(Window *window) {
  const ProtocolQuestion *question = &window->protocol->questions[0];
  g_autoptr(Screen) screen =
      choice_screen_new(&window->theme, question->text, question->options, question->n_options, true);
  Box button = choice_screen_button(screen), second = choice_screen_option(screen, 1);
  window_wait(window, &(Goal){.shows = &window->disabled, .x = button.x + 20, .y = button.y + 6});
  g_autofree char *click = window_click(window, second);
  window_insist(window, &(Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 6}, click);
  xserver_keep(window->server, "question");
  window_insist(window, &(Goal){.answers = 2}, "key Down Return");
}

static TrialView view_trial(const Window *window, gsize i, Goal *ready) {
  TrialView view =
      trial_view_new(window->protocol, &window->theme, &window->trials->trials[i], window->trials->participant);
  const Box *track = &rating_screen_slider(view.rating, 0)->track;
  *ready = (Goal){.shows = &window->theme.faint, .x = track->x + 9, .y = track->y + 5};
  return view;
}

TrialView window_wait_for_trial(Window *window, gsize i) {
  Goal ready;
  TrialView view = view_trial(window, i, &ready);
  window_wait(window, &(Goal){.trials = (guint)i}); /* its screen has gone before the record is written */
  window_wait(window, &ready);
  return view;
}

void window_wait_for_resumed(Window *window) {
  char *const *words = window->protocol->phrases;
  g_autoptr(Screen) page = page_screen_new(&window->theme, words[PHRASE_RESUMED], words[PHRASE_RESUMED_HELP]);
  Box button = page_screen_button(page);
  window_wait(window, &(Goal){.shows = &window->theme.text, .x = button.x + 20, .y = button.y + 6});
}

TrialView window_resume_at_trial(Window *window, gsize i) {
  Goal ready;
  TrialView view = view_trial(window, i, &ready);
  window_insist(window, &ready, "key Return");
  return view;
}

void window_rate_by_keys(Window *window, gsize i) {
  window_do(window, "key Return"); /* nothing is touched: no answer */
  window_do(window, "key Home Right Right Return Tab Next Shift+Left Left");
  window_insist(window, &(Goal){.trials = (guint)i + 1}, "key Return");
}

Goal window_thumb(const Window *window, const Slider *slider, double position) {
  double y = slider->track.y + slider->track.height / 2;
  return (Goal){.shows = &window->theme.text, .x = slider_x(slider, position) - 4, .y = y - 12};
}

void window_wait_for_thumb(Window *window, const Slider *slider, double position) {
  Goal there = window_thumb(window, slider, position);
  window_wait(window, &there);
}
