/* The units that a mixed model's random effects are searched in, so that a fit does not depend on the units of its
 * columns. For mixed_build.c and what uses its system.
 *
 * Columns of one block, whose effects correlate, enter the system orthonormal (of mean square 1): the columns z of the
 * data are z = u R, R an upper triangle, u the system's. Any such change of the basis of a block leaves the model as it
 * is: effects of the data b and of the system v have z b = u v, so b = R^-1 v, and the relative covariance factor of
 * the data is R^-1 T made triangular again, T the system's. A column alone in its block is only scaled, since its
 * origin is part of the model. */
#ifndef DREAMRIG_STATS_MIXED_UNITS_H
#define DREAMRIG_STATS_MIXED_UNITS_H

#include "analysis/stats/model_frame.h"

typedef struct {
  double *values; /* (n_columns, n) the group's columns as the system has them */
  double *scale;  /* (n_columns) above zero: the diagonal of R */
  double *r;      /* (n_columns, n_columns) R, column-major */
} MixedUnits;

/* orthonormal false: columns are only scaled. A column that those before it make, up to rounding, is only scaled as
 * well. Fails with RIG_ERROR_MEMORY; clear with mixed_units_clear in any case. */
bool mixed_units_build(const ModelGroup *group, gsize n, bool orthonormal, MixedUnits *units, GError **error);
void mixed_units_clear(MixedUnits *units);

/* t and a (q, q) column-major: a = R^-1 t. */
void mixed_units_to_data(const MixedUnits *units, gsize q, const double *t, double *a);
/* a (q, q) column-major becomes the lower triangle L with LL' = aa' and no negative diagonal. */
void mixed_units_triangle(gsize q, double *a);

#endif
