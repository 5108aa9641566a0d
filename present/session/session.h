/* A session: runs a protocol's steps for one participant on a display, and records each answer before the next screen
 * shows. The same code runs real and simulated sessions; it knows the world only as Display, Clock and Journal. */
#ifndef DREAMRIG_PRESENT_SESSION_H
#define DREAMRIG_PRESENT_SESSION_H

#include "present/display/display.h"
#include "present/display/picture_store.h"
#include "present/journal/journal.h"
#include "present/screens/screen.h"
#include "present/session/cue_player.h"

typedef enum {
  MOMENT_PAGE,
  MOMENT_QUESTION,
  MOMENT_FIXATION,
  MOMENT_IMAGE, /* for its time, or until confirmed (ProtocolBlock.image_free) */
  MOMENT_MASK,
  MOMENT_RATING,
  MOMENT_BLANK,
  MOMENT_PAUSE,
} MomentKind;

/* What is on the screen. */
typedef struct {
  MomentKind kind;
  Screen *screen;
  gsize step;                       /* into Protocol.steps; before the first one, the one that comes next */
  const Trial *trial;               /* NULL outside of trials */
  const ProtocolPage *page;         /* MOMENT_PAGE: NULL where a resumed session begins */
  const ProtocolQuestion *question; /* MOMENT_QUESTION: NULL where the operator is asked */
  const char *place;                /* what pauses note in it; NULL: by step and trial */
  gint64 shown_ns;                  /* its first flip */
} SessionMoment;

/* Told of each screen once it is shown, and again when it comes back after a pause: simulated participants react to
 * this. May be {NULL}. */
typedef struct {
  void (*entered)(gpointer context, const SessionMoment *moment);
  gpointer context;
} SessionWatcher;

typedef struct {
  const Protocol *protocol;
  const TrialList *trials;
  Display *display;
  Journal *journal;
  const JournalContents *before; /* what an interrupted run recorded; NULL: a new run */
  PictureStore *pictures;        /* may be NULL where the display wants no pixels */
  CuePlayer *cues;               /* NULL: no sounds, no markers */
  gint64 origin_ns;              /* the clock's time that the record calls 0 */
  SessionWatcher watcher;
} SessionSetup;

/* Runs all steps that `before` has not confirmed and ends the journal. *status is JOURNAL_COMPLETE, or JOURNAL_ABORTED
 * where the participant quit or the display was closed. Fails where a record can't be written or a stimulus not be
 * read; what was confirmed until then is on disk.
 *
 * Escape pauses, and so does the loss of the keyboard to another window or of a screen, which the pause then says: the
 * screen is blanked, the time logged. A pause in whatever has its time (a fixation cross, a timed image, a mask,
 * sliders with a deadline) starts that trial again from its fixation, with its sliders untouched at their starts; one
 * in sliders or an image without a limit goes back to them as they were. Keys and clicks in the first 0.2 s after a
 * pause do not count. */
bool session_run(const SessionSetup *setup, JournalStatus *status, GError **error);

/* Shows one question outside of any record (an operator's decision). *choice is 1-based; 0: the display was closed. */
bool session_ask(Display *display, const Protocol *protocol, const char *text, char *const *options, gsize n_options,
                 gsize *choice, GError **error);
/* Says that the session cannot go on, with the technical reason, until that is confirmed or the display closed. */
bool session_tell_failure(Display *display, const Protocol *protocol, const char *reason, GError **error);

#endif
