#include <math.h>

#include "analysis/stats/regression.h"

/* "a", "a and b", "a, b and c". */
static char *join_names(const GPtrArray *names) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < names->len; i++) {
    if (i > 0)
      g_string_append(text, i + 1 == names->len ? " and " : ", ");
    g_string_append(text, g_ptr_array_index(names, i));
  }
  return g_string_free(text, FALSE);
}

typedef bool (*TermTest)(const Regression *regression, const RegressionTerm *term);

static bool is_aliased(const Regression *regression G_GNUC_UNUSED, const RegressionTerm *term) { return term->aliased; }

static bool is_inflated(const Regression *regression G_GNUC_UNUSED, const RegressionTerm *term) {
  return term->vif > REGRESSION_VIF_HIGH;
}

static bool is_suppressed(const Regression *regression G_GNUC_UNUSED, const RegressionTerm *term) {
  return fabs(term->standardised) > 1 || (term->p < 0.05 && term->standardised * term->r < 0);
}

/* What R2 loses without the term, its squared semipartial correlation, against its squared correlation alone. */
static bool is_suppressor(const Regression *regression, const RegressionTerm *term) {
  double added = term->t * term->t * (1 - regression->r2) / regression->df_residual;
  return !is_suppressed(regression, term) && term->p < 0.05 && added > REGRESSION_SUPPRESSION * term->r * term->r;
}

/* Adds the sentence and after it the names of the terms that pass the test, where there are any. */
static void warn_of_terms(GPtrArray *warnings, const Regression *regression, TermTest test, const char *sentence) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (gsize j = 0; j < regression->n_terms; j++)
    if (test(regression, &regression->terms[j]))
      g_ptr_array_add(names, regression->terms[j].name);
  if (names->len == 0)
    return;
  g_autofree char *joined = join_names(names);
  g_ptr_array_add(warnings, g_strdup_printf("%s: %s.", sentence, joined));
}

char **regression_warnings(const Regression *regression) {
  GPtrArray *warnings = g_ptr_array_new();
  if (!(regression->df_residual > 0))
    g_ptr_array_add(warnings, g_strdup("There are as many coefficients as rows, so the fit is perfect by construction "
                                       "and nothing can be tested."));
  else if (isnan(regression->r2))
    g_ptr_array_add(warnings, g_strdup("The response is the same in every row, so there is nothing to explain."));
  else if (regression->perfect)
    g_ptr_array_add(warnings, g_strdup("The fit is perfect up to rounding, so no test means anything; check whether "
                                       "the response was computed from the predictors."));
  else if (regression->df_residual < 10 * regression->df_model)
    g_ptr_array_add(warnings, g_strdup_printf("There are only %" G_GSIZE_FORMAT " rows for %g predictors; R2 is "
                                              "likely to be too high, see the adjusted R2.",
                                              regression->n, regression->df_model));
  warn_of_terms(warnings, regression, is_aliased, "Left out, because the other predictors determine it exactly");
  warn_of_terms(warnings, regression, is_inflated,
                "The predictors overlap so much that these coefficients cannot be told apart, and may change size or "
                "sign with a few other cases, while R2 is not affected (VIF above 10)");
  if (isfinite(regression->condition) && regression->condition > REGRESSION_CONDITION_HIGH)
    g_ptr_array_add(warnings, g_strdup_printf("The predictors are close to being linearly dependent (condition number "
                                              "%.3g, above 30).",
                                              regression->condition));
  warn_of_terms(warnings, regression, is_suppressed,
                "Do not read as an effect of the property itself: the coefficient has the opposite sign of the simple "
                "correlation, or is larger than 1 in size (suppression)");
  warn_of_terms(warnings, regression, is_suppressor,
                "Do not read as an effect of the property itself: it adds more than twice as much to R2 as it explains "
                "alone, because it and the other predictors free each other of what does not bear on the response "
                "(classical suppression)");
  g_ptr_array_add(warnings, NULL);
  return (char **)g_ptr_array_free(warnings, FALSE);
}
