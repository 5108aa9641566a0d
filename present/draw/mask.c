#include "present/draw/mask.h"

Picture *mask_new(const Picture *picture, Random *random) {
  int width = picture->width, height = picture->height;
  int cell = MAX(MIN(width, height) / MASK_CELLS, 1), columns = (width + cell - 1) / cell;
  guint32 n_pixels = (guint32)width * (guint32)height; /* sides are at most IMAGE_MAX_SIDE */
  Picture *mask = g_new0(Picture, 1);
  *mask = (Picture){width, height, g_new(guint32, n_pixels)};
  g_autofree guint32 *colours = g_new(guint32, columns);
  for (int y = 0; y < height; y++) {
    for (int c = 0; c < columns && y % cell == 0; c++)
      colours[c] = picture->pixels[random_below(random, n_pixels)];
    for (int x = 0; x < width; x++)
      mask->pixels[(gsize)y * (gsize)width + (gsize)x] = colours[x / cell];
  }
  return mask;
}
