#include <math.h>

#include "analysis/ratings/tables_tests.h"
#include "analysis/stats/partial_correlation.h"
#include "analysis/stats/regression.h"
#include "analysis/stats/ridge.h"
#include "stimuli/base/error.h"

/* The scales' means and the features that have values, over the rated cases. */
typedef struct {
  gsize n, n_features;
  GPtrArray *values;   /* double[n]: scales, then features */
  GPtrArray *features; /* their names, borrowed from the study */
} Cases;

static void cases_clear(Cases *cases) {
  g_clear_pointer(&cases->values, g_ptr_array_unref);
  g_clear_pointer(&cases->features, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cases, cases_clear)

static bool cases_load(const Study *study, StudyUnit unit, Cases *cases, GError **error) {
  cases->values = g_ptr_array_new_with_free_func(g_free);
  cases->features = g_ptr_array_new();
  for (gsize v = 0; v < study->n_scales + study->n_features; v++) {
    double *values;
    bool known = v < study->n_scales;
    if (!study_variable(study, unit, v, &values, &cases->n, error))
      return false;
    for (gsize i = 0; i < cases->n && !known; i++)
      known = !isnan(values[i]);
    if (!known) {
      g_free(values);
      continue;
    }
    g_ptr_array_add(cases->values, values);
    if (v >= study->n_scales)
      g_ptr_array_add(cases->features, (gpointer)study_variable_name(study, v));
  }
  cases->n_features = cases->features->len;
  return true;
}

static const double *variable(const Cases *cases, gsize index) { return g_ptr_array_index(cases->values, index); }

static bool add_correlations(Table *table, const Study *study, const Cases *cases, gsize scale, gsize feature,
                             GError **error) {
  const double *x = variable(cases, scale), *y = variable(cases, study->n_scales + feature);
  g_autofree const double **others = g_new0(const double *, cases->n_features);
  gsize n_others = 0, used;
  for (gsize f = 0; f < cases->n_features; f++)
    if (f != feature)
      others[n_others++] = variable(cases, study->n_scales + f);
  Correlation plain[2], partial[2];
  for (int kind = CORRELATION_PEARSON; kind <= CORRELATION_SPEARMAN; kind++)
    if (!correlation_pair((CorrelationKind)kind, x, y, cases->n, &plain[kind], error) ||
        !partial_correlation((CorrelationKind)kind, x, y, others, n_others, cases->n, &partial[kind], &used, error))
      return false;
  gsize row = table_add_row(table);
  table_set(table, row, 0, study->scales[scale]);
  table_set(table, row, 1, g_ptr_array_index(cases->features, feature));
  table_set_int(table, row, 2, (gint64)plain[0].n);
  table_set_int(table, row, 7, (gint64)partial[0].n);
  for (int kind = CORRELATION_PEARSON; kind <= CORRELATION_SPEARMAN; kind++) {
    table_set_double(table, row, 3 + 2 * (gsize)kind, plain[kind].r);
    table_set_double(table, row, 4 + 2 * (gsize)kind, plain[kind].p_two_tailed);
    table_set_double(table, row, 8 + 2 * (gsize)kind, partial[kind].r);
    table_set_double(table, row, 9 + 2 * (gsize)kind, partial[kind].p_two_tailed);
  }
  return true;
}

bool tables_further_correlations(const Study *study, StudyUnit unit, Table **table, GError **error) {
  static const char *const columns[] = {
      "scale",      "feature",   "n",       "pearson",   "pearson_p",        "spearman",
      "spearman_p", "partial_n", "partial", "partial_p", "partial_spearman", "partial_spearman_p"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  g_auto(Cases) cases = {0};
  if (!cases_load(study, unit, &cases, error))
    return false;
  for (gsize scale = 0; scale < study->n_scales; scale++)
    for (gsize f = 0; f < cases.n_features; f++)
      if (!add_correlations(made, study, &cases, scale, f, error))
        return false;
  *table = g_steal_pointer(&made);
  return true;
}

static bool add_prediction(Table *table, const Study *study, const Cases *cases, gsize scale, GError **error) {
  g_autofree const double **predictors = g_new0(const double *, cases->n_features);
  g_autofree const char **names = g_new0(const char *, cases->n_features);
  for (gsize f = 0; f < cases->n_features; f++) {
    predictors[f] = variable(cases, study->n_scales + f);
    names[f] = g_ptr_array_index(cases->features, f);
  }
  g_autoptr(Ridge) ridge = NULL;
  g_autoptr(Regression) regression = NULL;
  g_autoptr(GError) fault = NULL;
  const double *y = variable(cases, scale);
  if (!ridge_fit(y, predictors, cases->n_features, cases->n, &ridge, error))
    return false;
  if (!regression_fit(y, names, predictors, cases->n_features, cases->n, &regression, &fault) &&
      !g_error_matches(fault, RIG_ERROR, RIG_ERROR_INPUT)) {
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
  }
  gsize row = table_add_row(table);
  table_set(table, row, 0, study->scales[scale]);
  table_set_int(table, row, 1, (gint64)ridge->n);
  table_set_int(table, row, 2, (gint64)cases->n_features);
  table_set_double(table, row, 3, regression != NULL ? regression->r2 : NAN);
  if (ridge->undefined != NULL)
    return true;
  const RidgeStep *chosen = &ridge->steps[ridge->chosen];
  if (ridge->steps[0].lambda == 0)
    table_set_double(table, row, 4, ridge->steps[0].loo_r2);
  table_set_double(table, row, 5, chosen->lambda);
  table_set_double(table, row, 6, chosen->df);
  table_set_double(table, row, 7, chosen->loo_r2);
  table_set_double(table, row, 8, ridge->steps[ridge->chosen_gcv].lambda);
  for (gsize f = 0; f < cases->n_features; f++)
    table_set_double(table, row, 9 + f, ridge->standardised[f]);
  return true;
}

bool tables_prediction(const Study *study, StudyUnit unit, Table **table, GError **error) {
  static const char *const columns[] = {"scale",  "n",        "predictors",   "r2",        "loo_r2",
                                        "lambda", "ridge_df", "ridge_loo_r2", "lambda_gcv"};
  g_autoptr(Table) made = table_new(columns, G_N_ELEMENTS(columns));
  g_auto(Cases) cases = {0};
  if (!cases_load(study, unit, &cases, error))
    return false;
  for (gsize f = 0; f < cases.n_features; f++) {
    g_autofree char *name = g_strconcat("beta_", g_ptr_array_index(cases.features, f), NULL);
    table_add_column(made, name);
  }
  for (gsize scale = 0; scale < study->n_scales && cases.n_features > 0; scale++)
    if (!add_prediction(made, study, &cases, scale, error))
      return false;
  *table = g_steal_pointer(&made);
  return true;
}
