/* A display that keeps the digests of what it shows, screen by screen. It is not trusted, so that a session on it
 * begins with its warning. */
#ifndef DREAMRIG_TESTS_PRESENT_RECORDER_H
#define DREAMRIG_TESTS_PRESENT_RECORDER_H

#include "present/display/display_null.h"

typedef struct {
  Display base;
  Display *inner; /* a null display */
  GString *lines; /* "NAME N_FRAMES SHA-256" of the screens that are over */
  char *name;     /* of the screen under way; NULL: none yet */
  GChecksum *sum;
  guint n_frames;
  bool fresh; /* the frame on the display counts for no screen yet */
} Recorder;

/* Of 60 Hz, on a clock that outlives it. Free with display_free(&recorder->base). */
Recorder *recorder_new(Clock *clock, int width, int height);
/* From the frame now on the display the screen of this name is shown. */
void recorder_begin(Recorder *recorder, const char *name);
/* No further frame is shown. */
void recorder_end(Recorder *recorder);

#endif
