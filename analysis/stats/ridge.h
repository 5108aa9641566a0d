/* Ridge regression, its penalty chosen by prediction, and what regressions predict of cases that they have not seen.
 *
 * Predictors are scaled to unit SD (divisor n) once over all rows, as in MASS's lm.ridge; the intercept is not
 * penalised. Penalty 0 is least squares. */
#ifndef DREAMRIG_STATS_RIDGE_H
#define DREAMRIG_STATS_RIDGE_H

#include <glib.h>
#include <stdbool.h>

#define RIDGE_PENALTIES                                                                                                \
  81 /* tried: 0, where the predictors allow it, and 80 from 1e-4 n to 1e4 n, equal in logarithm */

/* One penalty's fit. */
typedef struct {
  double lambda;
  double df;     /* effective degrees of freedom, without the intercept */
  double gcv;    /* generalised cross-validation, sum of squares / (n - df)^2, as lm.ridge prints it; NaN for df = n */
  double loo_ss; /* sum of squared errors of each case predicted from all others */
  double loo_r2; /* 1 - loo_ss / sum of squares about the mean of all others; below 0: worse than no predictor */
} RidgeStep;

typedef struct {
  gsize n, n_predictors, rank;
  gsize n_steps;
  RidgeStep steps[RIDGE_PENALTIES];
  gsize chosen;          /* the step with the least loo_ss */
  gsize chosen_gcv;      /* the step with the least gcv */
  double intercept;      /* of the chosen step, as beta */
  double *beta;          /* (n_predictors) in the units of the data; 0 for a constant predictor */
  double *standardised;  /* (n_predictors) for predictors and response of unit SD */
  const char *undefined; /* why nothing is defined (static text), else NULL */
} Ridge;

/* Fits y on predictors[i], (n) each; rows with NaN are left out. Undefined below three complete rows, for a constant
 * response, and without a predictor that varies. Fails with RIG_ERROR_INPUT on infinite values, RIG_ERROR_MEMORY. Free
 * with ridge_free.
 * Source: Hoerl & Kennard 1970, doi:10.1080/00401706.1970.10488634; Golub, Heath & Wahba 1979,
 * doi:10.1080/00401706.1979.10489751; Allen 1974, doi:10.1080/00401706.1974.10489157 (leaving one out). */
bool ridge_fit(const double *y, const double *const *predictors, gsize n_predictors, gsize n, Ridge **ridge,
               GError **error);
void ridge_free(Ridge *ridge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ridge, ridge_free)

#endif
