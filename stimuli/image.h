/* A stimulus's pixels: float RGB in memory, sRGB PNG on disk.
 *
 * Pixels are (height, width, 3), row-major, channels interleaved R G B, nominally 0..255 and never clipped in memory
 * (the ascent leaves that range). */
#ifndef DREAMRIG_IMAGE_H
#define DREAMRIG_IMAGE_H

#include <glib.h>
#include <stdbool.h>

#define IMAGE_MAX_SIDE 16384
#define IMAGE_MAX_FILE_BYTES ((gsize)1 << 30)

typedef struct {
  int width, height; /* 1..IMAGE_MAX_SIDE */
  float *pixels;     /* (height, width, 3), 64-byte aligned, owned */
} Image;

/* Zero-filled. Returns NULL with error set on a size out of range or no memory. */
Image *image_new(int width, int height, GError **error);
void image_free(Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)
Image *image_copy(const Image *image, GError **error);
/* The rectangle with its top left at (x, y); fails when it does not lie inside. */
Image *image_crop(const Image *image, int x, int y, int width, int height, GError **error);

/* Reads a PNG or JPEG, known by its signature: 8 or 16 bit, grey, palette, alpha (over black is NOT assumed: alpha is
 * composited on mid grey 128, and only where some pixel is not opaque). Embedded colour profiles and EXIF orientation
 * are ignored; 16-bit samples keep their fractions (v / 257). A cut or damaged file is refused, never filled up.
 * Limits: IMAGE_MAX_SIDE. The message names the file and what is wrong with it. */
bool image_read(const char *path, Image **image, GError **error);
/* As image_read from memory; `name` is for messages. */
bool image_decode(const char *name, const void *data, gsize size, Image **image, GError **error);
/* Clips to 0..255 and truncates to 8 bit, as the study saves; RGB PNG with an sRGB chunk; atomic. The same pixels give
 * the same bytes. */
bool image_write_png(const Image *image, const char *path, GError **error);
/* The pixels after a write and a read: clipped to 0..255 and truncated, in place. */
void image_quantise(Image *image);
/* The size in bytes of the quantised image as a baseline JPEG: libjpeg-turbo, YCbCr 4:2:0, optimised Huffman tables
 * off, no metadata beyond JFIF, quality 1..100. */
bool image_jpeg_bytes(const Image *image, int quality, gsize *bytes, GError **error);

/* TensorFlow 1's bilinear resize, align_corners and half_pixel_centers off: source = target * (in / out) in float32,
 * edges clamped. `to` must be allocated with its size and must not be `from`.
 * Source: tensorflow/core/kernels/resize_bilinear_op. */
void image_resize_tf1(const Image *from, Image *to);
/* Averages the source area that each target pixel covers; `to` may be smaller or larger. */
void image_resize_area(const Image *from, Image *to);

#endif
