#include "analysis/plot/figure.h"

#include <cairo-pdf.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RsvgHandle, g_object_unref)

#define POINTS_A_PIXEL .75 /* CSS: 96 pixels an inch */
#define MOST_PIXELS 12000.

static cairo_status_t append(void *bytes, const unsigned char *data, unsigned int n) {
  g_byte_array_append(bytes, data, n);
  return CAIRO_STATUS_SUCCESS;
}

/* The figure and its size in CSS pixels. */
static RsvgHandle *parse(const char *svg, double *width, double *height, GError **error) {
  RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg, strlen(svg), error);
  if (handle == NULL)
    return NULL;
  rsvg_handle_set_dpi(handle, 96);
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, width, height) && *width >= 1 && *height >= 1)
    return handle;
  g_object_unref(handle);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "the figure has no size");
  return NULL;
}

/* Draws onto a surface that is width x height of its own units. */
static bool draw(RsvgHandle *handle, cairo_surface_t *surface, double width, double height, GError **error) {
  cairo_t *cairo = cairo_create(surface);
  cairo_set_source_rgb(cairo, 1, 1, 1); /* the last row and column may be only partly the figure's */
  cairo_paint(cairo);
  bool drawn =
      rsvg_handle_render_document(handle, cairo, &(RsvgRectangle){.width = width, .height = height}, error) != 0;
  cairo_status_t status = cairo_status(cairo);
  cairo_destroy(cairo);
  if (drawn && status != CAIRO_STATUS_SUCCESS)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "the figure cannot be drawn: %s", cairo_status_to_string(status));
  return drawn && status == CAIRO_STATUS_SUCCESS;
}

bool figure_pdf(const char *svg, GByteArray **pdf, GError **error) {
  double width, height;
  g_autoptr(RsvgHandle) handle = parse(svg, &width, &height, error);
  if (handle == NULL)
    return false;
  width *= POINTS_A_PIXEL;
  height *= POINTS_A_PIXEL;
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, bytes, width, height);
  cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4); /* what journals' systems take */
  /* Otherwise the time of day would be written. */
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  bool good = draw(handle, surface, width, height, error);
  cairo_surface_destroy(surface);
  if (good)
    *pdf = g_steal_pointer(&bytes);
  return good;
}

/* The surface's pixels, as red, green and blue bytes. Free with g_free; NULL where memory is out. */
static guint8 *pixels_of(cairo_surface_t *surface) {
  gsize width = (gsize)cairo_image_surface_get_width(surface), height = (gsize)cairo_image_surface_get_height(surface);
  gsize stride = (gsize)cairo_image_surface_get_stride(surface);
  const guint8 *from = cairo_image_surface_get_data(surface);
  guint8 *pixels = g_try_malloc_n(height, width * 3);
  for (gsize y = 0; pixels != NULL && y < height; y++)
    for (gsize x = 0; x < width; x++) {
      guint32 pixel;
      memcpy(&pixel, from + y * stride + x * sizeof pixel, sizeof pixel);
      guint8 *to = pixels + (y * width + x) * 3;
      to[0] = (guint8)(pixel >> 16);
      to[1] = (guint8)(pixel >> 8);
      to[2] = (guint8)pixel;
    }
  return pixels;
}

/* Without row filters and at a low level of compression: figures are flat, so that their files are as small as with
 * cairo's own writer, which takes several times as long. */
static bool encode(cairo_surface_t *surface, GByteArray *bytes, GError **error) {
  png_image image = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB, .flags = PNG_IMAGE_FLAG_FAST};
  image.width = (png_uint_32)cairo_image_surface_get_width(surface);
  image.height = (png_uint_32)cairo_image_surface_get_height(surface);
  g_autofree guint8 *pixels = pixels_of(surface);
  char *data = NULL;
  size_t size = 0;
  FILE *memory = pixels != NULL ? open_memstream(&data, &size) : NULL;
  bool written = memory != NULL && png_image_write_to_stdio(&image, memory, 0, pixels, 0, NULL) != 0;
  if (memory != NULL && fclose(memory) != 0)
    written = false;
  if (written)
    g_byte_array_append(bytes, (const guint8 *)data, (guint)size);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "a PNG of %u x %u pixels: %s", image.width, image.height,
                image.message[0] != '\0' ? image.message : "no memory for it");
  free(data);
  return written;
}

bool figure_png(const char *svg, GByteArray **png, GError **error) {
  double width, height;
  g_autoptr(RsvgHandle) handle = parse(svg, &width, &height, error);
  if (handle == NULL)
    return false;
  double scale = fmin(FIGURE_PNG_SCALE, MOST_PIXELS / fmax(width, height));
  width = ceil(width * scale);
  height = ceil(height * scale);
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
  bool good = draw(handle, surface, width, height, error);
  good = good && encode(surface, bytes, error);
  cairo_surface_destroy(surface);
  if (good)
    *png = g_steal_pointer(&bytes);
  return good;
}
