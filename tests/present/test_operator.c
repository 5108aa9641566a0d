/* What the operator does, of the real program in a window under Xvfb: the start dialog by keyboard alone and by mouse,
 * and a rehearsal of every kind of screen by keyboard alone. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "present/screens/choice_screen.h"
#include "present/screens/entry_screen.h"
#include "present/screens/question_view.h"
#include "stimuli/base/files.h"
#include "tests/present/window.h"
#include "tests/support.h"

/* --- The dialog's screens as they must look --- */

typedef struct {
  Window *window;
  Protocol *protocol;
  Theme theme;
  char *screen; /* as the program lists it */
} Dialog;

/* What SDL calls Xvfb's only screen, from the message to who wants another one. */
static char *list_screens(const Window *window) {
  g_autofree char *program = support_program("dreamrig-present"), *err = NULL;
  char *arguments[] = {program,          (char *)"run", window->path,        (char *)"--subject", (char *)"01",
                       (char *)"--data", window->data,  (char *)"--display", (char *)"2",         NULL};
  g_auto(GStrv) environment = xserver_environment(window->server);
  int status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, arguments, environment, 0, NULL, NULL, NULL, &err, &status, &error);
  g_assert_no_error(error);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  static const char before[] = "dreamrig-present: --display 2: there is only ";
  g_assert_true(g_str_has_prefix(err, before));
  g_assert_nonnull(strstr(err, "1400 x 900"));
  return g_strchomp(g_strdup(err + strlen(before)));
}

static void dialog_begin(Dialog *dialog, gconstpointer unused G_GNUC_UNUSED) {
  GError *error = NULL;
  *dialog = (Dialog){.window = window_new()};
  if (dialog->window == NULL)
    return;
  g_autofree char *text = NULL;
  g_file_get_contents(dialog->window->path, &text, NULL, &error);
  g_assert_no_error(error);
  g_autofree char *translated = g_strconcat(text, "[phrases]\ncontinue[pl] = Oj, dalej\n", NULL);
  files_write(dialog->window->path, translated, strlen(translated), FILES_PUBLIC, &error);
  g_assert_no_error(error);
  protocol_open(dialog->window->path, NULL, &dialog->protocol, &error);
  g_assert_no_error(error);
  dialog->theme = theme_of(dialog->protocol, WINDOW_WIDTH, WINDOW_HEIGHT);
  dialog->screen = list_screens(dialog->window);
  g_rmdir(dialog->window->data); /* a folder is made before the window opens */
}

static void dialog_end(Dialog *dialog, gconstpointer unused G_GNUC_UNUSED) {
  if (dialog->window == NULL)
    return;
  window_free(dialog->window);
  protocol_free(dialog->protocol);
  g_free(dialog->screen);
}

/* A question to type at, with what is typed; `refusal` stands above it, or is NULL. */
static Screen *entry(const Dialog *dialog, Phrase phrase, const char *refusal, const char *typed) {
  const char *words = theme_phrase(&dialog->theme, phrase);
  g_autofree char *text = refusal != NULL ? g_strdup_printf("%s\n\n%s", refusal, words) : g_strdup(words);
  ProtocolQuestion question = {
      .kind = QUESTION_TEXT, .text = text, .lines = 1, .required = phrase != PHRASE_START_SESSION};
  Screen *screen = entry_screen_new(&dialog->theme, &question);
  Event event = {.kind = EVENT_TEXT};
  for (const char *c = typed; *c != '\0'; c++) {
    event.text[0] = *c;
    screen_handle(screen, &event);
  }
  return screen;
}

static Screen *language(const Dialog *dialog) {
  char *options[] = {(char *)theme_phrase(&dialog->theme, PHRASE_START_UNTRANSLATED), (char *)"pl", NULL};
  return choice_screen_new(&dialog->theme, theme_phrase(&dialog->theme, PHRASE_START_LANGUAGE), options, 2, true);
}

static Screen *review(const Dialog *dialog, const char *participant, const char *session, const char *locale) {
  g_autofree char *text = g_strdup_printf("Participant: \u2068%s\u2069\nSession: \u2068%s\u2069\nData folder: \u2068%s"
                                          "\u2069\nLanguage: \u2068%s\u2069\nScreen: \u2068%s\u2069",
                                          participant, session, dialog->window->data, locale, dialog->screen);
  char *options[] = {(char *)"Start the session", (char *)"Ask again", NULL};
  return choice_screen_new(&dialog->theme, text, options, 2, true);
}

