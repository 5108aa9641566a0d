#include "analysis/ratings/joint_ratings.h"

#include <math.h>

#include "analysis/stats/bimodality.h"

#define ROUNDING 1e-9 /* bits */

/* What a rule gives a layer: the largest wins; NaN: the rule leaves it out. */
typedef double (*Score)(const JointRatings *joint, const JointLayer *layer);

static gsize best(const JointRatings *joint, Score score) {
  gsize winner = G_MAXSIZE;
  double most = -INFINITY;
  for (gsize i = 0; i < joint->n_layers; i++) {
    double value = joint->layers[i].n < JOINT_RATINGS_LEAST ? NAN : score(joint, &joint->layers[i]);
    if (value > most) {
      most = value;
      winner = i;
    }
  }
  return winner;
}

/* Where all layers have the same entropy none is the lowest. */
static bool entropies_differ(const JointRatings *joint) {
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < joint->n_layers; i++)
    if (joint->layers[i].n >= JOINT_RATINGS_LEAST) {
      low = fmin(low, joint->layers[i].entropy);
      high = fmax(high, joint->layers[i].entropy);
    }
  return high - low > ROUNDING;
}

static double low_entropy(const JointRatings *joint, const JointLayer *layer) {
  return entropies_differ(joint) ? -layer->entropy : NAN;
}

static double high_entropy(const JointRatings *joint, const JointLayer *layer) {
  return entropies_differ(joint) ? layer->entropy : NAN;
}

/* From the middle of both scales, each in units of its range. */
static double from_neutral(const JointRatings *joint, const JointLayer *layer) {
  double sum = 0;
  for (int k = 0; k < 2; k++) {
    double z = (layer->mean[k] - (joint->plane.low[k] + joint->plane.high[k]) / 2) /
               (joint->plane.high[k] - joint->plane.low[k]);
    sum += z * z;
  }
  return sqrt(sum);
}

/* Of both departures, each in units of its SD over the layers. */
static double ordinary(const JointRatings *joint, const JointLayer *layer) {
  if (!entropies_differ(joint))
    return NAN;
  double mean = 0, squares = 0, distances = 0, distances_squared = 0, n = 0;
  for (gsize i = 0; i < joint->n_layers; i++) {
    const JointLayer *other = &joint->layers[i];
    if (other->n < JOINT_RATINGS_LEAST)
      continue;
    double distance = from_neutral(joint, other);
    n++;
    mean += other->entropy;
    distances += distance;
    distances_squared += distance * distance;
  }
  mean /= n;
  for (gsize i = 0; i < joint->n_layers; i++)
    if (joint->layers[i].n >= JOINT_RATINGS_LEAST)
      squares += (joint->layers[i].entropy - mean) * (joint->layers[i].entropy - mean);
  double entropy_sd = sqrt(squares / n),
         distance_sd = sqrt(fmax(distances_squared / n - distances * distances / n / n, 0));
  return -(entropy_sd > 0 ? fabs(layer->entropy - mean) / entropy_sd : 0) -
         (distance_sd > 0 ? from_neutral(joint, layer) / distance_sd : 0);
}

static bool above_cut(const JointLayer *layer, int scale) { return layer->bimodality[scale] > BIMODALITY_CUT; }

static double bimodal_y(const JointRatings *joint G_GNUC_UNUSED, const JointLayer *layer) {
  return above_cut(layer, 1) && !above_cut(layer, 0) ? layer->bimodality[1] - layer->bimodality[0] : NAN;
}

static double bimodal_x(const JointRatings *joint G_GNUC_UNUSED, const JointLayer *layer) {
  return above_cut(layer, 0) && !above_cut(layer, 1) ? layer->bimodality[0] - layer->bimodality[1] : NAN;
}

static double bimodal_both(const JointRatings *joint G_GNUC_UNUSED, const JointLayer *layer) {
  return above_cut(layer, 0) && above_cut(layer, 1) ? fmin(layer->bimodality[0], layer->bimodality[1]) : NAN;
}

void joint_ratings_cases(const JointRatings *joint, JointCase cases[JOINT_RATINGS_N_CASES]) {
  static const struct {
    const char *heading, *rule;
    Score score;
  } rules[JOINT_RATINGS_N_CASES] = {
      {"lowest entropy", "the raters agree most: the density with the lowest entropy, where entropies differ",
       low_entropy},
      {"ordinary",
       "entropy near the layers' mean and mean ratings near the middle of both scales: the smallest sum of "
       "both departures, each in standard deviations over the layers, where entropies differ",
       ordinary},
      {"highest entropy", "the raters agree least: the density with the highest entropy, where entropies differ",
       high_entropy},
      {"high coefficient, vertical",
       "the vertical scale's bimodality coefficient is above 5/9 and the horizontal one's is not: the largest "
       "difference of the two",
       bimodal_y},
      {"high coefficient, horizontal",
       "the horizontal scale's bimodality coefficient is above 5/9 and the vertical one's is not: the largest "
       "difference of the two",
       bimodal_x},
      {"high coefficient, both", "both bimodality coefficients are above 5/9: the largest of the smaller ones",
       bimodal_both}};
  for (gsize k = 0; k < JOINT_RATINGS_N_CASES; k++)
    cases[k] = (JointCase){rules[k].heading, rules[k].rule, best(joint, rules[k].score), {NAN, NAN}};
}

double joint_ratings_distance(const JointRatings *joint, const JointLayer *layer, const double wanted[2]) {
  if (layer->n < JOINT_RATINGS_LEAST)
    return NAN;
  const JointPlane *plane = &joint->plane;
  return hypot((layer->median[0] - wanted[0]) / (plane->high[0] - plane->low[0]),
               (layer->median[1] - wanted[1]) / (plane->high[1] - plane->low[1]));
}

void joint_ratings_places(const JointRatings *joint, JointCase places[JOINT_RATINGS_N_PLACES]) {
  static const struct {
    const char *heading;
    double x, y; /* shares of the scales */
  } corners[JOINT_RATINGS_N_PLACES] = {{"low, low", 0, 0},      {"low, middle", 0, .5}, {"low, high", 0, 1},
                                       {"middle, high", .5, 1}, {"high, high", 1, 1},   {"high, middle", 1, .5},
                                       {"high, low", 1, 0},     {"middle, low", .5, 0}};
  for (gsize k = 0; k < JOINT_RATINGS_N_PLACES; k++) {
    JointCase *place = &places[k];
    *place = (JointCase){corners[k].heading,
                         "the layer whose median ratings are nearest to this corner or side of the plane",
                         G_MAXSIZE,
                         {joint->plane.low[0] + corners[k].x * (joint->plane.high[0] - joint->plane.low[0]),
                          joint->plane.low[1] + corners[k].y * (joint->plane.high[1] - joint->plane.low[1])}};
    double nearest = INFINITY;
    for (gsize i = 0; i < joint->n_layers; i++) {
      double distance = joint_ratings_distance(joint, &joint->layers[i], place->wanted);
      if (distance < nearest) {
        nearest = distance;
        place->layer = i;
      }
    }
  }
}
