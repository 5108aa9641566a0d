#include "analysis/stats/ridge.h"

#include <lapacke.h>
#include <math.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

#define RANK_TOLERANCE 1e-10 /* of the largest singular value */

/* The complete rows, centred and scaled, and their singular value decomposition: X = U D V'. */
typedef struct {
  gsize n, p, rank;
  double *y;         /* (n) centred */
  double *x;         /* (n, p) column-major; after the decomposition U */
  double *d, *vt;    /* (min(n, p)), (min(n, p), p) column-major with leading dimension m */
  gsize m;           /* min(n, p) */
  double *mean, *sd; /* (p) */
  double *uy;        /* (m) U'y */
  double y_mean, y_ss;
} Problem;

static void problem_clear(Problem *problem) {
  g_free(problem->y);
  g_free(problem->x);
  g_free(problem->d);
  g_free(problem->vt);
  g_free(problem->mean);
  g_free(problem->sd);
  g_free(problem->uy);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Problem, problem_clear)

static bool load(Problem *problem, const double *y, const double *const *predictors, gsize n, GError **error) {
  gsize p = problem->p;
  for (gsize i = 0; i < n; i++) {
    bool complete = !isnan(y[i]), infinite = isinf(y[i]);
    for (gsize j = 0; j < p; j++) {
      complete = complete && !isnan(predictors[j][i]);
      infinite = infinite || isinf(predictors[j][i]);
    }
    if (infinite) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "ridge regression: row %zu has an infinite value", i + 1);
      return false;
    }
    if (!complete)
      continue;
    problem->y[problem->n] = y[i];
    for (gsize j = 0; j < p; j++)
      problem->x[j * n + problem->n] = predictors[j][i];
    problem->n++;
  }
  /* Close the gaps that rows left out have made between the columns. */
  for (gsize j = 1; j < p; j++)
    for (gsize i = 0; i < problem->n; i++)
      problem->x[j * problem->n + i] = problem->x[j * n + i];
  return true;
}

/* Centres (n) values in place and returns their sum of squares; 0 where they are all the same. */
static double centre(double *values, gsize n, double *mean) {
  double sum = 0, ss = 0;
  bool constant = true;
  for (gsize i = 0; i < n; i++) {
    sum += values[i];
    constant = constant && values[i] == values[0];
  }
  *mean = sum / (double)n;
  for (gsize i = 0; i < n; i++) {
    values[i] = constant ? 0 : values[i] - *mean;
    ss += values[i] * values[i];
  }
  return ss;
}

static bool decompose(Problem *problem, GError **error) {
  gsize n = problem->n, p = problem->p, m = problem->m;
  g_autofree double *superb = memory_doubles(m, 1, error);
  if (superb == NULL)
    return false;
  /* U overwrites X. */
  lapack_int info = LAPACKE_dgesvd(LAPACK_COL_MAJOR, 'O', 'S', (lapack_int)n, (lapack_int)p, problem->x, (lapack_int)n,
                                   problem->d, NULL, 1, problem->vt, (lapack_int)m, superb);
  if (info != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "ridge regression: the decomposition failed");
    return false;
  }
  while (problem->rank < m && problem->d[problem->rank] > RANK_TOLERANCE * problem->d[0])
    problem->rank++;
  for (gsize k = 0; k < problem->rank; k++)
    for (gsize i = 0; i < n; i++)
      problem->uy[k] += problem->x[k * n + i] * problem->y[i];
  return true;
}

/* *undefined says why there is nothing to fit. */
static bool prepare(Problem *problem, const double *y, const double *const *predictors, gsize n, const char **undefined,
                    GError **error) {
  gsize p = problem->p;
  problem->y = memory_doubles(n, 1, error);
  problem->x = problem->y != NULL ? memory_doubles(n, p, error) : NULL;
  problem->mean = problem->x != NULL ? memory_doubles(p, 1, error) : NULL;
  problem->sd = problem->mean != NULL ? memory_doubles(p, 1, error) : NULL;
  if (problem->sd == NULL || !load(problem, y, predictors, n, error))
    return false;
  *undefined = problem->n < 3 ? "fewer than three complete cases" : NULL;
  if (*undefined != NULL)
    return true;
  problem->y_ss = centre(problem->y, problem->n, &problem->y_mean);
  bool varies = false;
  for (gsize j = 0; j < p; j++) {
    double *column = problem->x + j * problem->n;
    problem->sd[j] = sqrt(centre(column, problem->n, &problem->mean[j]) / (double)problem->n);
    varies = varies || problem->sd[j] > 0;
    for (gsize i = 0; i < problem->n && problem->sd[j] > 0; i++)
      column[i] /= problem->sd[j];
  }
  *undefined = !(problem->y_ss > 0) ? "the response is the same for every case"
               : !varies            ? "no predictor varies"
                                    : NULL;
  if (*undefined != NULL)
    return true;
  problem->m = MIN(problem->n, p);
  problem->d = memory_doubles(problem->m, 1, error);
  problem->vt = problem->d != NULL ? memory_doubles(problem->m, p, error) : NULL;
  problem->uy = problem->vt != NULL ? memory_doubles(problem->m, 1, error) : NULL;
  return problem->uy != NULL && decompose(problem, error);
}

