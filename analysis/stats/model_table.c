#include "analysis/stats/model_table.h"

#include <math.h>

#include "analysis/stats/distributions.h"

enum { PART, GROUP, TERM, ESTIMATE, SE, DF, STATISTIC, P, CI_LOW, CI_HIGH, SD, SHARE, STANDARDISED, VIF, NOTE };

static gsize add_row(Table *table, const char *part, const char *group, const char *term, double estimate) {
  gsize row = table_add_row(table);
  table_set(table, row, PART, part);
  table_set(table, row, GROUP, group);
  table_set(table, row, TERM, term);
  table_set_double(table, row, ESTIMATE, estimate);
  return row;
}

/* The standardised coefficient and VIF of a column, where there is a regression. */
static const RegressionTerm *regression_term(const ModelReport *report, const char *name) {
  for (gsize k = 0; report->regression != NULL && k < report->regression->n_terms; k++)
    if (g_strcmp0(report->regression->terms[k].name, name) == 0)
      return &report->regression->terms[k];
  return NULL;
}

/* R2 and the F test of a model without random effects. */
typedef struct {
  bool about_zero; /* not about the mean: the model has no intercept */
  double r2, adjusted_r2, f, df_model, df_residual, p;
} Overall;

/* As R's summary.lm has it without an intercept. */
static void summarise_about_zero(const ModelReport *report, Overall *overall) {
  const MixedModel *model = report->model;
  double total = 0, rank = (double)model->rank, rest = (double)(model->n - model->rank);
  for (gsize i = 0; i < model->n; i++)
    total += report->frame->y[i] * report->frame->y[i];
  double residual = model->sigma * model->sigma * rest, r2 = 1 - residual / total;
  double f = (total - residual) / rank / (model->sigma * model->sigma);
  *overall = (Overall){.about_zero = true,
                       .r2 = r2,
                       .adjusted_r2 = 1 - (1 - r2) * (double)model->n / rest,
                       .f = f,
                       .df_model = rank,
                       .df_residual = rest,
                       .p = distribution_f_upper(f, rank, rest)};
}

/* False where there are random effects or no predictors. */
static bool summarise(const ModelReport *report, Overall *overall) {
  const Regression *regression = report->regression;
  const ModelColumns *fixed = &report->frame->fixed;
  if (regression != NULL) {
    *overall = (Overall){.r2 = regression->r2,
                         .adjusted_r2 = regression->adjusted_r2,
                         .f = regression->f,
                         .df_model = regression->df_model,
                         .df_residual = regression->df_residual,
                         .p = regression->p};
    return true;
  }
  if (report->model->n_groups > 0 || report->model->rank == 0 || fixed->terms[0] == MODEL_NO_TERM)
    return false;
  summarise_about_zero(report, overall);
  return true;
}

static void add_fixed(Table *table, const ModelReport *report) {
  for (gsize c = 0; c < report->model->n_fixed; c++) {
    const MixedCoefficient *fixed = &report->model->fixed[c];
    gsize row = add_row(table, "fixed", NULL, fixed->name, fixed->beta);
    table_set_double(table, row, SE, fixed->se);
    table_set_double(table, row, DF, fixed->df);
    table_set_double(table, row, STATISTIC, fixed->t);
    table_set_double(table, row, P, fixed->p);
    table_set_double(table, row, CI_LOW, fixed->ci_low);
    table_set_double(table, row, CI_HIGH, fixed->ci_high);
    const RegressionTerm *term = regression_term(report, fixed->name);
    if (term != NULL) {
      table_set_double(table, row, STANDARDISED, term->standardised);
      table_set_double(table, row, VIF, term->vif);
    }
    if (fixed->aliased)
      table_set(table, row, NOTE, "left out: determined by the columns before it");
  }
}

static double random_and_residual(const MixedModel *model) {
  double total = model->sigma * model->sigma;
  for (gsize g = 0; g < model->n_groups; g++)
    total += model->groups[g].variance;
  return total;
}

static void set_squared(Table *table, gsize row, MixedInterval sd) {
  table_set_double(table, row, CI_LOW, sd.low * sd.low);
  table_set_double(table, row, CI_HIGH, sd.high * sd.high);
}

