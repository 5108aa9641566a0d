/* Single-channel images in double precision, and separable filters on them: what the clutter measures are built from.
 *
 * Every one-dimensional filter here, whatever its edge rule and sampling, is a banded matrix that maps a line of the
 * input to a line of the output. The rules are in the constructors; one routine applies them all. */
#ifndef DREAMRIG_FEATURES_PLANES_H
#define DREAMRIG_FEATURES_PLANES_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  int width, height;
  double *data; /* (height, width) */
} Plane;

/* A workspace of planes in one block; each has room for width * height values, and may be given any smaller shape. */
typedef struct {
  gsize n, capacity;
  Plane *planes;
  double *memory;
} Planes;

/* Fails with RIG_ERROR_MEMORY. Values are undefined; each plane's shape is width x height. */
Planes *planes_new(gsize n, int width, int height, GError **error);
void planes_free(Planes *planes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Planes, planes_free)

static inline gsize plane_size(const Plane *plane) { return (gsize)plane->width * (gsize)plane->height; }
void plane_shape(Plane *plane, int width, int height); /* the caller knows that it fits */
double plane_mean(const Plane *plane);

/* Taps exp(-(t - centre)^2 / 2 sigma^2) at t = -half..half, divided by their sum, into taps[0..2 half]. */
void gaussian_taps(int half, double sigma, double centre, double *taps);

/* out[i] = sum_t weights[i][t] in[first[i] + t] */
typedef struct {
  int n_in, n_out, n_taps;
  int *first;
  double *weights; /* (n_out, n_taps) */
} LineFilter;

/* True convolution with taps[-half..half]; the line continues by reflection about its end samples, which are not
 * repeated; keeps the outputs 0, step, 2 step, ... Needs n > half. */
LineFilter *line_filter_reflect(int n, const double *taps, int half, int step);
/* The local average E[.]: sum(taps) conv(line, taps) / conv(1, taps), both zero padded. */
LineFilter *line_filter_average(int n, const double *taps, int half);
/* To 2n samples: zeros inserted so that the samples sit at positions `phase`, phase + 2, ..., then the zero-padded
 * average as above, or (reflect) the reflecting convolution. */
LineFilter *line_filter_expand(int n, const double *taps, int half, int phase, bool reflect);
/* second after first, as one filter. */
LineFilter *line_filter_compose(const LineFilter *first, const LineFilter *second);
void line_filter_free(LineFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LineFilter, line_filter_free)

/* Filters each row (column); `out` takes the shape that follows and may not be `in`. */
void plane_filter_rows(const Plane *in, const LineFilter *filter, Plane *out);
void plane_filter_columns(const Plane *in, const LineFilter *filter, Plane *out);
/* Rows, then columns; `out` may be `in`; `scratch` is overwritten. */
void plane_filter(const Plane *in, const LineFilter *rows, const LineFilter *columns, Plane *scratch, Plane *out);
/* True convolution with a (2 half + 1)^2 kernel, reflecting as line_filter_reflect. `padded` needs room for
 * (width + 2 half) * (height + 2 half) values; `out` may be `in`. */
void plane_convolve(const Plane *in, const double *kernel, int half, Plane *padded, Plane *out);

#endif
