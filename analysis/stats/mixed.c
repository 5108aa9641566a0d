#include "analysis/stats/mixed.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/mixed_minimise.h"
#include "analysis/stats/mixed_products.h"
#include "analysis/stats/mixed_satterthwaite.h"
#include "analysis/stats/mixed_system.h"
#include "stimuli/base/error.h"

/* A residual sum of squares of this share of the response's is none: the optimiser then stops anywhere. */
#define EXPLAINED 1e-10
#define ROUNDING 1e-13     /* of the deviance, a row */
#define CONTRADICTION 1e-4 /* of the deviance: what a larger model cannot be worse by, beyond its search's tolerance   \
                            */
#define MAX_DECREMENT 1e-3 /* of the deviance, that a Newton step may still promise at a minimum */

static bool check_frame(const ModelFrame *frame, const MixedSystem *system, GError **error) {
  for (gsize g = 0; g < frame->n_groups; g++) {
    const ModelGroup *group = &frame->groups[g];
    gsize coefficients = group->n_levels * group->effects.n_columns;
    if (group->n_levels < 2) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "the random effects of '%s' need at least 2 of its levels, and the data have 1", group->name);
      return false;
    }
    if (coefficients >= frame->n) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%" G_GSIZE_FORMAT " rows cannot tell the %" G_GSIZE_FORMAT
                  " random effects of '%s' from the residuals; it needs more than one row a level",
                  frame->n, coefficients, group->name);
      return false;
    }
  }
  if (system->rank >= frame->n) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%" G_GSIZE_FORMAT " rows are too few for %" G_GSIZE_FORMAT " fixed effects", frame->n, system->rank);
    return false;
  }
  if (system->constant) {
    bool same = true;
    for (gsize i = 1; i < frame->n; i++)
      same = same && frame->y[i] == frame->y[0];
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                same
                    ? "the response '%s' is the same in every row, so there is nothing to model"
                    : "the fixed effects explain the response '%s' completely; check whether it was computed from them",
                frame->response);
    return false;
  }
  if (system->explained_group < frame->n_groups) {
    const ModelGroup *group = &frame->groups[system->explained_group];
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "the fixed effects fit each of the %" G_GSIZE_FORMAT
                " levels of '%s' exactly, so that nothing is left to tell the variance of its random effect %s from; "
                "leave out predictors or this effect",
                group->n_levels, group->name, group->effects.names[system->explained_effect]);
    return false;
  }
  g_autofree char *fault = NULL;
  if (!mixed_identified(system, &fault, error))
    return false;
  if (fault != NULL)
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_INPUT, fault);
  return fault == NULL;
}

static void fill_group(const ModelFrame *frame, const MixedSystem *system, gsize g, MixedModel *model) {
  const ModelGroup *from = &frame->groups[g];
  MixedGroup *group = &model->groups[g];
  gsize q = from->effects.n_columns;
  group->name = g_strdup(from->name);
  group->n_levels = from->n_levels;
  group->n_effects = q;
  group->effects = g_new0(char *, q + 1);
  group->covariance = g_new0(double, q *q);
  group->block = g_memdup2(from->block, q * sizeof *from->block);
  group->scale = g_memdup2(system->units[g].scale, q * sizeof *group->scale);
  g_autofree double *t = g_new0(double, q *q), *a = g_new0(double, q *q);
  for (gsize k = 0; k < system->n_parameters; k++) {
    const MixedParameter *parameter = &system->parameters[k];
    if (parameter->group == g && parameter->row == parameter->column && model->theta[k] < MIXED_SINGULAR)
      group->singular = true;
  }
  mixed_system_fill_t(system, model->theta, g, t);
  mixed_units_to_data(&system->units[g], q, t, a);
  for (gsize i = 0; i < q; i++) {
    const double *columns = system->units[g].values;
    group->effects[i] = g_strdup(from->effects.names[i]);
    for (gsize j = 0; j < q; j++) {
      double own = 0; /* the same covariance in the system's units, where little cancels */
      for (gsize c = 0; c < q; c++) {
        group->covariance[i * q + j] += model->sigma * model->sigma * a[c * q + i] * a[c * q + j];
        own += model->sigma * model->sigma * t[c * q + i] * t[c * q + j];
      }
      group->variance +=
          own / (double)frame->n * cblas_ddot((int)frame->n, columns + i * frame->n, 1, columns + j * frame->n, 1);
    }
  }
  model->singular = model->singular || group->singular;
}

