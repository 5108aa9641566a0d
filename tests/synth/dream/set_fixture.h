/* A small recipe and folders for its sets. */
#ifndef DREAMRIG_TESTS_DREAM_SET_FIXTURE_H
#define DREAMRIG_TESTS_DREAM_SET_FIXTURE_H

#include "synth/dream/set.h"

typedef struct {
  char *network, *folder, *whole, *other; /* network file; a temporary folder; two sets in it */
  Recipe *wanted;                         /* nine stimuli: conv2d0, mixed3a, mixed4b_5x5 with seeds 1 to 3 */
} SetFixture;

void set_fixture_set_up(SetFixture *fixture, gconstpointer data);
void set_fixture_tear_down(SetFixture *fixture, gconstpointer data);

bool set_fixture_make_part(const Recipe *wanted, const char *folder, Shard shard, gsize n_workers, SetOutcome *outcome,
                           GError **error);
/* The whole set with one worker; fails the test on an error. */
SetOutcome set_fixture_make(const Recipe *wanted, const char *folder);
void set_fixture_assert_same(const char *a, const char *b);

#endif
