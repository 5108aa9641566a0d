/* The formats behind image_decode and image_write_png, and NumPy's: each takes and gives bytes in memory. For those,
 * and for who must know the bytes before they are written. */
#ifndef DREAMRIG_IMAGE_CODECS_H
#define DREAMRIG_IMAGE_CODECS_H

#include "stimuli/image.h"

bool image_png_decode(const char *name, const void *data, gsize size, Image **image, GError **error);
/* Appends to `png`. */
bool image_png_encode(const char *name, const Image *image, GByteArray *png, GError **error);
/* NumPy's .npy, version 1.0, float32, C order, shape (height, width, 3). NULL with error set without memory. Free with g_byte_array_unref. */
GByteArray *image_npy_encode(const char *name, const Image *image, GError **error);
bool image_jpeg_decode(const char *name, const void *data, gsize size, Image **image, GError **error);

#endif
