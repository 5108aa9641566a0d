#include "analysis/stats/regression.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/correlation.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/regression_private.h"
#include "stimuli/base/error.h"

/* The complete rows, and the state of the decomposition of the columns that are not aliased. */
typedef struct {
  gsize n, p;      /* complete rows; predictors */
  double *y;       /* (n) */
  double *columns; /* (p + 1, n): the intercept's ones, then the predictors */
  double *qr;      /* (p + 1, n) workspace */
  double *effects; /* (n) Q'y */
  double *tau;     /* (p + 1) */
  gsize *active;   /* (p + 1) the columns in the fit, in order */
  gsize rank;
} Fit;

static void fit_clear(Fit *fit) {
  g_free(fit->y);
  g_free(fit->columns);
  g_free(fit->qr);
  g_free(fit->effects);
  g_free(fit->tau);
  g_free(fit->active);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fit, fit_clear)

static bool fit_load(Fit *fit, const double *y, const char *const *names, const double *const *predictors, gsize p,
                     gsize n, GError **error) {
  fit->p = p;
  if ((fit->y = memory_doubles(n, 1, error)) == NULL || (fit->effects = memory_doubles(n, 1, error)) == NULL ||
      (fit->columns = memory_doubles(n, p + 1, error)) == NULL || (fit->qr = memory_doubles(n, p + 1, error)) == NULL ||
      (fit->tau = memory_doubles(p + 1, 1, error)) == NULL ||
      (fit->active = memory_items(p + 1, sizeof *fit->active, error)) == NULL)
    return false;
  /* Rows are counted first, so that the columns lie close together. */
  g_autofree bool *complete = memory_items(n, sizeof *complete, error);
  if (complete == NULL)
    return false;
  for (gsize i = 0; i < n; i++) {
    complete[i] = !isnan(y[i]);
    for (gsize j = 0; j < p; j++)
      complete[i] = complete[i] && !isnan(predictors[j][i]);
    fit->n += complete[i];
  }
  if (fit->n < 2 || fit->n > G_MAXINT32) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                " cases have a value of every variable, but a regression needs "
                "at least 2",
                fit->n, n);
    return false;
  }
  gsize row = 0;
  for (gsize i = 0; i < n; i++) {
    if (!complete[i])
      continue;
    fit->y[row] = y[i];
    fit->columns[row] = 1;
    bool finite = isfinite(y[i]);
    const char *culprit = "the response";
    for (gsize j = 0; j < p; j++) {
      fit->columns[(j + 1) * fit->n + row] = predictors[j][i];
      if (finite && !isfinite(predictors[j][i]))
        culprit = names[j];
      finite = finite && isfinite(predictors[j][i]);
    }
    if (!finite) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "regression: row %" G_GSIZE_FORMAT ": %s is infinite", i + 1,
                  culprit);
      return false;
    }
    row++;
  }
  return true;
}

static double norm(const double *values, gsize n) {
  double scale = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    scale = fmax(scale, fabs(values[i]));
  if (scale == 0)
    return 0;
  for (gsize i = 0; i < n; i++)
    squares += values[i] / scale * (values[i] / scale);
  return scale * sqrt(squares);
}

static bool is_constant(const double *values, gsize n) {
  for (gsize i = 1; i < n; i++)
    if (values[i] != values[0])
      return false;
  return true;
}

/* Decomposes the active columns; drops the first one that depends on those before it, and starts over, since what
 * follows a dependent column in an unpivoted R is rounding noise. This gives the columns that R's dqrdc2 keeps. */
