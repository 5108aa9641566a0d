/* What session.c (steps), session_show.c (the loop around one screen) and session_trial.c share. */
#ifndef DREAMRIG_PRESENT_SESSION_INTERNAL_H
#define DREAMRIG_PRESENT_SESSION_INTERNAL_H

#include "present/session.h"

typedef struct {
  const SessionSetup *setup;
  Theme theme;
  Frame *frame, *base;        /* NULL where the display wants no pixels */
  const Screen *base_of;      /* whose unchanging part is in base */
  const Screen *drawn;        /* whose picture is in frame, up to date */
  GPtrArray *pending;         /* EventRecord that wait for the next record: nothing is written while time matters */
  gsize focus_losses, pauses; /* in the trial under way */
  const char *abort_reason;
  bool declined; /* consent */
} Session;

typedef enum {
  SHOW_DONE,    /* confirmed */
  SHOW_TIMEOUT, /* its time is over */
  SHOW_PAUSED,  /* a pause broke into a timed screen */
  SHOW_QUIT,    /* session->abort_reason says why */
  SHOW_FAILED,  /* error is set */
} ShowEnd;

/* Told of each event after the screen has handled it. */
typedef void (*SessionTap)(gpointer context, const Event *event);

typedef struct {
  gint64 wanted_ns;   /* when it should appear; 0: at once */
  gint64 duration_ns; /* from its flip; G_MAXINT64: until confirmed */
  Screen *next;       /* drawn while this one is shown; NULL: none */
  SessionTap tap;
  gpointer context;
} ShowOptions;

/* Shows moment->screen until it ends; fills moment->shown_ns, *onset (its first flip) and *end_ns (the confirming
 * event's or the end's time). */
ShowEnd session_show(Session *session, SessionMoment *moment, const ShowOptions *options, Flip *onset, gint64 *end_ns,
                     GError **error);
/* Shows a screen once without waiting for anything. */
void session_flash(Session *session, Screen *screen, Flip *flip);
/* Call before a screen that was shown is freed: its address may come again. */
void session_forget(Session *session);
/* Notes an event for the journal and writes what is noted. */
void session_note(Session *session, gint64 time_ns, const char *kind, const char *detail);
bool session_write_notes(Session *session, GError **error);
/* Between trials: where the sound device is gone, pauses until it is back. SHOW_DONE, SHOW_QUIT or SHOW_FAILED. */
ShowEnd session_need_sound(Session *session, const Trial *trial, GError **error);
double session_seconds(const Session *session, gint64 time_ns);

bool session_open(Session *session, const SessionSetup *setup, const Protocol *protocol, GError **error);
void session_close(Session *session);

/* Shows a page until it is confirmed. A page that is a step of its own is recorded; who declines a consent page ends
 * the session. */
ShowEnd session_page(Session *session, gsize step, const ProtocolPage *page, bool recorded, GError **error);
/* Asks a question and records the answer. `step` may be a block's. */
ShowEnd session_question(Session *session, gsize step, const ProtocolQuestion *question, GError **error);
/* The debriefing pages, without a record: for who ended the session before them by declining. */
ShowEnd session_debrief(Session *session, GError **error);

/* All trials of a block that are not confirmed yet. SHOW_DONE, SHOW_QUIT or SHOW_FAILED. */
ShowEnd session_block(Session *session, gsize step, GError **error);

#endif
