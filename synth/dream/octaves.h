/* A Laplacian stack: an image split into a small blurred copy and the detail that each larger size adds.
 *
 * Level 0 is the image itself; level k + 1 has int(float32(side) / scale) pixels a side of level k. */
#ifndef DREAMRIG_DREAM_OCTAVES_H
#define DREAMRIG_DREAM_OCTAVES_H

#include "stimuli/image.h"

#define OCTAVES_MAX 32

/* The next smaller side, as NumPy computes np.int32(np.float32(side) / scale); may be 0. */
int octaves_smaller_side(int side, double scale);

typedef struct Octaves Octaves;

/* A stack of n levels (1..OCTAVES_MAX), scale > 1, all memory allocated. Fails when memory is short or a level would
 * have no pixels. */
Octaves *octaves_new(int width, int height, int n, double scale, GError **error);
void octaves_free(Octaves *octaves);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Octaves, octaves_free)

/* The image of level k, which the caller may change in place. */
Image *octaves_level(Octaves *octaves, int k);
/* From level 0: every smaller level, and the detail that each level has beyond the next smaller one enlarged. */
void octaves_split(Octaves *octaves);
/* Level k = level k + 1 enlarged + detail of level k. */
void octaves_merge(Octaves *octaves, int k);

#endif
