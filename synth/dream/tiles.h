/* The gradient of an objective over an image of any size, tile by tile, and the objective of a whole image.
 *
 * Tiles start at range(0, max(side - tile / 2, tile), tile) along each axis, so that the last one may be smaller than
 * `tile` and a rest of less than half a tile stays without gradient. */
#ifndef DREAMRIG_DREAM_TILES_H
#define DREAMRIG_DREAM_TILES_H

#include "stimuli/image.h"
#include "synth/dream/objective.h"

/* The number of tiles along an axis of `side` pixels, and the length of the i-th one. */
int tiles_count(int side, int tile);
int tiles_length(int side, int tile, int i);

typedef struct Tiles Tiles;

/* One plan for every size of tile, made by tiles_prepare, all in the workspace (or NULL for one of their own). Graph,
 * objective and workspace must outlive the tiles, which belong to one thread. */
Tiles *tiles_new(const NetGraph *graph, const Objective *objective, int tile, NetWorkspace *workspace);
void tiles_free(Tiles *tiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tiles, tiles_free)

/* Allocates what images of this size need; no allocation after that. */
bool tiles_prepare(Tiles *tiles, int width, int height, GError **error);
/* d objective / d pixels, (height, width, 3), of each tile's own objective, on a prepared size. The image is rolled by
 * shift_x pixels to the right and shift_y down before it is cut (both >= 0, taken modulo the size), and the gradient
 * rolled back. Pixels outside every tile get 0. */
void tiles_gradient(Tiles *tiles, const Image *image, int shift_x, int shift_y, float *gradient);
/* The objective of the whole image: the mean over the tiles, without a roll, each weighted by its number of pixels. For
 * an image no larger than a tile this is the objective of the image. */
double tiles_objective(Tiles *tiles, const Image *image);

#endif
