#include "synth/dream/octaves.h"

#include "stimuli/base/error.h"

struct Octaves {
  int n;
  Image *levels[OCTAVES_MAX];
  Image *details[OCTAVES_MAX]; /* NULL for the smallest level */
};

int octaves_smaller_side(int side, double scale) { return (int)((float)side / (float)scale); }

Octaves *octaves_new(int width, int height, int n, double scale, GError **error) {
  g_assert(n >= 1 && n <= OCTAVES_MAX && scale > 1);
  g_autoptr(Octaves) octaves = g_new0(Octaves, 1);
  octaves->n = n;
  for (int k = 0; k < n; k++) {
    if (width < 1 || height < 1) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "octave %d would have no pixels; use %d octaves or fewer", k + 1,
                  k);
      return NULL;
    }
    octaves->levels[k] = image_new(width, height, error);
    if (!octaves->levels[k])
      return NULL;
    if (k + 1 < n && !(octaves->details[k] = image_new(width, height, error)))
      return NULL;
    width = octaves_smaller_side(width, scale);
    height = octaves_smaller_side(height, scale);
  }
  return g_steal_pointer(&octaves);
}

void octaves_free(Octaves *octaves) {
  if (!octaves)
    return;
  for (int k = 0; k < octaves->n; k++) {
    image_free(octaves->levels[k]);
    image_free(octaves->details[k]);
  }
  g_free(octaves);
}

Image *octaves_level(Octaves *octaves, int k) {
  g_assert(k >= 0 && k < octaves->n);
  return octaves->levels[k];
}

static gsize count(const Image *image) { return (gsize)image->width * (gsize)image->height * 3; }

void octaves_split(Octaves *octaves) {
  for (int k = 0; k + 1 < octaves->n; k++) {
    const Image *level = octaves->levels[k];
    Image *detail = octaves->details[k];
    image_resize_tf1(level, octaves->levels[k + 1]);
    image_resize_tf1(octaves->levels[k + 1], detail);
    for (gsize i = 0; i < count(level); i++)
      detail->pixels[i] = level->pixels[i] - detail->pixels[i];
  }
}

void octaves_merge(Octaves *octaves, int k) {
  g_assert(k >= 0 && k + 1 < octaves->n);
  Image *level = octaves->levels[k];
  const Image *detail = octaves->details[k];
  image_resize_tf1(octaves->levels[k + 1], level);
  for (gsize i = 0; i < count(level); i++)
    level->pixels[i] += detail->pixels[i];
}