/* Frees the screen. */
static void wait_for(const Dialog *dialog, Screen *screen) {
  window_wait(dialog->window, &(Goal){.looks = screen});
  screen_free(screen);
}

static void insist_on(const Dialog *dialog, Screen *screen, const char *command) {
  window_insist(dialog->window, &(Goal){.looks = screen}, command);
  screen_free(screen);
}

/* Types over what is there, as a press in a screen's first moments is ignored; then it stands there, unconfirmed. */
static void type(const Dialog *dialog, Phrase phrase, const char *refusal, const char *typed) {
  g_autoptr(GString) keys = g_string_new("key");
  for (gsize i = 0; i < strlen(typed); i++)
    g_string_append(keys, " BackSpace");
  g_string_append_printf(keys, " type --delay 5 %s", typed);
  insist_on(dialog, entry(dialog, phrase, refusal, typed), keys->str);
}

static void assert_nothing_is_written(const Dialog *dialog) {
  g_assert_false(g_file_test(dialog->window->data, G_FILE_TEST_EXISTS));
}

/* The first page, in this language, once the warning of Xvfb's untrusted times has passed. */
static void wait_for_first_page(const Dialog *dialog, const char *locale) {
  g_autoptr(Protocol) protocol = NULL;
  GError *error = NULL;
  protocol_open(dialog->window->path, &(ProtocolOptions){.locale = locale}, &protocol, &error);
  g_assert_no_error(error);
  Theme theme = theme_of(protocol, WINDOW_WIDTH, WINDOW_HEIGHT);
  g_autoptr(Screen) page = page_view_new(&theme, &protocol->pages[0]);
  window_wait(dialog->window, &(Goal){.looks = page});
}

static void launch(const Dialog *dialog, const char *option, const char *value) {
  window_launch(dialog->window,
                (const char *[]){"run", dialog->window->path, "--windowed", "1280x800", option, value, NULL});
  window_park_pointer(dialog->window);
}

static void test_by_keys(Dialog *dialog, gconstpointer unused G_GNUC_UNUSED) {
  Window *window = dialog->window;
  if (window == NULL)
    return;
  const char *bad_label = theme_phrase(&dialog->theme, PHRASE_START_BAD_LABEL);
  launch(dialog, NULL, NULL);
  wait_for(dialog, entry(dialog, PHRASE_START_PARTICIPANT, NULL, ""));
  window_do(window, "key Return"); /* nothing is typed: no answer */
  type(dialog, PHRASE_START_PARTICIPANT, NULL, "a-7");
  xserver_keep(window->server, "dialog-participant");
  insist_on(dialog, entry(dialog, PHRASE_START_PARTICIPANT, bad_label, ""), "key Return");
  xserver_keep(window->server, "dialog-refused");
  type(dialog, PHRASE_START_PARTICIPANT, bad_label, "k7");
  insist_on(dialog, entry(dialog, PHRASE_START_SESSION, NULL, ""), "key Return");
  type(dialog, PHRASE_START_SESSION, NULL, "s_1");
  insist_on(dialog, entry(dialog, PHRASE_START_SESSION, bad_label, ""), "key Return");
  type(dialog, PHRASE_START_SESSION, bad_label, "s1");
  insist_on(dialog, entry(dialog, PHRASE_START_DATA, NULL, ""), "key Return");
  type(dialog, PHRASE_START_DATA, NULL, window->path); /* a file */
  g_autofree char *bad_folder =
      g_strdup_printf("%s\n%s is not a folder", theme_phrase(&dialog->theme, PHRASE_START_BAD_FOLDER), window->path);
  insist_on(dialog, entry(dialog, PHRASE_START_DATA, bad_folder, ""), "key Return");
  type(dialog, PHRASE_START_DATA, bad_folder, window->data);
  insist_on(dialog, language(dialog), "key Return");
  g_autoptr(Screen) polish = language(dialog);
  screen_handle(polish, &(Event){.kind = EVENT_KEY, .key = KEY_END});
  window_insist(window, &(Goal){.looks = polish}, "key End");
  insist_on(dialog, review(dialog, "k7", "s1", "pl"), "key Return");
  xserver_keep(window->server, "dialog-review");
  assert_nothing_is_written(dialog);
  window->label = "k7";
  window->session_label = "s1";
  window_insist(window, &(Goal){.parts = 1}, "key 1 Return");
  wait_for_first_page(dialog, "pl");
  window_insist(window, &(Goal){.answers = 1}, "key space");
}

