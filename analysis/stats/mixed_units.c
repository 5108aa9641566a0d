#include "analysis/stats/mixed_units.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"

/* What is left of a column after those before it below this share of it is rounding. */
#define DEPENDENT 1e-9

static double root_mean_square(const double *values, gsize n) {
  return cblas_dnrm2((int)n, values, 1) / sqrt((double)n);
}

/* Takes out of column c what columns first..c-1 make, noting it in R. Twice, since what is left may be small. */
static void orthogonalise(MixedUnits *units, gsize n, gsize q, gsize first, gsize c) {
  double *values = units->values + c * n;
  for (int pass = 0; pass < 2; pass++)
    for (gsize j = first; j < c; j++) {
      const double *other = units->values + j * n;
      double share = cblas_ddot((int)n, other, 1, values, 1) / (double)n;
      units->r[c * q + j] += share;
      cblas_daxpy((int)n, -share, other, 1, values, 1);
    }
}

bool mixed_units_build(const ModelGroup *group, gsize n, bool orthonormal, MixedUnits *units, GError **error) {
  gsize q = group->effects.n_columns, first = 0;
  if ((units->values = memory_doubles(n, q, error)) == NULL || (units->scale = memory_doubles(q, 1, error)) == NULL ||
      (units->r = memory_doubles(q, q, error)) == NULL)
    return false;
  for (gsize c = 0; c < q; c++) {
    const double *from = group->effects.values + c * n;
    double *values = units->values + c * n, whole = root_mean_square(from, n);
    first = group->block[c] == group->block[first] ? first : c;
    memcpy(values, from, n * sizeof *values);
    double size = whole;
    if (orthonormal && c > first) {
      orthogonalise(units, n, q, first, c);
      size = root_mean_square(values, n);
      if (!(size > DEPENDENT * whole)) {
        memset(units->r + c * q, 0, q * sizeof *units->r);
        memcpy(values, from, n * sizeof *values);
        size = whole;
      }
    }
    units->scale[c] = units->r[c * q + c] = size > 0 && isfinite(size) ? size : 1;
    for (gsize i = 0; i < n; i++)
      values[i] /= units->scale[c];
  }
  return true;
}

void mixed_units_clear(MixedUnits *units) {
  g_free(units->values);
  g_free(units->scale);
  g_free(units->r);
}

void mixed_units_to_data(const MixedUnits *units, gsize q, const double *t, double *a) {
  memcpy(a, t, q * q * sizeof *a);
  cblas_dtrsm(CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, (int)q, (int)q, 1, units->r, (int)q, a,
              (int)q);
}

void mixed_units_triangle(gsize q, double *a) {
  g_autofree double *tau = g_new(double, q);
  lapack_int info = LAPACKE_dgelqf(LAPACK_COL_MAJOR, (lapack_int)q, (lapack_int)q, a, (lapack_int)q, tau);
  g_assert(info == 0);
  for (gsize j = 0; j < q; j++) {
    memset(a + j * q, 0, j * sizeof *a);
    for (gsize i = q; i-- > j && a[j * q + j] < 0;)
      a[j * q + i] = -a[j * q + i];
  }
}
