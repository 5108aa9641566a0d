/* How many attention checks each participant of a session data folder answered, and how many of them were passed. */
#ifndef DREAMRIG_RATINGS_RECORDED_CHECKS_H
#define DREAMRIG_RATINGS_RECORDED_CHECKS_H

#include "analysis/ratings/ratings.h"

/* Sets the raters' recorded checks from the columns attention_checks and attention_checks_passed of
 * FOLDER/participants.tsv, which count all sessions of a participant (phenotype tables tell the first answer only).
 * None where there is no such file, no such columns, no row of the participant, or n/a. Fails with RIG_ERROR_INPUT,
 * naming file, line and column, on one column without the other, counts that are no whole numbers, more passed than
 * answered, and a participant who is there twice. The raters stand in order of their participants, numbered. */
bool recorded_checks_read(const char *folder, Ratings *ratings, GError **error);

#endif