static void add_variances(Table *table, const ModelReport *report) {
  const MixedModel *model = report->model;
  const MixedProfile *profile = report->profile;
  double total = random_and_residual(model), residual = model->sigma * model->sigma;
  for (gsize g = 0; g < model->n_groups; g++) {
    const MixedGroup *group = &model->groups[g];
    gsize q = group->n_effects;
    for (gsize i = 0; i < q; i++) {
      double variance = group->covariance[i * q + i];
      gsize row = add_row(table, "variance", group->name, group->effects[i], variance);
      table_set_double(table, row, SD, sqrt(variance));
      if (q == 1)
        table_set_double(table, row, SHARE, group->variance / total);
      if (profile != NULL)
        set_squared(table, row, profile->groups[g].sd[i]);
    }
    for (gsize i = 0; i < q; i++)
      for (gsize j = 0; j < i; j++) {
        if (group->block[i] != group->block[j])
          continue;
        g_autofree char *name = g_strdup_printf("%s, %s", group->effects[j], group->effects[i]);
        gsize row =
            add_row(table, "correlation", group->name, name,
                    group->covariance[i * q + j] / sqrt(group->covariance[i * q + i] * group->covariance[j * q + j]));
        if (profile != NULL) {
          table_set_double(table, row, CI_LOW, profile->groups[g].correlation.low);
          table_set_double(table, row, CI_HIGH, profile->groups[g].correlation.high);
        }
      }
  }
  gsize row = add_row(table, "variance", "Residual", NULL, residual);
  table_set_double(table, row, SD, model->sigma);
  table_set_double(table, row, SHARE, residual / total);
  if (profile != NULL)
    set_squared(table, row, profile->sigma);
}

static void add_fit(Table *table, const ModelReport *report) {
  const MixedModel *model = report->model;
  gsize row = add_row(table, "fit", NULL, "formula", NAN);
  table_set(table, row, NOTE, report->formula);
  row = add_row(table, "fit", NULL, "method", NAN);
  table_set(table, row, NOTE, model->n_groups == 0 ? "least squares" : model->reml ? "REML" : "ML");
  row = add_row(table, "fit", NULL, "status", NAN);
  table_set(table, row, NOTE, model->status);
  add_row(table, "fit", NULL, "rows", (double)model->n);
  add_row(table, "fit", NULL, "rows_incomplete", (double)report->frame->n_incomplete);
  add_row(table, "fit", NULL, "rows_duplicated", (double)report->frame->n_duplicates);
  for (gsize g = 0; g < model->n_groups; g++)
    add_row(table, "fit", model->groups[g].name, "levels", (double)model->groups[g].n_levels);
  Overall overall;
  if (summarise(report, &overall)) {
    row = add_row(table, "fit", NULL, "r2", overall.r2);
    if (overall.about_zero)
      table_set(table, row, NOTE, "about zero, not the mean: the model has no intercept");
    add_row(table, "fit", NULL, "adjusted_r2", overall.adjusted_r2);
    row = add_row(table, "fit", NULL, "f", NAN);
    table_set_double(table, row, STATISTIC, overall.f);
    table_set_double(table, row, DF, overall.df_model);
    table_set_double(table, row, P, overall.p);
  }
  if (report->regression != NULL)
    add_row(table, "fit", NULL, "condition_number", report->regression->condition);
  if (model->n_groups > 0) {
    double total = random_and_residual(model);
    add_row(table, "fit", NULL, "r2_marginal", model->r2_marginal);
    add_row(table, "fit", NULL, "r2_conditional", model->r2_conditional);
    add_row(table, "fit", NULL, "icc_adjusted", 1 - model->sigma * model->sigma / total);
    add_row(table, "fit", NULL, model->reml ? "reml_criterion" : "deviance", model->deviance);
    add_row(table, "fit", NULL, "log_likelihood", -model->deviance / 2);
    add_row(table, "fit", NULL, "aic", model->aic);
    add_row(table, "fit", NULL, "bic", model->bic);
    add_row(table, "fit", NULL, "evaluations", (double)model->n_evaluations);
  }
}

