/* A coarse description of an image's look, for telling images of different layers apart: the study's properties, a
 * colour histogram and an orientation histogram. */
#ifndef DREAMRIG_IMAGE_STATISTICS_H
#define DREAMRIG_IMAGE_STATISTICS_H

#include "stimuli/image.h"

#define IMAGE_STATISTICS_PROPERTIES 7 /* S cos hue, S sin hue, S, V, ln JPEG bytes, cfc, cse */
#define IMAGE_STATISTICS_COLOURS 64   /* 4 x 4 x 4 bins of R, G, B: square roots of the shares of pixels */
#define IMAGE_STATISTICS_ORIENTATIONS                                                                                  \
  27 /* at 3 scales: 8 orientations' shares of gradient energy, then ln(1+energy)                                      \
      */
#define IMAGE_STATISTICS_N (IMAGE_STATISTICS_PROPERTIES + IMAGE_STATISTICS_COLOURS + IMAGE_STATISTICS_ORIENTATIONS)

/* The three blocks one after another into statistics[IMAGE_STATISTICS_N]. Square roots make the distance of two
 * histograms Hellinger's. Gradients are central differences of the mean of R, G and B, after halving once for each
 * further scale, folded to 0..180 degrees. An image with a side below 32 is RIG_ERROR_INPUT. */
bool image_statistics(const Image *image, double *statistics, GError **error);

#endif
