/* A simulated participant: sits at a display, sees each screen as the session shows it, and works it through mouse and
 * key events as a person would. */
#ifndef DREAMRIG_PRESENT_PARTICIPANT_SIM_H
#define DREAMRIG_PRESENT_PARTICIPANT_SIM_H

#include "present/display/display_null.h"
#include "present/participant/participant_model.h"
#include "present/session/session.h"

typedef struct {
  const Protocol *protocol;
  const LatentAffect *latents; /* of the set's rows */
  const ParticipantTraits *traits;
  Display *display;
  double x, y;       /* where the mouse pointer is */
  gsize participant; /* TrialList.participant */
  /* Where the events go; NULL: the display is a null display. */
  void (*push)(Display *display, const Event *event);
  void (*clear)(Display *display);
  SessionMoment last; /* the screen that was shown last; set here */
  double speed;       /* times as fast as a person; 0: 1 */
} SimulatedParticipant;

/* Where the participant is, as "[question age] (step 3)", or "[block main] (step 4), trial 7". Free with g_free. */
char *simulated_participant_place(const SimulatedParticipant *participant);
/* The session's watcher for this participant; both borrowed. */
SessionWatcher simulated_participant_watcher(SimulatedParticipant *participant);

#endif
