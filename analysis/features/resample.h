/* Resizing and greyscale of 8-bit images as Pillow does them, on which the Aesthetics Toolbox's measures rest. */
#ifndef DREAMRIG_RESAMPLE_H
#define DREAMRIG_RESAMPLE_H

#include "analysis/features/planes.h"
#include "stimuli/image.h"

typedef enum { RESAMPLE_BICUBIC, RESAMPLE_LANCZOS } ResampleKernel;

/* Pillow's mode L of the image as it is saved (8 bit): (19595 R + 38470 G + 7471 B) / 65536, rounded, as whole numbers
 * 0..255. `grey` must have room for the image. */
void resample_grey(const Image *image, Plane *grey);

/* Pillow's Image.resize: the kernel (a = -1/2; three lobes), widened by the scale where the image shrinks, over the
 * columns and then the rows, each rounded to 0..255. `scratch` needs room for width * in->height values, `out` for
 * width * height; neither may be `in`. */
void resample(const Plane *in, ResampleKernel kernel, int width, int height, Plane *scratch, Plane *out);

#endif
