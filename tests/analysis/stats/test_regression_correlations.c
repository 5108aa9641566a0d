#include <math.h>
#include <string.h>

#include "analysis/stats/correlation.h"
#include "analysis/stats/regression.h"
#include "stimuli/base/error.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

/* Table 1 of Marczak-Czajka et al. 2024. */
static const char *const names[] = {"hue", "saturation", "brightness", "jpeg", "cfc", "cse"};
static const double table_1[36] = {1,    .990, .986, .807, .814, .364, /**/ .990, 1,    .999, .805, .848, .343, /**/
                                   .986, .999, 1,    .808, .858, .344, /**/ .807, .805, .808, 1,    .874, .236, /**/
                                   .814, .848, .858, .874, 1,    .340, /**/ .364, .343, .344, .236, .340, 1};
static const double arousal[] = {.120, .187, .204, .215, .343, -.216};
static const double valence[] = {.080, .060, .050, -.053, -.056, .023};

static Regression *rebuild(const double *response) {
  Regression *regression = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(regression_from_correlations(names, table_1, response, 6, 144, &regression, &error));
  g_assert_no_error(error);
  return regression;
}

/* b <- solve(R, r); r2 <- sum(b*r); v <- diag(solve(R)); t <- b / sqrt((1-r2)*v/137); 2*pt(-abs(t), 137);
 * pf(r2/6/((1-r2)/137), 6, 137, lower = FALSE); e <- eigen(R)$values; sqrt(e[1]/e[6]) */
static void rebuilds_the_arousal_regression_of_table_1(void) {
  g_autoptr(Regression) r = rebuild(arousal);
  static const double beta[] = {-1.60127632006295,  -2.38239894933194, 3.94177226815028,
                                -0.117633673265217, 0.493561616489783, -0.31199164283586};
  static const double t[] = {-2.49189301355322, -1.12749300409438, 2.13931522182901,
                             -0.70205337959424, 2.39068825206054,  -3.99042296484629};
  static const double p[] = {0.0138993806689814, 0.261504908358304,  0.0341829358372348,
                             0.48383690318855,   0.0181764855642083, 0.000106960250211598};
  static const double vif[] = {90.928389242557,  983.166305607081, 747.582655911966,
                               6.18228139722005, 9.38561166926973, 1.34608901386119};
  for (gsize j = 0; j < 6; j++) {
    support_assert_near("standardised", r->terms[j].standardised, beta[j], 1e-10, 0);
    support_assert_near("t", r->terms[j].t, t[j], 1e-10, 0);
    support_assert_near("p", r->terms[j].p, p[j], 1e-9, 0);
    support_assert_near("vif", r->terms[j].vif, vif[j], 1e-10, 0);
  }
  support_assert_near("r2", r->r2, 0.377850370326549, 1e-11, 0);
  support_assert_near("adjusted r2", r->adjusted_r2, 0.350602941289756, 1e-11, 0);
  support_assert_near("f", r->f, 13.8673769850477, 1e-11, 0);
  support_assert_near("p", r->p, 2.79347431674457e-12, 1e-9, 0);
  support_assert_near("condition", r->condition, 89.4670699664968, 1e-9, 0);
  g_assert_true(isnan(r->intercept.beta));
}

static void warns_of_suppression_and_collinearity(void) {
  g_autoptr(Regression) r = rebuild(arousal);
  g_auto(GStrv) warnings = regression_warnings(r);
  g_assert_cmpuint(g_strv_length(warnings), ==, 3);
  g_assert_true(g_str_has_suffix(warnings[0], "(VIF above 10): hue, saturation and brightness."));
  g_assert_nonnull(strstr(warnings[1], "condition number 89.5"));
  g_assert_true(g_str_has_suffix(warnings[2], "(suppression): hue, saturation and brightness."));
}

static char *last_warning(const double *r_predictors, const double *r_response, gsize n) {
  g_autoptr(Regression) r = NULL;
  g_assert_true(regression_from_correlations(names, r_predictors, r_response, 2, n, &r, NULL));
  g_auto(GStrv) warnings = regression_warnings(r);
  gsize count = g_strv_length(warnings);
  return g_strdup(count > 0 ? warnings[count - 1] : "none");
}

/* beta .8 and -.5: the second has next to no correlation of its own, and adds .16 to R2. Where predictors do not
 * overlap, each adds what it explains alone. */
static void warns_of_classical_suppression(void) {
  static const double overlap[] = {1, .6, .6, 1}, apart[] = {1, .01, .01, 1};
  g_autofree char *small = last_warning(overlap, (const double[]){.5, -.02}, 100);
  g_autofree char *zero = last_warning(overlap, (const double[]){.5, 0}, 100);
  g_autofree char *none = last_warning(apart, (const double[]){.6, .21}, 100);
  g_autofree char *weak = last_warning(overlap, (const double[]){.5, -.02}, 5);
  g_assert_true(g_str_has_suffix(small, "(classical suppression): saturation."));
  g_assert_true(g_str_has_suffix(zero, "(classical suppression): saturation."));
  g_assert_cmpstr(none, ==, "none");
  g_assert_null(strstr(weak, "suppression"));
}

