/* A written session for the tests of the journal and BIDS. */
#ifndef DREAMRIG_TESTS_JOURNAL_FIXTURE_H
#define DREAMRIG_TESTS_JOURNAL_FIXTURE_H

#include "present/journal.h"

/* The answered record of trial `index` of a participant's list: known ratings and times. */
TrialRecord *fixture_trial(const Protocol *protocol, const TrialList *list, gsize index);
/* Begins a session and writes the page, the answer and the first n_trials trials. */
Journal *fixture_begin(const Protocol *protocol, const char *data, const char *participant, const char *session,
                       bool simulated, gsize n_trials);
/* fixture_begin with all trials and the end, closed. */
void fixture_session(const Protocol *protocol, const char *data, const char *participant, const char *session,
                     bool simulated);

#endif
