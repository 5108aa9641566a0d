/* How an image's amplitude falls with spatial frequency. */
#ifndef DREAMRIG_FOURIER_SLOPE_H
#define DREAMRIG_FOURIER_SLOPE_H

#include "analysis/features/planes.h"

#define FOURIER_SLOPE_MIN_SIDE 16

/* Half the slope of log power against log frequency, about -1 for natural scenes. `lightness` is CIE L* (0..100), of
 * which the largest centred square with a power of two as its side (N) is taken, cut to 8 bit; power is averaged over
 * rings of whole cycles a side, and the line fitted from N/50 - 1 to N/4 - 1 cycles (at least 1). NaN where a ring has
 * no power (a flat image) and below FOURIER_SLOPE_MIN_SIDE. Fails with RIG_ERROR_MEMORY.
 * Source: Mather 2014, Artistic adjustment of image spectral slope, Art & Perception 2,
 * doi:10.1163/22134913-00002018; the Aesthetics Toolbox's "Fourier slope (Mather)". */
bool fourier_slope(const Plane *lightness, double *slope, GError **error);

#endif
