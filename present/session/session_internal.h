/* What session.c (steps), session_block.c and session_trial.c (trials) and session_show.c (the loop around one screen)
 * share. */
#ifndef DREAMRIG_PRESENT_SESSION_INTERNAL_H
#define DREAMRIG_PRESENT_SESSION_INTERNAL_H

#include "present/session/session.h"

/* A picture that is asked for once nothing on the screen waits for its time. */
typedef struct {
  bool wanted;
  gsize row;
  int box_width, box_height;
} Upcoming;

typedef struct {
  const SessionSetup *setup;
  Theme theme;
  Frame *frame, *base;        /* NULL where the display wants no pixels */
  const Screen *base_of;      /* whose unchanging part is in base */
  const Screen *drawn;        /* whose picture is in frame, up to date */
  GPtrArray *pending;         /* EventRecord that wait for the next record: nothing is written while time matters */
  gsize focus_losses, pauses; /* in the trial under way */
  gint64 paused_ns;           /* by pauses that the attempt under way goes on after */
  bool pause_ended;           /* and no screen was shown since */
  gint64 presses_from_ns;     /* earlier keys and clicks were meant for the pause before; 0: there was none */
  const char *abort_reason;
  bool declined; /* consent */
  gsize trial;   /* the next of the block under way, from 1 */
  Upcoming upcoming;
} Session;

typedef enum {
  SHOW_DONE,    /* confirmed */
  SHOW_TIMEOUT, /* its time is over */
  SHOW_PAUSED,  /* a pause broke into a timed screen */
  SHOW_QUIT,    /* session->abort_reason says why */
  SHOW_FAILED,  /* error is set */
} ShowEnd;

/* The flips of one trial: what they missed, and an event "flips" for the journal. */
typedef struct {
  Session *session;
  MomentKind kind;  /* what is shown now */
  gint64 wanted_ns; /* when it should appear; 0: at once; -1: it has appeared */
  gsize n_missed;   /* refreshes, over all flips */
  gsize n_redraws, n_redraws_missed;
  GString *text; /* one entry a screen; NULL on a simulated display, where they are exact */
} TrialFlips;

TrialFlips trial_flips_new(Session *session);
/* The next flip is this screen's first. */
void trial_flips_expect(TrialFlips *flips, MomentKind kind, gint64 wanted_ns);
/* Also asks for the upcoming picture once sliders are shown, when no time of a screen depends on the disk. */
void trial_flips_record(TrialFlips *flips, const Flip *flip);
/* Notes the event, buffered like every note, and ends the record. */
void trial_flips_note(TrialFlips *flips);

/* Told of each event after the screen has handled it. */
typedef void (*SessionTap)(gpointer context, const Event *event);

/* Told of a pause that breaks into the screen. */
typedef struct {
  /* Before the pause shows: what must be on disk by then. */
  bool (*begins)(gpointer context, GError **error);
  /* Its flip hid the screen, which came back by another one; back NULL: the trial begins again, or is over. */
  void (*over)(gpointer context, const Flip *hidden, const Flip *back);
} PauseTap;

typedef struct {
  gint64 wanted_ns;   /* when it should appear; 0: at once */
  gint64 duration_ns; /* from its flip; G_MAXINT64: until confirmed */
  gint64 end_ns;      /* when it ends, whatever its flip; 0: by duration_ns */
  Screen *next;       /* drawn while this one is shown; NULL: none */
  SessionTap tap;
  const PauseTap *pauses; /* NULL: nobody */
  gpointer context;       /* of both */
  TrialFlips *flips;      /* told of every flip; NULL: nobody */
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

/* Has a screen without a stimulus show how much of the session is done, where the protocol wants that. */
void session_show_progress(const Session *session, gsize step, Screen *screen);

/* Says on the screen, for some seconds or until confirmed, and in the journal why flips cannot be trusted; SHOW_DONE at
 * once where they can. `step` comes next. */
ShowEnd session_warn(Session *session, gsize step, GError **error);
/* Notes how the display's flips went. */
void session_note_flips(Session *session);

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
