/* The image that an ascent starts from: noise of a seed, or the top left of an image of the user's. */
#ifndef DREAMRIG_DREAM_START_H
#define DREAMRIG_DREAM_START_H

#include "stimuli/image.h"

#define START_NOISE_MEAN 127.0
#define START_NOISE_SD 12.75
#define START_NOISE_STREAM "noise"

/* Independent noise in every channel as the study's: floor(N(127, 12.75)) clipped to 0..255, drawn row by row, pixel by
 * pixel, R G B, from random_init_stream(seed, "noise"). The ascent's rolls come from random_init(seed), so that they do
 * not depend on where the start comes from. */
Image *start_noise(guint32 seed, int width, int height, GError **error);

/* Reads an image and keeps its top left (width, height); 0, 0 keeps it whole. Fails when it is smaller. */
bool start_read(const char *path, int width, int height, Image **image, GError **error);

#endif
