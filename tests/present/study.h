/* A folder with a set of four images and the rig's protocol, for tests that run the program itself. */
#ifndef DREAMRIG_TESTS_PRESENT_STUDY_H
#define DREAMRIG_TESTS_PRESENT_STUDY_H

#include "tests/present/rig.h"

typedef struct {
  char *folder, *set, *protocol, *data; /* the data folder is not there yet */
} Study;

Study study_new(void);
void study_clear(Study *study);
/* Runs dreamrig-present simulate; returns its exit status. *err may be NULL; free it with g_free. */
int study_simulate(const Study *study, const char *participants, const char *seed, const char *workers,
                   const char *data, char **err);

/* A program's message is one line with this part. */
void study_assert_one_line(const char *err, const char *part);
/* Without a screen a session fails only after it has decided how to start. Returns the exit status; free *err. */
int study_run_unseen(const Study *study, const char *option, char **err);

#endif
