#include "analysis/report/pictures.h"

#include "analysis/report/html.h"
#include "stimuli/image.h"
#include "stimuli/image_codecs.h"

/* The image itself where it is small enough. */
static bool shrink(Image *image, int side, Image **small, GError **error) {
  int longest = MAX(image->width, image->height);
  if (longest <= side) {
    *small = image_copy(image, error);
    return *small != NULL;
  }
  int width = MAX(1, image->width * side / longest), height = MAX(1, image->height * side / longest);
  *small = image_new(width, height, error);
  if (*small == NULL)
    return false;
  image_resize_area(image, *small);
  return true;
}

static bool read_small(const char *path, int side, Image **small, GByteArray **png, GError **error) {
  g_autoptr(Image) image = NULL;
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  if (!image_read(path, &image, error) || !shrink(image, side, small, error) ||
      !image_png_encode(path, *small, bytes, error))
    return false;
  *png = g_steal_pointer(&bytes);
  return true;
}

bool pictures_png(const char *path, int side, GByteArray **png, GError **error) {
  g_autoptr(Image) small = NULL;
  return read_small(path, side, &small, png, error);
}

bool pictures_add(GString *html, const char *path, const char *description, int side, GError **error) {
  g_autoptr(Image) small = NULL;
  g_autoptr(GByteArray) png = NULL;
  if (!read_small(path, side, &small, &png, error))
    return false;
  g_autofree char *data = g_base64_encode(png->data, png->len);
  g_string_append_printf(html, "<img width=\"%d\" height=\"%d\" alt=\"", small->width, small->height);
  html_text(html, description);
  g_string_append_printf(html, "\" src=\"data:image/png;base64,%s\">", data);
  return true;
}
