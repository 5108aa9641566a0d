/* The properties of one image that are related to ratings. */
#ifndef DREAMRIG_IMAGE_FEATURES_H
#define DREAMRIG_IMAGE_FEATURES_H

#include "analysis/features/clutter_feature_congestion.h"
#include "analysis/features/clutter_subband_entropy.h"
#include "stimuli/image.h"

#define IMAGE_FEATURES_JPEG_QUALITY 75
#define IMAGE_FEATURES_MAX_QUALITIES 8
/* The clutter measures work on whole planes of doubles, about CLUTTER_BYTES_PER_PIXEL a pixel in all: 2.5 GB at this
 * limit, for each image that is measured at a time. */
#define CLUTTER_MAX_PIXELS 16000000
#define CLUTTER_BYTES_PER_PIXEL 155

typedef enum {
  CLUTTER_NONE,
  CLUTTER_ROSENHOLTZ, /* the authors' MATLAB code */
  CLUTTER_PORT,       /* the Python port of it */
  CLUTTER_BOTH,
} ClutterKind;

/* Command-line names in the enum's order, NULL-terminated: "none", "rosenholtz", "port", "both". */
const char *const *clutter_kind_names(void);
/* Whether the kind's measures have those of this mode among them. */
bool clutter_kind_has(ClutterKind kind, ClutterMode mode);

typedef struct {
  ClutterKind clutter;
  int jpeg_quality;                       /* 1..100 */
  gsize n_more;                           /* further qualities */
  int more[IMAGE_FEATURES_MAX_QUALITIES]; /* (n_more) */
} ImageFeatureOptions;

typedef struct {
  double hue;        /* degrees, [0, 360), circular mean of the pixels that have a hue; NaN where the image has none */
  double saturation; /* mean of HSV's S, 0..1 */
  double brightness; /* mean of HSV's V, 0..1 */
  double jpeg_bytes; /* as image_jpeg_bytes */
  double hue_arithmetic;                            /* colour.h */
  double rgb_mean;                                  /* 0..255 */
  double lab_l, lab_a, lab_b;                       /* means of CIE L*, a*, b* */
  double jpeg_ratio;                                /* jpeg_bytes over the 3 bytes of each pixel */
  double rms_contrast;                              /* contrast.h */
  double edge_density;                              /* edge_density.h; NaN for images too narrow */
  double colourfulness;                             /* contrast.h */
  double fourier_slope;                             /* fourier_slope.h */
  double luminance_entropy;                         /* contrast.h: of L*, bits */
  double symmetry_vertical, symmetry_horizontal;    /* symmetry.h */
  double fractal_dimension;                         /* fractal_dimension.h */
  double cfc, cse;                                  /* feature congestion and subband entropy; NaN where not measured */
  double cfc_color, cfc_contrast, cfc_orientation;  /* the congestion's parts */
  double cfc_port, cse_port;                        /* the same by the port; NaN where not measured */
  double more_bytes[IMAGE_FEATURES_MAX_QUALITIES];  /* jpeg_bytes at the further qualities */
  double more_ratios[IMAGE_FEATURES_MAX_QUALITIES]; /* jpeg_ratio */
} ImageFeatures;

/* All columns there are, but those of further qualities, in their order, NULL-terminated. */
const char *const *image_features_names(void);

/* The columns of these options, NULL-terminated: those that are cheap first (*n_cheap of them; then those of further
 * qualities, "jpeg_bytes_q50", "jpeg_ratio_q50"), then those of the clutter measures. Free with g_strfreev. */
char **image_features_columns(const ImageFeatureOptions *options, gsize *n_cheap);
/* The values of image_features_columns, in its order, into values. */
void image_features_values(const ImageFeatures *features, const ImageFeatureOptions *options, double *values);

/* Whether clutter may be measured; RIG_ERROR_INPUT for an image of more than CLUTTER_MAX_PIXELS. */
bool image_features_check_size(const Image *image, GError **error);

/* Measures an image. With clutter an image with a side below 32, or of more than CLUTTER_MAX_PIXELS, is
 * RIG_ERROR_INPUT.
 */
bool image_features(const Image *image, const ImageFeatureOptions *options, ImageFeatures *features, GError **error);

#endif