static void fit_decompose(Fit *fit) {
  fit->rank = fit->p + 1;
  for (gsize j = 0; j <= fit->p; j++)
    fit->active[j] = j;
  for (bool dropped = true; dropped;) {
    for (gsize k = 0; k < fit->rank; k++)
      memcpy(fit->qr + k * fit->n, fit->columns + fit->active[k] * fit->n, fit->n * sizeof(double));
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)fit->n, (lapack_int)fit->rank, fit->qr,
                                     (lapack_int)fit->n, fit->tau);
    g_assert(info == 0);
    dropped = false;
    for (gsize k = 0; k < fit->rank && !dropped; k++) {
      double length = norm(fit->columns + fit->active[k] * fit->n, fit->n);
      if (k < fit->n && fabs(fit->qr[k * fit->n + k]) >= REGRESSION_TOLERANCE * length && length > 0)
        continue;
      memmove(fit->active + k, fit->active + k + 1, (fit->rank - k - 1) * sizeof *fit->active);
      fit->rank--;
      dropped = true;
    }
  }
  memcpy(fit->effects, fit->y, fit->n * sizeof(double));
  lapack_int info = LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', (lapack_int)fit->n, 1, (lapack_int)fit->rank, fit->qr,
                                   (lapack_int)fit->n, fit->tau, fit->effects, (lapack_int)fit->n);
  g_assert(info == 0);
}

/* Largest over smallest singular value of the active predictors, each centred and scaled to unit SD; fit->qr is
 * overwritten. */
static double fit_condition(Fit *fit) {
  gsize k = fit->rank - 1;
  if (k < fit->p)
    return INFINITY;
  if (fit->n <= k)
    return INFINITY;
  for (gsize j = 0; j < k; j++) {
    const double *column = fit->columns + fit->active[j + 1] * fit->n;
    double mean = descriptive_mean(column, fit->n), sd = descriptive_sd(column, fit->n);
    for (gsize i = 0; i < fit->n; i++)
      fit->qr[j * fit->n + i] = (column[i] - mean) / sd;
  }
  g_autofree double *singular = g_new(double, k);
  g_autofree double *superdiagonal = g_new(double, k);
  lapack_int info = LAPACKE_dgesvd(LAPACK_COL_MAJOR, 'N', 'N', (lapack_int)fit->n, (lapack_int)k, fit->qr,
                                   (lapack_int)fit->n, singular, NULL, 1, NULL, 1, superdiagonal);
  return info == 0 ? singular[0] / singular[k - 1] : NAN;
}

static const RegressionTerm undefined_term = {NULL, false, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};

Regression *regression_new(const char *const *names, gsize n_predictors) {
  Regression *regression = g_new0(Regression, 1);
  regression->n_terms = n_predictors;
  regression->terms = g_new0(RegressionTerm, MAX(n_predictors, 1));
  regression->intercept = undefined_term;
  regression->intercept.name = g_strdup("(intercept)");
  for (gsize j = 0; j < n_predictors; j++) {
    regression->terms[j] = undefined_term;
    regression->terms[j].name = g_strdup(names[j]);
  }
  regression->r2 = regression->adjusted_r2 = regression->sigma = regression->f = regression->p = NAN;
  regression->condition = NAN;
  return regression;
}

void regression_free(Regression *regression) {
  if (regression == NULL)
    return;
  for (gsize j = 0; j < regression->n_terms; j++)
    g_free(regression->terms[j].name);
  g_free(regression->intercept.name);
  g_free(regression->terms);
  g_free(regression);
}

void regression_test_term(RegressionTerm *term, double se, double df) {
  term->se = se;
  term->t = term->beta / se;
  term->p = distribution_t_two_tailed(term->t, df);
  double half = distribution_t_quantile(0.5 + DESCRIPTIVE_CONFIDENCE / 2, df) * se;
  term->ci_low = term->beta - half;
  term->ci_high = term->beta + half;
}

/* R2, F and the residual error, from the effects: those after the intercept up to the rank make the model's sum of
 * squares, those after the rank the residual one. */
