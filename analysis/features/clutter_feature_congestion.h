/* Feature congestion: how cluttered an image is, from the local variability of its colour, contrast and orientation. */
#ifndef DREAMRIG_CLUTTER_FEATURE_CONGESTION_H
#define DREAMRIG_CLUTTER_FEATURE_CONGESTION_H

#include "analysis/features/clutter_mode.h"
#include "analysis/features/planes.h"
#include "stimuli/image.h"

/* The coarsest of the three levels is a quarter of the image and must exceed half of the widest filter (13 taps). */
#define CLUTTER_CONGESTION_MIN_SIDE 25

typedef struct {
  double total; /* the measure: the mean over pixels of color/.2088 + contrast/.0660 + orientation/.0269 */
  double color, contrast, orientation; /* each component's mean, unscaled */
} FeatureCongestion;

/* The maps, each of the image's size: the parts unscaled, and their weighted sum, whose mean is the measure. */
typedef enum {
  CONGESTION_COLOR,
  CONGESTION_CONTRAST,
  CONGESTION_ORIENTATION,
  CONGESTION_TOTAL,
  CONGESTION_MAPS
} CongestionMap;
const char *congestion_map_name(CongestionMap map); /* "color", "contrast", "orientation", "total" */

/* The authors' MATLAB code in double precision, with two deviations: negative determinants, which give NaN there, count
 * as 0, and grey images are measured like all others, where that code refuses them. Fails with RIG_ERROR_INPUT on an
 * image with a side below CLUTTER_CONGESTION_MIN_SIDE. *maps, which may be NULL, gets CONGESTION_MAPS planes; free with
 * planes_free.
 * Source: Rosenholtz, Li & Nakano 2007, Measuring visual clutter, Journal of Vision 7(2):17, doi:10.1167/7.2.17. */
bool clutter_feature_congestion(const Image *image, ClutterMode mode, FeatureCongestion *congestion, Planes **maps,
                                GError **error);

#endif
