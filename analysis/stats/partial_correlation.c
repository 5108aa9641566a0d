#include "analysis/stats/partial_correlation.h"

#include <math.h>

#include "analysis/stats/memory.h"

#define DEPENDENT 1e-7 /* of a variable's norm: what is left of it after the controls is rounding */

static double dot(const double *a, const double *b, gsize n) {
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* A constant becomes exactly 0, which its sum's rounding would not leave. */
static void centre(double *values, gsize n) {
  double sum = 0;
  bool constant = true;
  for (gsize i = 0; i < n; i++) {
    sum += values[i];
    constant = constant && values[i] == values[0];
  }
  for (gsize i = 0; i < n; i++)
    values[i] = constant ? 0 : values[i] - sum / (double)n;
}

/* Takes the orthonormal columns out of the values, twice for the sake of rounding, and scales what is left to norm 1.
 * False where nothing is left. */
static bool purify(double *values, const double *basis, gsize n_basis, gsize n) {
  double before = sqrt(dot(values, values, n));
  for (int pass = 0; pass < 2; pass++)
    for (gsize k = 0; k < n_basis; k++) {
      double share = dot(values, basis + k * n, n);
      for (gsize i = 0; i < n; i++)
        values[i] -= share * basis[k * n + i];
    }
  double after = sqrt(dot(values, values, n));
  if (!(after > DEPENDENT * before))
    return false;
  for (gsize i = 0; i < n; i++)
    values[i] /= after;
  return true;
}

/* The complete cases of x, y and the controls, column after column; returns their number. */
static gsize load(double *columns, const double *x, const double *y, const double *const *controls, gsize n_controls,
                  gsize n) {
  gsize used = 0;
  for (gsize i = 0; i < n; i++) {
    bool complete = !isnan(x[i]) && !isnan(y[i]);
    for (gsize k = 0; k < n_controls; k++)
      complete = complete && !isnan(controls[k][i]);
    if (!complete)
      continue;
    for (gsize k = 0; k < n_controls; k++)
      columns[k * n + used] = controls[k][i];
    columns[n_controls * n + used] = x[i];
    columns[(n_controls + 1) * n + used] = y[i];
    used++;
  }
  return used;
}

bool partial_correlation(CorrelationKind kind, const double *x, const double *y, const double *const *controls,
                         gsize n_controls, gsize n, Correlation *correlation, gsize *n_used, GError **error) {
  g_autofree double *columns = memory_doubles(n, n_controls + 2, error), *ranks = memory_doubles(n, 1, error);
  g_autofree double *basis = memory_doubles(n, n_controls, error);
  if (columns == NULL || ranks == NULL || basis == NULL)
    return false;
  gsize used = load(columns, x, y, controls, n_controls, n), n_basis = 0;
  for (gsize k = 0; k < n_controls + 2; k++) {
    double *column = columns + k * n;
    if (kind == CORRELATION_SPEARMAN) {
      if (!correlation_rank(column, used, ranks, error))
        return false;
      for (gsize i = 0; i < used; i++)
        column[i] = ranks[i];
    }
    centre(column, used);
  }
  for (gsize k = 0; k < n_controls; k++) {
    double *column = columns + k * n;
    if (!purify(column, basis, n_basis, used))
      continue;
    for (gsize i = 0; i < used; i++)
      basis[n_basis * used + i] = column[i];
    n_basis++;
  }
  double *left_x = columns + n_controls * n, *left_y = left_x + n, r = NAN;
  if (used > n_basis + 2 && purify(left_x, basis, n_basis, used) && purify(left_y, basis, n_basis, used))
    r = fmax(-1, fmin(1, dot(left_x, left_y, used)));
  /* As a plain correlation of as many cases fewer. */
  correlation_from_r(r, used - MIN(used, n_basis), correlation);
  correlation->n = used;
  if (kind == CORRELATION_SPEARMAN)
    correlation->ci_low = correlation->ci_high = NAN;
  *n_used = n_basis;
  return true;
}
