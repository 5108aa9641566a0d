/* Procedural images for training: one class a kind of pattern, texture, shape or figure, each image a random member of
 * its class. No outside data: everything is computed from the generator.
 *
 * Classes come in three families that share this file's types: fields (a value for each point of the plane), drawings
 * (primitives painted over a ground) and point sets (iterated-function systems). */
#ifndef DREAMRIG_TRAIN_PATTERN_H
#define DREAMRIG_TRAIN_PATTERN_H

#include "stimuli/base/random.h"
#include "stimuli/image.h"

/* The number of classes, and their names in the order of their labels ("checkerboard"). */
gsize pattern_n_classes(void);
const char *pattern_class_name(gsize label);

/* Fills the image (any size from 32x32 up) with a random member of the class: palette, scale, rotation, perspective,
 * ground, shading, blur, noise and occlusion are all drawn from `random`. Pixels are 0..255. */
void pattern_render(gsize label, Random *random, Image *image);

#endif
