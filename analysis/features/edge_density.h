/* How many edges an image has: the mean response of the best of 24 oriented filters. */
#ifndef DREAMRIG_EDGE_DENSITY_H
#define DREAMRIG_EDGE_DENSITY_H

#include "stimuli/image.h"

/* The grey image (0..255) is resized to about 120,000 pixels; at each pixel the largest response of 24 odd Gabor
 * filters (8 pixels a cycle, 15 degrees apart) counts, and the mean is taken. Fails with RIG_ERROR_INPUT on an image
 * that is then below 8 pixels wide or high, RIG_ERROR_MEMORY. Source: Redies, Brachmann & Wagemans 2017, High entropy
 * of edge orientations characterizes visual artworks, Vision Research 133, doi:10.1016/j.visres.2017.02.004; as in the
 * Aesthetics Toolbox (Redies et al. 2025, Behavior Research Methods 57:117, doi:10.3758/s13428-025-02632-3). */
bool edge_density(const Image *image, double *density, GError **error);

#endif
