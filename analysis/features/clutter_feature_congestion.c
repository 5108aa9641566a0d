#include "analysis/features/clutter_feature_congestion.h"

#include "analysis/features/colour.h"
#include "analysis/features/planes.h"
#include "analysis/features/rotated_kernel.h"
#include "stimuli/base/error.h"

#include <math.h>
#include <string.h>

#define LEVELS 3
#define COLOR_SCALE 0.2088
#define CONTRAST_SCALE 0.0660
#define ORIENTATION_SCALE 0.0269

/* Gaussian pyramid, and the way back up. */
#define PYRAMID_HALF 2
static const double pyramid_taps[2 * PYRAMID_HALF + 1] = {.05, .25, .4, .25, .05};
static const double port_taps[2 * PYRAMID_HALF + 1] = {G_SQRT2 / 16, G_SQRT2 / 4, G_SQRT2 * 3 / 8, G_SQRT2 / 4,
                                                       G_SQRT2 / 16};

/* Local averages: of the colour and contrast clutter, and of the orientation clutter. */
#define LOCAL_HALF 6
#define LOCAL_SIGMA 3
#define WIDE_HALF 28
#define WIDE_SIGMA 14

/* Orientation energy: second derivatives of Gaussians, then pooled. */
#define ORIENTED_HALF 6
#define ORIENTED_SIDE (2 * ORIENTED_HALF + 1)
#define ORIENTED_SIGMA (16.0 / 14 * 1.75)
#define POOL_HALF 4
#define POOL_SIGMA 1.75
#define ORIENTATION_NOISE 1.0

/* The planes of a computation; all have room for the whole image plus the border of the widest kernel. */
enum {
  LIGHTNESS,
  A,
  B, /* of the current level */
  COLOR,
  CONTRAST,
  ORIENTATION, /* level 1's maps, raised to the coarser levels' where those are larger */
  MEAN_1,
  MEAN_2,
  MEAN_3, /* E[.] of the features */
  PRODUCT_1,
  PRODUCT_2,
  PRODUCT_3, /* E[.] of products */
  PRODUCT_4,
  PRODUCT_5,
  PRODUCT_6,
  SCRATCH,
  SCRATCH_2,
  RESULT,
  N_PLANES
};

/* A pair of filters with the same taps for a level's rows and columns. */
typedef struct {
  LineFilter *rows, *columns;
} Separable;

