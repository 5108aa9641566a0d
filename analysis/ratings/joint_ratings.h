/* Two ratings of each layer taken together: their joint distribution, how spread it is, and the cases that the study
 * shows (Figs 12 and 13), each chosen by a stated rule. */
#ifndef DREAMRIG_RATINGS_JOINT_RATINGS_H
#define DREAMRIG_RATINGS_JOINT_RATINGS_H

#include "analysis/ratings/study.h"
#include "analysis/stats/joint_density.h"

#define JOINT_RATINGS_CELLS 50
#define JOINT_RATINGS_LEAST 5 /* ratings that a layer needs to be a case */

typedef struct {
  gsize layer;
  gsize n;                   /* trials with both ratings */
  double mean[2], median[2]; /* x, y; NaN for n = 0 */
  double bimodality[2];      /* Sarle's coefficient; NaN where undefined */
  double entropy;            /* of the density's cells, in bits */
  double *density;           /* (JOINT_RATINGS_CELLS, JOINT_RATINGS_CELLS) as joint_density_smooth; owned */
} JointLayer;

typedef struct {
  gsize x, y;       /* scales */
  JointPlane plane; /* as joint_ratings_plane */
  gsize n_layers;
  JointLayer *layers; /* those with at least one trial, in the study's order */
} JointRatings;

/* The one plane on which the ratings' joint densities and entropies are computed: JOINT_RATINGS_CELLS cells along each
 * scale, and Scott's bandwidth for the SD of all trials with both ratings and the mean number of them in a layer; a
 * cell's width where they do not vary. Fails with RIG_ERROR_MEMORY only. */
bool joint_ratings_plane(const Study *study, gsize x, gsize y, JointPlane *plane, GError **error);

/* Fails with RIG_ERROR_MEMORY only. Free with joint_ratings_free. */
bool joint_ratings_new(const Study *study, gsize x, gsize y, JointRatings **joint, GError **error);
void joint_ratings_free(JointRatings *joint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JointRatings, joint_ratings_free)

/* A case and the rule that chose it. */
typedef struct {
  const char *heading; /* "lowest entropy" */
  const char *rule;    /* a sentence; static */
  gsize layer;         /* index into JointRatings.layers; G_MAXSIZE: no layer meets the rule */
  double wanted[2];    /* the corner or side that was asked for; NaN: none */
} JointCase;

#define JOINT_RATINGS_N_CASES 6
#define JOINT_RATINGS_N_PLACES 8

/* The six of Fig. 12: lowest entropy; entropy near the mean and mean nearest to neutral; highest entropy; a bimodality
 * coefficient above 5/9 in y only; in x only; in both (which a skewed single mode can have, too: dip.h). Where all
 * entropies are the same the first three have no layer. */
void joint_ratings_cases(const JointRatings *joint, JointCase cases[JOINT_RATINGS_N_CASES]);
/* The eight of Fig. 13: the layers whose median is nearest to each corner and side of the plane, of those with
 * JOINT_RATINGS_LEAST trials. */
void joint_ratings_places(const JointRatings *joint, JointCase places[JOINT_RATINGS_N_PLACES]);

/* How far a layer's medians are from a place on the plane, each scale in units of its range; NaN for a layer of fewer
 * than JOINT_RATINGS_LEAST trials. */
double joint_ratings_distance(const JointRatings *joint, const JointLayer *layer, const double wanted[2]);

/* One row a layer: layer, n, means, medians, bimodality coefficients, entropy. */
Table *joint_ratings_table(const Study *study, const JointRatings *joint);

#endif
