/* Exclusion rules from a file: which participants and trials an analysis leaves out, stated before it is run.
 *
 * Every rule sees the data as they were read, so that their order does not matter: first each participant is judged by
 * all of that participant's trials, then each trial of those who stay. Each exclusion goes to the log with its reason;
 * where several apply, all are logged, and the first counts the trials. */
#ifndef DREAMRIG_RATINGS_EXCLUSION_RULES_H
#define DREAMRIG_RATINGS_EXCLUSION_RULES_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/exclusions.h"
#include "analysis/ratings/ratings.h"

/* NaN stands for a limit that is not set. */
typedef struct {
  char *path;
  char **participants; /* [participants] exclude */
  char **check_images; /* [attention] images, as the data name them */
  char *check_scale;   /* the scale that is judged, within check_low..check_high */
  double check_low, check_high;
  bool judges_attention; /* whether there is such a group */
  gint64 max_failed;     /* failed checks that are forgiven; -1: any number */
  double min_passed_share;
  double min_time, max_fast_share, max_time; /* [too_fast], [too_slow]; seconds */
  bool judges_touched;                       /* [untouched] */
  double start, max_untouched_share;
  double max_run, min_sd; /* [straight_lining] */
  bool every_scale;
  double max_missing_share; /* [missing] */
  double min_completion;    /* [completion] */
  gint64 expected_images;   /* 0: those of the set */
} ExclusionRules;

/* Fails with RIG_ERROR_INPUT, naming file, line, group and key. Free with exclusion_rules_free. */
bool exclusion_rules_read(const char *path, ExclusionRules **rules, GError **error);
void exclusion_rules_free(ExclusionRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExclusionRules, exclusion_rules_free)

/* Whether the data's name of an image is that of an attention check; rules may be NULL. */
bool exclusion_rules_is_check(const ExclusionRules *rules, const char *image);
/* Whether a trial of such an image passes: its rating on the rules' scale lies within their limits. */
bool exclusion_rules_passes(const ExclusionRules *rules, const Ratings *ratings, const double *values);

/* Takes out what the rules exclude, and raters without a trial, or who keep none; rules NULL: only those. Sets the
 * numbers before that, n_participants_read and n_ratings_read. n_images: of the set, of which those that are attention
 * checks are not expected to be rated. Attention is judged by the images that the rules call checks and by the checks
 * that the data record; who has none is logged as such and stays. Fails with RIG_ERROR_INPUT where a rule has nothing
 * to judge by (no response times, no checks, a participant or scale that is not there), which would otherwise look like
 * data without faults, and where no trial stays. */
bool exclusion_rules_apply(const ExclusionRules *rules, Ratings *ratings, gsize n_images, ExclusionLog *log,
                           GError **error);

#endif
