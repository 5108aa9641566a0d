/* Sessions in child processes under faults, and how their data compare with those of an unbroken one. */
#ifndef DREAMRIG_TESTS_FAULT_STUDY_H
#define DREAMRIG_TESTS_FAULT_STUDY_H

#include "present/participant/participant_model.h"
#include "present/session/session.h"
#include "tests/present/interpose.h"

#define FAULT_PARTICIPANT "p7"
#define FAULT_MAX_CONFIRMED 256
#define FAULT_MESSAGE_SIZE 512

typedef struct {
  char *folder, *path, *data; /* the protocol's file; the data folder, not there yet */
  Protocol *protocol;
  TrialList *trials;
  LatentAffect *latents;
  gsize n_calls;     /* of an unbroken session with its derivation */
  GHashTable *whole; /* what it leaves: relative path -> text, with what may differ left out */
} FaultStudy;

/* Where a session was when the participant had seen it confirmed. */
typedef struct {
  gsize step, trial; /* trial 0: a page or question */
} Confirmed;

typedef struct {
  int status; /* 128 + signal */
  gsize n_calls;
  Confirmed confirmed[FAULT_MAX_CONFIRMED];
  gsize n_confirmed;
  char message[FAULT_MESSAGE_SIZE]; /* why it failed */
} FaultRun;

FaultStudy fault_study_new(void);
void fault_study_clear(FaultStudy *study);
/* Runs or resumes the participant's session, then derives the BIDS files; all of it under the fault. */
FaultRun fault_run(FaultStudy *study, const Interpose *fault);

/* All files below a folder but locks and journals, by relative path; times of the session's clock and the count of
 * resumptions left out. */
GHashTable *fault_files(const char *folder);
/* That the data folder holds the same files with the same contents. */
void fault_assert_same(GHashTable *want, const char *data);
/* As fault_assert_same against the unbroken session. */
void fault_assert_whole(const FaultStudy *study);

#endif
