/* A session with sounds and markers on the null display: what the tests of cues share. */
#ifndef DREAMRIG_TESTS_PRESENT_CUE_RIG_H
#define DREAMRIG_TESTS_PRESENT_CUE_RIG_H

#include "present/audio/audio_null.h"
#include "tests/present/rig.h"

typedef struct {
  Rig *rig;
  Protocol *protocol; /* the rig's with cues */
  Audio *audio;
  SoundBank *bank;
  Markers *markers;
  JournalContents *contents;
  int n_ratings, n_pauses;
  int lose_at; /* this rating screen: the device goes */
  bool quit;
} Cues;

/* The rig's protocol, whose block "timed" (400 ms of fixation, 500 ms of image, then sliders, confirmed after 1237 ms)
 * has the sounds probe@-100; tone; probe@800; tone@3000, and markers that go nowhere. */
Cues *cues_new(void);
void cues_free(Cues *cues);
/* Runs the session with this watcher, whose context is the Cues, and reads its journal. */
JournalStatus cues_run(Cues *cues, void (*entered)(gpointer cues, const SessionMoment *moment));

#endif
