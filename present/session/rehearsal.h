/* A rehearsal: the beginning of each block, in a folder of its own, to try a protocol and a laboratory out. */
#ifndef DREAMRIG_PRESENT_REHEARSAL_H
#define DREAMRIG_PRESENT_REHEARSAL_H

#include "present/display/display.h"
#include "protocols/trials.h"

#define REHEARSAL_LABEL "rehearsal" /* of the participant in the journal, whoever's design is rehearsed */

/* Keeps the first n_trials trials of each block. */
void rehearsal_trim(TrialList *trials, gsize n_trials);
/* Makes an empty folder dreamrig-rehearsal-XXXXXX among the temporary files; NULL with an error. Free with g_free. */
char *rehearsal_folder(GError **error);
/* Says in the protocol's phrases on the display, until confirmed, that this is a rehearsal. Fails with RIG_ERROR_STATE
 * where the display is closed or Escape pressed. */
bool rehearsal_announce(Display *display, const Protocol *protocol, gsize n_trials, GError **error);

#endif
