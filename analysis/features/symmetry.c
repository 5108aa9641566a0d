#include "analysis/features/symmetry.h"

#include "analysis/features/planes.h"

#include <math.h>

#define LEAST_SIDE 4
#define SHIFT_PERCENT 5

/* The sums of a correlation of columns with columns. */
typedef struct {
  double x, y, xx, yy, xy;
} Sums;

static void add_column(const double *restrict a, const double *restrict b, int n, Sums *sums) {
  Sums own = {0};
  for (int i = 0; i < n; i++) {
    own.x += a[i];
    own.y += b[i];
    own.xx += a[i] * a[i];
    own.yy += b[i] * b[i];
    own.xy += a[i] * b[i];
  }
  sums->x += own.x;
  sums->y += own.y;
  sums->xx += own.xx;
  sums->yy += own.yy;
  sums->xy += own.xy;
}

/* |r| of the left half of columns first..first+width-1 with the mirrored right half. The middle column of an odd width
 * takes no part. Values are whole numbers around 0, so that the sums lose nothing. */
static double halves(const Plane *columns, int first, int width) {
  int length = columns->width; /* of a column: the plane holds the image's columns as its rows */
  Sums sums = {0};
  int half = width / 2;
  for (int i = 0; i < half; i++)
    add_column(columns->data + (gsize)(first + i) * (gsize)length,
               columns->data + (gsize)(first + width - 1 - i) * (gsize)length, length, &sums);
  double n = (double)half * length;
  double xx = sums.xx - sums.x * sums.x / n, yy = sums.yy - sums.y * sums.y / n, xy = sums.xy - sums.x * sums.y / n;
  return xx > 1e-9 * n && yy > 1e-9 * n ? fabs(xy / sqrt(xx * yy)) : NAN;
}

static double best_axis(const Plane *columns) {
  int width = columns->height;
  double best = NAN;
  if (width < LEAST_SIDE)
    return NAN;
  for (int shift = 0; shift <= width * SHIFT_PERCENT / 100; shift++) {
    best = fmax(best, halves(columns, 0, width - shift));
    best = fmax(best, halves(columns, shift, width - shift));
  }
  return best;
}

bool mirror_symmetry(const Image *image, MirrorSymmetry *symmetry, GError **error) {
  static const double weights[3] = {.2989, .5870, .1140};
  g_autoptr(Planes) planes = planes_new(2, image->width, image->height, error);
  if (planes == NULL)
    return false;
  Plane *rows = &planes->planes[0], *columns = &planes->planes[1];
  plane_shape(columns, image->height, image->width);
  *symmetry = (MirrorSymmetry){0};
  gsize width = (gsize)image->width, height = (gsize)image->height;
  for (gsize c = 0; c < 3; c++) {
    for (gsize y = 0; y < height; y++)
      for (gsize x = 0; x < width; x++) {
        double value = CLAMP((double)image->pixels[3 * (y * width + x) + c], 0, 255) - 128;
        rows->data[y * width + x] = columns->data[x * height + y] = value;
      }
    symmetry->vertical += weights[c] * best_axis(columns);
    symmetry->horizontal += weights[c] * best_axis(rows);
  }
  return true;
}
