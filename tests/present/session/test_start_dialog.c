/* The operator's questions before a session: on the null display, and of the real program in a window under Xvfb. */
#include <glib/gstdio.h>
#include <string.h>

#include "present/session/rehearsal.h"
#include "present/session/start_dialog.h"
#include "protocols/locales.h"
#include "stimuli/base/error.h"
#include "tests/present/window.h"
#include "tests/support.h"

/* One answer a screen: a text to type ("" for none), or "#3" for the third option; NULL closes the window. */
typedef struct {
  Rig *rig;
  const char *const *answers;
  guint shown;
} Operator;

static void answer(gpointer context, const SessionMoment *moment) {
  Operator *person = context;
  const char *say = person->answers[person->shown];
  g_assert_null(moment->question);
  if (say == NULL) {
    display_null_clear(person->rig->display); /* an empty queue is a closed window */
    return;
  }
  person->shown++;
  if (*say == '#') {
    rig_key(person->rig, 300, KEY_CHARACTER, say[1]);
  } else if (*say != '\0') {
    g_assert_true(moment->screen->wants_text);
    Event typed = {.kind = EVENT_TEXT, .time_ns = clock_now_ns(person->rig->clock) + 300 * NS_PER_MS};
    g_strlcpy(typed.text, say, sizeof typed.text);
    display_null_push(person->rig->display, &typed);
  }
  rig_key(person->rig, 400, KEY_ENTER, '\0');
}

static guint ask(const char *const *script, char *const *locales, char *const *screens, StartAnswers *answers,
                 GError **error) {
  Rig *rig = rig_new(true, false);
  Operator person = {.rig = rig, .answers = script};
  bool good = start_dialog(rig->display, rig->protocol, &(StartChoices){locales, screens},
                           &(SessionWatcher){answer, &person}, answers, error);
  g_assert_true(good == (error == NULL || *error == NULL));
  g_assert_false(g_file_test(rig->data, G_FILE_TEST_EXISTS));
  rig_free(rig);
  return person.shown;
}

static char *const no_choices[] = {NULL};

static void test_asks_for_everything(void) {
  char *locales[] = {(char *)"pl", (char *)"pt_BR", NULL}, *screens[] = {(char *)"1: a", (char *)"2: b", NULL};
  const char *const script[] = {"k7Q", "retest", "no-such-folder", "#3", "#2", "#1", NULL};
  g_auto(StartAnswers) answers = {0};
  g_assert_cmpuint(ask(script, locales, screens, &answers, NULL), ==, 6);
  g_assert_cmpstr(answers.subject, ==, "k7Q");
  g_assert_cmpstr(answers.session, ==, "retest");
  g_assert_cmpstr(answers.data, ==, "no-such-folder");
  g_assert_cmpstr(answers.language, ==, "pt_BR");
  g_assert_cmpint(answers.screen, ==, 2);
}

static void test_asks_only_for_what_is_missing(void) {
  const char *const script[] = {"", "rec", "#1", NULL};
  g_auto(StartAnswers) answers = {.subject = g_strdup("31")};
  g_assert_cmpuint(ask(script, no_choices, no_choices, &answers, NULL), ==, 3);
  g_assert_cmpstr(answers.subject, ==, "31");
  g_assert_null(answers.session);
  g_assert_cmpstr(answers.data, ==, "rec");
  g_assert_null(answers.language);
}

static void test_asks_again_for_a_bad_label(void) {
  const char *const script[] = {"a b", "x_1", "84", "s-1", "s1", "rec", "#1", NULL};
  g_auto(StartAnswers) answers = {0};
  g_assert_cmpuint(ask(script, no_choices, no_choices, &answers, NULL), ==, 7);
  g_assert_cmpstr(answers.subject, ==, "84");
  g_assert_cmpstr(answers.session, ==, "s1");
}