/* Clicks the button of the screen that shows `screen`, until the next one is there; frees both. */
static void click_on_to(const Dialog *dialog, Box box, Screen *next) {
  g_autofree char *click = window_click(dialog->window, box);
  g_autofree char *away = window_at(dialog->window, 12, 12, "");
  g_autofree char *command = g_strdup_printf("%s %s", click, away);
  insist_on(dialog, next, command);
}

/* From the question for the session to the review: the session stays empty, the language is the option'th of two. */
static void pass_by_mouse(const Dialog *dialog, gsize option) {
  g_autoptr(Screen) session = entry(dialog, PHRASE_START_SESSION, NULL, "");
  g_autoptr(Screen) data = entry(dialog, PHRASE_START_DATA, NULL, "");
  g_autoptr(Screen) choice = language(dialog);
  Box row = choice_screen_option(choice, option - 1);
  window_wait(dialog->window, &(Goal){.looks = session});
  click_on_to(dialog, entry_screen_button(session), entry(dialog, PHRASE_START_DATA, NULL, ""));
  type(dialog, PHRASE_START_DATA, NULL, dialog->window->data);
  click_on_to(dialog, entry_screen_button(data), language(dialog));
  Screen *chosen = language(dialog);
  screen_handle(chosen, &(Event){.kind = EVENT_POINTER_DOWN, .x = row.x + 9, .y = row.y + 9});
  click_on_to(dialog, row, chosen);
  const char *locale = option == 1 ? theme_phrase(&dialog->theme, PHRASE_START_UNTRANSLATED) : "pl";
  click_on_to(dialog, choice_screen_button(choice), review(dialog, "01", "\u2013", locale));
}

static void choose_by_mouse(const Dialog *dialog, gsize option, const char *locale) {
  Screen *chosen = review(dialog, "01", "\u2013", locale);
  Box row = choice_screen_option(chosen, option - 1);
  screen_handle(chosen, &(Event){.kind = EVENT_POINTER_DOWN, .x = row.x + 9, .y = row.y + 9});
  click_on_to(dialog, row, chosen);
}

static void test_by_mouse(Dialog *dialog, gconstpointer unused G_GNUC_UNUSED) {
  Window *window = dialog->window;
  if (window == NULL)
    return;
  launch(dialog, "--subject", "01");
  pass_by_mouse(dialog, 1);
  choose_by_mouse(dialog, 2, theme_phrase(&dialog->theme, PHRASE_START_UNTRANSLATED));
  g_autoptr(Screen) end = review(dialog, "01", "\u2013", "pl");
  Box button = choice_screen_button(end);
  click_on_to(dialog, button, entry(dialog, PHRASE_START_SESSION, NULL, ""));
  assert_nothing_is_written(dialog);
  pass_by_mouse(dialog, 2);
  choose_by_mouse(dialog, 1, "pl");
  g_autofree char *click = window_click(window, button);
  window_insist(window, &(Goal){.parts = 1}, click);
  window_park_pointer(window);
  wait_for_first_page(dialog, "pl");
}

static void test_escape_starts_nothing(Dialog *dialog, gconstpointer unused G_GNUC_UNUSED) {
  if (dialog->window == NULL)
    return;
  launch(dialog, "--subject", "01");
  wait_for(dialog, entry(dialog, PHRASE_START_SESSION, NULL, ""));
  window_insist(dialog->window, &(Goal){.ended = true}, "key Escape");
  g_assert_cmpint(dialog->window->status, ==, 1);
  assert_nothing_is_written(dialog);
}

/* --- A rehearsal --- */

typedef struct {
  const char *keys;      /* again and again until there are as many */
  guint answers, trials; /* in the journal */
} Stage;

