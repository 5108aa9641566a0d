/* Mirror symmetry: how well one half of an image correlates with the other, mirrored. */
#ifndef DREAMRIG_SYMMETRY_H
#define DREAMRIG_SYMMETRY_H

#include "stimuli/image.h"

typedef struct {
  double vertical;   /* about a vertical axis: left with right, 0..1 */
  double horizontal; /* about a horizontal axis: top with bottom */
} MirrorSymmetry;

/* For each channel the largest absolute correlation of the halves over axes that are shifted by up to 5 % of the side
 * (the image is cut at its far end), then .2989 R + .5870 G + .1140 B. NaN where a half of a channel does not vary for
 * every axis, and below 4 pixels. Fails with RIG_ERROR_MEMORY.
 * Source: Mayer & Landwehr 2018, Quantifying visual aesthetics based on processing fluency theory, Psychology of
 * Aesthetics, Creativity, and the Arts 12(4), doi:10.1037/aca0000187; img_symmetry of the R package imagefluency, which
 * stops where one axis has a half that does not vary; here the other axes count. */
bool mirror_symmetry(const Image *image, MirrorSymmetry *symmetry, GError **error);

#endif