static bool fill_variances(const ModelFrame *frame, const MixedSystem *system, const double *beta, MixedModel *model,
                           GError **error) {
  g_autofree double *fitted = memory_doubles(frame->n, 1, error);
  if (fitted == NULL)
    return false;
  for (gsize j = 0; j < system->rank; j++)
    cblas_daxpy((int)frame->n, beta[j], frame->fixed.values + system->active[j] * frame->n, 1, fitted, 1);
  double sd = descriptive_sd(fitted, frame->n), random = 0;
  model->variance_fixed = sd * sd;
  model->groups = g_new0(MixedGroup, MAX(frame->n_groups, 1));
  model->n_groups = frame->n_groups;
  for (gsize g = 0; g < frame->n_groups; g++) {
    fill_group(frame, system, g, model);
    random += model->groups[g].variance;
  }
  double total = model->variance_fixed + random + model->sigma * model->sigma;
  model->r2_marginal = model->variance_fixed / total;
  model->r2_conditional = (model->variance_fixed + random) / total;
  return true;
}

static void fill_fixed(const ModelFrame *frame, const MixedSystem *system, const double *beta,
                       const MixedDerivatives *derivatives, double confidence, MixedModel *model) {
  static const MixedCoefficient undefined = {NULL, true, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  model->fixed = g_new0(MixedCoefficient, MAX(frame->fixed.n_columns, 1));
  model->n_fixed = frame->fixed.n_columns;
  for (gsize c = 0; c < model->n_fixed; c++) {
    model->fixed[c] = undefined;
    model->fixed[c].name = g_strdup(frame->fixed.names[c]);
  }
  for (gsize j = 0; j < system->rank; j++) {
    MixedCoefficient *coefficient = &model->fixed[system->active[j]];
    coefficient->aliased = false;
    coefficient->beta = beta[j];
    coefficient->se = sqrt(model->vcov[j * system->rank + j]);
    coefficient->t = coefficient->beta / coefficient->se;
    if (model->n_groups == 0)
      coefficient->df = (double)(system->n - system->rank);
    else if (derivatives != NULL)
      coefficient->df = mixed_satterthwaite(derivatives, j);
    coefficient->p = distribution_t_two_tailed(coefficient->t, coefficient->df);
    double half = distribution_t_quantile(0.5 + confidence / 2, coefficient->df) * coefficient->se;
    coefficient->ci_low = beta[j] - half;
    coefficient->ci_high = beta[j] + half;
  }
}

/* NULL where the point is a minimum. */
static const char *judge(bool ended, const MixedDerivatives *derivatives) {
  if (!ended)
    return "the optimiser did not come to an end within its limit of steps";
  if (derivatives != NULL && derivatives->decrement < 0)
    return "the deviance is not curved upwards at the point found, so it is no minimum";
  if (derivatives != NULL && derivatives->decrement > MAX_DECREMENT)
    return "the deviance still falls at the point found";
  return NULL;
}

/* A last Newton step, where it leads downhill: the optimiser's tolerance is of the deviance, which is flat at its
 * minimum, and leaves theta less exact than that. */
static void polish(MixedSystem *system, const MixedDerivatives *derivatives, MixedModel *model) {
  g_autofree double *next = g_memdup2(model->theta, model->n_theta * sizeof *next);
  MixedValues before, after;
  for (gsize i = 0; i < model->n_theta; i++) {
    next[i] -= derivatives->newton[i];
    if (system->parameters[i].row == system->parameters[i].column && next[i] < 0)
      return;
  }
  if (mixed_system_evaluate(system, model->theta, &before) && mixed_system_evaluate(system, next, &after) &&
      mixed_system_deviance(system, &after, model->reml) <
          mixed_system_deviance(system, &before, model->reml) + ROUNDING * (double)model->n)
    memcpy(model->theta, next, model->n_theta * sizeof *next);
}

static bool fit(MixedSystem *system, const ModelFrame *frame, const MixedOptions *options, MixedModel *model,
                GError **error) {
  gsize rank = system->rank;
  model->reml = !options->ml;
  model->n = frame->n;
  model->rank = rank;
  model->n_theta = system->n_parameters;
  model->theta = g_new0(double, MAX(model->n_theta, 1));
  bool ended = mixed_minimise(system, model->reml, model->theta, &model->n_evaluations), defined = false;
  double df = (double)(model->reml || model->n_theta == 0 ? system->n - rank : system->n);
  MixedValues values;
  bool evaluated = mixed_system_evaluate(system, model->theta, &values);
  g_auto(MixedDerivatives) derivatives = {0};
  if (evaluated && model->n_theta > 0 && !options->no_inference) {
    double sigma = sqrt(values.rss * system->total_ss / df);
    if (!mixed_derivatives(system, model->theta, sigma, model->reml, &derivatives, &defined, error))
      return false;
    if (defined)
      polish(system, &derivatives, model);
    evaluated = mixed_system_evaluate(system, model->theta, &values);
  }
  if (!evaluated || (model->n_theta > 0 && values.rss < EXPLAINED)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "'%s': the random effects explain the response completely, so that no residual variance is left; "
                "check whether each group has more than one row, and whether rows are copies",
                frame->response);
    return false;
  }
  model->sigma = sqrt(values.rss * system->total_ss / df);
  model->deviance = mixed_system_deviance(system, &values, model->reml);
  model->n_parameters = rank + model->n_theta + 1;
  model->aic = model->deviance + 2 * (double)model->n_parameters;
  model->bic = model->deviance + log((double)model->n) * (double)model->n_parameters;
  g_autofree double *beta = g_new0(double, MAX(rank, 1));
  mixed_system_coefficients(system, beta);
  if ((model->vcov = memory_doubles(MAX(rank, 1), MAX(rank, 1), error)) == NULL)
    return false;
  mixed_system_covariance(system, model->vcov);
  for (gsize e = 0; e < rank * rank; e++)
    model->vcov[e] *= model->sigma * model->sigma;
  if (!fill_variances(frame, system, beta, model, error))
    return false;
  double confidence = options->confidence > 0 ? options->confidence : DESCRIPTIVE_CONFIDENCE;
  fill_fixed(frame, system, beta, defined ? &derivatives : NULL, confidence, model);
  mixed_system_theta_to_data(system, model->theta);
  const char *fault = judge(ended, defined ? &derivatives : NULL);
  model->converged = fault == NULL;
  model->status = g_strdup(fault != NULL ? fault : "converged");
  return true;
}

