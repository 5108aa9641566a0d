#include <math.h>

#include "analysis/stats/regression.h"
#include "stimuli/base/error.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static const double *const abc[] = {data_a, data_b, data_c};
static const char *const abc_names[] = {"a", "b", "c"};

static Regression *fit(const double *y, const char *const *names, const double *const *predictors, gsize p, gsize n) {
  Regression *regression = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(regression_fit(y, names, predictors, p, n, &regression, &error));
  g_assert_no_error(error);
  return regression;
}

/* values: beta, se, t, p, ci_low, ci_high */
static void check_term(const RegressionTerm *term, const double want[6]) {
  const double got[6] = {term->beta, term->se, term->t, term->p, term->ci_low, term->ci_high};
  g_assert_false(term->aliased);
  for (gsize i = 0; i < 6; i++)
    support_assert_near(term->name, got[i], want[i], 1e-10, 0);
}

/* f <- lm(y ~ a + b + c); s <- summary(f); coef(s); confint(f); car::vif(f); kappa(scale(cbind(a,b,c)), exact = TRUE);
 * standardised: coef(f)[-1] * sapply(list(a,b,c), sd) / sd(y) */
static void agrees_with_r(void) {
  g_autoptr(Regression) r = fit(data_y, abc_names, abc, 3, DATA_N);
  check_term(&r->intercept, (const double[]){17.6623877267638, 4.88532235403802, 3.61539862608345, 0.00184273172012308,
                                             7.4372905262236, 27.887484927304});
  check_term(&r->terms[0], (const double[]){0.649686125253614, 0.167199094971568, 3.88570360003499, 0.00099476608153334,
                                            0.299734397602823, 0.999637852904404});
  check_term(&r->terms[1], (const double[]){-0.412813667792915, 0.2143584881987, -1.92580975571285, 0.0692259624994049,
                                            -0.861471139859395, 0.0358438042735645});
  check_term(&r->terms[2], (const double[]){1.2398367322387, 0.458679038595182, 2.70305949893852, 0.0140959258548133,
                                            0.279810471206103, 2.19986299327129});
  static const double standardised[] = {1.18996819168661, -0.60139715563047, 0.391343283058126};
  static const double vif[] = {4.87240037667928, 5.06649451456498, 1.08897061183526};
  static const double simple[] = {0.596747175885598, 0.360376927069511, 0.360055121930194};
  for (gsize j = 0; j < 3; j++) {
    support_assert_near("standardised", r->terms[j].standardised, standardised[j], 1e-10, 0);
    support_assert_near("vif", r->terms[j].vif, vif[j], 1e-10, 0);
    support_assert_near("r", r->terms[j].r, simple[j], 1e-10, 0);
  }
  g_assert_true(isnan(r->intercept.vif) && isnan(r->intercept.standardised) && isnan(r->intercept.r));
  support_assert_near("r2", r->r2, 0.634285652386276, 1e-10, 0);
  support_assert_near("adjusted r2", r->adjusted_r2, 0.576541281710425, 1e-10, 0);
  support_assert_near("sigma", r->sigma, 3.97269407698077, 1e-10, 0);
  support_assert_near("f", r->f, 10.9843720688697, 1e-10, 0);
  support_assert_near("p", r->p, 0.000209104503560039, 1e-10, 0);
  support_assert_near("condition", r->condition, 4.31143263792975, 1e-10, 0);
  g_assert_cmpfloat(r->df_model, ==, 3);
  g_assert_cmpfloat(r->df_residual, ==, 19);
  g_assert_false(r->perfect);
}

