#include "analysis/stats/mixed_units.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"

static gsize find_intercept(const ModelGroup *group, gsize column) {
  for (gsize k = 0; k < group->effects.n_columns; k++)
    if (group->block[k] == group->block[column] && group->effects.terms[k] == MODEL_NO_TERM)
      return k;
  return column;
}

bool mixed_units_build(const ModelGroup *group, gsize n, bool centred, MixedUnits *units, GError **error) {
  gsize q = group->effects.n_columns;
  if ((units->values = memory_doubles(n, q, error)) == NULL || (units->scale = memory_doubles(q, 1, error)) == NULL ||
      (units->centre = memory_doubles(q, 1, error)) == NULL ||
      (units->intercept = memory_items(q, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize c = 0; c < q; c++) {
    const double *from = group->effects.values + c * n;
    double *values = units->values + c * n;
    units->intercept[c] = centred ? find_intercept(group, c) : c;
    units->centre[c] = units->intercept[c] != c ? descriptive_mean(from, n) : 0;
    for (gsize i = 0; i < n; i++)
      values[i] = from[i] - units->centre[c];
    double size = cblas_dnrm2((int)n, values, 1) / sqrt((double)n);
    units->scale[c] = size > 0 && isfinite(size) ? size : 1;
    for (gsize i = 0; i < n; i++)
      values[i] /= units->scale[c];
  }
  return true;
}

void mixed_units_clear(MixedUnits *units) {
  g_free(units->values);
  g_free(units->scale);
  g_free(units->centre);
  g_free(units->intercept);
}

void mixed_units_to_data(const MixedUnits *units, gsize q, const double *t, double *a) {
  for (gsize j = 0; j < q; j++) {
    for (gsize i = 0; i < q; i++)
      a[j * q + i] = t[j * q + i] / units->scale[i];
    for (gsize i = 0; i < q; i++)
      if (units->intercept[i] != i)
        a[j * q + units->intercept[i]] -= units->centre[i] * t[j * q + i] / units->scale[i];
  }
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
