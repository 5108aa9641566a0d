/* A trial with its screens, made before it begins. Internal to the session. */
#ifndef DREAMRIG_PRESENT_PREPARED_TRIAL_H
#define DREAMRIG_PRESENT_PREPARED_TRIAL_H

#include "present/screens/trial_view.h"
#include "present/session/session_internal.h"
#include "protocols/timing.h"

/* The rating screen is made while the trial before it is still rated, the rest, which need the picture, in the interval
 * before the trial. */
typedef struct {
  const Trial *trial;
  const ProtocolBlock *block;
  TrialTiming timing;
  TrialView view;
  const Picture *picture;          /* NULL where nobody draws */
  Picture *pattern;                /* of the mask */
  Screen *fixation, *image, *mask; /* NULL: not made yet */
} PreparedTrial;

/* Makes the rating screen; the picture is asked for once nothing on the screen waits for its time. */
void prepared_trial_begin(Session *session, const Trial *trial, PreparedTrial *prepared);
/* Makes the screens that need the picture, waiting for it where it is still being read. Takes the picture store's held
 * picture from the trial before, which must be over. */
bool prepared_trial_finish(Session *session, PreparedTrial *prepared, GError **error);
/* Call session_forget before. */
void prepared_trial_clear(PreparedTrial *prepared);
/* What the fixation cross gives way to. */
Screen *prepared_trial_image_screen(const PreparedTrial *prepared);
Screen *prepared_trial_first_screen(const PreparedTrial *prepared);

#endif
