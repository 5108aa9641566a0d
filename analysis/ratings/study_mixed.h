/* The mixed model of a study's single ratings: what the image properties do when participants and images are both taken
 * as random samples, so that the result may be said of other people and other images.
 *
 * Source: Judd, Westfall & Kenny 2012, doi:10.1037/a0028347; the fit as in stats/mixed.h. */
#ifndef DREAMRIG_RATINGS_STUDY_MIXED_H
#define DREAMRIG_RATINGS_STUDY_MIXED_H

#include "analysis/ratings/study.h"
#include "analysis/stats/mixed.h"

typedef struct {
  char *formula;        /* in R's notation: "arousal ~ scale(cfc) + (1 | participant) + (1 | layer/image)" */
  ModelFrame *frame;    /* the rows used: single ratings of images with all predictors */
  MixedModel *model;    /* by REML */
  MixedComparison test; /* of all predictors together: ML, against the model without them */
  /* Properties that have no value, or the same one, for every rated image; NULL-terminated. */
  char **left_out;
  bool layers; /* the layers have a term of their own: some have several images */
} StudyMixed;

/* Fits a scale's ratings: random intercepts of participants, of images within layers, and of layers where these are not
 * the same as images; every feature standardised over all ratings, as R's scale() does to a column. Fails with
 * RIG_ERROR_INPUT, in a sentence for the report, where there is no feature, fewer than two participants or images,
 * where no image was rated twice or no participant rated twice, and as mixed_fit; with RIG_ERROR_MEMORY. Free with
 * study_mixed_free. */
bool study_mixed_fit(const Study *study, gsize scale, StudyMixed **mixed, GError **error);
void study_mixed_free(StudyMixed *mixed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StudyMixed, study_mixed_free)

#endif
