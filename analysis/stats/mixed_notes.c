#include "analysis/stats/mixed.h"

#include <math.h>

/* Below this a variance is little more than a guess: Gelman & Hill 2007, section 12.9; lme4's FAQ. */
#define FEW_LEVELS 5
/* A correlation of random effects this close to 1 is one at its bound. */
#define CORRELATION_BOUND 0.999

static void add(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add(GPtrArray *notes, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_ptr_array_add(notes, g_strdup_vprintf(format, arguments));
  va_end(arguments);
}

static bool vanishes(const MixedModel *model, const MixedGroup *group, gsize effect) {
  return sqrt(group->covariance[effect * group->n_effects + effect]) * group->scale[effect] <
         MIXED_SINGULAR * model->sigma;
}

static double correlation(const MixedGroup *group, gsize i, gsize j) {
  gsize q = group->n_effects;
  return group->covariance[i * q + j] / sqrt(group->covariance[i * q + i] * group->covariance[j * q + j]);
}

/* The rank of the correlations of the effects that vary, by elimination with the largest pivot first. */
static gsize rank_of_correlations(const MixedGroup *group, const gsize *varying, gsize n) {
  g_autofree double *r = g_new(double, n *n);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      r[i * n + j] = i == j ? 1 : correlation(group, varying[i], varying[j]);
  gsize rank = 0;
  for (; rank < n; rank++) {
    gsize pivot = 0;
    for (gsize i = 1; i < n; i++)
      pivot = r[i * n + i] > r[pivot * n + pivot] ? i : pivot;
    double largest = r[pivot * n + pivot];
    if (!(largest > 1 - CORRELATION_BOUND * CORRELATION_BOUND))
      break;
    for (gsize i = 0; i < n; i++)
      for (gsize j = 0; j < n; j++)
        if (i != pivot && j != pivot)
          r[i * n + j] -= r[i * n + pivot] * r[pivot * n + j] / largest;
    for (gsize i = 0; i < n; i++)
      r[i * n + pivot] = r[pivot * n + i] = 0;
  }
  return rank;
}

static void explain_zero(GPtrArray *notes, const MixedGroup *group, gsize effect, const char *others) {
  if (others == NULL)
    add(notes,
        "Singular fit: the differences between the levels of %s are estimated as zero, because they are no larger than "
        "the residual scatter alone would make them. The fixed effects are those of the model without this term; this "
        "is a property of the data, not an error.",
        group->name);
  else if (g_strcmp0(group->effects[effect], "(Intercept)") == 0)
    add(notes,
        "Singular fit: where the predictors are 0, the levels of %s do not differ by more than the residual scatter "
        "alone would make them: the variance of (Intercept) is estimated as zero, that of %s is not. The model without "
        "this random intercept, (0 + ... | %s), says the same; the one without the whole term does not.",
        group->name, others, group->name);
  else
    add(notes,
        "Singular fit: the effect of %s does not differ between the levels of %s by more than the residual scatter "
        "alone would make it; its variance is estimated as zero. The model without this random slope says the same; "
        "the variance of %s is not zero.",
        group->effects[effect], group->name, others);
}

static void explain_dependent(GPtrArray *notes, const MixedGroup *group, const gsize *varying, gsize n) {
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < i; j++) {
      double r = correlation(group, varying[i], varying[j]);
      if (group->block[varying[i]] != group->block[varying[j]] || fabs(r) <= CORRELATION_BOUND)
        continue;
      add(notes,
          "Singular fit: the random effects %s and %s of %s are estimated as perfectly correlated (%.3f), so the data "
          "are too few to tell them apart. Consider the model without their correlation, (... || %s).",
          group->effects[varying[j]], group->effects[varying[i]], group->name, r, group->name);
      return;
    }
  add(notes,
      "Singular fit: the random effects of %s are estimated as depending on each other, so the data are too few for "
      "all of their variances and correlations. Consider the model without correlations, (... || %s), or fewer slopes.",
      group->name, group->name);
}

/* Says which part of a singular group's covariance is at its bound: variances of zero, and what depends on each other
 * among the effects that have one. */
static void explain_singular(GPtrArray *notes, const MixedModel *model, const MixedGroup *group) {
  gsize q = group->n_effects, n = 0;
  g_autofree gsize *varying = g_new(gsize, q);
  g_autoptr(GString) others = g_string_new(NULL);
  for (gsize i = 0; i < q; i++)
    if (!vanishes(model, group, i)) {
      g_string_append_printf(others, "%s%s", n > 0 ? ", " : "", group->effects[i]);
      varying[n++] = i;
    }
  for (gsize i = 0; i < q; i++)
    if (vanishes(model, group, i)) {
      explain_zero(notes, group, i, n > 0 ? others->str : NULL);
      if (n == 0)
        break;
    }
  /* With every variance above zero, singular can only be what depends on each other. */
  if (n == q || (n > 1 && rank_of_correlations(group, varying, n) < n))
    explain_dependent(notes, group, varying, n);
}

char **mixed_notes(const MixedModel *model) {
  GPtrArray *notes = g_ptr_array_new();
  if (!model->converged)
    add(notes, "The fit did not converge: %s. Do not use its numbers; try a simpler model or rescaled predictors.",
        model->status);
  for (gsize g = 0; g < model->n_groups; g++) {
    const MixedGroup *group = &model->groups[g];
    if (group->singular)
      explain_singular(notes, model, group);
    if (group->n_levels < FEW_LEVELS)
      add(notes,
          "%s has only %" G_GSIZE_FORMAT " levels; a variance from so few is a guess. Consider it as a fixed effect.",
          group->name, group->n_levels);
  }
  g_autoptr(GString) aliased = g_string_new(NULL);
  for (gsize c = 0; c < model->n_fixed; c++)
    if (model->fixed[c].aliased)
      g_string_append_printf(aliased, "%s%s", aliased->len > 0 ? ", " : "", model->fixed[c].name);
  if (aliased->len > 0)
    add(notes, "Left out, because the columns before them determine them exactly: %s.", aliased->str);
  g_ptr_array_add(notes, NULL);
  return (char **)g_ptr_array_free(notes, FALSE);
}
