/* A pattern mask: square cells in colours drawn from the picture's own pixels, so that it has the picture's colours and
 * mean luminance but none of its structure. Source of the idea: block scrambling in backward masking, e.g. Breitmeyer &
 * Ogmen 2006, doi:10.1093/acprof:oso/9780198530671.001.0001; the cells' size is our choice. */
#ifndef DREAMRIG_PRESENT_MASK_H
#define DREAMRIG_PRESENT_MASK_H

#include "present/draw/frame.h"
#include "stimuli/base/random.h"

/* Of the picture's size, MASK_CELLS cells along its shorter side. Free with picture_free. */
#define MASK_CELLS 24
Picture *mask_new(const Picture *picture, Random *random);

#endif
