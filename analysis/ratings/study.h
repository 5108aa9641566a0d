/* A rating study in memory: the ratings joined with the stimulus set, and its images, layers and participants with
 * their means. Reports and tables read it; nothing changes it.
 *
 * Intervals are 95 %, by t over the single ratings (for participants: over that participant's ratings). They take
 * ratings as independent, which those of one participant are not: mixed models are the analysis that does not. */
#ifndef DREAMRIG_RATINGS_STUDY_H
#define DREAMRIG_RATINGS_STUDY_H

#include <glib.h>
#include <stdbool.h>

#include "analysis/ratings/exclusions.h"
#include "analysis/ratings/questionnaires.h"
#include "analysis/ratings/ratings.h"
#include "analysis/stats/anova.h"
#include "analysis/stats/correlation.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/regression.h"
#include "stimuli/manifest.h"

typedef struct {
  RatingsOptions ratings;
  /* Feature columns of the set, NULL-terminated; each must be there. NULL: those of hue, saturation, brightness,
   * jpeg_bytes, cfc and cse that are. */
  const char *const *features;
  /* Mean of the feature "hue" (degrees) over a layer's images: arithmetic rather than circular. */
  bool hue_arithmetic;
} StudyOptions;

/* One stimulus of the set, rated or not. */
typedef struct {
  char *id;
  char *path;          /* of the PNG, as stimulus_set_path */
  gsize layer;         /* index into layers */
  char *seed;          /* "" where the set has none */
  gsize n_trials;      /* times it was shown */
  gsize n_rated;       /* of those, with at least one rating */
  Description *scales; /* (n_scales) over its ratings */
  double *features;    /* (n_features); NaN: missing */
} StudyImage;

/* One layer; a set without layers has one, named "". */
typedef struct {
  char *name;
  char *type;     /* "" where the set has none */
  double depth;   /* the first image's; NaN where the set has none */
  gsize n_images; /* of the set */
  gsize n_rated;  /* of those, rated at least once */
  gsize n_trials;
  Description *scales; /* (n_scales) over all ratings of its images */
  double *features;    /* (n_features) means over its rated images, or over all where none is rated */
} StudyLayer;

/* One rater, which is a data file (see ratings.h). */
typedef struct {
  const char *id;
  bool simulated;
  gsize n_trials;
  Description *scales;       /* (n_scales) over this rater's ratings */
  Description response_time; /* seconds */
} StudyRater;

/* One participant: all raters of one "sub-LABEL". */
typedef struct {
  const char *id;
  gsize n_raters;
  Description *scales; /* (n_scales) over the ratings of all these raters */
} StudyParticipant;

typedef struct {
  char *folder; /* of the data */
  const StimulusSet *set;
  Ratings *ratings; /* the flat ratings, and the scales' names and ranges */
  Questionnaires *questionnaires;
  ExclusionLog *log;
  gsize n_scales;
  char **scales; /* = ratings->scales */
  gsize n_features;
  char **features; /* NULL-terminated */
  gsize n_images;
  StudyImage *images; /* in the set's order */
  gsize n_layers;
  StudyLayer *layers; /* in the set's order: by first image */
  gsize n_raters;
  StudyRater *raters; /* = ratings->raters, in order */
  gsize n_participants;
  StudyParticipant *participants; /* in order of raters */
  bool simulated;                 /* at least one rater was simulated: every output must say so */
} Study;

/* Reads the data folder and joins it with the set, which must outlive the study. options may be NULL. Fails as
 * ratings_read and questionnaires_read; with RIG_ERROR_INPUT on a feature that is no number; RIG_ERROR_MEMORY. Free
 * with study_free. */
bool study_open(const char *folder, const StimulusSet *set, const StudyOptions *options, Study **study, GError **error);
void study_free(Study *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Study, study_free)

/* The scale's index, or -1. */
int study_scale(const Study *study, const char *name);
/* The two scales whose joint densities are shown and tested: arousal and valence where the study has both, else its
 * first two. False for a study of one scale. */
bool study_plane(const Study *study, gsize *x, gsize *y);

/* A layer's single ratings on a scale, without missing ones, in order of rater and line. *values is (n); free it with
 * g_free. Fails with RIG_ERROR_MEMORY only. */
bool study_layer_values(const Study *study, gsize layer, gsize scale, double **values, gsize *n, GError **error);
/* All participants' means on a scale, in order: (n_participants), NaN where one has no rating; free with g_free. Fails
 * with RIG_ERROR_MEMORY only. */
bool study_participant_means(const Study *study, gsize scale, double **means, GError **error);
/* The means on a scale of the participants with this answer to a questionnaire, in order, each participant once; free
 * with g_free. */
bool study_level_values(const Study *study, const Questionnaire *questionnaire, gsize level, gsize scale,
                        double **values, gsize *n, GError **error);

/* What the correlations and regressions take as a case: an image's means, or a layer's (the 2024 study's n = 144). */
typedef enum { STUDY_UNIT_IMAGE, STUDY_UNIT_LAYER } StudyUnit;
const char *study_unit_name(StudyUnit unit); /* "image", "layer" */

/* One variable over the rated cases, in order: a scale's means (index 0..n_scales-1), then features (n_scales..).
 * *values is (n), the same n for every variable of one unit; free it with g_free. */
bool study_variable(const Study *study, StudyUnit unit, gsize variable, double **values, gsize *n, GError **error);
const char *study_variable_name(const Study *study, gsize variable); /* of n_scales + n_features */

/* Correlations of all scales and features. */
bool study_correlations(const Study *study, StudyUnit unit, CorrelationKind kind, CorrelationMatrix **matrix,
                        GError **error);
/* Regression of a scale's means on all features that have a value for some case. Fails with RIG_ERROR_INPUT, saying
 * what to run, where the set has no feature columns, and as regression_fit. */
bool study_regression(const Study *study, StudyUnit unit, gsize scale, Regression **regression, GError **error);
/* One-way ANOVA of the participants' means on a scale by their answers. Groups are the questionnaire's levels. A case
 * is a participant, whose mean is over all sessions: sessions of one participant are not independent. */
bool study_anova(const Study *study, gsize scale, const Questionnaire *questionnaire, Anova **anova, GError **error);

#endif