/* lm(Employed ~ ., longley), R's data set: Longley 1967, the standard test of a collinear regression. */
static void agrees_with_r_on_longley(void) {
  static const double deflator[] = {83,    88.5,  88.2,  89.5,  96.2,  98.1,  99,    100,
                                    101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9};
  static const double gnp[] = {234.289, 259.426, 258.054, 284.599, 328.975, 346.999, 365.385, 363.112,
                               397.469, 419.18,  442.769, 444.546, 482.704, 502.601, 518.173, 554.894};
  static const double unemployed[] = {235.6, 232.5, 368.2, 335.1, 209.9, 193.2, 187,   357.8,
                                      290.4, 282.2, 293.6, 468.1, 381.3, 393.1, 480.6, 400.7};
  static const double forces[] = {159,   145.6, 161.6, 165,   309.9, 359.4, 354.7, 335,
                                  304.8, 285.7, 279.8, 263.7, 255.2, 251.4, 257.2, 282.7};
  static const double population[] = {107.608, 108.632, 109.773, 110.929, 112.075, 113.27,  115.094, 116.219,
                                      117.388, 118.734, 120.445, 121.95,  123.366, 125.368, 127.852, 130.081};
  static const double year[] = {1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954,
                                1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962};
  static const double employed[] = {60.323, 61.122, 60.171, 61.187, 63.221, 63.639, 64.989, 63.761,
                                    66.019, 67.857, 68.169, 66.513, 68.655, 69.564, 69.331, 70.551};
  const double *predictors[] = {deflator, gnp, unemployed, forces, population, year};
  const char *names[] = {"GNP.deflator", "GNP", "Unemployed", "Armed.Forces", "Population", "Year"};
  g_autoptr(Regression) r = fit(employed, names, predictors, 6, 16);
  static const double beta[] = {0.0150618722713727,  -0.035819179292591,  -0.0202022980381682,
                                -0.0103322686717359, -0.0511041056535791, 1.82915146461355};
  static const double se[] = {0.0849149257747675,  0.0334910077722435, 0.00488399681651704,
                              0.00214274163161676, 0.226073200069373,  0.455478499142214};
  static const double p[] = {0.863140832809221,    0.312681061092715, 0.00253509173411142,
                             0.000944366764161837, 0.826211795763654, 0.0030368033416304};
  static const double vif[] = {135.53243827991,  1788.51348271694, 33.6188905960408,
                               3.58893019344517, 399.151022312365, 758.980597406364};
  support_assert_near("intercept", r->intercept.beta, -3482.25863459581, 1e-8, 0);
  for (gsize j = 0; j < 6; j++) {
    support_assert_near("beta", r->terms[j].beta, beta[j], 1e-8, 0);
    support_assert_near("se", r->terms[j].se, se[j], 1e-8, 0);
    support_assert_near("p", r->terms[j].p, p[j], 1e-8, 0);
    support_assert_near("vif", r->terms[j].vif, vif[j], 1e-8, 0);
  }
  support_assert_near("r2", r->r2, 0.995479004577296, 1e-10, 0);
  support_assert_near("adjusted r2", r->adjusted_r2, 0.992465007628826, 1e-10, 0);
  support_assert_near("f", r->f, 330.285339234585, 1e-8, 0);
  support_assert_near("p", r->p, 4.98403052872499e-10, 1e-8, 0);
  support_assert_near("condition", r->condition, 110.544153442314, 1e-8, 0);
}

