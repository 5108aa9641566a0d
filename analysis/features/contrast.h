/* Contrast, entropy of lightness, and colourfulness. */
#ifndef DREAMRIG_FEATURES_CONTRAST_H
#define DREAMRIG_FEATURES_CONTRAST_H

#include "analysis/features/planes.h"
#include "stimuli/image.h"

/* RMS contrast, 0 to about .5: .2989 sd(R) + .5870 sd(G) + .1140 sd(B) with channels on 0..1 and n - 1; NaN for one
 * pixel. Source: Peli 1990, Contrast in complex images, doi:10.1364/JOSAA.7.002032; img_contrast of the R package
 * imagefluency (Mayer & Landwehr 2018, doi:10.1037/aca0000187). */
double contrast_rms(const Image *image);

/* Shannon entropy in bits, 0..8, of CIE L* divided by its maximum and counted in 256 levels. Source: the "lightness
 * entropy" of the Aesthetics Toolbox (Redies et al. 2025, doi:10.3758/s13428-025-02632-3). */
double contrast_lightness_entropy(const Plane *lightness);

/* sqrt(var(rg) + var(yb)) + .3 sqrt(mean(rg)^2 + mean(yb)^2) with rg = R - G and yb = (R + G)/2 - B on 0..255: 0 for
 * grey, about 100 for very colourful. Source: Hasler & Suesstrunk 2003, Measuring colourfulness in natural images,
 * doi:10.1117/12.477378, eq. 3 (M3). */
double contrast_colourfulness(const Image *image);

#endif
