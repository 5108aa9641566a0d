/* The formats behind image_decode and image_write_png: each takes and gives bytes in memory. For image.c. */
#ifndef DREAMRIG_IMAGE_CODECS_H
#define DREAMRIG_IMAGE_CODECS_H

#include "stimuli/image.h"

bool image_png_decode(const char *name, const void *data, gsize size, Image **image, GError **error);
/* Appends to `png`. */
bool image_png_encode(const char *name, const Image *image, GByteArray *png, GError **error);
bool image_jpeg_decode(const char *name, const void *data, gsize size, Image **image, GError **error);

#endif
