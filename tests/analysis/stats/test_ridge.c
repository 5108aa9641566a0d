#include "analysis/stats/ridge.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static const double *const predictors[] = {data_a, data_b, data_c};

/* lambda <- c(0, 23 * 10^(-4 + 8 * c(23, 29, 36) / 79)); MASS::lm.ridge(y ~ a + b + c, lambda = lambda)$GCV;
 * X <- scale(cbind(a, b, c), scale = population SDs);
 * H <- X1 %*% solve(t(X1) %*% X1 + diag(c(0, rep(lambda, 3)))) %*% t(X1); sum(((y - H %*% y) / (1 - diag(H)))^2) */
static void penalties_agree_with_r(void) {
  static const gsize tried[] = {0, 24, 30, 37};
  static const double lambda[] = {0, 0.490729041095325, 1.9880930027376, 10.1694497869613};
  static const double gcv[] = {0.749659165890708, 0.744189270702068, 0.77563202827334, 0.917493953673755};
  static const double loo[] = {462.099165872505, 460.666975931388, 485.376542126674, 572.62845980913};
  g_autoptr(Ridge) ridge = NULL;
  g_assert_true(ridge_fit(data_y, predictors, 3, DATA_N, &ridge, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(tried); i++) {
    const RidgeStep *step = &ridge->steps[tried[i]];
    support_assert_near("lambda", step->lambda, lambda[i], 1e-13, 0);
    support_assert_near("gcv", step->gcv, gcv[i], 1e-11, 0);
    support_assert_near("loo", step->loo_ss, loo[i], 1e-11, 0);
  }
}

/* 1 - PRESS / sum of squares about the mean of all others: 1 - sum((resid(m) / (1 - hatvalues(m)))^2) /
 * sum(((y - mean(y)) * 23 / 22)^2) */
static void least_squares_predict_as_in_r(void) {
  g_autoptr(Ridge) ridge = NULL;
  g_assert_true(ridge_fit(data_y, predictors, 3, DATA_N, &ridge, NULL));
  g_assert_cmpfloat(ridge->steps[0].lambda, ==, 0);
  support_assert_near("r2", ridge->steps[0].loo_r2, 1 - (1 - 0.4364229016692) * 22 * 22 / (23.0 * 23), 1e-11, 0);
  support_assert_near("df", ridge->steps[0].df, 3, 1e-12, 0);
}

/* The chosen step predicts best, and its coefficients fulfil the normal equations (X'X + lambda I) b = X'y. */
static void the_choice_is_the_best_and_solves_its_equations(void) {
  g_autoptr(Ridge) ridge = NULL;
  g_assert_true(ridge_fit(data_y, predictors, 3, DATA_N, &ridge, NULL));
  g_assert_cmpuint(ridge->n_steps, ==, RIDGE_PENALTIES);
  for (gsize s = 0; s < ridge->n_steps; s++) {
    g_assert_cmpfloat(ridge->steps[ridge->chosen].loo_ss, <=, ridge->steps[s].loo_ss);
    g_assert_cmpfloat(ridge->steps[ridge->chosen_gcv].gcv, <=, ridge->steps[s].gcv);
  }
  double lambda = ridge->steps[ridge->chosen].lambda, mean[3] = {0}, sd[3] = {0};
  for (gsize j = 0; j < 3; j++) {
    for (gsize i = 0; i < DATA_N; i++)
      mean[j] += predictors[j][i] / DATA_N;
    for (gsize i = 0; i < DATA_N; i++)
      sd[j] += (predictors[j][i] - mean[j]) * (predictors[j][i] - mean[j]) / DATA_N;
    sd[j] = sqrt(sd[j]);
  }
  for (gsize j = 0; j < 3; j++) {
    double left = -lambda * ridge->beta[j] * sd[j], scale = 0;
    for (gsize i = 0; i < DATA_N; i++) {
      double residual = data_y[i] - ridge->intercept;
      for (gsize k = 0; k < 3; k++)
        residual -= ridge->beta[k] * predictors[k][i];
      double z = (predictors[j][i] - mean[j]) / sd[j];
      left += z * residual;
      scale += fabs(z * data_y[i]);
    }
    g_assert_cmpfloat(fabs(left), <, 1e-11 * scale);
  }
}

/* A doubled predictor shares its weight; least squares, which is not unique, is not tried. */
static void collinear_predictors_share_the_weight(void) {
  const double *const doubled[] = {data_a, data_c, data_a};
  g_autoptr(Ridge) ridge = NULL;
  g_assert_true(ridge_fit(data_y, doubled, 3, DATA_N, &ridge, NULL));
  g_assert_cmpuint(ridge->rank, ==, 2);
  g_assert_cmpuint(ridge->n_steps, ==, RIDGE_PENALTIES - 1);
  support_assert_near("shares", ridge->beta[0], ridge->beta[2], 1e-9, 0);
}

static void says_why_nothing_is_defined(void) {
  const double same[] = {4, 4, 4, 4, 4}, gap[] = {1, NAN, 3, NAN, NAN};
  const double *const one[] = {data_a}, *const constant[] = {same};
  g_autoptr(Ridge) response = NULL, predictor = NULL, few = NULL;
  g_assert_true(ridge_fit(same, one, 1, 5, &response, NULL));
  g_assert_cmpstr(response->undefined, ==, "the response is the same for every case");
  g_assert_true(isnan(response->beta[0]));
  g_assert_true(ridge_fit(data_y, constant, 1, 5, &predictor, NULL));
  g_assert_cmpstr(predictor->undefined, ==, "no predictor varies");
  g_assert_true(ridge_fit(gap, one, 1, 5, &few, NULL));
  g_assert_cmpstr(few->undefined, ==, "fewer than three complete cases");
  const double infinite[] = {1, INFINITY, 2};
  Ridge *none = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(ridge_fit(infinite, one, 1, 3, &none, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

/* Incomplete rows count for nothing: the fit is that of the others. */
static void incomplete_rows_are_left_out(void) {
  double y[DATA_N], a[DATA_N], b[DATA_N];
  gsize n = 0;
  for (gsize i = 0; i < DATA_N; i++) {
    if (i == 6 || i == 13)
      continue;
    y[n] = data_y[i];
    a[n] = data_a[i];
    b[n++] = data_b[i];
  }
  double holed_y[DATA_N], holed_b[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    holed_y[i] = i == 6 ? NAN : data_y[i];
    holed_b[i] = i == 13 ? NAN : data_b[i];
  }
  const double *whole[] = {a, b}, *holed[] = {data_a, holed_b};
  g_autoptr(Ridge) one = NULL, other = NULL;
  g_assert_true(ridge_fit(y, whole, 2, n, &one, NULL) && ridge_fit(holed_y, holed, 2, DATA_N, &other, NULL));
  g_assert_cmpuint(other->n, ==, n);
  g_assert_cmpfloat(one->steps[one->chosen].lambda, ==, other->steps[other->chosen].lambda);
  support_assert_near("beta", other->beta[1], one->beta[1], 1e-13, 0);
  support_assert_near("prediction", other->steps[other->chosen].loo_r2, one->steps[one->chosen].loo_r2, 1e-12, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/ridge/penalties-agree-with-r", penalties_agree_with_r);
  g_test_add_func("/stats/ridge/least-squares-predict-as-in-r", least_squares_predict_as_in_r);
  g_test_add_func("/stats/ridge/the-choice-is-the-best-and-solves-its-equations",
                  the_choice_is_the_best_and_solves_its_equations);
  g_test_add_func("/stats/ridge/collinear-predictors-share-the-weight", collinear_predictors_share_the_weight);
  g_test_add_func("/stats/ridge/says-why-nothing-is-defined", says_why_nothing_is_defined);
  g_test_add_func("/stats/ridge/incomplete-rows-are-left-out", incomplete_rows_are_left_out);
  return g_test_run();
}