static void test_asks_again_for_a_file_as_folder(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *file = g_build_filename(folder, "f", NULL);
  g_assert_true(g_file_set_contents(file, "x", -1, NULL));
  g_autofree char *here = g_get_current_dir();
  g_assert_cmpint(g_chdir(folder), ==, 0);
  const char *const script[] = {"5", "", "f", "d", "#1", NULL};
  g_auto(StartAnswers) answers = {0};
  g_assert_cmpuint(ask(script, no_choices, no_choices, &answers, NULL), ==, 5);
  g_assert_cmpint(g_chdir(here), ==, 0);
  g_assert_cmpstr(answers.data, ==, "d");
  support_remove(folder);
}

static void test_starts_over(void) {
  const char *const script[] = {"1", "a", "rec", "#2", "2", "", "rec2", "#1", NULL};
  g_auto(StartAnswers) answers = {0};
  g_assert_cmpuint(ask(script, no_choices, no_choices, &answers, NULL), ==, 8);
  g_assert_cmpstr(answers.subject, ==, "2");
  g_assert_null(answers.session);
  g_assert_cmpstr(answers.data, ==, "rec2");
}

static void test_closed(void) {
  const char *const script[] = {"1", "", "rec", NULL};
  g_auto(StartAnswers) answers = {0};
  g_autoptr(GError) error = NULL;
  g_assert_cmpuint(ask(script, no_choices, no_choices, &answers, &error), ==, 3);
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_null(answers.subject);
  g_assert_null(answers.data);
}

static void test_locales(void) {
  g_autofree char *folder = support_folder();
  g_autofree char *path = g_build_filename(folder, "a.protocol", NULL);
  g_assert_true(g_file_set_contents(
      path, "[study]\ntitle=A\ntitle[pl]=B\n[page x]\ntext=C\ntext[ar]=D\ntext[pl]=E\ntext[pt_BR]=F\n", -1, NULL));
  g_auto(GStrv) locales = NULL;
  g_assert_true(protocol_locales(path, &locales, NULL));
  g_autofree char *joined = g_strjoinv(" ", locales);
  g_assert_cmpstr(joined, ==, "pl ar pt_BR");
  g_autoptr(GError) error = NULL;
  char **none = NULL;
  g_assert_false(protocol_locales(folder, &none, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  support_remove(folder);
}

static void test_rehearsal(void) {
  Trial trials[] = {{.step = 1, .number = 1, .stimulus = 6}, {.step = 1, .number = 2, .stimulus = 3},
                    {.step = 1, .number = 3, .stimulus = 5}, {.step = 4, .number = 1, .stimulus = 2},
                    {.step = 6, .number = 1, .stimulus = 9}, {.step = 6, .number = 2, .stimulus = 8},
                    {.step = 6, .number = 3, .stimulus = 7}};
  TrialList list = {trials, G_N_ELEMENTS(trials), 1};
  rehearsal_trim(&list, 2);
  const gsize want[] = {6, 3, 2, 9, 8};
  g_assert_cmpuint(list.n_trials, ==, G_N_ELEMENTS(want));
  for (gsize i = 0; i < list.n_trials; i++)
    g_assert_cmpuint(trials[i].stimulus, ==, want[i]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/start dialog/asks for everything that is open", test_asks_for_everything);
  g_test_add_func("/start dialog/asks only for what is missing", test_asks_only_for_what_is_missing);
  g_test_add_func("/start dialog/asks again for a label that is not valid", test_asks_again_for_a_bad_label);
  g_test_add_func("/start dialog/asks again where the data folder is a file", test_asks_again_for_a_file_as_folder);
  g_test_add_func("/start dialog/starts over", test_starts_over);
  g_test_add_func("/start dialog/changes nothing when closed", test_closed);
  g_test_add_func("/start dialog/finds the locales of a protocol", test_locales);
  g_test_add_func("/rehearsal/keeps the first two trials of each block", test_rehearsal);
  return g_test_run();
}
