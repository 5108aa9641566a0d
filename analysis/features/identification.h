/* How specific to its layer each image of a set is: can the layer be told from the image's look alone, when images from
 * the same seed are not there to compare with? */
#ifndef DREAMRIG_IDENTIFICATION_H
#define DREAMRIG_IDENTIFICATION_H

#include <glib.h>

/* Leave-one-seed-out nearest-neighbour identification. For each of the n_images descriptions (n_images x n_values, row
 * by row) the nearest of all descriptions with another seed is found; results[i] is whether it is of the same class.
 * Each value is first divided by its standard deviation over all images, and each block of values (block_sizes, which
 * add up to n_values) by the square root of its size, so that blocks count alike. Values that do not vary are left out.
 * The first of equally near neighbours counts. An image whose class has no image of another seed cannot be identified,
 * whatever it looks like: its result is IDENTIFICATION_NONE, and only other images are compared with it. */
typedef enum { IDENTIFICATION_MISSED, IDENTIFICATION_FOUND, IDENTIFICATION_NONE } Identification;
void identification_run(gsize n_images, gsize n_values, const double *descriptions, const gsize *block_sizes,
                        gsize n_blocks, const int *classes, const int *seeds, Identification *results);

#endif
