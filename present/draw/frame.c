#include "present/draw/frame.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

static guint32 *pixels_new(int width, int height, GError **error) {
  guint32 *pixels = NULL;
  if (width >= 1 && height >= 1 && width <= IMAGE_MAX_SIDE && height <= IMAGE_MAX_SIDE)
    pixels = g_try_new(guint32, (gsize)width * (gsize)height);
  if (pixels == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for a screen of %d x %d pixels", width, height);
  return pixels;
}

Frame *frame_new(int width, int height, GError **error) {
  guint32 *pixels = pixels_new(width, height, error);
  if (pixels == NULL)
    return NULL;
  Frame *frame = g_new(Frame, 1);
  *frame = (Frame){width, height, pixels};
  frame_fill(frame, 128);
  return frame;
}

void frame_free(Frame *frame) {
  if (frame != NULL)
    g_free(frame->pixels);
  g_free(frame);
}

void frame_copy(const Frame *from, Frame *to) {
  g_assert(from->width == to->width && from->height == to->height);
  memcpy(to->pixels, from->pixels, (gsize)from->width * (gsize)from->height * sizeof *to->pixels);
}

void frame_fill(Frame *frame, guint8 grey) {
  guint32 pixel = 0xff000000u | (guint32)grey * 0x010101u;
  gsize n = (gsize)frame->width * (gsize)frame->height;
  for (gsize i = 0; i < n; i++)
    frame->pixels[i] = pixel;
}

static cairo_surface_t *surface_of(const Frame *frame) {
  return cairo_image_surface_create_for_data((unsigned char *)frame->pixels, CAIRO_FORMAT_ARGB32, frame->width,
                                             frame->height, frame->width * 4);
}

cairo_t *frame_paint(Frame *frame) {
  cairo_surface_t *surface = surface_of(frame);
  cairo_t *cr = cairo_create(surface);
  cairo_surface_destroy(surface);
  return cr;
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int size) {
  g_byte_array_append(closure, data, size);
  return CAIRO_STATUS_SUCCESS;
}

bool frame_write_png(const Frame *frame, const char *path, GError **error) {
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface = surface_of(frame);
  cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, bytes);
  cairo_surface_destroy(surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: %s", path, cairo_status_to_string(status));
    return false;
  }
  return files_write(path, bytes->data, bytes->len, FILES_PUBLIC, error);
}

void picture_fit(int width, int height, int box_width, int box_height, bool exact, int *shown_width,
                 int *shown_height) {
  int factor = MIN(box_width / width, box_height / height);
  if (factor >= 1 && !exact) {
    *shown_width = width * factor;
    *shown_height = height * factor;
    return;
  }
  double scale = MIN((double)box_width / width, (double)box_height / height);
  *shown_width = CLAMP((int)(width * scale + 0.5), 1, MAX(box_width, 1));
  *shown_height = CLAMP((int)(height * scale + 0.5), 1, MAX(box_height, 1));
}

static guint32 packed(const float *rgb) {
  guint32 pixel = 0xff;
  for (int c = 0; c < 3; c++)
    pixel = pixel << 8 | (guint32)(CLAMP(rgb[c], 0.0f, 255.0f) + 0.5f);
  return pixel;
}

bool picture_new(const Image *image, int width, int height, Picture **picture, GError **error) {
  g_autoptr(Image) resized = NULL;
  if (width % image->width != 0 || height % image->height != 0) {
    resized = image_new(width, height, error);
    if (resized == NULL)
      return false;
    image_resize_area(image, resized);
    image = resized;
  }
  guint32 *pixels = pixels_new(width, height, error);
  if (pixels == NULL)
    return false;
  int wide = width / image->width, high = height / image->height;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      gsize source = (gsize)(y / high) * (gsize)image->width + (gsize)(x / wide);
      pixels[(gsize)y * (gsize)width + (gsize)x] = packed(image->pixels + source * 3);
    }
  *picture = g_new(Picture, 1);
  **picture = (Picture){width, height, pixels};
  return true;
}

bool picture_new_fitted(const Image *image, int box_width, int box_height, bool exact, Picture **picture,
                        GError **error) {
  int width = 0, height = 0;
  picture_fit(image->width, image->height, box_width, box_height, exact, &width, &height);
  return picture_new(image, width, height, picture, error);
}

void picture_free(Picture *picture) {
  if (picture != NULL)
    g_free(picture->pixels);
  g_free(picture);
}

void frame_blit(Frame *frame, const Picture *picture, int x, int y) {
  int left = MAX(x, 0), right = MIN(x + picture->width, frame->width);
  if (left >= right)
    return;
  for (int row = MAX(y, 0); row < MIN(y + picture->height, frame->height); row++)
    memcpy(frame->pixels + (gsize)row * (gsize)frame->width + left,
           picture->pixels + (gsize)(row - y) * (gsize)picture->width + (left - x),
           (gsize)(right - left) * sizeof *frame->pixels);
}
