/* The times of one trial that vary from trial to trial: a function of the protocol's seed, the participant and the
 * trial alone, so that a resumed session has the same ones. */
#ifndef DREAMRIG_TIMING_H
#define DREAMRIG_TIMING_H

#include "protocols/trials.h"

typedef struct {
  double fixation_ms, iti_ms; /* whole ms above the range's lower end */
} TrialTiming;

/* participant: TrialList.participant. */
TrialTiming trial_timing(const Protocol *protocol, gsize participant, const Trial *trial);
/* scale_start of a question's slider. */
double question_start(const Protocol *protocol, gsize participant, const ProtocolQuestion *question);
/* After which trial of a block (1-based) its attention check i comes: one drawn from the i-th of as many equal parts as
 * there are checks. `n_trials` is at least 1. */
gsize check_place(const Protocol *protocol, gsize participant, gsize block, gsize check, gsize n_trials);

#endif