/* The steps of the protocol with every kind, one trial a block. */
static const Stage STAGES[] = {
    {"key 1 Return", 1, 0},                                       /* consent */
    {"key BackSpace BackSpace BackSpace 4 2 Return", 2, 0},       /* number */
    {"key Tab Right Tab Right Tab Right Tab Right Return", 3, 0}, /* grid */
    {"key Down Right Return", 4, 0},                              /* grid without a need to answer */
    {"key Home space Return", 5, 0},                              /* several options */
    {"key Right Right Return", 6, 0},                             /* slider */
    {"key o k Return", 7, 0},                                     /* text */
    {"key Home Tab End Return", 7, 1},                            /* Affective Slider after an image */
    {"key space Home Tab End Tab Right Return", 7, 2},            /* three sliders after free viewing */
    {"key Down Down Return", 8, 2},                               /* options */
    {"key End space", 9, 2},                                      /* slider */
    {"key shift", 9, 3},                                          /* a deadline that passes */
    {"key Return", 10, 3},                                        /* debriefing */
};

/* The one folder that a rehearsal has made there; NULL: none yet. */
static char *find_rehearsal(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name = g_dir_read_name(dir);
  if (name == NULL)
    return NULL;
  g_assert_true(g_str_has_prefix(name, "dreamrig-rehearsal-"));
  g_assert_null(g_dir_read_name(dir));
  return g_build_filename(folder, name, NULL);
}

static void test_rehearsal_by_keys(void) {
  Window *window = window_new();
  if (window == NULL)
    return;
  GError *error = NULL;
  g_autofree char *protocol = g_test_build_filename(G_TEST_DIST, "data", "protocols", "every-kind.protocol", NULL);
  g_autofree char *temporary = g_build_filename(window->folder, "temporary", NULL), *before = window->data;
  files_make_folder(temporary, 0700, &error);
  files_make_folder(window->data, 0700, &error);
  g_assert_no_error(error);
  g_assert_true(g_setenv("TMPDIR", temporary, TRUE));
  window_launch(window, (const char *[]){"run", protocol, "--rehearse=1", "--windowed", "1280x800", NULL});
  g_unsetenv("TMPDIR");
  window_park_pointer(window);

  g_autoptr(Protocol) read = NULL;
  protocol_open(protocol, NULL, &read, &error);
  g_assert_no_error(error);
  Theme theme = theme_of(read, WINDOW_WIDTH, WINDOW_HEIGHT);
  g_autofree char *words = phrase_fill(read->phrases[PHRASE_REHEARSAL], (const char *[]){"trials", "1", NULL});
  char *begin[] = {read->phrases[PHRASE_REHEARSAL_BEGIN], NULL};
  g_autoptr(Screen) announced = choice_screen_new(&theme, words, begin, 1, true);
  window_wait(window, &(Goal){.looks = announced});
  xserver_keep(window->server, "rehearsal");
  window->data = find_rehearsal(temporary);
  window->label = "rehearsal";
  window->task = "everykind";
  window_insist(window, &(Goal){.parts = 1}, "key 1 Return");
  for (gsize i = 0; i < G_N_ELEMENTS(STAGES); i++)
    window_insist(window, &(Goal){.answers = STAGES[i].answers, .trials = STAGES[i].trials}, STAGES[i].keys);
  window_wait(window, &(Goal){.ended = true});
  g_assert_cmpint(window->status, ==, 0);

  g_autoptr(JournalContents) contents = window_journal(window);
  g_assert_cmpint(contents->status, ==, JOURNAL_COMPLETE);
  g_assert_cmpuint(contents->answers->len, ==, 10);
  g_assert_cmpuint(contents->trials->len, ==, 3);
  const TrialRecord *fast = contents->trials->pdata[0];
  g_assert_true(fast->ratings[0].touched && fast->ratings[1].touched);
  g_autoptr(GDir) data = g_dir_open(before, 0, NULL);
  g_assert_null(g_dir_read_name(data)); /* nothing is with the study's data */
  window_free(window);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/operator/the start dialog is answered by keys alone", Dialog, NULL, dialog_begin, test_by_keys,
             dialog_end);
  g_test_add("/operator/the start dialog is answered by mouse", Dialog, NULL, dialog_begin, test_by_mouse, dialog_end);
  g_test_add("/operator/Escape in the start dialog starts nothing", Dialog, NULL, dialog_begin,
             test_escape_starts_nothing, dialog_end);
  g_test_add_func("/operator/every kind of screen is rehearsed by keys alone, away from the data",
                  test_rehearsal_by_keys);
  return g_test_run();
}
