/* Ratings of two groups of layers compared: the study's Fig. 11, and any other pair of patterns. */
#ifndef DREAMRIG_RATINGS_LAYER_GROUPS_H
#define DREAMRIG_RATINGS_LAYER_GROUPS_H

#include "analysis/ratings/study.h"
#include "analysis/stats/effect_size.h"
#include "analysis/stats/t_test.h"

/* A group: the layers whose whole name matches the regular expression. */
typedef struct {
  const char *name; /* "mixedNm_pool" */
  const char *pattern;
} LayerGroup;

typedef struct {
  LayerGroup first, second;
} LayerGroupPair;

/* The study's: pools against 3x3 and 5x5 branches; first convolutions against blocks. */
#define LAYER_GROUPS_N_STUDY 2
extern const LayerGroupPair layer_groups_study[LAYER_GROUPS_N_STUDY];

/* One pair on one scale. Two answers to one question: with single ratings as cases, as the study seems to have done,
 * which takes ratings of one participant or layer as independent and so finds too much; and with layers' means as
 * cases, which generalises to other layers and, with few layers, finds little. */
typedef struct {
  gsize n_layers[2];
  Description ratings[2], layers[2]; /* of single ratings; of the layers' means */
  TTest by_rating, by_layer;         /* Welch */
  StandardisedDifference effect;     /* of single ratings */
  double *values[2];                 /* the single ratings, ratings[k].n long; owned */
} LayerComparison;

/* Fails with RIG_ERROR_MEMORY only. A group without layers has n 0. Clear with layer_comparison_clear. */
bool layer_groups_compare(const Study *study, const LayerGroupPair *pair, gsize scale, LayerComparison *comparison,
                          GError **error);
void layer_comparison_clear(LayerComparison *comparison);

#endif