static void add_tests(Table *table, const GArray *tests) {
  for (gsize k = 0; k < tests->len; k++) {
    const ModelTest *test = &g_array_index(tests, ModelTest, k);
    gsize row = add_row(table, "test", NULL, test->name, NAN);
    table_set_double(table, row, STATISTIC, test->comparison.chi2);
    table_set_double(table, row, DF, test->comparison.df);
    table_set_double(table, row, P, test->comparison.p);
    g_autofree char *note =
        g_strconcat("likelihood ratio, ", test->reml ? "REML" : "ML",
                    test->random ? "; p is too large, a variance of 0 being the bound of what is possible" : "", NULL);
    table_set(table, row, NOTE, note);
  }
}

Table *model_table(const ModelReport *report) {
  static const char *const columns[] = {"part",         "group", "term",   "estimate", "se", "df",
                                        "statistic",    "p",     "ci_low", "ci_high",  "sd", "share",
                                        "standardised", "vif",   "note"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  add_fixed(table, report);
  add_variances(table, report);
  add_tests(table, report->tests);
  add_fit(table, report);
  for (gsize k = 0; report->notes[k] != NULL; k++)
    table_set(table, add_row(table, "note", NULL, NULL, NAN), NOTE, report->notes[k]);
  return table;
}

/* A number of about 4 digits in a column 11 wide; p-values below .0001 as "<.0001". */
static void append_number(GString *text, double value, bool is_p) {
  char number[64];
  if (isnan(value))
    g_snprintf(number, sizeof number, "n/a");
  else if (is_p && value < 1e-4)
    g_snprintf(number, sizeof number, "<.0001");
  else
    g_ascii_formatd(number, sizeof number, is_p ? "%.4f" : "%.5g", value);
  g_string_append_printf(text, " %11s", number);
}

static void append_fixed(GString *text, const MixedModel *model) {
  g_string_append_printf(text, "\nFixed effects\n  %-28s %11s %11s %11s %11s %11s %11s %11s\n", "", "estimate", "se",
                         "df", "t", "p", "95 % from", "to");
  for (gsize c = 0; c < model->n_fixed; c++) {
    const MixedCoefficient *fixed = &model->fixed[c];
    g_string_append_printf(text, "  %-28s", fixed->name);
    const double values[] = {fixed->beta, fixed->se, fixed->df, fixed->t, fixed->p, fixed->ci_low, fixed->ci_high};
    for (gsize k = 0; k < G_N_ELEMENTS(values); k++)
      append_number(text, values[k], k == 4);
    g_string_append_printf(text, " %s\n", distribution_stars(fixed->p));
  }
}

static void append_interval(GString *text, const MixedInterval *interval) {
  if (interval != NULL) {
    append_number(text, interval->low, false);
    append_number(text, interval->high, false);
  }
  g_string_append_c(text, '\n');
}

static void append_variances(GString *text, const ModelReport *report) {
  const MixedModel *model = report->model;
  const MixedProfile *profile = report->profile;
  double total = random_and_residual(model);
  g_string_append_printf(text, "\nVariance components\n  %-20s %-20s %11s %11s %11s", "group", "effect", "variance",
                         "sd", "share");
  g_string_append_printf(text, profile != NULL ? " %11s %11s\n" : "\n", "sd from", "to");
  for (gsize g = 0; g < model->n_groups; g++) {
    const MixedGroup *group = &model->groups[g];
    gsize q = group->n_effects;
    for (gsize i = 0; i < q; i++) {
      g_string_append_printf(text, "  %-20s %-20s", group->name, group->effects[i]);
      append_number(text, group->covariance[i * q + i], false);
      append_number(text, sqrt(group->covariance[i * q + i]), false);
      append_number(text, q == 1 ? group->variance / total : NAN, false);
      append_interval(text, profile != NULL ? &profile->groups[g].sd[i] : NULL);
    }
    for (gsize i = 0; i < q; i++)
      for (gsize j = 0; j < i; j++) {
        if (group->block[i] != group->block[j])
          continue;
        g_string_append_printf(text, "  %-20s correlation of %s and %s:", group->name, group->effects[j],
                               group->effects[i]);
        append_number(text,
                      group->covariance[i * q + j] / sqrt(group->covariance[i * q + i] * group->covariance[j * q + j]),
                      false);
        append_interval(text, profile != NULL ? &profile->groups[g].correlation : NULL);
      }
  }
  g_string_append_printf(text, "  %-20s %-20s", "Residual", "");
  append_number(text, model->sigma * model->sigma, false);
  append_number(text, model->sigma, false);
  append_number(text, model->sigma * model->sigma / total, false);
  append_interval(text, profile != NULL ? &profile->sigma : NULL);
  if (profile != NULL)
    g_string_append(text, "  95 % intervals by profile likelihood (ML)\n");
}

static void append_fit(GString *text, const ModelReport *report) {
  const MixedModel *model = report->model;
  g_string_append_printf(text, "%s\n%" G_GSIZE_FORMAT " rows", report->formula, model->n);
  if (report->frame->n_incomplete > 0)
    g_string_append_printf(text, " (%" G_GSIZE_FORMAT " left out for a missing value)", report->frame->n_incomplete);
  for (gsize g = 0; g < model->n_groups; g++)
    g_string_append_printf(text, ", %" G_GSIZE_FORMAT " %s", model->groups[g].n_levels, model->groups[g].name);
  if (model->n_groups == 0)
    g_string_append(text, "; least squares\n");
  else
    g_string_append_printf(text, "; %s, %s\n", model->reml ? "REML" : "ML",
                           model->converged ? "converged" : "NOT converged");
}

/* Nothing of a model whose predictors were all left out. */
static void append_overall(GString *text, const Overall *overall) {
  if (!(overall->df_model > 0))
    return;
  g_string_append_printf(text, "\nR2 %.4f%s, adjusted R2 %.4f", overall->r2,
                         overall->about_zero ? " (about zero, not the mean: the model has no intercept)" : "",
                         overall->adjusted_r2);
  if (!isnan(overall->f))
    g_string_append_printf(text, ", F(%g, %g) = %.4g, p = %.4g", overall->df_model, overall->df_residual, overall->f,
                           overall->p);
  g_string_append_c(text, '\n');
}

GString *model_text(const ModelReport *report) {
  const MixedModel *model = report->model;
  Overall overall;
  GString *text = g_string_new(NULL);
  append_fit(text, report);
  append_fixed(text, model);
  if (model->n_groups > 0) {
    append_variances(text, report);
    if (model->converged)
      g_string_append_printf(
          text,
          "\nThe fixed effects account for %.1f %% of the variance, fixed and random effects together "
          "for %.1f %% (marginal and conditional R2).\n",
          100 * model->r2_marginal, 100 * model->r2_conditional);
    g_string_append_printf(text, "%s%s %.4f, AIC %.2f, BIC %.2f\n", model->converged ? "" : "\n",
                           model->reml ? "REML criterion" : "-2 log-likelihood", model->deviance, model->aic,
                           model->bic);
  } else if (summarise(report, &overall)) {
    append_overall(text, &overall);
  }
  if (report->tests->len > 0)
    g_string_append_printf(text, "\nLikelihood-ratio tests\n  %-28s %11s %11s %11s  fits by\n", "without or against",
                           "chi2", "df", "p");
  bool any_random = false;
  for (gsize k = 0; k < report->tests->len; k++) {
    const ModelTest *test = &g_array_index(report->tests, ModelTest, k);
    g_string_append_printf(text, "  %-28s", test->name);
    append_number(text, test->comparison.chi2, false);
    append_number(text, test->comparison.df, false);
    append_number(text, test->comparison.p, true);
    g_string_append_printf(text, "  %s%s %s\n", test->reml ? "REML" : "ML", test->random ? "+" : "",
                           distribution_stars(test->comparison.p));
    any_random = any_random || test->random;
  }
  if (any_random)
    g_string_append(text, "  + of variances: p is too large, as 0 is the bound of what is possible\n");
  for (gsize k = 0; report->notes[k] != NULL; k++)
    g_string_append_printf(text, "%sNote: %s\n", k == 0 ? "\n" : "", report->notes[k]);
  return text;
}
