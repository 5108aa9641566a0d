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

/* Says which part of a singular group's covariance is at its bound. */
static void explain_singular(GPtrArray *notes, const MixedModel *model, const MixedGroup *group) {
  gsize q = group->n_effects;
  bool zero = false;
  for (gsize i = 0; i < q; i++) {
    if (sqrt(group->covariance[i * q + i]) >= MIXED_SINGULAR * model->sigma)
      continue;
    zero = true;
    if (g_strcmp0(group->effects[i], "(Intercept)") == 0)
      add(notes,
          "Singular fit: the differences between the levels of %s are estimated as zero, because they are no larger "
          "than "
          "the residual scatter alone would make them. The fixed effects are those of the model without this term; "
          "this is a property of the data, not an error.",
          group->name);
    else
      add(notes,
          "Singular fit: the effect of %s does not differ between the levels of %s by more than the residual scatter "
          "alone would make it; its variance is estimated as zero. The model without this random slope says the same.",
          group->effects[i], group->name);
  }
  if (zero)
    return;
  for (gsize i = 0; i < q; i++)
    for (gsize j = 0; j < i; j++) {
      double r = group->covariance[i * q + j] / sqrt(group->covariance[i * q + i] * group->covariance[j * q + j]);
      if (group->block[i] == group->block[j] && fabs(r) > CORRELATION_BOUND) {
        add(notes,
            "Singular fit: the random effects %s and %s of %s are estimated as perfectly correlated (%.3f), so the "
            "data "
            "are too few to tell them apart. Consider the model without their correlation, (... || %s).",
            group->effects[j], group->effects[i], group->name, r, group->name);
        return;
      }
    }
  add(notes,
      "Singular fit: the random effects of %s are estimated as depending on each other, so the data are too few for "
      "all "
      "of their variances and correlations. Consider the model without correlations, (... || %s), or fewer slopes.",
      group->name, group->name);
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
