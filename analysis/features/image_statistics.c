#include "analysis/features/image_statistics.h"

#include <math.h>
#include <string.h>

#include "analysis/features/colour.h"
#include "analysis/features/image_features.h"
#include "stimuli/base/error.h"

#define SCALES 3
#define DIRECTIONS 8
#define LEVELS 4 /* of each colour channel */

static bool properties(const Image *image, double *out, GError **error) {
  ColourMeans colour;
  FeatureCongestion congestion;
  double entropy;
  gsize jpeg_bytes;
  /* Entropy first, as the smallest size that it takes is the larger one. */
  if (!image_features_check_size(image, error) ||
      !clutter_subband_entropy(image, CLUTTER_MODE_ROSENHOLTZ, &entropy, NULL, error) ||
      !clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &congestion, NULL, error) ||
      !image_jpeg_bytes(image, IMAGE_FEATURES_JPEG_QUALITY, &jpeg_bytes, error))
    return false;
  colour_means(image, &colour);
  /* An image without a hue has no saturation either, and lies in the middle of the colour circle. */
  double hue = isnan(colour.hue_deg) ? 0 : colour.hue_deg * G_PI / 180;
  const double values[IMAGE_STATISTICS_PROPERTIES] = {colour.saturation * cos(hue),
                                                      colour.saturation * sin(hue),
                                                      colour.saturation,
                                                      colour.brightness,
                                                      log((double)jpeg_bytes),
                                                      congestion.total,
                                                      entropy};
  memcpy(out, values, sizeof values);
  return true;
}

static gsize level(float value) { return (gsize)CLAMP(value / 256 * LEVELS, 0, LEVELS - 1); }

static void colours(const Image *image, double *out) {
  gsize n = (gsize)image->width * (gsize)image->height;
  memset(out, 0, IMAGE_STATISTICS_COLOURS * sizeof *out);
  for (gsize i = 0; i < n; i++) {
    const float *pixel = image->pixels + 3 * i;
    out[(level(pixel[0]) * LEVELS + level(pixel[1])) * LEVELS + level(pixel[2])]++;
  }
  for (gsize k = 0; k < IMAGE_STATISTICS_COLOURS; k++)
    out[k] = sqrt(out[k] / (double)n);
}

static float grey(const Image *image, int x, int y) {
  const float *pixel = image->pixels + ((gsize)y * (gsize)image->width + (gsize)x) * 3;
  return (pixel[0] + pixel[1] + pixel[2]) / 3;
}

/* out[DIRECTIONS + 1] */
static void gradients(const Image *image, double *out) {
  double energy = 0;
  memset(out, 0, DIRECTIONS * sizeof *out);
  for (int y = 1; y + 1 < image->height; y++)
    for (int x = 1; x + 1 < image->width; x++) {
      double dx = (double)(grey(image, x + 1, y) - grey(image, x - 1, y)) / 2;
      double dy = (double)(grey(image, x, y + 1) - grey(image, x, y - 1)) / 2;
      double turn = atan2(dy, dx) / G_PI;
      gsize direction = (gsize)((turn - floor(turn)) * DIRECTIONS);
      out[MIN(direction, DIRECTIONS - 1)] += dx * dx + dy * dy;
      energy += dx * dx + dy * dy;
    }
  for (gsize k = 0; k < DIRECTIONS; k++)
    out[k] = energy > 0 ? sqrt(out[k] / energy) : sqrt(1.0 / DIRECTIONS);
  out[DIRECTIONS] = log1p(energy / ((double)image->width * image->height));
}

static bool orientations(const Image *image, double *out, GError **error) {
  g_autoptr(Image) scaled = image_copy(image, error);
  for (int scale = 0; scaled != NULL && scale < SCALES; scale++) {
    gradients(scaled, out + scale * (DIRECTIONS + 1));
    if (scale + 1 == SCALES)
      return true;
    g_autoptr(Image) half = image_new(scaled->width / 2, scaled->height / 2, error);
    if (half == NULL)
      return false;
    image_resize_area(scaled, half);
    image_free(scaled);
    scaled = g_steal_pointer(&half);
  }
  return false;
}

bool image_statistics(const Image *image, double *statistics, GError **error) {
  if (!properties(image, statistics, error))
    return false;
  colours(image, statistics + IMAGE_STATISTICS_PROPERTIES);
  return orientations(image, statistics + IMAGE_STATISTICS_PROPERTIES + IMAGE_STATISTICS_COLOURS, error);
}
