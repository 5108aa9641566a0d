/* What the operator is asked before a session, on its window, where the command line leaves it open. */
#ifndef DREAMRIG_PRESENT_START_DIALOG_H
#define DREAMRIG_PRESENT_START_DIALOG_H

#include "present/session/session.h"

/* NULL or 0: asked for. Strings are owned; clear with start_answers_clear. */
typedef struct {
  char *subject, *data;
  char *session;  /* afterwards NULL where there is none */
  char *language; /* afterwards "" for the untranslated texts */
  int screen;     /* 1-based */
} StartAnswers;

void start_answers_clear(StartAnswers *answers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StartAnswers, start_answers_clear)

typedef struct {
  char *const *locales; /* NULL-terminated; empty: the language is not asked for */
  char *const *screens; /* NULL-terminated, one line each; fewer than two: the screen is not asked for */
} StartChoices;

/* Asks, one screen each and in the protocol's phrases, for what `answers` leaves open; repeats a question whose answer
 * is not valid with the reason above it; and shows all of it at the end, where it can be started or asked again from
 * the beginning. *answers changes only when it is started. Nothing is written anywhere. The watcher is told of each
 * screen. Fails with RIG_ERROR_STATE where the window is closed or Escape pressed. */
bool start_dialog(Display *display, const Protocol *protocol, const StartChoices *choices,
                  const SessionWatcher *watcher, StartAnswers *answers, GError **error);

#endif
