#include "present/session/rehearsal.h"

#include "present/session/session.h"
#include "stimuli/base/error.h"

void rehearsal_trim(TrialList *trials, gsize n_trials) {
  gsize kept = 0;
  for (gsize i = 0; i < trials->n_trials; i++)
    if (trials->trials[i].number <= n_trials)
      trials->trials[kept++] = trials->trials[i];
  trials->n_trials = kept;
}

char *rehearsal_folder(GError **error) {
  g_autoptr(GError) fault = NULL;
  char *folder = g_dir_make_tmp("dreamrig-rehearsal-XXXXXX", &fault);
  if (folder == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "--rehearse: %s", fault->message);
  return folder;
}

bool rehearsal_announce(Display *display, const Protocol *protocol, gsize n_trials, GError **error) {
  g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, n_trials);
  g_autofree char *text = phrase_fill(protocol->phrases[PHRASE_REHEARSAL], (const char *[]){"trials", number, NULL});
  char *options[] = {protocol->phrases[PHRASE_REHEARSAL_BEGIN], NULL};
  gsize choice = 0;
  if (!session_ask(display, protocol, text, options, 1, &choice, error))
    return false;
  if (choice == 0)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the rehearsal was closed before it began");
  return choice != 0;
}
