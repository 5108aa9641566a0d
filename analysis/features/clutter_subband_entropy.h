/* Subband entropy: how cluttered an image is, from how much its wavelet coefficients could not be compressed. */
#ifndef DREAMRIG_CLUTTER_SUBBAND_ENTROPY_H
#define DREAMRIG_CLUTTER_SUBBAND_ENTROPY_H

#include "analysis/features/steerable_pyramid.h"
#include "stimuli/image.h"

#define CLUTTER_ENTROPY_MIN_SIDE STEERABLE_MIN_SIDE

/* The entropies (nats) of each channel's bands: 12 oriented ones, levels from fine to coarse and orientations (0, 45,
 * 90, 135 degrees) within, the lowpass, and in the port the highpass. All 0 for a channel that counts as 0. */
typedef struct {
  gsize n_bands;
  double of[3][STEERABLE_PORT_BANDS]; /* L, a, b */
} SubbandEntropies;

/* In nats: the weighted mean (1, .0625, .0625) over L, a and b of the mean entropy of 12 oriented bands and the
 * lowpass. A chroma channel with a range below .008 counts as 0; a constant image gives 0. Fails with RIG_ERROR_INPUT
 * on an image with a side below CLUTTER_ENTROPY_MIN_SIDE, RIG_ERROR_MEMORY. *bands, which may be NULL, gets the bands'
 * entropies. Source: Rosenholtz, Li & Nakano 2007,
 * Journal of Vision 7(2):17, doi:10.1167/7.2.17, and the authors' MATLAB code. */
bool clutter_subband_entropy(const Image *image, ClutterMode mode, double *entropy, SubbandEntropies *bands,
                             GError **error);

/* The entropy (nats) of values counted in ceil(sqrt(n)) bins, the last of which holds the maximum alone; 0 where all
 * values are the same. */
double clutter_band_entropy(const Plane *band, gsize *counts);
/* How many counters clutter_band_entropy needs for n values. */
gsize clutter_band_bins(gsize n);

#endif
