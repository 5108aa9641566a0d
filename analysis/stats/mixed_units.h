/* The units that a mixed model's random effects are searched in, so that a fit does not depend on the units of its
 * columns. For mixed_build.c and what uses its system.
 *
 * A column enters the system divided by its root mean square, and first, where it is centred, less its mean, which an
 * intercept with the same block of correlations takes up. Effects of the data b and of the system u are b = M u with
 * M[k, k] = 1 / scale[k] and M[intercept, k] = -centre[k] / scale[k]; so the relative covariance factor of the data
 * is M T made triangular again, T the system's. */
#ifndef DREAMRIG_STATS_MIXED_UNITS_H
#define DREAMRIG_STATS_MIXED_UNITS_H

#include "analysis/stats/model_frame.h"

typedef struct {
  double *values;   /* (n_columns, n) the group's columns as the system has them */
  double *scale;    /* (n_columns) above zero */
  double *centre;   /* (n_columns) 0 where it is not centred */
  gsize *intercept; /* (n_columns) the column that takes up the mean; the column itself where there is none */
} MixedUnits;

/* Fails with RIG_ERROR_MEMORY; clear with mixed_units_clear in any case. */
bool mixed_units_build(const ModelGroup *group, gsize n, bool centred, MixedUnits *units, GError **error);
void mixed_units_clear(MixedUnits *units);

/* t and a (q, q) column-major: a = M t. */
void mixed_units_to_data(const MixedUnits *units, gsize q, const double *t, double *a);
/* a (q, q) column-major becomes the lower triangle L with LL' = aa' and no negative diagonal. */
void mixed_units_triangle(gsize q, double *a);

#endif
