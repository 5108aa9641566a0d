#include "analysis/features/image_features.h"

#include "analysis/features/clutter_feature_congestion.h"
#include "analysis/features/clutter_subband_entropy.h"
#include "analysis/features/colour.h"

#include <math.h>

const char *const *clutter_kind_names(void) {
  static const char *const names[] = {"none", "rosenholtz", NULL};
  return names;
}

const char *const *image_features_names(void) {
  static const char *const names[] = {"hue", "saturation", "brightness", "jpeg_bytes", "cfc", "cse", NULL};
  return names;
}

double image_features_value(const ImageFeatures *features, gsize index) {
  const double values[] = {features->hue,        features->saturation, features->brightness,
                           features->jpeg_bytes, features->cfc,        features->cse};
  g_assert(index < G_N_ELEMENTS(values));
  return values[index];
}

bool image_features(const Image *image, const ImageFeatureOptions *options, ImageFeatures *features, GError **error) {
  FeatureCongestion congestion = {.total = NAN};
  double entropy = NAN;
  /* First, as the smallest size that it takes is the larger one. */
  if (options->clutter == CLUTTER_ROSENHOLTZ &&
      (!clutter_subband_entropy(image, &entropy, error) || !clutter_feature_congestion(image, &congestion, error)))
    return false;
  gsize bytes;
  if (!image_jpeg_bytes(image, options->jpeg_quality, &bytes, error))
    return false;
  ColourMeans colour;
  colour_means(image, &colour);
  *features =
      (ImageFeatures){colour.hue_deg, colour.saturation, colour.brightness, (double)bytes, congestion.total, entropy};
  return true;
}