static void rebuilds_the_valence_regression_of_table_1(void) {
  g_autoptr(Regression) r = rebuild(valence);
  support_assert_near("r2", r->r2, 0.0792158263410108, 1e-10, 0);
  support_assert_near("adjusted r2", r->adjusted_r2, 0.0388895121661644, 1e-10, 0);
  support_assert_near("f", r->f, 1.96437060916472, 1e-10, 0);
  support_assert_near("p", r->p, 0.0749004810457384, 1e-10, 0);
}

/* With hue, CFC and CSE alone the paper's R2 of arousal does not come back. */
static void three_predictors_explain_less(void) {
  static const gsize chosen[] = {0, 4, 5};
  double r_predictors[9], r_response[3];
  const char *three[3];
  for (gsize i = 0; i < 3; i++) {
    three[i] = names[chosen[i]];
    r_response[i] = arousal[chosen[i]];
    for (gsize j = 0; j < 3; j++)
      r_predictors[i * 3 + j] = table_1[chosen[i] * 6 + chosen[j]];
  }
  g_autoptr(Regression) r = NULL;
  g_assert_true(regression_from_correlations(three, r_predictors, r_response, 3, 144, &r, NULL));
  support_assert_near("r2", r->r2, 0.291, 0, 0.0005);
}

static void agrees_with_the_regression_on_the_data(void) {
  const double *predictors[] = {data_a, data_b, data_c};
  const char *abc[] = {"a", "b", "c"};
  g_autoptr(Regression) data = NULL, rebuilt = NULL;
  g_autoptr(CorrelationMatrix) matrix = NULL;
  g_assert_true(regression_fit(data_y, abc, predictors, 3, DATA_N, &data, NULL));
  g_assert_true(correlation_matrix_new(CORRELATION_PEARSON, abc, predictors, 3, DATA_N, &matrix, NULL));
  double r_predictors[9], r_response[3];
  for (gsize i = 0; i < 9; i++)
    r_predictors[i] = matrix->cells[i].r;
  for (gsize i = 0; i < 3; i++)
    r_response[i] = data->terms[i].r;
  g_assert_true(regression_from_correlations(abc, r_predictors, r_response, 3, DATA_N, &rebuilt, NULL));
  for (gsize j = 0; j < 3; j++) {
    support_assert_near("standardised", rebuilt->terms[j].beta, data->terms[j].standardised, 1e-10, 0);
    support_assert_near("t", rebuilt->terms[j].t, data->terms[j].t, 1e-10, 0);
    support_assert_near("vif", rebuilt->terms[j].vif, data->terms[j].vif, 1e-10, 0);
  }
  support_assert_near("f", rebuilt->f, data->f, 1e-10, 0);
  support_assert_near("condition", rebuilt->condition, data->condition, 1e-10, 0);
}

static void refused(const double *r_predictors, const double *r_response, gsize p, gsize n, const char *message) {
  Regression *regression = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(regression_from_correlations(names, r_predictors, r_response, p, n, &regression, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, message));
  g_assert_null(regression);
}

static void refuses_impossible_correlations(void) {
  const double ok[] = {1, .5, .5, 1}, response[] = {.3, .2};
  refused((const double[]){1, 1.2, 1.2, 1}, response, 2, 30,
          "correlation of saturation and hue: 1.2, expected -1 to 1");
  refused((const double[]){1, .5, .4, 1}, response, 2, 30, "the same on both sides");
  refused((const double[]){.9, .5, .5, 1}, response, 2, 30, "correlation of hue and hue: 0.9, expected 1");
  refused(ok, (const double[]){NAN, .2}, 2, 30, "correlation of hue and the response");
  refused(ok, response, 2, 3, "3 cases for 2 predictors, expected at least 4");
  refused((const double[]){1, 1, 1, 1}, response, 2, 30, "contradict each other");
  refused(ok, (const double[]){.9, -.9}, 2, 30, "contradict each other");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/regression-correlations/rebuilds-the-arousal-regression-of-table-1",
                  rebuilds_the_arousal_regression_of_table_1);
  g_test_add_func("/stats/regression-correlations/warns-of-suppression-and-collinearity",
                  warns_of_suppression_and_collinearity);
  g_test_add_func("/stats/regression-correlations/warns-of-classical-suppression", warns_of_classical_suppression);
  g_test_add_func("/stats/regression-correlations/rebuilds-the-valence-regression-of-table-1",
                  rebuilds_the_valence_regression_of_table_1);
  g_test_add_func("/stats/regression-correlations/three-predictors-explain-less", three_predictors_explain_less);
  g_test_add_func("/stats/regression-correlations/agrees-with-the-regression-on-the-data",
                  agrees_with_the_regression_on_the_data);
  g_test_add_func("/stats/regression-correlations/refuses-impossible-correlations", refuses_impossible_correlations);
  return g_test_run();
}
