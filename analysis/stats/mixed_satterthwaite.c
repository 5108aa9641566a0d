#include "analysis/stats/mixed_satterthwaite.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"

/* Steps in theta, as a share of the size at which it matters: small against the fourth power, large against rounding.
 */
#define STEP 0.01
/* Eigenvalues of the Hessian up to this count as zero: lmerTest's. */
#define ZERO_EIGENVALUE 1e-8

/* The two functions of theta that the deviance at any sigma is made of: log determinants, and sum of squares. */
typedef struct {
  double logs, rss;
} Parts;

typedef struct {
  MixedSystem *system;
  bool reml;
  gsize k;
  const double *theta;
  double *moved; /* (k) */
  double *step;  /* (k) */
} Stencil;

static bool evaluate_at(const Stencil *stencil, gsize i, double steps_i, gsize j, double steps_j, Parts *parts) {
  memcpy(stencil->moved, stencil->theta, stencil->k * sizeof(double));
  stencil->moved[i] += steps_i * stencil->step[i];
  stencil->moved[j] += steps_j * stencil->step[j];
  MixedValues values;
  if (!mixed_system_evaluate(stencil->system, stencil->moved, &values))
    return false;
  parts->logs = values.log_det + (stencil->reml ? values.log_det_fixed : 0);
  parts->rss = values.rss * stencil->system->total_ss;
  return true;
}

/* First and second derivatives by theta_i, and those of the coefficients' covariance / sigma^2 (jacobian). */
static bool along(const Stencil *stencil, gsize i, const Parts *centre, Parts *first, Parts *second, double *jacobian,
                  double *covariance) {
  static const double steps[4] = {-2, -1, 1, 2}, weights1[4] = {1, -8, 8, -1}, weights2[4] = {-1, 16, 16, -1};
  double h = stencil->step[i];
  gsize n = stencil->system->rank * stencil->system->rank;
  memset(jacobian, 0, n * sizeof *jacobian);
  *first = (Parts){0, 0};
  *second = (Parts){-30 * centre->logs, -30 * centre->rss};
  for (gsize s = 0; s < 4; s++) {
    Parts parts;
    if (!evaluate_at(stencil, i, steps[s], i, 0, &parts))
      return false;
    mixed_system_covariance(stencil->system, covariance);
    for (gsize e = 0; e < n; e++)
      jacobian[e] += weights1[s] / (12 * h) * covariance[e];
    first->logs += weights1[s] / (12 * h) * parts.logs;
    first->rss += weights1[s] / (12 * h) * parts.rss;
    second->logs += weights2[s] * parts.logs;
    second->rss += weights2[s] * parts.rss;
  }
  second->logs /= 12 * h * h;
  second->rss /= 12 * h * h;
  return true;
}

/* The mixed second derivative: Richardson's extrapolation of the four-point formula at one and two steps. */
static bool across(const Stencil *stencil, gsize i, gsize j, Parts *mixed) {
  static const double signs[4][2] = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
  Parts sums[2] = {{0, 0}, {0, 0}};
  for (int scale = 1; scale <= 2; scale++)
    for (gsize s = 0; s < 4; s++) {
      Parts parts;
      if (!evaluate_at(stencil, i, scale * signs[s][0], j, scale * signs[s][1], &parts))
        return false;
      double weight = signs[s][0] * signs[s][1] / (4 * scale * scale * stencil->step[i] * stencil->step[j]);
      sums[scale - 1].logs += weight * parts.logs;
      sums[scale - 1].rss += weight * parts.rss;
    }
  mixed->logs = (4 * sums[0].logs - sums[1].logs) / 3;
  mixed->rss = (4 * sums[0].rss - sums[1].rss) / 3;
  return true;
}

/* matrix (n, n) symmetric is overwritten by `factor` times its generalised inverse over the eigenvalues above zero. */
static bool invert_positive(double *matrix, gsize n, double factor, GError **error) {
  g_autofree double *values = memory_doubles(n, 1, error), *vectors = memory_doubles(n, n, error);
  if (values == NULL || vectors == NULL)
    return false;
  memcpy(vectors, matrix, n * n * sizeof *vectors);
  memset(matrix, 0, n * n * sizeof *matrix);
  if (LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', (lapack_int)n, vectors, (lapack_int)n, values) != 0)
    return true; /* no eigenvalues: no covariance */
  for (gsize e = 0; e < n; e++)
    for (gsize i = 0; values[e] > ZERO_EIGENVALUE && i < n; i++)
      for (gsize j = 0; j < n; j++)
        matrix[i * n + j] += factor / values[e] * vectors[e * n + i] * vectors[e * n + j];
  return true;
}

/* The Newton step H^-1 g of the profiled deviance over the parameters that are not at their bound; half of g'H^-1 g. */
static double newton_decrement(const Stencil *stencil, const double *gradient, const double *hessian, gsize stride,
                               double *newton) {
  gsize k = stencil->k, n = 0;
  g_autofree double *h = g_new0(double, k *k), *g = g_new0(double, k), *solved = g_new0(double, k);
  g_autofree gsize *free = g_new0(gsize, k);
  for (gsize i = 0; i < k; i++) {
    const MixedParameter *parameter = &stencil->system->parameters[i];
    bool bound = parameter->row == parameter->column && stencil->theta[i] < stencil->step[i];
    if (!bound)
      free[n++] = i;
  }
  if (n == 0)
    return 0;
  for (gsize i = 0; i < n; i++) {
    g[i] = solved[i] = gradient[free[i]];
    for (gsize j = 0; j < n; j++)
      h[j * n + i] = hessian[free[j] * stride + free[i]];
  }
  if (LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (lapack_int)n, 1, h, (lapack_int)n, solved, (lapack_int)n) != 0)
    return -1;
  double decrement = 0;
  for (gsize i = 0; i < n; i++) {
    decrement += g[i] * solved[i] / 2;
    newton[free[i]] = solved[i];
  }
  return decrement;
}

