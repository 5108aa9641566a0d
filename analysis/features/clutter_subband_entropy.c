#include "analysis/features/clutter_subband_entropy.h"

#include "analysis/features/colour.h"

#include <math.h>
#include <string.h>

#define CHROMA_WEIGHT 0.0625
#define LEAST_CHROMA_RANGE 0.008

gsize clutter_band_bins(gsize n) {
  gsize bins = (gsize)sqrt((double)n);
  while (bins * bins < n)
    bins++;
  return bins;
}

static void plane_range(const Plane *plane, double *low, double *high) {
  gsize n = plane_size(plane);
  *low = *high = plane->data[0];
  for (gsize i = 1; i < n; i++) {
    *low = MIN(*low, plane->data[i]);
    *high = MAX(*high, plane->data[i]);
  }
}

double clutter_band_entropy(const Plane *band, gsize *counts) {
  gsize n = plane_size(band), n_bins = clutter_band_bins(n);
  double low, high;
  plane_range(band, &low, &high);
  double step = (high - low) / (double)(n_bins - 1);
  if (!(high > low) || !(step > 0))
    return 0;
  memset(counts, 0, n_bins * sizeof *counts);
  for (gsize i = 0; i < n; i++) {
    double value = band->data[i];
    gsize bin = MIN((gsize)((value - low) / step), n_bins - 1);
    /* The division rounds; which bin a value on an edge is in, the edges decide. */
    while (bin > 0 && value < (bin == n_bins - 1 ? high : low + (double)bin * step))
      bin--;
    while (bin < n_bins - 1 && value >= (bin + 1 == n_bins - 1 ? high : low + (double)(bin + 1) * step))
      bin++;
    counts[bin]++;
  }
  double entropy = 0;
  for (gsize bin = 0; bin < n_bins; bin++)
    if (counts[bin] > 0) {
      double p = (double)counts[bin] / (double)n;
      entropy -= p * log(p);
    }
  return entropy;
}

typedef struct {
  gsize *counts;
  gsize n;
  double *bands;
} Entropies;

static void add_band(const Plane *band, gpointer context) {
  Entropies *entropies = context;
  entropies->bands[entropies->n++] = clutter_band_entropy(band, entropies->counts);
}

/* The mean over bands; 0 for a channel that varies by less than least_range, whose bands would be rounding errors. */
static double channel_entropy(SteerablePyramid *pyramid, const Plane *channel, double least_range, gsize *counts,
                              gsize n_bands, double *bands) {
  double low, high;
  plane_range(channel, &low, &high);
  if (high - low < least_range || high == low)
    return 0;
  Entropies entropies = {.counts = counts, .bands = bands};
  steerable_pyramid_split(pyramid, channel, add_band, &entropies);
  double sum = 0;
  for (gsize i = 0; i < n_bands; i++)
    sum += bands[i];
  return sum / (double)n_bands;
}

bool clutter_subband_entropy(const Image *image, ClutterMode mode, double *entropy, SubbandEntropies *bands,
                             GError **error) {
  g_autoptr(SteerablePyramid) pyramid = steerable_pyramid_new(image->width, image->height, mode, error);
  if (pyramid == NULL)
    return false;
  g_autoptr(Planes) planes = planes_new(3, image->width, image->height, error);
  if (planes == NULL)
    return false;
  Plane *lab = planes->planes;
  colour_clutter_lab(image, mode, &lab[0], &lab[1], &lab[2]);
  g_autofree gsize *counts = g_new(gsize, clutter_band_bins(plane_size(&lab[0])));
  SubbandEntropies own = {.n_bands = mode == CLUTTER_MODE_PORT ? STEERABLE_PORT_BANDS : STEERABLE_BANDS};
  double l = channel_entropy(pyramid, &lab[0], 0, counts, own.n_bands, own.of[0]);
  double a = channel_entropy(pyramid, &lab[1], LEAST_CHROMA_RANGE, counts, own.n_bands, own.of[1]);
  double b = channel_entropy(pyramid, &lab[2], LEAST_CHROMA_RANGE, counts, own.n_bands, own.of[2]);
  if (bands != NULL)
    *bands = own;
  *entropy = (l + CHROMA_WEIGHT * (a + b)) / (1 + 2 * CHROMA_WEIGHT);
  return true;
}
