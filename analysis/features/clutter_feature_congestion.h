/* Feature congestion: how cluttered an image is, from the local variability of its colour, contrast and orientation. */
#ifndef DREAMRIG_CLUTTER_FEATURE_CONGESTION_H
#define DREAMRIG_CLUTTER_FEATURE_CONGESTION_H

#include "stimuli/image.h"

/* The coarsest of the three levels is a quarter of the image and must exceed half of the widest filter (13 taps). */
#define CLUTTER_CONGESTION_MIN_SIDE 25

typedef struct {
  double total; /* the measure: the mean over pixels of color/.2088 + contrast/.0660 + orientation/.0269 */
  double color, contrast, orientation; /* each component's mean, unscaled */
} FeatureCongestion;

/* The authors' MATLAB code in double precision, with two deviations: negative determinants, which give NaN there, count
 * as 0, and grey images are measured like all others, where that code refuses them. Fails with RIG_ERROR_INPUT on an
 * image with a side below CLUTTER_CONGESTION_MIN_SIDE.
 * Source: Rosenholtz, Li & Nakano 2007, Measuring visual clutter, Journal of Vision 7(2):17, doi:10.1167/7.2.17. */
bool clutter_feature_congestion(const Image *image, FeatureCongestion *congestion, GError **error);

#endif
