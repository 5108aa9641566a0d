/* A small study on disk for the tests of the ratings: 5 participants, 3 layers with 2 images each, every image rated
 * once by everyone, one arousal rating missing (participant 2, image 3).
 *
 * Made in R 4.2.2 by: set.seed(77); A <- matrix(round(runif(30, 5, 95), 1), 5, byrow = TRUE); V <- likewise;
 * A[2, 3] <- NA; layer <- c(1,1,2,2,3,3); cfc <- c(3.12,4.05,2.77,5.31,4.4,3.93); cse <-
 * c(2.2,2.91,3.17,2.05,3.3,2.64); attitude <- c(1,3,1,3,3) */
#ifndef DREAMRIG_TESTS_SMALL_STUDY_H
#define DREAMRIG_TESTS_SMALL_STUDY_H

#include <glib.h>

#include "analysis/ratings/study.h"

#define SMALL_STUDY_PARTICIPANTS 5
#define SMALL_STUDY_IMAGES 6

/* A test's fixture: the set, the data, and the study once it is opened. */
typedef struct {
  StimulusSet *set;
  char *folder; /* of the data */
  Study *study;
} SmallStudy;
void small_study_set_up(SmallStudy *small, gconstpointer unused);
void small_study_tear_down(SmallStudy *small, gconstpointer unused);
/* Opens the study, which does not fail. options may be NULL. */
void small_study_open(SmallStudy *small, const StudyOptions *options);
/* Opening fails with RIG_ERROR_INPUT and a message that ends so. */
void small_study_refused(SmallStudy *small, const StudyOptions *options, const char *ending);

/* The stimulus set in memory; its images are not on disk. */
StimulusSet *small_study_set(void);
/* A new temporary folder with the study's session data. support_remove and g_free it. */
char *small_study_data(void);
/* Writes text to a file below the folder, with the folders that it needs. */
void small_study_write(const char *folder, const char *relative, const char *text);
/* The text of a participant's data file (1-based), lines ended by `end`. g_free it. */
char *small_study_beh(gsize participant, const char *end);
/* Replaces the one occurrence of `from` in a file below the folder. */
void small_study_replace(const char *folder, const char *relative, const char *from, const char *to);
/* How many of the log's entries have this reason. */
gsize small_study_count(const ExclusionLog *log, ExclusionReason reason);
/* The questionnaire of this name, or NULL. */
const Questionnaire *small_study_questionnaire(const Questionnaires *questionnaires, const char *name);

#endif
