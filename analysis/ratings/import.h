/* Ratings from other programs' tables: PsychoPy, jsPsych, Qualtrics, or any long or wide table, with a column map.
 *
 * A participant's rows of one session in one file are one *rater* (ratings.h), named as the data name the participant;
 * further raters of a participant get the session or the file's name behind. */
#ifndef DREAMRIG_RATINGS_IMPORT_H
#define DREAMRIG_RATINGS_IMPORT_H

#include "analysis/ratings/exclusion_rules.h"
#include "analysis/ratings/ratings.h"
#include "stimuli/manifest.h"

/* Reads a table, or all *.csv, *.tsv and *.txt of a folder. An image is found in the set by its id, else by its file,
 * else by its file's name with or without folder and ending. set NULL: *own gets a set in memory of the images that the
 * data name, with their layers; else own may be NULL.
 * To the log go rows that the map does not keep, rows without an image, attention checks, missing ratings, and what
 * the map says to leave out (repeats, images that the set does not have).
 * Fails with RIG_ERROR_INPUT, naming file, line and column: as delimited_read; on missing columns, a row without a
 * participant, a rating that is no number, out of range or of an unknown scale, a trial (where no column tells trials:
 * an image) that a participant has twice in a session, an image that is not in the set or could be two of it, a layer
 * that is not the set's; and where no trial is left. Free *ratings with ratings_free, *own with stimulus_set_free. */
bool import_ratings(const char *path, const char *map, const ExclusionRules *rules, const StimulusSet *set,
                    StimulusSet **own, ExclusionLog *log, Ratings **ratings, GError **error);

#endif
