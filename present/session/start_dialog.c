#include "present/session/start_dialog.h"

#include "present/screens/choice_screen.h"
#include "present/screens/entry_screen.h"
#include "present/session/session_internal.h"
#include "stimuli/base/error.h"

#define REVIEW_START 1 /* the first answer */

typedef struct {
  Session session;
  const StartChoices *choices;
} Dialog;

/* Whether an answer will do; an error says why not. */
typedef bool (*Check)(const char *answer, GError **error);

static const char *words(const Dialog *dialog, Phrase phrase) { return theme_phrase(&dialog->session.theme, phrase); }

void start_answers_clear(StartAnswers *answers) {
  char **const texts[] = {&answers->subject, &answers->data, &answers->session, &answers->language};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_clear_pointer(texts[i], g_free);
  answers->screen = 0;
}

static bool check_subject(const char *answer, GError **error) {
  return protocol_check_label("participant", answer, error);
}

static bool check_session(const char *answer, GError **error) {
  return *answer == '\0' || protocol_check_label("session", answer, error);
}

static bool check_data(const char *answer, GError **error) {
  if (g_file_test(answer, G_FILE_TEST_EXISTS) && !g_file_test(answer, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s is not a folder", answer);
    return false;
  }
  return journal_check_kind(answer, false, error);
}

static bool show(Dialog *dialog, Screen *screen, GError **error) {
  SessionMoment moment = {.kind = MOMENT_QUESTION, .screen = screen};
  Flip onset;
  gint64 end_ns = 0;
  ShowEnd end =
      session_show(&dialog->session, &moment, &(ShowOptions){.duration_ns = G_MAXINT64}, &onset, &end_ns, error);
  session_forget(&dialog->session);
  if (end == SHOW_QUIT)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the start dialog was closed; nothing was started or recorded");
  return end == SHOW_DONE;
}

typedef struct {
  Phrase text, refusal;
  bool required;
  Check check;
  bool reason; /* the refusal goes on with the check's own words */
} TextQuestion;

static bool ask_text(Dialog *dialog, const TextQuestion *asked, char **answer, GError **error) {
  const char *text = words(dialog, asked->text), *refusal = words(dialog, asked->refusal);
  g_autofree char *shown = g_strdup(text);
  for (;;) {
    ProtocolQuestion question = {.kind = QUESTION_TEXT, .text = shown, .lines = 1, .required = asked->required};
    g_autoptr(Screen) screen = entry_screen_new(&dialog->session.theme, &question);
    if (!show(dialog, screen, error))
      return false;
    g_autofree char *typed = entry_screen_text(screen);
    g_autoptr(GError) fault = NULL;
    if (asked->check(typed, &fault)) {
      *answer = g_steal_pointer(&typed);
      return true;
    }
    g_free(shown);
    shown = asked->reason ? g_strdup_printf("%s\n%s\n\n%s", refusal, fault->message, text)
                          : g_strdup_printf("%s\n\n%s", refusal, text);
  }
}

static bool ask_choice(Dialog *dialog, const char *text, char *const *options, gsize n, gsize *choice, GError **error) {
  g_autoptr(Screen) screen = choice_screen_new(&dialog->session.theme, text, options, n, true);
  if (!show(dialog, screen, error))
    return false;
  *choice = choice_screen_choice(screen);
  return true;
}

static bool ask_language(Dialog *dialog, char **language, GError **error) {
  g_autoptr(GPtrArray) options = g_ptr_array_new();
  g_ptr_array_add(options, (gpointer)words(dialog, PHRASE_START_UNTRANSLATED));
  for (char *const *locale = dialog->choices->locales; *locale != NULL; locale++)
    g_ptr_array_add(options, *locale);
  gsize choice = 0;
  if (!ask_choice(dialog, words(dialog, PHRASE_START_LANGUAGE), (char *const *)options->pdata, options->len, &choice,
                  error))
    return false;
  *language = g_strdup(choice == 1 ? "" : options->pdata[choice - 1]);
  return true;
}

static gsize count(char *const *list) {
  gsize n = 0;
  while (list[n] != NULL)
    n++;
  return n;
}

static const TextQuestion SUBJECT = {PHRASE_START_PARTICIPANT, PHRASE_START_BAD_LABEL, true, check_subject, false};
static const TextQuestion SESSION = {PHRASE_START_SESSION, PHRASE_START_BAD_LABEL, false, check_session, false};
static const TextQuestion DATA = {PHRASE_START_DATA, PHRASE_START_BAD_FOLDER, true, check_data, true};

static bool ask_all(Dialog *dialog, const StartAnswers *given, StartAnswers *answers, GError **error) {
  gsize n_screens = count(dialog->choices->screens), screen = 0;
  if ((given->subject == NULL && !ask_text(dialog, &SUBJECT, &answers->subject, error)) ||
      (given->session == NULL && !ask_text(dialog, &SESSION, &answers->session, error)) ||
      (given->data == NULL && !ask_text(dialog, &DATA, &answers->data, error)))
    return false;
  if (given->language == NULL && dialog->choices->locales[0] != NULL &&
      !ask_language(dialog, &answers->language, error))
    return false;
  if (given->screen == 0 && n_screens > 1) {
    if (!ask_choice(dialog, words(dialog, PHRASE_START_SCREEN), dialog->choices->screens, n_screens, &screen, error))
      return false;
    answers->screen = (int)screen;
  }
  return true;
}

/* `asked` is empty where nothing was asked, `given` where it was. */
static const char *either(const char *given, const char *asked, const char *none) {
  const char *value = given != NULL ? given : asked;
  return value != NULL && *value != '\0' ? value : none;
}

static bool review(Dialog *dialog, const StartAnswers *given, const StartAnswers *asked, bool *start, GError **error) {
  g_autofree char *folder = g_canonicalize_filename(either(given->data, asked->data, ""), NULL);
  gsize n_screens = count(dialog->choices->screens);
  int screen = MAX(given->screen != 0 ? given->screen : asked->screen, 1);
  const char *const values[] = {
      "participant", either(given->subject, asked->subject, ""),
      "session",     either(given->session, asked->session, "\xe2\x80\x93"),
      "data",        folder,
      "language",    either(given->language, asked->language, words(dialog, PHRASE_START_UNTRANSLATED)),
      "screen",      (gsize)screen <= n_screens ? dialog->choices->screens[screen - 1] : "\xe2\x80\x93",
      NULL};
  g_autofree char *text = phrase_fill(words(dialog, PHRASE_START_REVIEW), values);
  char *options[] = {(char *)words(dialog, PHRASE_START_YES), (char *)words(dialog, PHRASE_START_AGAIN), NULL};
  gsize choice = 0;
  if (!ask_choice(dialog, text, options, 2, &choice, error))
    return false;
  *start = choice == REVIEW_START;
  return true;
}

static void take(char **answer, char **asked) {
  if (*answer == NULL)
    *answer = g_steal_pointer(asked);
}

static bool converse(Dialog *dialog, StartAnswers *answers, GError **error) {
  for (;;) {
    g_auto(StartAnswers) asked = {0};
    bool start = false;
    if (!ask_all(dialog, answers, &asked, error) || !review(dialog, answers, &asked, &start, error))
      return false;
    if (!start)
      continue;
    if (asked.session != NULL && *asked.session == '\0')
      g_clear_pointer(&asked.session, g_free);
    take(&answers->subject, &asked.subject);
    take(&answers->data, &asked.data);
    take(&answers->session, &asked.session);
    take(&answers->language, &asked.language);
    answers->screen = MAX(answers->screen, asked.screen);
    return true;
  }
}

bool start_dialog(Display *display, const Protocol *protocol, const StartChoices *choices,
                  const SessionWatcher *watcher, StartAnswers *answers, GError **error) {
  SessionSetup setup = {.display = display, .watcher = *watcher};
  Dialog dialog = {.choices = choices};
  if (!session_open(&dialog.session, &setup, protocol, error))
    return false;
  bool good = converse(&dialog, answers, error);
  session_close(&dialog.session);
  return good;
}
