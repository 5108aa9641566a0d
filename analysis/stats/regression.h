/* Multiple linear regression by ordinary least squares, all predictors entered, with an intercept.
 *
 * Solved by Householder QR. A predictor that is a linear combination of the intercept and of predictors before it is
 * aliased, as in R's lm: its numbers are NaN and the others are those of the fit without it. */
#ifndef DREAMRIG_STATS_REGRESSION_H
#define DREAMRIG_STATS_REGRESSION_H

#include <glib.h>
#include <stdbool.h>

/* A column counts as dependent when what is left of it after the columns before it is below this share of its norm. */
#define REGRESSION_TOLERANCE 1e-7
/* A collinearity warning is due above these: Marquardt 1970, doi:10.2307/1267205; Belsley, Kuh & Welsch 1980. */
#define REGRESSION_VIF_HIGH 10.0
#define REGRESSION_CONDITION_HIGH 30.0
/* A significant predictor counts as a suppressor where it adds more to R2 than its squared correlation with the
 * response (Velicer 1978, doi:10.1177/001316447803800415), by this factor, as chance makes it a little more or less
 * with predictors that do not overlap. One that is all but uncorrelated with the response (Tzelgov & Henik 1991,
 * doi:10.1037/0033-2909.109.3.524, classical suppression) is one of them. */
#define REGRESSION_SUPPRESSION 2.0

/* One predictor (or the intercept, which has no standardised, vif and r: NaN). */
typedef struct {
  char *name;
  bool aliased;           /* every number is NaN except r */
  double beta;            /* coefficient in the units of the data */
  double standardised;    /* coefficient with response and predictor scaled to unit SD */
  double se, t, p;        /* of beta; p two-tailed */
  double ci_low, ci_high; /* of beta, 95 % */
  double vif;             /* 1 / (1 - R2 of this predictor on the others that are not aliased) */
  double r;               /* Pearson correlation with the response over the same rows */
} RegressionTerm;

/* What the data do not define is NaN: se, t, p and intervals without residual degrees of freedom or with a perfect fit;
 * r2, f and p with a constant response, or without residual degrees of freedom, where any response is fitted. */
typedef struct {
  gsize n;          /* complete rows used */
  gsize n_excluded; /* rows left out for a NaN */
  gsize n_terms;
  RegressionTerm intercept; /* NaN where the fit is from correlations */
  RegressionTerm *terms;    /* (n_terms), in the order given */
  gsize n_aliased;
  bool perfect; /* the residuals are rounding errors: R warns of an "essentially perfect fit" */
  double df_model, df_residual;
  double r2, adjusted_r2;
  double sigma;     /* residual standard error */
  double f, p;      /* of the whole model */
  double condition; /* of the standardised predictors: largest over smallest singular value; infinite where aliased */
} Regression;

/* Fits y (n) on predictors[i] (n each), n_predictors >= 1. Rows with a NaN are left out. Fails with RIG_ERROR_INPUT on
 * fewer than two complete rows or on infinite values, RIG_ERROR_MEMORY. Free with regression_free. */
bool regression_fit(const double *y, const char *const *names, const double *const *predictors, gsize n_predictors,
                    gsize n, Regression **regression, GError **error);
/* The same from published correlations: r_predictors (p, p) symmetric with ones on the diagonal, r_response (p), and
 * the number of cases. beta is the standardised coefficient. Fails with RIG_ERROR_INPUT, naming the two variables, on a
 * value outside -1..1 or on asymmetry; and where the matrix, with the response, is not positive definite (rounding can
 * make it so) or n is not above p + 1.
 * Source: Cohen, Cohen, West & Aiken 2003, Applied Multiple Regression, section 3.5. */
bool regression_from_correlations(const char *const *names, const double *r_predictors, const double *r_response,
                                  gsize n_predictors, gsize n, Regression **regression, GError **error);
void regression_free(Regression *regression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Regression, regression_free)

/* What a reader must be warned of, in plain words, one sentence an entry, NULL-terminated (possibly empty): aliased
 * predictors, collinearity (VIF, condition number), suppression (a significant coefficient whose
 * sign is not its correlation's, or a standardised one beyond -1..1; of the others, REGRESSION_SUPPRESSION), a perfect
 * fit, too few rows. Free with g_strfreev. */
char **regression_warnings(const Regression *regression);

#endif
