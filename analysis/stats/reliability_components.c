#include <math.h>
#include <stdlib.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/mixed.h"
#include "analysis/stats/mixed_system.h"
#include "analysis/stats/reliability.h"
#include "stimuli/base/error.h"

#define STEP 0.02 /* of log theta, for the fourth-order differences of the deviance */

/* Numbers the ids that occur with values: (n) of them, and the sizes. */
static gsize compact(const ReliabilityData *data, const gsize *ids, gsize n_ids, guint32 *level, gsize *number) {
  gsize n_levels = 0, row = 0;
  for (gsize i = 0; i < n_ids; i++)
    number[i] = G_MAXSIZE;
  for (gsize i = 0; i < data->n; i++)
    if (!isnan(data->value[i])) {
      if (number[ids[i]] == G_MAXSIZE)
        number[ids[i]] = n_levels++;
      level[row++] = (guint32)number[ids[i]];
    }
  return n_levels;
}

typedef struct {
  MixedSystem *system;
  const double *theta;
  bool held[2]; /* a component that is zero does not move */
} Surface;

static double deviance_at(const Surface *surface, double step0, double step1) {
  MixedValues values;
  double theta[2] = {surface->theta[0] * exp(step0), surface->theta[1] * exp(step1)};
  return mixed_system_evaluate(surface->system, theta, &values) ? mixed_system_deviance(surface->system, &values, true)
                                                                : NAN;
}

static double second_derivative(const Surface *surface, int parameter) {
  double d[5];
  for (int i = 0; i < 5; i++) {
    double step = (i - 2) * STEP;
    d[i] = parameter == 0 ? deviance_at(surface, step, 0) : deviance_at(surface, 0, step);
  }
  return (-d[0] + 16 * d[1] - 30 * d[2] + 16 * d[3] - d[4]) / (12 * STEP * STEP);
}

static double mixed_difference(const Surface *surface, double h) {
  return (deviance_at(surface, h, h) - deviance_at(surface, h, -h) - deviance_at(surface, -h, h) +
          deviance_at(surface, -h, -h)) /
         (4 * h * h);
}

/* The covariance of log theta: twice the inverse of the deviance's Hessian. */
static void log_covariance(const Surface *surface, double covariance[3]) {
  double h00 = second_derivative(surface, 0);
  if (surface->held[1]) {
    covariance[0] = 2 / h00;
    covariance[1] = covariance[2] = 0;
    return;
  }
  double h11 = second_derivative(surface, 1);
  double h01 = (4 * mixed_difference(surface, STEP) - mixed_difference(surface, 2 * STEP)) / 3;
  double determinant = h00 * h11 - h01 * h01;
  covariance[0] = 2 * h11 / determinant;
  covariance[1] = -2 * h01 / determinant;
  covariance[2] = 2 * h00 / determinant;
}

static void logit_interval(double icc, double variance, double *low, double *high) {
  double half = distribution_normal_quantile(0.5 + DESCRIPTIVE_CONFIDENCE / 2) * sqrt(variance);
  double logit = log(icc / (1 - icc));
  *low = 1 / (1 + exp(half - logit));
  *high = 1 / (1 + exp(-half - logit));
}

static bool fill_intervals(const ModelFrame *frame, const double *theta, VarianceComponents *made, GError **error) {
  g_autoptr(MixedSystem) system = NULL;
  if (!mixed_system_new(frame, false, &system, error))
    return false;
  Surface surface = {.system = system, .theta = theta, .held = {theta[0] < MIXED_SINGULAR, theta[1] < MIXED_SINGULAR}};
  if (surface.held[0]) {
    made->undefined = "the variance between images is estimated as zero";
    return true;
  }
  double covariance[3], rater = theta[1] * theta[1];
  log_covariance(&surface, covariance);
  /* logit ICC = 2 log theta0 - log(theta1^2 + 1), its gradient by log theta1 is below. */
  double g1 = -2 * rater / (rater + 1);
  logit_interval(made->agreement, 4 * covariance[0] + 4 * g1 * covariance[1] + g1 * g1 * covariance[2],
                 &made->agreement_low, &made->agreement_high);
  logit_interval(made->consistency, 4 * covariance[0], &made->consistency_low, &made->consistency_high);
  return true;
}