bool mixed_fit(const ModelFrame *frame, const MixedOptions *options, MixedModel **model, GError **error) {
  g_autoptr(MixedSystem) system = NULL;
  if (!mixed_system_new(frame, true, &system, error) || !check_frame(frame, system, error))
    return false;
  g_autoptr(MixedModel) made = g_new0(MixedModel, 1);
  if (!fit(system, frame, options, made, error))
    return false;
  *model = g_steal_pointer(&made);
  return true;
}

void mixed_free(MixedModel *model) {
  if (model == NULL)
    return;
  for (gsize c = 0; c < model->n_fixed; c++)
    g_free(model->fixed[c].name);
  for (gsize g = 0; g < model->n_groups; g++) {
    g_free(model->groups[g].name);
    g_strfreev(model->groups[g].effects);
    g_free(model->groups[g].covariance);
    g_free(model->groups[g].block);
    g_free(model->groups[g].scale);
  }
  g_free(model->fixed);
  g_free(model->groups);
  g_free(model->vcov);
  g_free(model->theta);
  g_free(model->status);
  g_free(model);
}

MixedComparison mixed_compare(const MixedModel *smaller, const MixedModel *larger) {
  MixedComparison comparison = {NAN, NAN, NAN, false};
  if (smaller->n_parameters >= larger->n_parameters || smaller->n != larger->n || smaller->reml != larger->reml)
    return comparison;
  double gain = smaller->deviance - larger->deviance;
  comparison.df = (double)(larger->n_parameters - smaller->n_parameters);
  comparison.contradictory = gain < -CONTRADICTION;
  if (comparison.contradictory)
    return comparison;
  comparison.chi2 = fmax(0, gain);
  comparison.p = distribution_chi2_upper(comparison.chi2, comparison.df);
  return comparison;
}
