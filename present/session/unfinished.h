/* What becomes of a participant's unfinished session: resumed, left beside a new run, or asked for. */
#ifndef DREAMRIG_PRESENT_UNFINISHED_H
#define DREAMRIG_PRESENT_UNFINISHED_H

#include "present/display/display.h"
#include "protocols/protocol.h"

typedef enum { START_NEW, START_RESUME, START_ASK } StartKind;

typedef struct {
  StartKind kind;
  char *path;  /* of the unfinished journal; NULL: none. Free with g_free */
  gsize rules; /* of its design */
} Start;

/* What the command line says of the participant. */
typedef struct {
  const char *data, *subject, *session; /* session may be NULL */
  bool resume, new_run;
} UnfinishedOptions;

/* Looks for an unfinished session of the protocol's task and decides by the options; asks on the terminal where there
 * is one, else leaves START_ASK. Fails with RIG_ERROR_STATE while another program runs a session of the
 * participant, and on --resume without an unfinished one; with RIG_ERROR_INPUT on a damaged journal. */
bool unfinished_decide(const UnfinishedOptions *options, const Protocol *protocol, Start *start, GError **error);

/* Asks on the open display, in the protocol's words. Fails with RIG_ERROR_STATE where nobody answers. */
bool unfinished_ask(Display *display, const Protocol *protocol, Start *start, GError **error);

#endif