static int compare_pairs(const void *a, const void *b) {
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
  return (x > y) - (x < y);
}

/* Of the different raters of each target; count (n_targets) and pairs (n) are workspaces. */
static double harmonic_raters(const guint32 *target, const guint32 *rater, gsize n, gsize n_targets, double *count,
                              guint64 *pairs) {
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    pairs[i] = (guint64)target[i] << 32 | rater[i];
  qsort(pairs, n, sizeof *pairs, compare_pairs);
  for (gsize i = 0; i < n; i++)
    if (i == 0 || pairs[i] != pairs[i - 1])
      count[pairs[i] >> 32]++;
  for (gsize t = 0; t < n_targets; t++)
    sum += 1 / count[t];
  return (double)n_targets / sum;
}

static bool fit(ModelFrame *frame, VarianceComponents *made, GError **error) {
  const MixedOptions options = {.no_inference = true};
  g_autoptr(MixedModel) model = NULL;
  if (!mixed_fit(frame, &options, &model, error))
    return false;
  made->mean = model->fixed[0].beta;
  made->var_target = model->groups[0].covariance[0];
  made->var_rater = model->groups[1].covariance[0];
  made->var_residual = model->sigma * model->sigma;
  made->agreement = made->var_target / (made->var_target + made->var_rater + made->var_residual);
  made->consistency = made->var_target / (made->var_target + made->var_residual);
  double k = made->raters_per_target;
  made->agreement_average = k * made->agreement / (1 + (k - 1) * made->agreement);
  made->consistency_average = k * made->consistency / (1 + (k - 1) * made->consistency);
  return fill_intervals(frame, model->theta, made, error);
}

bool reliability_components(const ReliabilityData *data, VarianceComponents *components, GError **error) {
  gsize n = data->n;
  g_autofree double *doubles = memory_doubles(n, 2, error), *count = memory_doubles(data->n_targets, 1, error);
  g_autofree guint32 *levels = memory_items(n, 2 * sizeof *levels, error);
  g_autofree gsize *number = memory_items(MAX(data->n_targets, data->n_raters), sizeof *number, error);
  g_autofree gsize *zeros = memory_items(2, sizeof *zeros, error);
  g_autofree guint64 *pairs = memory_items(n, sizeof *pairs, error);
  if (doubles == NULL || count == NULL || levels == NULL || number == NULL || zeros == NULL || pairs == NULL)
    return false;
  VarianceComponents made = {
      .agreement_low = NAN, .agreement_high = NAN, .consistency_low = NAN, .consistency_high = NAN};
  double *y = doubles, *ones = doubles + n;
  for (gsize i = 0; i < n; i++)
    if (!isnan(data->value[i]))
      y[made.n++] = data->value[i];
  made.n_targets = compact(data, data->target, data->n_targets, levels, number);
  made.n_raters = compact(data, data->rater, data->n_raters, levels + n, number);
  if (made.n_targets < 2 || made.n_raters < 2) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "agreement takes at least two raters and two images with ratings");
    return false;
  }
  for (gsize i = 0; i < made.n; i++)
    ones[i] = 1;
  made.raters_per_target = harmonic_raters(levels, levels + n, made.n, made.n_targets, count, pairs);
  char *names[] = {(char *)"(Intercept)", NULL};
  gsize no_term = MODEL_NO_TERM;
  const ModelColumns intercept = {1, names, &no_term, ones};
  ModelGroup groups[2] = {
      {.name = (char *)"image", .n_levels = made.n_targets, .level = levels, .effects = intercept, .block = zeros},
      {.name = (char *)"participant",
       .n_levels = made.n_raters,
       .level = levels + n,
       .effects = intercept,
       .block = zeros}};
  ModelFrame frame = {
      .n = made.n, .response = (char *)"rating", .y = y, .fixed = intercept, .n_groups = 2, .groups = groups};
  if (!fit(&frame, &made, error))
    return false;
  *components = made;
  return true;
}
