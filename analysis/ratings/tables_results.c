#include <math.h>

#include "analysis/ratings/tables.h"
#include "analysis/stats/distributions.h"

Table *tables_correlations(const CorrelationMatrix *matrix, bool one_tailed) {
  static const char *const columns[] = {"variable_1",   "variable_2",   "n",     "r",    "ci_low", "ci_high", "t",
                                        "p_two_tailed", "p_one_tailed", "stars", "tails"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < matrix->n_variables; i++)
    for (gsize j = 0; j < i; j++) {
      const Correlation *c = correlation_matrix_cell(matrix, i, j);
      gsize row = table_add_row(table);
      table_set(table, row, 0, matrix->names[i]);
      table_set(table, row, 1, matrix->names[j]);
      table_set_int(table, row, 2, (gint64)c->n);
      table_set_doubles(table, row, 3,
                        (const double[]){c->r, c->ci_low, c->ci_high, c->t, c->p_two_tailed, c->p_one_tailed}, 6);
      table_set(table, row, 9, distribution_stars(one_tailed ? c->p_one_tailed : c->p_two_tailed));
      table_set_int(table, row, 10, one_tailed ? 1 : 2);
    }
  return table;
}

static void add_term(Table *table, const RegressionTerm *term) {
  gsize row = table_add_row(table);
  table_set(table, row, 0, term->name);
  table_set_doubles(table, row, 1,
                    (const double[]){term->beta, term->standardised, term->se, term->t, term->p, term->ci_low,
                                     term->ci_high, term->vif, term->r},
                    9);
  table_set(table, row, 10, distribution_stars(term->p));
  table_set(table, row, 11, term->aliased ? "true" : "false");
}

Table *tables_regression(const Regression *regression) {
  static const char *const columns[] = {
      "term", "beta", "standardised_beta", "se", "t", "p", "ci_low", "ci_high", "vif", "r", "stars", "aliased"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  add_term(table, &regression->intercept);
  for (gsize j = 0; j < regression->n_terms; j++)
    add_term(table, &regression->terms[j]);
  return table;
}

Table *tables_regression_summary(const Regression *regression) {
  static const char *const columns[] = {"statistic", "value"};
  const struct {
    const char *name;
    double value;
  } rows[] = {{"n", (double)regression->n},
              {"n_excluded", (double)regression->n_excluded},
              {"predictors", (double)regression->n_terms},
              {"aliased", (double)regression->n_aliased},
              {"r2", regression->r2},
              {"adjusted_r2", regression->adjusted_r2},
              {"residual_se", regression->sigma},
              {"f", regression->f},
              {"df_model", regression->df_model},
              {"df_residual", regression->df_residual},
              {"p", regression->p},
              {"condition_number", regression->condition}};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, rows[i].name);
    table_set_double(table, row, 1, rows[i].value);
  }
  return table;
}

Table *tables_anova(const Anova *anova) {
  static const char *const columns[] = {"source", "ss", "df", "df_error", "ms", "f", "p", "eta2", "omega2"};
  const struct {
    const char *source;
    double values[8];
  } rows[] = {{"between",
               {anova->ss_between, anova->df_between, anova->df_within, anova->ms_between, anova->f, anova->p,
                anova->eta2, anova->omega2}},
              {"within", {anova->ss_within, anova->df_within, NAN, anova->ms_within, NAN, NAN, NAN, NAN}},
              {"total", {anova->ss_total, anova->df_between + anova->df_within, NAN, NAN, NAN, NAN, NAN, NAN}},
              {"welch", {NAN, anova->welch_df1, anova->welch_df2, NAN, anova->welch_f, anova->welch_p, NAN, NAN}}};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, rows[i].source);
    table_set_doubles(table, row, 1, rows[i].values, 8);
  }
  return table;
}

Table *tables_anova_groups(const Anova *anova, const Questionnaire *questionnaire) {
  static const char *const columns[] = {"level", "label", "n", "mean", "sd", "ci_low", "ci_high", "median"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize g = 0; g < anova->n_groups; g++) {
    const Description *d = &anova->groups[g];
    gsize row = table_add_row(table);
    table_set_double(table, row, 0, questionnaire->values[g]);
    table_set(table, row, 1, questionnaire->labels[g]);
    table_set_int(table, row, 2, (gint64)d->n);
    table_set_doubles(table, row, 3, (const double[]){d->mean, d->sd, d->ci_low, d->ci_high, d->median}, 5);
  }
  return table;
}