/* d <- 2*a - c; lm(y ~ a + c + d + b): R gives NA for d, and the rest as without it. */
static void dependent_predictor_is_aliased_as_in_r(void) {
  double d[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    d[i] = 2 * data_a[i] - data_c[i];
  const double *predictors[] = {data_a, data_c, d, data_b};
  const char *names[] = {"a", "c", "d", "b"};
  g_autoptr(Regression) r = fit(data_y, names, predictors, 4, DATA_N);
  g_assert_cmpuint(r->n_aliased, ==, 1);
  const RegressionTerm *aliased = &r->terms[2];
  g_assert_true(aliased->aliased);
  g_assert_true(isnan(aliased->beta) && isnan(aliased->se) && isnan(aliased->t) && isnan(aliased->p) &&
                isnan(aliased->vif) && isnan(aliased->standardised) && isnan(aliased->ci_low));
  support_assert_near("a", r->terms[0].beta, 0.649686125253614, 1e-10, 0);
  support_assert_near("c", r->terms[1].t, 2.70305949893852, 1e-10, 0);
  support_assert_near("b", r->terms[3].beta, -0.412813667792915, 1e-10, 0);
  support_assert_near("b", r->terms[3].se, 0.2143584881987, 1e-10, 0);
  support_assert_near("r2", r->r2, 0.634285652386276, 1e-10, 0);
  support_assert_near("f", r->f, 10.9843720688697, 1e-10, 0);
  g_assert_cmpfloat(r->df_residual, ==, 19);
  g_assert_cmpfloat(r->condition, ==, INFINITY);
  g_auto(GStrv) warnings = regression_warnings(r);
  g_assert_cmpstr(warnings[1], ==, "Left out, because the other predictors determine it exactly: d.");
}

static void constant_predictor_is_aliased_with_the_intercept(void) {
  double constant[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    constant[i] = 0.3;
  const double *predictors[] = {constant, data_a, data_b, data_c};
  const char *names[] = {"constant", "a", "b", "c"};
  g_autoptr(Regression) r = fit(data_y, names, predictors, 4, DATA_N);
  g_assert_true(r->terms[0].aliased && isnan(r->terms[0].r));
  support_assert_near("r2", r->r2, 0.634285652386276, 1e-10, 0);
}

/* y[4] <- NA; b[9] <- NA; summary(lm(y ~ a + b + c)) */
static void incomplete_rows_are_left_out_and_counted(void) {
  double y[DATA_N], b[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    y[i] = i == 3 ? NAN : data_y[i];
    b[i] = i == 8 ? NAN : data_b[i];
  }
  const double *predictors[] = {data_a, b, data_c};
  g_autoptr(Regression) r = fit(y, abc_names, predictors, 3, DATA_N);
  g_assert_cmpuint(r->n, ==, 21);
  g_assert_cmpuint(r->n_excluded, ==, 2);
  static const double beta[] = {0.592844532602454, -0.30614661811372, 1.60706941213565};
  static const double p[] = {0.00403451554782428, 0.208551081366578, 0.00692995113681808};
  for (gsize j = 0; j < 3; j++) {
    support_assert_near("beta", r->terms[j].beta, beta[j], 1e-10, 0);
    support_assert_near("p", r->terms[j].p, p[j], 1e-10, 0);
  }
  support_assert_near("r2", r->r2, 0.665007460763252, 1e-10, 0);
}

static void constant_response_explains_nothing(void) {
  double y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    y[i] = 50.1;
  g_autoptr(Regression) r = fit(y, abc_names, abc, 3, DATA_N);
  g_assert_cmpfloat(r->intercept.beta, ==, 50.1);
  g_assert_cmpfloat(r->terms[0].beta, ==, 0);
  g_assert_true(isnan(r->terms[0].t) && isnan(r->terms[0].p) && isnan(r->terms[0].standardised));
  g_assert_true(isnan(r->r2) && isnan(r->adjusted_r2) && isnan(r->f) && isnan(r->p));
  g_auto(GStrv) warnings = regression_warnings(r);
  g_assert_nonnull(strstr(warnings[0], "same in every row"));
}

static void perfect_fit_has_no_tests(void) {
  double y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    y[i] = 3.7 - 1.25 * data_a[i] + 0.5 * data_c[i];
  g_autoptr(Regression) r = fit(y, abc_names, abc, 3, DATA_N);
  g_assert_true(r->perfect);
  support_assert_near("a", r->terms[0].beta, -1.25, 1e-12, 0);
  g_assert_cmpfloat(r->r2, ==, 1);
  g_assert_true(isnan(r->terms[0].se) && isnan(r->terms[0].p) && isnan(r->f) && isnan(r->p));
}

/* summary(lm(c(1.5,2.5,4.25,3.125) ~ c(1,2,3,4) + c(2.5,1,3,9) + c(1,5,2,2) + c(4,3,9,1))): the last is NA */
static void more_predictors_than_rows(void) {
  const double y[] = {1.5, 2.5, 4.25, 3.125}, x1[] = {1, 2, 3, 4}, x2[] = {2.5, 1, 3, 9}, x3[] = {1, 5, 2, 2},
               x4[] = {4, 3, 9, 1};
  const double *predictors[] = {x1, x2, x3, x4};
  const char *names[] = {"x1", "x2", "x3", "x4"};
  g_autoptr(Regression) r = fit(y, names, predictors, 4, 4);
  support_assert_near("intercept", r->intercept.beta, 1.339285714285715, 1e-12, 0);
  support_assert_near("x1", r->terms[0].beta, 1.660714285714286, 1e-12, 0);
  support_assert_near("x2", r->terms[1].beta, -0.464285714285714, 1e-12, 0);
  support_assert_near("x3", r->terms[2].beta, -0.339285714285714, 1e-12, 0);
  g_assert_true(r->terms[3].aliased);
  g_assert_cmpfloat(r->df_residual, ==, 0);
  g_assert_true(isnan(r->terms[0].se) && isnan(r->terms[0].p) && isnan(r->adjusted_r2) && isnan(r->p));
}

static void refuses_too_few_rows_and_infinite_values(void) {
  Regression *regression = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(regression_fit(data_y, abc_names, abc, 3, 1, &regression, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_null(regression);
  g_clear_error(&error);
  const double infinite[] = {1, 2, INFINITY, 4, 7};
  const double *predictors[] = {data_a, infinite};
  g_assert_false(regression_fit(data_y, abc_names, predictors, 2, 5, &regression, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "regression: row 3: b is infinite");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/regression/agrees-with-r", agrees_with_r);
  g_test_add_func("/stats/regression/agrees-with-r-on-longley", agrees_with_r_on_longley);
  g_test_add_func("/stats/regression/dependent-predictor-is-aliased-as-in-r", dependent_predictor_is_aliased_as_in_r);
  g_test_add_func("/stats/regression/constant-predictor-is-aliased-with-the-intercept",
                  constant_predictor_is_aliased_with_the_intercept);
  g_test_add_func("/stats/regression/incomplete-rows-are-left-out-and-counted",
                  incomplete_rows_are_left_out_and_counted);
  g_test_add_func("/stats/regression/constant-response-explains-nothing", constant_response_explains_nothing);
  g_test_add_func("/stats/regression/perfect-fit-has-no-tests", perfect_fit_has_no_tests);
  g_test_add_func("/stats/regression/more-predictors-than-rows", more_predictors_than_rows);
  g_test_add_func("/stats/regression/refuses-too-few-rows-and-infinite-values",
                  refuses_too_few_rows_and_infinite_values);
  return g_test_run();
}
