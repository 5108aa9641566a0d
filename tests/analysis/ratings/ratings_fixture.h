/* What every test of reading ratings begins with: the small study's set, a folder, a log. */
#ifndef DREAMRIG_TESTS_RATINGS_FIXTURE_H
#define DREAMRIG_TESTS_RATINGS_FIXTURE_H

#include "analysis/ratings/ratings.h"

typedef struct {
  StimulusSet *set;
  char *folder;
  char *table, *map, *rules; /* paths of files in the folder, which need not be there */
  ExclusionLog *log;
  Ratings *ratings; /* NULL until they are read */
} RatingsFixture;

/* With an empty folder; and with the small study's session data in it. */
void ratings_fixture_set_up(RatingsFixture *f, gconstpointer unused);
void ratings_fixture_set_up_data(RatingsFixture *f, gconstpointer unused);
void ratings_fixture_tear_down(RatingsFixture *f, gconstpointer unused);
/* Reads the data anew by these rules, with a new log; columns may be NULL. */
bool ratings_fixture_apply(RatingsFixture *f, const char *data, const char *columns, const char *rules, GError **error);
/* The participants who are left, with blanks between. Free with g_free. */
char *ratings_fixture_participants(const RatingsFixture *f);

#endif