static bool allocate(MixedDerivatives *d, gsize k, gsize rank, GError **error) {
  gsize cells = MAX(rank * rank, 1);
  d->k = k;
  d->rank = rank;
  return (d->newton = memory_doubles(k, 1, error)) != NULL &&
         (d->covariance = memory_doubles(cells, 1, error)) != NULL &&
         (d->jacobian = memory_doubles(k + 1, cells, error)) != NULL &&
         (d->inverse = memory_doubles(k + 1, k + 1, error)) != NULL;
}

bool mixed_derivatives(MixedSystem *system, const double *theta, double sigma, bool reml, MixedDerivatives *derivatives,
                       bool *defined, GError **error) {
  gsize k = system->n_parameters, rank = system->rank, stride = k + 1;
  double df = (double)(reml ? system->n - rank : system->n), sigma2 = sigma * sigma;
  if (!allocate(derivatives, k, rank, error))
    return false;
  g_autofree double *moved = g_new(double, k + 1), *step = g_new(double, k + 1), *covariance = NULL;
  g_autofree double *profiled = memory_doubles(stride, stride, error), *gradient = g_new0(double, k + 1);
  g_autofree Parts *first = g_new0(Parts, k + 1);
  if (profiled == NULL || (covariance = memory_doubles(MAX(rank, 1), MAX(rank, 1), error)) == NULL)
    return false;
  for (gsize i = 0; i < k; i++)
    step[i] = STEP * fmax(fabs(theta[i]), 1 / fmax(system->parameters[i].scale, 1e-300));
  const Stencil stencil = {system, reml, k, theta, moved, step};
  *defined = false;
  Parts centre;
  if (!evaluate_at(&stencil, 0, 0, 0, 0, &centre))
    return true;
  mixed_system_covariance(system, derivatives->covariance);
  double *hessian = derivatives->inverse;
  for (gsize i = 0; i < k; i++) {
    Parts second;
    double *jacobian = derivatives->jacobian + i * rank * rank;
    if (!along(&stencil, i, &centre, &first[i], &second, jacobian, covariance))
      return true;
    for (gsize e = 0; e < rank * rank; e++)
      jacobian[e] *= sigma2;
    gradient[i] = first[i].logs + df * first[i].rss / centre.rss;
    hessian[i * stride + i] = second.logs + second.rss / sigma2;
    profiled[i * stride + i] =
        second.logs + df * (second.rss / centre.rss - first[i].rss * first[i].rss / (centre.rss * centre.rss));
    hessian[i * stride + k] = hessian[k * stride + i] = -2 * first[i].rss / (sigma2 * sigma);
    for (gsize j = 0; j < i; j++) {
      if (!across(&stencil, i, j, &second))
        return true;
      hessian[i * stride + j] = hessian[j * stride + i] = second.logs + second.rss / sigma2;
      profiled[i * stride + j] = profiled[j * stride + i] =
          second.logs + df * (second.rss / centre.rss - first[i].rss * first[j].rss / (centre.rss * centre.rss));
    }
  }
  hessian[k * stride + k] = -2 * df / sigma2 + 6 * centre.rss / (sigma2 * sigma2);
  for (gsize e = 0; e < rank * rank; e++) {
    derivatives->jacobian[k * rank * rank + e] = 2 * sigma * derivatives->covariance[e];
    derivatives->covariance[e] *= sigma2;
  }
  derivatives->decrement = newton_decrement(&stencil, gradient, profiled, stride, derivatives->newton);
  *defined = true;
  return invert_positive(hessian, stride, 2, error);
}

void mixed_derivatives_clear(MixedDerivatives *derivatives) {
  g_clear_pointer(&derivatives->covariance, g_free);
  g_clear_pointer(&derivatives->jacobian, g_free);
  g_clear_pointer(&derivatives->inverse, g_free);
  g_clear_pointer(&derivatives->newton, g_free);
}

double mixed_satterthwaite(const MixedDerivatives *derivatives, gsize coefficient) {
  gsize k = derivatives->k, cells = derivatives->rank * derivatives->rank,
        at = coefficient * derivatives->rank + coefficient;
  double variance = derivatives->covariance[at], denominator = 0;
  for (gsize i = 0; i <= k; i++)
    for (gsize j = 0; j <= k; j++)
      denominator += derivatives->jacobian[i * cells + at] * derivatives->inverse[i * (k + 1) + j] *
                     derivatives->jacobian[j * cells + at];
  return denominator > 0 ? 2 * variance * variance / denominator : NAN;
}
