#include "present/session/unfinished.h"

#include <stdio.h>
#include <unistd.h>

#include "present/journal/journal.h"
#include "present/session/session.h"
#include "stimuli/base/error.h"

static bool ask_terminal(const char *path, StartKind *kind, GError **error) {
  char line[16];
  for (;;) {
    fprintf(stderr, "An earlier session of this participant is unfinished: %s\nResume it? (y: resume, n: new run) ",
            path);
    if (fgets(line, sizeof line, stdin) == NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s is unfinished: --resume or --new-run decides", path);
      return false;
    }
    if (g_ascii_tolower(line[0]) == 'y' || g_ascii_tolower(line[0]) == 'n') {
      *kind = g_ascii_tolower(line[0]) == 'y' ? START_RESUME : START_NEW;
      return true;
    }
  }
}

bool unfinished_decide(const UnfinishedOptions *options, const Protocol *protocol, Start *start, GError **error) {
  JournalStatus status = JOURNAL_COMPLETE;
  start->kind = START_NEW;
  if (!journal_check_idle(options->data, options->subject, options->session, protocol->task, error))
    return false;
  if (options->new_run)
    return true; /* whatever there is, even damaged, stays as it is */
  GError *fault = NULL;
  if (!journal_newest(options->data, options->subject, options->session, protocol->task, &start->path, &status,
                      &fault)) {
    if (g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT))
      rig_suffix_error(fault, "; --new-run starts another run, and the damaged file stays as it is");
    g_propagate_error(error, fault);
    return false;
  }
  bool unfinished = start->path != NULL && status != JOURNAL_COMPLETE;
  g_autoptr(JournalContents) contents = NULL;
  if (unfinished && !journal_read(start->path, &contents, error))
    return false;
  start->rules = contents != NULL ? contents->header->rules : 0;
  if (!unfinished && options->resume) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "--resume: participant %s has no unfinished session in %s",
                options->subject, options->data);
    return false;
  }
  start->kind = !unfinished ? START_NEW : options->resume ? START_RESUME : START_ASK;
  if (start->kind == START_ASK && isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
    return ask_terminal(start->path, &start->kind, error);
  return true;
}

bool unfinished_ask(Display *display, const Protocol *protocol, Start *start, GError **error) {
  char *answers[] = {protocol->phrases[PHRASE_RESUME_YES], protocol->phrases[PHRASE_RESUME_NO], NULL};
  gsize choice = 0;
  if (!session_ask(display, protocol, protocol->phrases[PHRASE_RESUME], answers, 2, &choice, error))
    return false;
  if (choice == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s is unfinished: --resume or --new-run decides", start->path);
    return false;
  }
  start->kind = choice == 1 ? START_RESUME : START_NEW;
  return true;
}
