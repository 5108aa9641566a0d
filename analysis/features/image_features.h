/* The properties of one image that the study relates to ratings. */
#ifndef DREAMRIG_IMAGE_FEATURES_H
#define DREAMRIG_IMAGE_FEATURES_H

#include "stimuli/image.h"

#define IMAGE_FEATURES_JPEG_QUALITY 75
/* The clutter measures work on whole planes of doubles, about CLUTTER_BYTES_PER_PIXEL a pixel in all: 2.5 GB at this
 * limit, for each image that is measured at a time. */
#define CLUTTER_MAX_PIXELS 16000000
#define CLUTTER_BYTES_PER_PIXEL 155

typedef enum {
  CLUTTER_NONE,
  CLUTTER_ROSENHOLTZ, /* the authors' MATLAB code: clutter_feature_congestion.h, clutter_subband_entropy.h */
} ClutterKind;

/* Command-line names in the enum's order, NULL-terminated: "none", "rosenholtz". */
const char *const *clutter_kind_names(void);

typedef struct {
  ClutterKind clutter;
  int jpeg_quality; /* 1..100 */
} ImageFeatureOptions;

typedef struct {
  double hue;        /* degrees, [0, 360), circular mean of the pixels that have a hue; NaN where the image has none */
  double saturation; /* mean of HSV's S, 0..1 */
  double brightness; /* mean of HSV's V, 0..1 */
  double jpeg_bytes; /* as image_jpeg_bytes */
  double cfc, cse;   /* feature congestion and subband entropy; NaN with CLUTTER_NONE */
} ImageFeatures;

/* The columns of the values above, in their order, NULL-terminated. */
const char *const *image_features_names(void);
/* Value `index` of image_features_names. */
double image_features_value(const ImageFeatures *features, gsize index);

/* Measures an image. With CLUTTER_ROSENHOLTZ an image with a side below 32, or of more than CLUTTER_MAX_PIXELS, is
 * RIG_ERROR_INPUT. */
bool image_features(const Image *image, const ImageFeatureOptions *options, ImageFeatures *features, GError **error);

#endif