static void separable_clear(Separable *separable) {
  line_filter_free(separable->rows);
  line_filter_free(separable->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Separable, separable_clear)

static Separable reflecting(const Plane *plane, const double *taps, int half, int step) {
  return (Separable){line_filter_reflect(plane->width, taps, half, step),
                     line_filter_reflect(plane->height, taps, half, step)};
}

static Separable averaging(const Plane *plane, int half, double sigma) {
  double taps[2 * WIDE_HALF + 1];
  gaussian_taps(half, sigma, 0, taps);
  return (Separable){line_filter_average(plane->width, taps, half), line_filter_average(plane->height, taps, half)};
}

static void apply(const Separable *separable, const Plane *in, Plane *p, Plane *out) {
  plane_filter(in, separable->rows, separable->columns, &p[SCRATCH], out);
}

/* out = E[x y] - E[x] E[y], given the two means; SCRATCH_2 is overwritten. */
static void covariance(const Separable *average, const Plane *x, const Plane *y, const Plane *mean_x,
                       const Plane *mean_y, Plane *p, Plane *out) {
  gsize n = plane_size(x);
  plane_shape(&p[SCRATCH_2], x->width, x->height);
  for (gsize i = 0; i < n; i++)
    p[SCRATCH_2].data[i] = x->data[i] * y->data[i];
  apply(average, &p[SCRATCH_2], p, out);
  for (gsize i = 0; i < n; i++)
    out->data[i] -= mean_x->data[i] * mean_y->data[i];
}

/* RESULT = the cube root of the volume of the colours' local covariance ellipsoid. */
static void color_level(Plane *p) {
  g_auto(Separable) average = averaging(&p[LIGHTNESS], LOCAL_HALF, LOCAL_SIGMA);
  for (int i = 0; i < 3; i++)
    apply(&average, &p[LIGHTNESS + i], p, &p[MEAN_1 + i]);
  static const int pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  for (int i = 0; i < 6; i++)
    covariance(&average, &p[LIGHTNESS + pairs[i][0]], &p[LIGHTNESS + pairs[i][1]], &p[MEAN_1 + pairs[i][0]],
               &p[MEAN_1 + pairs[i][1]], p, &p[PRODUCT_1 + i]);
  gsize n = plane_size(&p[LIGHTNESS]);
  plane_shape(&p[RESULT], p[LIGHTNESS].width, p[LIGHTNESS].height);
  for (gsize i = 0; i < n; i++) {
    double ll = p[PRODUCT_1].data[i] + 0.0007 * 0.0007, aa = p[PRODUCT_2].data[i] + 0.1 * 0.1,
           bb = p[PRODUCT_3].data[i] + 0.05 * 0.05;
    double la = p[PRODUCT_4].data[i], lb = p[PRODUCT_5].data[i], ab = p[PRODUCT_6].data[i];
    double determinant = ll * (aa * bb - ab * ab) - la * (la * bb - ab * lb) + lb * (la * ab - aa * lb);
    p[RESULT].data[i] = cbrt(sqrt(MAX(determinant, 0)));
  }
}

/* RESULT = the local standard deviation of the lightness's centre-surround contrast. */
static void contrast_level(Plane *p) {
  const Plane *lightness = &p[LIGHTNESS];
  double inner_taps[7], outer_taps[7];
  gaussian_taps(3, 0.71, 0, inner_taps);
  gaussian_taps(3, 1.14, 0, outer_taps);
  g_auto(Separable) inner = reflecting(lightness, inner_taps, 3, 1);
  g_auto(Separable) outer = reflecting(lightness, outer_taps, 3, 1);
  g_auto(Separable) average = averaging(lightness, LOCAL_HALF, LOCAL_SIGMA);
  apply(&inner, lightness, p, &p[PRODUCT_1]);
  apply(&outer, lightness, p, &p[PRODUCT_2]);
  gsize n = plane_size(lightness);
  for (gsize i = 0; i < n; i++)
    p[PRODUCT_1].data[i] = fabs(p[PRODUCT_1].data[i] - p[PRODUCT_2].data[i]);
  apply(&average, &p[PRODUCT_1], p, &p[MEAN_1]);
  covariance(&average, &p[PRODUCT_1], &p[PRODUCT_1], &p[MEAN_1], &p[MEAN_1], p, &p[RESULT]);
  for (gsize i = 0; i < n; i++)
    p[RESULT].data[i] = sqrt(fabs(p[RESULT].data[i]));
}

/* A local average at half the resolution and back: spread from every second position of a grid twice as fine, then
 * reduced from it. Both steps are linear, so that one filter does them. */
static LineFilter *pooling(int n, ClutterMode mode) {
  double taps[2 * POOL_HALF + 1], doubled[2 * POOL_HALF + 1];
  gaussian_taps(POOL_HALF, POOL_SIGMA, 0, taps);
  for (int t = 0; t <= 2 * POOL_HALF; t++)
    doubled[t] = 2 * taps[t];
  g_autoptr(LineFilter) expand = line_filter_expand(n, doubled, POOL_HALF, mode == CLUTTER_MODE_PORT ? 0 : 1, false);
  g_autoptr(LineFilter) reduce = line_filter_reflect(2 * n, taps, POOL_HALF, 2);
  return line_filter_compose(expand, reduce);
}

/* PRODUCT_1..4 = pooled energy of the lightness at the horizontal, vertical and the two diagonal orientations. */
static void oriented_energies(Plane *p, ClutterMode mode) {
  const Plane *lightness = &p[LIGHTNESS];
  double plain[ORIENTED_SIDE], shifted[3][ORIENTED_SIDE], second[ORIENTED_SIDE];
  gaussian_taps(ORIENTED_HALF, ORIENTED_SIGMA, 0, plain);
  for (int i = 0; i < 3; i++)
    gaussian_taps(ORIENTED_HALF, ORIENTED_SIGMA, ORIENTED_SIGMA * (1 - i), shifted[i]);
  for (int t = 0; t < ORIENTED_SIDE; t++)
    second[t] = -shifted[0][t] + 2 * shifted[1][t] - shifted[2][t];

  g_auto(Separable) smooth = reflecting(lightness, plain, ORIENTED_HALF, 1);
  g_auto(Separable) derive = reflecting(lightness, second, ORIENTED_HALF, 1);
  plane_filter(lightness, smooth.rows, derive.columns, &p[SCRATCH], &p[PRODUCT_1]);
  plane_filter(lightness, derive.rows, smooth.columns, &p[SCRATCH], &p[PRODUCT_2]);

  for (int diagonal = 0; diagonal < 2; diagonal++) {
    static const double weights[3] = {-1, 2, -1};
    double kernel[ORIENTED_SIDE * ORIENTED_SIDE] = {0};
    for (int i = 0; i < 3; i++) {
      double upright[ORIENTED_SIDE * ORIENTED_SIDE], rotated[ORIENTED_SIDE * ORIENTED_SIDE] = {0};
      for (int y = 0; y < ORIENTED_SIDE; y++)
        for (int x = 0; x < ORIENTED_SIDE; x++)
          upright[y * ORIENTED_SIDE + x] = shifted[i][y] * plain[x];
      (mode == CLUTTER_MODE_PORT ? rotated_kernel_scaled : rotated_kernel)(upright, ORIENTED_HALF,
                                                                           diagonal == 0 ? 45 : -45, rotated);
      for (int k = 0; k < ORIENTED_SIDE * ORIENTED_SIDE; k++)
        kernel[k] += weights[i] * rotated[k];
    }
    plane_convolve(lightness, kernel, ORIENTED_HALF, &p[SCRATCH], &p[PRODUCT_3 + diagonal]);
  }

  g_auto(Separable) pool = {pooling(lightness->width, mode), pooling(lightness->height, mode)};
  for (int i = 0; i < 4; i++) {
    Plane *energy = &p[PRODUCT_1 + i];
    gsize n = plane_size(energy);
    for (gsize k = 0; k < n; k++)
      energy->data[k] *= energy->data[k];
    apply(&pool, energy, p, energy);
  }
}

/* RESULT = the square root of the area of the local covariance ellipse of the two opponent orientation energies. */
static void orientation_level(Plane *p, ClutterMode mode) {
  oriented_energies(p, mode);
  gsize n = plane_size(&p[LIGHTNESS]);
  for (gsize i = 0; i < n; i++) {
    double horizontal = p[PRODUCT_1].data[i], vertical = p[PRODUCT_2].data[i], right = p[PRODUCT_3].data[i],
           left = p[PRODUCT_4].data[i];
    double total = horizontal + vertical + left + right + ORIENTATION_NOISE;
    p[PRODUCT_1].data[i] = (horizontal - vertical) / total;
    p[PRODUCT_2].data[i] = (right - left) / total;
  }
  g_auto(Separable) average = averaging(&p[LIGHTNESS], WIDE_HALF, WIDE_SIGMA);
  for (int i = 0; i < 2; i++)
    apply(&average, &p[PRODUCT_1 + i], p, &p[MEAN_1 + i]);
  covariance(&average, &p[PRODUCT_1], &p[PRODUCT_1], &p[MEAN_1], &p[MEAN_1], p, &p[PRODUCT_3]);
  covariance(&average, &p[PRODUCT_2], &p[PRODUCT_2], &p[MEAN_2], &p[MEAN_2], p, &p[PRODUCT_4]);
  covariance(&average, &p[PRODUCT_1], &p[PRODUCT_2], &p[MEAN_1], &p[MEAN_2], p, &p[PRODUCT_5]);
  plane_shape(&p[RESULT], p[LIGHTNESS].width, p[LIGHTNESS].height);
  for (gsize i = 0; i < n; i++) {
    double first = p[PRODUCT_3].data[i] + 0.001, second = p[PRODUCT_4].data[i] + 0.001, both = p[PRODUCT_5].data[i];
    p[RESULT].data[i] = sqrt(sqrt(MAX(first * second - both * both, 0)));
  }
}

/* Raises `map` to RESULT, brought up from `level`, where that is larger. The kernel sums to 1 over four times as many
 * positions, so that a coarser level counts a quarter of the one before it: as published. */
static void raise_map(Plane *p, int level, Plane *map) {
  if (level == 0) {
    plane_shape(map, p[RESULT].width, p[RESULT].height);
    memcpy(map->data, p[RESULT].data, plane_size(map) * sizeof *map->data);
    return;
  }
  for (int i = 0; i < level; i++) {
    g_auto(Separable) expand = {line_filter_expand(p[RESULT].width, pyramid_taps, PYRAMID_HALF, 0, true),
                                line_filter_expand(p[RESULT].height, pyramid_taps, PYRAMID_HALF, 0, true)};
    apply(&expand, &p[RESULT], p, &p[RESULT]);
  }
  for (int y = 0; y < map->height; y++) {
    double *row = map->data + (gsize)y * (gsize)map->width;
    const double *coarse = p[RESULT].data + (gsize)y * (gsize)p[RESULT].width;
    for (int x = 0; x < map->width; x++)
      row[x] = MAX(row[x], coarse[x]);
  }
}

const char *congestion_map_name(CongestionMap map) {
  static const char *const names[CONGESTION_MAPS] = {"color", "contrast", "orientation", "total"};
  return names[map];
}

static Planes *copy_maps(const Plane *p, GError **error) {
  Planes *maps = planes_new(CONGESTION_MAPS, p[COLOR].width, p[COLOR].height, error);
  if (maps == NULL)
    return NULL;
  static const int from[] = {COLOR, CONTRAST, ORIENTATION};
  for (int map = 0; map < CONGESTION_TOTAL; map++)
    memcpy(maps->planes[map].data, p[from[map]].data, plane_size(&p[COLOR]) * sizeof(double));
  for (gsize i = 0; i < plane_size(&p[COLOR]); i++)
    maps->planes[CONGESTION_TOTAL].data[i] = p[COLOR].data[i] / COLOR_SCALE + p[CONTRAST].data[i] / CONTRAST_SCALE +
                                             p[ORIENTATION].data[i] / ORIENTATION_SCALE;
  return maps;
}

bool clutter_feature_congestion(const Image *image, ClutterMode mode, FeatureCongestion *congestion, Planes **maps,
                                GError **error) {
  if (MIN(image->width, image->height) < CLUTTER_CONGESTION_MIN_SIDE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "feature congestion needs at least %d x %d pixels; the image has %d x %d", CLUTTER_CONGESTION_MIN_SIDE,
                CLUTTER_CONGESTION_MIN_SIDE, image->width, image->height);
    return false;
  }
  g_autoptr(Planes) planes =
      planes_new(N_PLANES, image->width + 2 * ORIENTED_HALF, image->height + 2 * ORIENTED_HALF, error);
  if (planes == NULL)
    return false;
  Plane *p = planes->planes;
  colour_clutter_lab(image, mode, &p[LIGHTNESS], &p[A], &p[B]);
  for (int level = 0; level < LEVELS; level++) {
    if (level > 0) {
      g_auto(Separable) reduce =
          reflecting(&p[LIGHTNESS], mode == CLUTTER_MODE_PORT ? port_taps : pyramid_taps, PYRAMID_HALF, 2);
      for (int i = 0; i < 3; i++)
        apply(&reduce, &p[LIGHTNESS + i], p, &p[LIGHTNESS + i]);
    }
    color_level(p);
    raise_map(p, level, &p[COLOR]);
    contrast_level(p);
    raise_map(p, level, &p[CONTRAST]);
    orientation_level(p, mode);
    raise_map(p, level, &p[ORIENTATION]);
  }
  if (maps != NULL && (*maps = copy_maps(p, error)) == NULL)
    return false;
  /* The combined map is a weighted sum and is pooled with exponent 1: its mean is the weighted sum of the means. */
  congestion->color = plane_mean(&p[COLOR]);
  congestion->contrast = plane_mean(&p[CONTRAST]);
  congestion->orientation = plane_mean(&p[ORIENTATION]);
  congestion->total = congestion->color / COLOR_SCALE + congestion->contrast / CONTRAST_SCALE +
                      congestion->orientation / ORIENTATION_SCALE;
  return true;
}
