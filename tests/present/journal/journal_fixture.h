/* A written session for the tests of the journal and BIDS. */
#ifndef DREAMRIG_TESTS_JOURNAL_FIXTURE_H
#define DREAMRIG_TESTS_JOURNAL_FIXTURE_H

#include "present/journal/journal.h"

TrialList *fixture_list(const Protocol *protocol, const char *participant);
/* The answered record of trial `index` of a participant's list: known ratings and times. */
TrialRecord *fixture_trial(const Protocol *protocol, const TrialList *list, gsize index);
/* Begins a session and writes the page, the answer and the first n_trials trials. */
Journal *fixture_begin(const Protocol *protocol, const char *data, const char *participant, const char *session,
                       bool simulated, gsize n_trials);
/* fixture_begin with all trials and the end, closed. */
void fixture_session(const Protocol *protocol, const char *data, const char *participant, const char *session,
                     bool simulated);
/* fixture_begin with n_trials, then one that was aborted for this reason, as was the session; closed. */
void fixture_aborted(const Protocol *protocol, const char *data, const char *participant, gsize n_trials,
                     const char *reason);

/* A folder with a protocol of six images (2 + 6 trials), and its data folder: for g_test_add. */
typedef struct {
  char *folder, *data;
  Protocol *protocol;
} JournalStudy;

void fixture_study_begin(JournalStudy *study, gconstpointer unused);
void fixture_study_end(JournalStudy *study, gconstpointer unused);
#define FIXTURE_ADD(name, function)                                                                                    \
  g_test_add(name, JournalStudy, NULL, fixture_study_begin, function, fixture_study_end)

JournalContents *fixture_contents(const char *path);
guint fixture_count_events(const JournalContents *contents, const char *kind);
/* Writes a session of participant 01 with two trials and an end, and returns its journal's path: short, as tests read
 * it anew for each of its bytes. */
char *fixture_whole_session(const JournalStudy *study, char **text, gsize *size);
void fixture_overwrite(const char *path, const char *text, gsize size);
/* The path of the participant's first journal (of no visit); g_free it. */
char *fixture_path(const char *data, const char *participant);
/* Changes a byte in that journal's second line. */
void fixture_damage(const char *data, const char *participant);

#endif