static RidgeStep measure(const Problem *problem, double lambda) {
  gsize n = problem->n;
  RidgeStep step = {.lambda = lambda};
  double rss = 0, count = (double)n;
  for (gsize k = 0; k < problem->rank; k++)
    step.df += problem->d[k] * problem->d[k] / (problem->d[k] * problem->d[k] + lambda);
  for (gsize i = 0; i < n; i++) {
    double fitted = 0, leverage = 1 / count;
    for (gsize k = 0; k < problem->rank; k++) {
      double u = problem->x[k * n + i],
             shrink = problem->d[k] * problem->d[k] / (problem->d[k] * problem->d[k] + lambda);
      fitted += u * shrink * problem->uy[k];
      leverage += u * u * shrink;
    }
    double residual = problem->y[i] - fitted;
    rss += residual * residual;
    /* A case that fits itself leaves nothing to predict it from. */
    double ahead = leverage < 1 - 1e-12 ? residual / (1 - leverage) : NAN;
    step.loo_ss += ahead * ahead;
  }
  step.gcv = count - step.df > 1e-9 ? rss / ((count - step.df) * (count - step.df)) : NAN;
  /* The mean of all others misses a case by n / (n - 1) of its distance from the mean. */
  step.loo_r2 = 1 - step.loo_ss / (problem->y_ss * count * count / ((count - 1) * (count - 1)));
  return step;
}

static void choose(const Problem *problem, Ridge *ridge) {
  double n = (double)problem->n;
  /* Least squares is a choice where it is unique and leaves residuals. */
  if (problem->rank == problem->p && problem->n > problem->p + 1)
    ridge->steps[ridge->n_steps++] = measure(problem, 0);
  for (gsize k = 0; k + 1 < RIDGE_PENALTIES; k++)
    ridge->steps[ridge->n_steps++] = measure(problem, n * pow(10, -4 + 8 * (double)k / (RIDGE_PENALTIES - 2)));
  for (gsize s = 1; s < ridge->n_steps; s++) {
    if (!(ridge->steps[s].loo_ss >= ridge->steps[ridge->chosen].loo_ss))
      ridge->chosen = s;
    if (!(ridge->steps[s].gcv >= ridge->steps[ridge->chosen_gcv].gcv))
      ridge->chosen_gcv = s;
  }
}

static void fill_coefficients(const Problem *problem, Ridge *ridge) {
  double lambda = ridge->steps[ridge->chosen].lambda, y_sd = sqrt(problem->y_ss / (double)problem->n);
  ridge->intercept = problem->y_mean;
  for (gsize j = 0; j < problem->p; j++) {
    double scaled = 0;
    for (gsize k = 0; k < problem->rank; k++)
      scaled +=
          problem->vt[j * problem->m + k] * problem->d[k] / (problem->d[k] * problem->d[k] + lambda) * problem->uy[k];
    ridge->standardised[j] = problem->sd[j] > 0 ? scaled / y_sd : 0;
    ridge->beta[j] = problem->sd[j] > 0 ? scaled / problem->sd[j] : 0;
    ridge->intercept -= ridge->beta[j] * problem->mean[j];
  }
}

bool ridge_fit(const double *y, const double *const *predictors, gsize n_predictors, gsize n, Ridge **ridge,
               GError **error) {
  g_autoptr(Ridge) made = g_new0(Ridge, 1);
  g_auto(Problem) problem = {.p = n_predictors};
  made->n_predictors = n_predictors;
  made->beta = memory_doubles(n_predictors, 1, error);
  made->standardised = made->beta != NULL ? memory_doubles(n_predictors, 1, error) : NULL;
  if (made->standardised == NULL || !prepare(&problem, y, predictors, n, &made->undefined, error))
    return false;
  made->n = problem.n;
  made->rank = problem.rank;
  if (made->undefined == NULL) {
    choose(&problem, made);
    fill_coefficients(&problem, made);
  } else {
    made->intercept = NAN;
    for (gsize j = 0; j < n_predictors; j++)
      made->beta[j] = made->standardised[j] = NAN;
  }
  *ridge = g_steal_pointer(&made);
  return true;
}

void ridge_free(Ridge *ridge) {
  if (ridge == NULL)
    return;
  g_free(ridge->beta);
  g_free(ridge->standardised);
  g_free(ridge);
}
