#include <stdio.h>

#include "analysis/commands.h"
#include "analysis/correlation_table.h"
#include "analysis/output_place.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/regression.h"
#include "stimuli/base/error.h"

typedef struct {
  char *correlations, *outcome, *predictors, *out;
  int n;
} Settings;

static void settings_clear(Settings *settings) {
  g_free(settings->correlations);
  g_free(settings->outcome);
  g_free(settings->predictors);
  g_free(settings->out);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settings, settings_clear)

static Table *tabulate(const Regression *regression, char **warnings) {
  static const char *const columns[] = {"part", "term",   "beta",    "se",  "t", "df",
                                        "p",    "ci_low", "ci_high", "vif", "r", "note"};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize k = 0; k < regression->n_terms; k++) {
    const RegressionTerm *term = &regression->terms[k];
    const double values[] = {term->beta,    term->se,  term->t, regression->df_residual, term->p, term->ci_low,
                             term->ci_high, term->vif, term->r};
    gsize row = table_add_row(table);
    table_set(table, row, 0, "coefficient");
    table_set(table, row, 1, term->name);
    for (gsize v = 0; v < G_N_ELEMENTS(values); v++)
      table_set_double(table, row, 2 + v, values[v]);
  }
  const struct {
    const char *name;
    double value;
  } fit[] = {{"n", (double)regression->n},
             {"r2", regression->r2},
             {"adjusted_r2", regression->adjusted_r2},
             {"f", regression->f},
             {"df_model", regression->df_model},
             {"df_residual", regression->df_residual},
             {"p", regression->p},
             {"condition_number", regression->condition}};
  for (gsize k = 0; k < G_N_ELEMENTS(fit); k++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, "fit");
    table_set(table, row, 1, fit[k].name);
    table_set_double(table, row, 2, fit[k].value);
  }
  for (gsize k = 0; warnings[k] != NULL; k++) {
    gsize row = table_add_row(table);
    table_set(table, row, 0, "note");
    table_set(table, row, 11, warnings[k]);
  }
  return table;
}

static void print_p(double p) {
  if (p < 1e-4)
    printf(" %9s", "<.0001");
  else
    printf(" %9.4f", p);
}

static void print(const Settings *settings, const Regression *regression, char **warnings) {
  printf("%s, from correlations of %d cases; coefficients are standardised\n\n", settings->outcome, settings->n);
  printf("  %-20s %9s %9s %9s %9s %9s %9s %9s %9s\n", "", "beta", "se", "t", "p", "95 % from", "to", "VIF", "r");
  for (gsize k = 0; k < regression->n_terms; k++) {
    const RegressionTerm *term = &regression->terms[k];
    printf("  %-20s %9.4f %9.4f %9.3f", term->name, term->beta, term->se, term->t);
    print_p(term->p);
    printf(" %9.4f %9.4f %9.2f %9.3f %s\n", term->ci_low, term->ci_high, term->vif, term->r,
           distribution_stars(term->p));
  }
  printf("\nR2 %.4f, adjusted R2 %.4f, F(%g, %g) = %.4g, p = %.4g\n", regression->r2, regression->adjusted_r2,
         regression->df_model, regression->df_residual, regression->f, regression->p);
  printf("Condition number %.4g (above %g predictors are close to being linearly dependent)\n", regression->condition,
         REGRESSION_CONDITION_HIGH);
  for (gsize k = 0; warnings[k] != NULL; k++)
    printf("%sNote: %s\n", k == 0 ? "\n" : "", warnings[k]);
}

static bool regress(const Settings *settings, GError **error) {
  g_autoptr(Table) table = NULL, result = NULL;
  g_autoptr(Regression) regression = NULL;
  g_auto(CorrelationTable) correlations = {0};
  g_auto(GStrv) predictors = settings->predictors != NULL ? g_strsplit(settings->predictors, ",", -1) : NULL;
  for (gsize k = 0; predictors != NULL && predictors[k] != NULL; k++)
    g_strstrip(predictors[k]);
  const char *const inputs[] = {settings->correlations}, *const outputs[] = {settings->out};
  if (!output_place_check_files(outputs, 1, inputs, 1, error) || !table_read(settings->correlations, &table, error) ||
      !correlation_table_read(table, settings->outcome, (const char *const *)predictors, &correlations, error))
    return false;
  if (!regression_from_correlations((const char *const *)correlations.names, correlations.predictors,
                                    correlations.outcome, correlations.p, (gsize)settings->n, &regression, error)) {
    g_prefix_error(error, "%s: ", settings->correlations);
    return false;
  }
  g_auto(GStrv) warnings = regression_warnings(regression);
  result = tabulate(regression, warnings);
  if (settings->out != NULL && !commands_write_table(result, settings->out, error))
    return false;
  print(settings, regression, warnings);
  return true;
}

static bool run_regression(int argc, char **argv, GError **error) {
  g_auto(Settings) settings = {.n = G_MININT};
  const GOptionEntry entries[] = {
      {"correlations", 0, 0, G_OPTION_ARG_FILENAME, &settings.correlations,
       "Table of correlations, its first column naming the rows (required)", "FILE"},
      {"n", 0, 0, G_OPTION_ARG_INT, &settings.n, "Number of cases that they are of (required)", "N"},
      {"outcome", 0, 0, G_OPTION_ARG_STRING, &settings.outcome, "What is predicted (required)", "NAME"},
      {"predictors", 0, 0, G_OPTION_ARG_STRING, &settings.predictors, "Default: all other variables", "NAME,NAME,..."},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &settings.out, "Write the results as a table", "OUT.tsv"},
      {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
  if (!command_parse(&command_regression, entries, 0, 0, &argc, &argv, error))
    return *error == NULL;
  const char *missing = settings.correlations == NULL ? "--correlations"
                        : settings.outcome == NULL    ? "--outcome"
                        : settings.n == G_MININT      ? "--n"
                                                      : NULL;
  if (missing != NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "%s is required", missing);
    return false;
  }
  if (settings.n < 1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--n %d: 1 or more expected", settings.n);
    return false;
  }
  return regress(&settings, error);
}

const Command command_regression = {"regression", "", "Rebuild a regression from published correlations",
                                    run_regression};
