/* A simulated participant: sits at a null display, sees each screen as the session shows it, and works it through mouse
 * and key events as a person would. */
#ifndef DREAMRIG_PRESENT_PARTICIPANT_SIM_H
#define DREAMRIG_PRESENT_PARTICIPANT_SIM_H

#include "present/display_null.h"
#include "present/participant_model.h"
#include "present/session.h"

typedef struct {
  const Protocol *protocol;
  const LatentAffect *latents; /* of the set's rows */
  const ParticipantTraits *traits;
  Display *display;  /* a null display */
  double x, y;       /* where the mouse pointer is */
  gsize participant; /* TrialList.participant */
} SimulatedParticipant;

/* The session's watcher for this participant; both borrowed. */
SessionWatcher simulated_participant_watcher(SimulatedParticipant *participant);

#endif
