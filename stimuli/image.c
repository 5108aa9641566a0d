#include "stimuli/image.h"

#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/image_codecs.h"

static gsize n_values(const Image *image) { return (gsize)image->width * (gsize)image->height * 3; }

Image *image_new(int width, int height, GError **error) {
  if (width < 1 || height < 1 || width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "an image of %d x %d pixels: sides must be 1 to %d", width, height,
                IMAGE_MAX_SIDE);
    return NULL;
  }
  gsize bytes = (gsize)width * (gsize)height * 3 * sizeof(float);
  float *pixels = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (pixels == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for an image of %d x %d pixels", width, height);
    return NULL;
  }
  memset(pixels, 0, bytes);
  Image *image = g_new(Image, 1);
  *image = (Image){.width = width, .height = height, .pixels = pixels};
  return image;
}

void image_free(Image *image) {
  if (image == NULL)
    return;
  free(image->pixels);
  g_free(image);
}

Image *image_copy(const Image *image, GError **error) {
  return image_crop(image, 0, 0, image->width, image->height, error);
}

Image *image_crop(const Image *image, int x, int y, int width, int height, GError **error) {
  if (x < 0 || y < 0 || width < 1 || height < 1 || width > image->width - x || height > image->height - y) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the part %dx%d at (%d, %d) is not inside the image of %d x %d",
                width, height, x, y, image->width, image->height);
    return NULL;
  }
  Image *part = image_new(width, height, error);
  if (part == NULL)
    return NULL;
  gsize row = (gsize)width * 3;
  for (gsize i = 0; i < (gsize)height; i++)
    memcpy(part->pixels + i * row, image->pixels + (((gsize)y + i) * (gsize)image->width + (gsize)x) * 3,
           row * sizeof(float));
  return part;
}

void image_quantise(Image *image) {
  for (gsize i = 0; i < n_values(image); i++) {
    float value = image->pixels[i];
    image->pixels[i] = value >= 255 ? 255 : value > 0 ? (float)(int)value : 0; /* NaN becomes 0 */
  }
}

bool image_decode(const char *name, const void *data, gsize size, Image **image, GError **error) {
  static const guint8 png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10}, jpeg[] = {0xFF, 0xD8, 0xFF};
  if (size >= sizeof png && memcmp(data, png, sizeof png) == 0)
    return image_png_decode(name, data, size, image, error);
  if (size >= sizeof jpeg && memcmp(data, jpeg, sizeof jpeg) == 0)
    return image_jpeg_decode(name, data, size, image, error);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", name,
              size == 0 ? "is empty" : "is neither a PNG nor a JPEG");
  return false;
}

bool image_read(const char *path, Image **image, GError **error) {
  g_autofree char *data = NULL;
  gsize size;
  return files_read(path, IMAGE_MAX_FILE_BYTES, &data, &size, error) && image_decode(path, data, size, image, error);
}

bool image_write_png(const Image *image, const char *path, GError **error) {
  g_autoptr(GByteArray) png = g_byte_array_new();
  return image_png_encode(path, image, png, error) && files_write(path, png->data, png->len, FILES_PUBLIC, error);
}
