/* The fractal dimension of the border between an image's dark and light parts, by counting boxes. */
#ifndef DREAMRIG_FRACTAL_DIMENSION_H
#define DREAMRIG_FRACTAL_DIMENSION_H

#include "stimuli/image.h"

/* The grey image, made square (its longer side resized to the shorter one), is cut at its mean. Boxes of 2, 4, 8, ...
 * pixels that hold both parts are counted; the dimension is the slope of log count against log boxes a side, 1 for a
 * smooth border, up to 2. NaN where a count is 0 (a flat image) or fewer than two box sizes fit. Fails with
 * RIG_ERROR_MEMORY.
 * Source: Spehar, Walker & Taylor 2016, Taxonomy of individual variations in aesthetic responses to fractal patterns,
 * Frontiers in Human Neuroscience 10:350, doi:10.3389/fnhum.2016.00350; as the Aesthetics Toolbox's "2-dimensional
 * fractal dimension": a box counts as one with both parts where not all of its four quarters do. */
bool fractal_dimension(const Image *image, double *dimension, GError **error);

#endif
