#include "analysis/features/image_features.h"

#include "analysis/features/colour.h"
#include "analysis/features/contrast.h"
#include "analysis/features/edge_density.h"
#include "analysis/features/fourier_slope.h"
#include "analysis/features/fractal_dimension.h"
#include "analysis/features/symmetry.h"
#include "stimuli/base/error.h"

#include <math.h>

/* What a column costs, and so what decides whether it is measured. */
typedef enum { CHEAP, OF_ROSENHOLTZ, OF_PORT } Cost;

static const struct {
  const char *name;
  gsize offset; /* in ImageFeatures */
  Cost cost;
} columns[] = {
#define COLUMN(field, cost)                                                                                            \
  { #field, offsetof(ImageFeatures, field), cost }
    COLUMN(hue, CHEAP),
    COLUMN(saturation, CHEAP),
    COLUMN(brightness, CHEAP),
    COLUMN(jpeg_bytes, CHEAP),
    COLUMN(hue_arithmetic, CHEAP),
    COLUMN(rgb_mean, CHEAP),
    COLUMN(lab_l, CHEAP),
    COLUMN(lab_a, CHEAP),
    COLUMN(lab_b, CHEAP),
    COLUMN(jpeg_ratio, CHEAP),
    COLUMN(rms_contrast, CHEAP),
    COLUMN(edge_density, CHEAP),
    COLUMN(colourfulness, CHEAP),
    COLUMN(fourier_slope, CHEAP),
    COLUMN(luminance_entropy, CHEAP),
    COLUMN(symmetry_vertical, CHEAP),
    COLUMN(symmetry_horizontal, CHEAP),
    COLUMN(fractal_dimension, CHEAP),
    COLUMN(cfc, OF_ROSENHOLTZ),
    COLUMN(cse, OF_ROSENHOLTZ),
    COLUMN(cfc_color, OF_ROSENHOLTZ),
    COLUMN(cfc_contrast, OF_ROSENHOLTZ),
    COLUMN(cfc_orientation, OF_ROSENHOLTZ),
    COLUMN(cfc_port, OF_PORT),
    COLUMN(cse_port, OF_PORT),
#undef COLUMN
};

const char *const *clutter_kind_names(void) {
  static const char *const names[] = {"none", "rosenholtz", "port", "both", NULL};
  return names;
}

bool clutter_kind_has(ClutterKind kind, ClutterMode mode) {
  return kind == CLUTTER_BOTH || kind == (mode == CLUTTER_MODE_PORT ? CLUTTER_PORT : CLUTTER_ROSENHOLTZ);
}

const char *const *image_features_names(void) {
  static const char *names[G_N_ELEMENTS(columns) + 1];
  static gsize ready = 0;
  if (g_once_init_enter(&ready)) {
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
      names[i] = columns[i].name;
    g_once_init_leave(&ready, 1);
  }
  return names;
}

static bool is_wanted(Cost cost, ClutterKind kind) {
  return cost == CHEAP || clutter_kind_has(kind, cost == OF_PORT ? CLUTTER_MODE_PORT : CLUTTER_MODE_ROSENHOLTZ);
}

char **image_features_columns(const ImageFeatureOptions *options, gsize *n_cheap) {
  GPtrArray *names = g_ptr_array_new();
  bool cheap = true;
  *n_cheap = 0;
  for (gsize i = 0; i <= G_N_ELEMENTS(columns); i++) {
    if (cheap && (i == G_N_ELEMENTS(columns) || columns[i].cost != CHEAP)) {
      for (gsize q = 0; q < options->n_more; q++) {
        g_ptr_array_add(names, g_strdup_printf("jpeg_bytes_q%d", options->more[q]));
        g_ptr_array_add(names, g_strdup_printf("jpeg_ratio_q%d", options->more[q]));
      }
      *n_cheap = names->len;
      cheap = false;
    }
    if (i < G_N_ELEMENTS(columns) && is_wanted(columns[i].cost, options->clutter))
      g_ptr_array_add(names, g_strdup(columns[i].name));
  }
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

void image_features_values(const ImageFeatures *features, const ImageFeatureOptions *options, double *values) {
  gsize n = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
    if (columns[i].cost != CHEAP && i > 0 && columns[i - 1].cost == CHEAP)
      for (gsize q = 0; q < options->n_more; q++) {
        values[n++] = features->more_bytes[q];
        values[n++] = features->more_ratios[q];
      }
    if (is_wanted(columns[i].cost, options->clutter))
      values[n++] = G_STRUCT_MEMBER(double, features, columns[i].offset);
  }
}

bool image_features_check_size(const Image *image, GError **error) {
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

static bool measure_clutter(const Image *image, ClutterKind kind, ImageFeatures *features, GError **error) {
  FeatureCongestion congestion = {NAN, NAN, NAN, NAN}, port = {NAN, NAN, NAN, NAN};
  features->cse = features->cse_port = NAN;
  if (kind != CLUTTER_NONE && !image_features_check_size(image, error))
    return false;
  /* Entropy first, as the smallest size that it takes is the larger one. */
  if (clutter_kind_has(kind, CLUTTER_MODE_ROSENHOLTZ) &&
      (!clutter_subband_entropy(image, CLUTTER_MODE_ROSENHOLTZ, &features->cse, NULL, error) ||
       !clutter_feature_congestion(image, CLUTTER_MODE_ROSENHOLTZ, &congestion, NULL, error)))
    return false;
  if (clutter_kind_has(kind, CLUTTER_MODE_PORT) &&
      (!clutter_subband_entropy(image, CLUTTER_MODE_PORT, &features->cse_port, NULL, error) ||
       !clutter_feature_congestion(image, CLUTTER_MODE_PORT, &port, NULL, error)))
    return false;
  features->cfc = congestion.total;
  features->cfc_color = congestion.color;
  features->cfc_contrast = congestion.contrast;
  features->cfc_orientation = congestion.orientation;
  features->cfc_port = port.total;
  return true;
}

static bool measure_jpeg(const Image *image, int quality, double *bytes, double *ratio, GError **error) {
  gsize size;
  if (!image_jpeg_bytes(image, quality, &size, error))
    return false;
  *bytes = (double)size;
  *ratio = *bytes / (3.0 * image->width * image->height);
  return true;
}

static bool measure_lab(const Image *image, ImageFeatures *features, GError **error) {
  g_autoptr(Planes) planes = planes_new(3, image->width, image->height, error);
  if (planes == NULL)
    return false;
  Plane *lab = planes->planes;
  colour_lab(image, &lab[0], &lab[1], &lab[2]);
  features->lab_l = plane_mean(&lab[0]);
  features->lab_a = plane_mean(&lab[1]);
  features->lab_b = plane_mean(&lab[2]);
  features->luminance_entropy = contrast_lightness_entropy(&lab[0]);
  return fourier_slope(&lab[0], &features->fourier_slope, error);
}

/* NaN for an image that is too narrow for the filters, as for the other measures that an image does not have. */
static bool measure_edges(const Image *image, ImageFeatures *features, GError **error) {
  GError *cause = NULL;
  features->edge_density = NAN;
  if (edge_density(image, &features->edge_density, &cause))
    return true;
  if (g_error_matches(cause, RIG_ERROR, RIG_ERROR_INPUT)) {
    g_error_free(cause);
    return true;
  }
  g_propagate_error(error, cause);
  return false;
}

bool image_features(const Image *image, const ImageFeatureOptions *options, ImageFeatures *features, GError **error) {
  ImageFeatures made = {0};
  MirrorSymmetry symmetry;
  if (!measure_clutter(image, options->clutter, &made, error) ||
      !measure_jpeg(image, options->jpeg_quality, &made.jpeg_bytes, &made.jpeg_ratio, error) ||
      !measure_lab(image, &made, error) || !measure_edges(image, &made, error) ||
      !mirror_symmetry(image, &symmetry, error) || !fractal_dimension(image, &made.fractal_dimension, error))
    return false;
  for (gsize q = 0; q < options->n_more; q++)
    if (!measure_jpeg(image, options->more[q], &made.more_bytes[q], &made.more_ratios[q], error))
      return false;
  ColourMeans colour;
  colour_means(image, &colour);
  made.hue = colour.hue_deg;
  made.saturation = colour.saturation;
  made.brightness = colour.brightness;
  made.hue_arithmetic = colour.hue_arithmetic_deg;
  made.rgb_mean = colour.rgb_mean;
  made.symmetry_vertical = symmetry.vertical;
  made.symmetry_horizontal = symmetry.horizontal;
  made.rms_contrast = contrast_rms(image);
  made.colourfulness = contrast_colourfulness(image);
  *features = made;
  return true;
}