static void summarise_model(const Fit *fit, bool constant, Regression *regression) {
  double model = norm(fit->effects + 1, fit->rank - 1), residual = norm(fit->effects + fit->rank, fit->n - fit->rank);
  model *= model;
  residual *= residual;
  double n = (double)fit->n, mean = descriptive_mean(fit->y, fit->n);
  regression->df_model = (double)fit->rank - 1;
  regression->df_residual = n - (double)fit->rank;
  double variance = regression->df_residual > 0 ? residual / regression->df_residual : NAN;
  /* R's own bound for an "essentially perfect fit" (summary.lm). */
  regression->perfect = constant || variance < (mean * mean + model / (n - 1)) * 1e-30;
  if (constant || !(regression->df_residual > 0))
    return;
  regression->sigma = regression->perfect ? 0 : sqrt(variance);
  regression->r2 = regression->perfect ? 1 : model / (model + residual);
  regression->adjusted_r2 = 1 - (1 - regression->r2) * (n - 1) / regression->df_residual;
  if (regression->perfect || !(regression->df_model > 0))
    return;
  regression->f = model / regression->df_model / variance;
  regression->p = distribution_f_upper(regression->f, regression->df_model, regression->df_residual);
}

/* Coefficients and what goes with them; inverse (rank, rank) is a workspace. */
static void fill_terms(const Fit *fit, bool constant, double *inverse, Regression *regression) {
  gsize rank = fit->rank;
  for (gsize k = 0; k < rank; k++)
    for (gsize i = 0; i <= k; i++)
      inverse[k * rank + i] = fit->qr[k * fit->n + i];
  lapack_int info = LAPACKE_dtrtri(LAPACK_COL_MAJOR, 'U', 'N', (lapack_int)rank, inverse, (lapack_int)rank);
  g_assert(info == 0); /* fit_decompose left no zero on the diagonal */
  g_autofree double *beta = g_new0(double, rank);
  for (gsize k = rank; k-- > 0;) {
    double sum = fit->effects[k];
    for (gsize i = k + 1; i < rank; i++)
      sum -= fit->qr[i * fit->n + k] * beta[i];
    beta[k] = sum / fit->qr[k * fit->n + k];
  }
  double sd_y = descriptive_sd(fit->y, fit->n);
  for (gsize j = 0; j < fit->p; j++)
    regression->terms[j].aliased = true;
  for (gsize k = 0; k < rank; k++) {
    gsize column = fit->active[k];
    RegressionTerm *term = column == 0 ? &regression->intercept : &regression->terms[column - 1];
    term->aliased = false;
    term->beta = constant ? (column == 0 ? fit->y[0] : 0) : beta[k];
    double variance = 0; /* (X'X)^-1[k,k] */
    for (gsize i = k; i < rank; i++)
      variance += inverse[i * rank + k] * inverse[i * rank + k];
    if (column > 0) {
      double sd = descriptive_sd(fit->columns + column * fit->n, fit->n);
      term->vif = fmax(1, variance * sd * sd * ((double)fit->n - 1));
      if (!constant)
        term->standardised = term->beta * sd / sd_y;
    }
    if (!regression->perfect && regression->df_residual > 0)
      regression_test_term(term, regression->sigma * sqrt(variance), regression->df_residual);
  }
}

bool regression_fit(const double *y, const char *const *names, const double *const *predictors, gsize n_predictors,
                    gsize n, Regression **regression, GError **error) {
  g_assert(n_predictors >= 1 && n_predictors < 10000);
  g_auto(Fit) fit = {0};
  if (!fit_load(&fit, y, names, predictors, n_predictors, n, error))
    return false;
  fit_decompose(&fit);
  g_autoptr(Regression) made = regression_new(names, n_predictors);
  made->n = fit.n;
  made->n_excluded = n - fit.n;
  bool constant = is_constant(fit.y, fit.n);
  summarise_model(&fit, constant, made);
  g_autofree double *inverse = memory_doubles(fit.rank, fit.rank, error);
  if (inverse == NULL)
    return false;
  fill_terms(&fit, constant, inverse, made);
  for (gsize j = 0; j < n_predictors; j++) {
    Correlation correlation;
    made->n_aliased += made->terms[j].aliased;
    if (!correlation_pair(CORRELATION_PEARSON, fit.columns + (j + 1) * fit.n, fit.y, fit.n, &correlation, error))
      return false;
    made->terms[j].r = correlation.r;
  }
  made->condition = fit_condition(&fit);
  *regression = g_steal_pointer(&made);
  return true;
}
