/* The study's ratings on one scale as flat arrays, for statistics over participants, images and layers at once. */
#ifndef DREAMRIG_RATINGS_STUDY_RATINGS_H
#define DREAMRIG_RATINGS_STUDY_RATINGS_H

#include "analysis/ratings/study.h"

/* (n) each, in the ratings' order; values[s] is of scale s, NaN where it is missing. */
typedef struct {
  gsize n, n_scales;
  gsize *participant, *image, *layer;
  double *values[RATINGS_MAX_SCALES];
} StudyRatings;

/* Fails with RIG_ERROR_MEMORY only. Free with study_ratings_clear. */
bool study_ratings_load(const Study *study, StudyRatings *ratings, GError **error);
void study_ratings_clear(StudyRatings *ratings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StudyRatings, study_ratings_clear)

#endif
