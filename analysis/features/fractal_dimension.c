#include "analysis/features/fractal_dimension.h"

#include "analysis/features/line_fit.h"
#include "analysis/features/planes.h"
#include "analysis/features/resample.h"

#include <math.h>

/* Grids of this many boxes a side and fewer are left out. */
#define LEAST_BOXES 6

/* Halves the grid in place: a box is on the border where some but not all of its quarters are. */
static int halve(double *grid, int side) {
  int half = side / 2;
  for (int y = 0; y < half; y++)
    for (int x = 0; x < half; x++) {
      const double *quarter = grid + (gsize)(2 * y) * (gsize)side + 2 * x;
      double sum = quarter[0] + quarter[1] + quarter[side] + quarter[side + 1];
      grid[(gsize)y * (gsize)half + (gsize)x] = sum > 0 && sum < 4;
    }
  return half;
}

static double count_boxes(double *grid, int side) {
  LineFit line = {0};
  for (side = halve(grid, side); side > LEAST_BOXES; side = halve(grid, side)) {
    double count = 0;
    for (gsize i = 0; i < (gsize)side * (gsize)side; i++)
      count += grid[i];
    if (count == 0)
      return NAN;
    line_fit_add(&line, log2(side), log2(count));
  }
  return line_fit_slope(&line);
}

bool fractal_dimension(const Image *image, double *dimension, GError **error) {
  g_autoptr(Planes) planes = planes_new(3, image->width, image->height, error);
  if (planes == NULL)
    return false;
  Plane *grey = &planes->planes[0], *square = &planes->planes[2];
  resample_grey(image, grey);
  int side = MIN(image->width, image->height);
  resample(grey, RESAMPLE_BICUBIC, side, side, &planes->planes[1], square);
  double mean = plane_mean(square);
  for (gsize i = 0; i < plane_size(square); i++)
    square->data[i] = square->data[i] < mean;
  *dimension = side > LEAST_BOXES ? count_boxes(square->data, side) : NAN;
  return true;
}
