/* The ratings of a session data folder (BIDS), or of another program's tables, as one flat array.
 *
 * Of a session data folder are read sub-LABEL/[ses-LABEL/]beh/sub-LABEL[_ses-LABEL]_task-LABEL[_run-N]_beh.tsv. Each
 * such file is one *rater*: the first file of a participant (session, then run in number order) is named "sub-LABEL",
 * every further one gets the parts of its name that differ from the first's ("sub-03_run-2") and counts separately. */
#ifndef DREAMRIG_RATINGS_RATINGS_H
#define DREAMRIG_RATINGS_RATINGS_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/exclusions.h"
#include "stimuli/base/table.h"
#include "stimuli/manifest.h"

#define RATINGS_MAX_SCALES 8
#define RATINGS_LOW 0.0 /* the range where a sidecar gives none */
#define RATINGS_HIGH 100.0

typedef struct {
  const char *phase;         /* NULL: "main"; other programs' tables: must be NULL */
  const char *const *scales; /* NULL-terminated column names; NULL: arousal and valence. Tables: those of the map */
  const char *columns;       /* the column map of another program's tables; NULL: session data, or the default map */
  const char *rules;         /* a file of exclusion rules (exclusion_rules.h); NULL: nothing is excluded */
} RatingsOptions;

/* One trial of the analysed phase. */
typedef struct {
  gsize rater;                       /* index into raters */
  gsize image;                       /* row of the stimulus set */
  gsize line;                        /* of the rater's file */
  double values[RATINGS_MAX_SCALES]; /* (n_scales); NaN: missing */
  double response_time;              /* seconds; NaN: missing */
  int touched;                       /* all sliders were touched: 1, 0, or -1 where the data do not say */
} Rating;

/* An attention check that is a row or an answer of the data that are read. */
typedef struct {
  gsize rater;
  gsize line;
  char *name; /* column, or image */
  bool passed;
} AttentionCheck;

/* One data file. */
typedef struct {
  char *id;          /* "sub-03", "sub-03_run-2" */
  char *participant; /* "sub-03" */
  gsize person;      /* the participant's number: 0..n_participants-1 */
  char *session;     /* "ses-1", or "" */
  guint64 run;       /* 2 of "run-2"; 0 where the name has none */
  char *file;        /* relative to the data folder */
  bool simulated;    /* the file says so */
  gsize n_trials;    /* of the analysed phase */
  /* Attention checks that participants.tsv counts for the participant, with the first of the participant's raters. */
  gsize n_recorded_checks, n_recorded_failed;
} Rater;

typedef struct {
  char *phase;
  gsize n_scales;
  char **scales; /* NULL-terminated */
  double low[RATINGS_MAX_SCALES], high[RATINGS_MAX_SCALES];
  gsize n_raters;
  gsize n_participants; /* different ones; who has several files counts once */
  Rater *raters;        /* who have a trial, in order of participant, session, run */
  gsize n_ratings;
  Rating *ratings;   /* in order of rater, line */
  gsize n_simulated; /* raters whose data were made by a program */
  gsize n_checks;
  AttentionCheck *checks;
  gsize n_check_images;                      /* images of the set that the rules call attention checks */
  gsize n_participants_read, n_ratings_read; /* before the exclusion rules, with participants without a trial */
  char *columns, *rules;                     /* the files of the options; NULL: none */
} Ratings;

/* Reads and checks every data file against the set. A file, a folder with options->columns, and a folder
 * of tables without session data are read as import.h says. Then the exclusion rules are applied. A rating's range is
 * its sidecar's "Minimum" and "Maximum" (the file's own .json, else task-LABEL_beh.json at the top), else 0..100; all
 * files must agree on it. Fails with RIG_ERROR_INPUT, naming file, line and field, on: no data file, a missing column
 * (trial, phase, stim_id and the scales must be there), a rating that is no number or outside the range, a trial number
 * that one phase and block of a file has twice, a stimulus that the set does not have (naming the nearest), a
 * stim_sha256 that is not the set's, and where no file has a trial of the phase (naming those that there are). Fails
 * with RIG_ERROR_USAGE on a phase of tables. Where the rules judge attention, recorded_checks.h tells what else is
 * read. A missing rating (n/a) and trials of other phases go to the log. Free with ratings_free. */
bool ratings_read(const char *folder, const StimulusSet *set, const RatingsOptions *options, ExclusionLog *log,
                  Ratings **ratings, GError **error);
void ratings_free(Ratings *ratings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ratings, ratings_free)

/* The long table: participant, rater, stim_id, layer, seed, each scale, response_time, phase, simulated. */
Table *ratings_table(const Ratings *ratings, const StimulusSet *set);

#endif
