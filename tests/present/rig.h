/* A session on the null display with a small set of images: what the tests of the session share. */
#ifndef DREAMRIG_TESTS_PRESENT_RIG_H
#define DREAMRIG_TESTS_PRESENT_RIG_H

#include "present/display/display_null.h"
#include "present/session/session.h"

typedef struct {
  char *folder, *data;
  Protocol *protocol;
  TrialList *trials;
  Clock *clock;
  Display *display;
  bool untrusted; /* the displays of runs to come */
  PictureStore *pictures;
  char *journal_path;        /* of the last run */
  JournalContents *contents; /* of the last run, once it ended */
} Rig;

/* Writes a set of n noise images of 37 x 23 pixels named im0, im1... */
void rig_write_set(const char *folder, gsize n);
/* Writes FOLDER/test.protocol: a page, a question, a block of two images with sliders beneath (the first hidden, the
 * second at 50), and, where timed, a block of two images shown for 500 ms. */
char *rig_write_protocol(const char *folder, bool timed);

Rig *rig_new(bool wants_pixels, bool timed);
void rig_free(Rig *rig);
/* Runs the session (a new one, or the last one resumed) with this watcher and reads its journal into rig->contents. A
 * new clock and display come with every run. */
JournalStatus rig_run(Rig *rig, bool resume, void (*entered)(gpointer context, const SessionMoment *moment),
                      gpointer context);

/* A trial's record of the last run. */
const TrialRecord *rig_trial(const Rig *rig, guint i);

/* Queue input this many ms from now on the null display. */
void rig_key(Rig *rig, gint64 after_ms, Key key, char character);
void rig_pointer(Rig *rig, gint64 after_ms, EventKind kind, double x, double y);

/* A participant who always does the same: confirms pages, takes option 1, sets the first slider to 0 by Home and the
 * second to 100 by End. */
void rig_dutiful(gpointer rig, const SessionMoment *moment);
/* True on a screen of this kind, where the test acts; on any other the participant is dutiful. */
bool rig_comes_to(Rig *rig, const SessionMoment *moment, MomentKind kind);

#endif
