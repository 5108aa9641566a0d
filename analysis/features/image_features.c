#include "analysis/features/image_features.h"

#include "analysis/features/clutter_feature_congestion.h"
#include "analysis/features/clutter_subband_entropy.h"
#include "analysis/features/colour.h"
#include "stimuli/base/error.h"

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

static bool check_size(const Image *image, GError **error) {
  gsize pixels = (gsize)image->width * (gsize)image->height;
  if (pixels <= CLUTTER_MAX_PIXELS)
    return true;
  g_set_error(
      error, RIG_ERROR, RIG_ERROR_INPUT,
      "%d x %d pixels; clutter is measured up to %d megapixels (%.1f GB of memory, this image would take %.1f): "
      "make it smaller, or use --clutter none",
      image->width, image->height, CLUTTER_MAX_PIXELS / 1000000,
      (double)CLUTTER_MAX_PIXELS * CLUTTER_BYTES_PER_PIXEL / 1e9, (double)pixels * CLUTTER_BYTES_PER_PIXEL / 1e9);
  return false;
}

bool image_features(const Image *image, const ImageFeatureOptions *options, ImageFeatures *features, GError **error) {
  FeatureCongestion congestion = {.total = NAN};
  double entropy = NAN;
  /* First, as the smallest size that it takes is the larger one. */
  if (options->clutter == CLUTTER_ROSENHOLTZ &&
      (!check_size(image, error) || !clutter_subband_entropy(image, &entropy, error) ||
       !clutter_feature_congestion(image, &congestion, error)))
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
