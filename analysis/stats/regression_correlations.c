#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/regression_private.h"
#include "stimuli/base/error.h"

/* Entries that differ by less count as the same: a matrix may come from a table with few digits. */
#define SYMMETRY 1e-9

static bool check_range(double r, const char *a, const char *b, GError **error) {
  if (r >= -1 && r <= 1)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "correlation of %s and %s: %g, expected -1 to 1", a, b, r);
  return false;
}

static bool check_matrix(const char *const *names, const double *r_predictors, const double *r_response, gsize p,
                         GError **error) {
  for (gsize i = 0; i < p; i++) {
    if (!check_range(r_response[i], names[i], "the response", error))
      return false;
    for (gsize j = 0; j <= i; j++) {
      double r = r_predictors[i * p + j];
      if (!check_range(r, names[i], names[j], error))
        return false;
      if (i == j ? r != 1 : !(fabs(r - r_predictors[j * p + i]) <= SYMMETRY)) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "correlation of %s and %s: %g, expected %s", names[i], names[j],
                    r, i == j ? "1" : "the same on both sides of the diagonal");
        return false;
      }
    }
  }
  return true;
}

/* The condition number, from the eigenvalues of a copy of the matrix; NaN where it is not positive definite. */
static bool matrix_condition(const double *r_predictors, gsize p, double *condition, GError **error) {
  g_autofree double *copy = memory_doubles(p, p, error);
  if (copy == NULL)
    return false;
  memcpy(copy, r_predictors, p * p * sizeof(double));
  g_autofree double *eigen = g_new(double, p);
  lapack_int info = LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'L', (lapack_int)p, copy, (lapack_int)p, eigen);
  *condition = info == 0 && eigen[0] > (double)p * 2.3e-16 * eigen[p - 1] ? sqrt(eigen[p - 1] / eigen[0]) : NAN;
  return true;
}

bool regression_from_correlations(const char *const *names, const double *r_predictors, const double *r_response,
                                  gsize n_predictors, gsize n, Regression **regression, GError **error) {
  gsize p = n_predictors;
  g_assert(p >= 1 && p < 10000);
  if (!check_matrix(names, r_predictors, r_response, p, error))
    return false;
  if (n <= p + 1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "regression: %" G_GSIZE_FORMAT " cases for %" G_GSIZE_FORMAT
                " predictors, expected at least %" G_GSIZE_FORMAT,
                n, p, p + 2);
    return false;
  }
  g_autoptr(Regression) made = regression_new(names, p);
  g_autofree double *factor = memory_doubles(p, p, error);
  if (factor == NULL || !matrix_condition(r_predictors, p, &made->condition, error))
    return false;
  memcpy(factor, r_predictors, p * p * sizeof(double));
  g_autofree double *beta = g_memdup2(r_response, p * sizeof(double));
  lapack_int size = (lapack_int)p;
  double r2 = 0;
  if (!isnan(made->condition) && LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', size, 1, factor, size, beta, size) == 0 &&
      LAPACKE_dpotri(LAPACK_COL_MAJOR, 'L', size, factor, size) == 0)
    for (gsize j = 0; j < p; j++)
      r2 += beta[j] * r_response[j];
  else
    r2 = NAN;
  if (!(r2 < 1)) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_INPUT,
                        "the correlations contradict each other (not positive definite); they may be rounded to too "
                        "few digits or come from different cases");
    return false;
  }
  made->n = n;
  made->df_model = (double)p;
  made->df_residual = (double)(n - p - 1);
  made->r2 = fmax(0, r2);
  made->adjusted_r2 = 1 - (1 - made->r2) * (double)(n - 1) / made->df_residual;
  made->sigma = sqrt((1 - made->r2) * (double)(n - 1) / made->df_residual);
  made->f = made->r2 / made->df_model / ((1 - made->r2) / made->df_residual);
  made->p = distribution_f_upper(made->f, made->df_model, made->df_residual);
  for (gsize j = 0; j < p; j++) {
    RegressionTerm *term = &made->terms[j];
    term->beta = term->standardised = beta[j];
    term->vif = fmax(1, factor[j * p + j]);
    term->r = r_response[j];
    regression_test_term(term, sqrt((1 - made->r2) * term->vif / made->df_residual), made->df_residual);
  }
  *regression = g_steal_pointer(&made);
  return true;
}
