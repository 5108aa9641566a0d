#include "synth/dream/start.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/base/random.h"

Image *start_noise(guint32 seed, int width, int height, GError **error) {
  Image *image = image_new(width, height, error);
  if (!image)
    return NULL;
  Random random;
  random_init_stream(&random, seed, START_NOISE_STREAM);
  const gsize n = (gsize)width * (gsize)height * 3;
  for (gsize i = 0; i < n; i++) {
    const double value = floor(START_NOISE_MEAN + START_NOISE_SD * random_normal(&random));
    image->pixels[i] = (float)CLAMP(value, 0.0, 255.0);
  }
  return image;
}

bool start_read(const char *path, int width, int height, Image **image, GError **error) {
  g_autoptr(Image) whole = NULL;
  if (!image_read(path, &whole, error))
    return false;
  if (width == 0 && height == 0) {
    *image = g_steal_pointer(&whole);
    return true;
  }
  if (whole->width < width || whole->height < height) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is %dx%d pixels, smaller than the wanted %dx%d", path,
                whole->width, whole->height, width, height);
    return false;
  }
  Image *cropped = image_crop(whole, 0, 0, width, height, error);
  if (!cropped)
    return false;
  *image = cropped;
  return true;
}
