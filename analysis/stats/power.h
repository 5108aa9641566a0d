/* Power of rating studies by simulation: draw participants, images and ratings from a mixed model, fit the model that a
 * lab would fit, and count how often the effect is found.
 *
 * A rating is effect x + layer + image + participant + slope x + residual, all normal, x the predictor; the fitted
 * model is y ~ x + (1 | participant) + (1 | image), with (1 | layer) where the design has layers, whether or not these
 * vary, and (0 + x | participant) where slopes vary, by REML with Satterthwaite's degrees of freedom.
 *
 * Source: Judd, Westfall & Kenny 2017, doi:10.1146/annurev-psych-122414-033702 (crossed designs); Green & MacLeod 2016,
 * doi:10.1111/2041-210X.12504 (power by simulation of mixed models). */
#ifndef DREAMRIG_STATS_POWER_H
#define DREAMRIG_STATS_POWER_H

#include "stimuli/base/random.h"

#include <stdbool.h>

/* What the predictor is a property of. */
typedef enum { POWER_OF_IMAGE, POWER_OF_PARTICIPANT, POWER_OF_TRIAL } PowerPredictor;

/* Standard deviations and effect are in units of the rating. */
typedef struct {
  PowerPredictor predictor;
  bool two_groups; /* x is -1/2 or 1/2, half of each, and the effect the difference; else x is standard normal and the
                      effect that of one standard deviation */
  double effect;
  double sd_participant, sd_image, sd_layer, sd_slope, sd_residual; /* sd_slope: of x, between participants */
} PowerModel;

typedef struct {
  gsize n_participants, n_images; /* at least 2 */
  gsize n_layers;                 /* images are spread evenly over them; 0: no layers, and no sd_layer */
  gsize n_ratings;                /* images that each participant rates, in rotation; 0: all */
} PowerDesign;

typedef struct {
  bool fitted; /* false: the data could not be fitted or not tell the effect from others, p and estimate are NaN */
  bool converged, singular;
  double estimate, p; /* of the effect, two-tailed */
} PowerOutcome;

/* Simulates and fits one study. The same generator state gives the same outcome. Fails with RIG_ERROR_MEMORY only. */
bool power_simulate(const PowerModel *model, const PowerDesign *design, Random *random, PowerOutcome *outcome,
                    GError **error);

#endif
