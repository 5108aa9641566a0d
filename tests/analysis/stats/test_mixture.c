#include "analysis/stats/mixture.h"

#include <math.h>
#include <string.h>

#include "tests/analysis/stats/data.h"
#include "tests/support.h"

#define N (2 * DATA_N)

/* X <- c(a, a + 40); Y <- c(b, 10 * c) */
static void load(double *x, double *y) {
  for (gsize i = 0; i < DATA_N; i++) {
    x[i] = data_a[i];
    x[i + DATA_N] = data_a[i] + 40;
    y[i] = data_b[i];
    y[i + DATA_N] = 10 * data_c[i];
  }
}

/* library(mclust); r <- me(X, modelName = m, z = unmap(kmeans(X, k, nstart = 20)$cluster), control = emControl(tol =
 * c(1e-14, 1e-12))); r$loglik; bic(m, r$loglik, 46, 1, k) */
static void one_variable_agrees_with_mclust(void) {
  double x[N], y[N];
  load(x, y);
  MixtureFit fit;
  g_assert_true(mixture_fit(x, NULL, N, 1, MIXTURE_EEE, 3, &fit, NULL));
  support_assert_near("one group", fit.bic, -425.840022249849, 1e-10, 0);
  g_assert_true(mixture_fit(x, NULL, N, 2, MIXTURE_EEE, 3, &fit, NULL));
  support_assert_near("E, 2", fit.log_likelihood, -203.231981249174, 1e-7, 0);
  support_assert_near("E, 2", fit.bic, -421.778528084305, 1e-7, 0);
  g_assert_cmpstr(mixture_model_name(&fit), ==, "E");
  g_assert_cmpfloat(fit.mean[0][0], <, fit.mean[1][0]);
  g_assert_true(mixture_fit(x, NULL, N, 2, MIXTURE_VVV, 3, &fit, NULL));
  support_assert_near("V, 2", fit.log_likelihood, -202.960817552641, 1e-7, 0);
}

/* Mclust(X, G = 1:3) chooses E with 2 groups. */
static void the_choice_is_that_of_mclust(void) {
  double x[N], y[N];
  load(x, y);
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, NULL, N, 3, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(n_fits, ==, 5);
  g_assert_cmpuint(fits[best].n_groups, ==, 2);
  g_assert_cmpstr(mixture_model_name(&fits[best]), ==, "E");
}

/* The likelihoods of me() on cbind(X, Y): the best of 60 starts. Ours may only be better. */
static void two_variables_agree_with_mclust(void) {
  static const struct {
    MixtureModel model;
    gsize n_groups;
    double log_likelihood, bic;
  } cases[] = {
      {MIXTURE_EII, 1, -408.00327917012, -827.492482529707},  {MIXTURE_EEI, 1, -406.547099570397, -828.408764726751},
      {MIXTURE_EEE, 1, -398.009325427703, -815.161857837852}, {MIXTURE_EII, 2, -394.676874356399, -812.325597091732},
      {MIXTURE_VII, 2, -387.707833565843, -802.216156907111}, {MIXTURE_EEI, 2, -393.419308020383, -813.639105816189},
      {MIXTURE_VVI, 2, -385.941050264008, -806.339873096417}, {MIXTURE_EEE, 2, -387.517477807849, -805.664086787612},
      {MIXTURE_VVV, 2, -370.671852187057, -783.458759735494}};
  double x[N], y[N];
  load(x, y);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    MixtureFit fit;
    g_assert_true(mixture_fit(x, y, N, cases[i].n_groups, cases[i].model, 3, &fit, NULL));
    support_assert_near(mixture_model_name(&fit), fit.log_likelihood, cases[i].log_likelihood, 1e-7, 0);
    support_assert_near("bic", fit.bic, cases[i].bic, 1e-7, 0);
  }
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, y, N, 3, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(n_fits, ==, 15);
  g_assert_cmpstr(mixture_model_name(&fits[best]), ==, "VVV");
  g_assert_cmpuint(fits[best].n_groups, ==, 2);
}

static void a_seed_gives_the_same_fit(void) {
  double x[N], y[N];
  load(x, y);
  MixtureFit one, other;
  g_assert_true(mixture_fit(x, y, N, 3, MIXTURE_VVI, 9, &one, NULL) &&
                mixture_fit(x, y, N, 3, MIXTURE_VVI, 9, &other, NULL));
  g_assert_cmpfloat(one.log_likelihood, ==, other.log_likelihood);
  g_assert_cmpfloat(one.mean[1][1], ==, other.mean[1][1]);
}

/* 18 values in steps of 3, and three more within .02 of each other, which a group of their own would fit best. */
static void a_few_close_values_are_no_group(void) {
  double x[21];
  for (gsize i = 0; i < 18; i++)
    x[i] = 3 * (double)i;
  for (gsize i = 18; i < 21; i++)
    x[i] = 25 + 0.01 * (double)(i - 18);
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, NULL, 21, 3, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(fits[best].n_groups, ==, 1);
}

static void constant_or_few_values_have_no_groups(void) {
  const double same[] = {5, 5, 5, 5, 5, 5};
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(same, NULL, 6, 1, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(best, ==, n_fits);
  g_assert_true(!fits[0].defined && isnan(fits[0].bic) && isnan(fits[0].mean[0][0]));
  g_assert_true(mixture_fit(data_a, data_b, 2, 2, MIXTURE_VVV, 1, &fits[0], NULL));
  g_assert_false(fits[0].defined);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/mixture/one-variable-agrees-with-mclust", one_variable_agrees_with_mclust);
  g_test_add_func("/stats/mixture/the-choice-is-that-of-mclust", the_choice_is_that_of_mclust);
  g_test_add_func("/stats/mixture/two-variables-agree-with-mclust", two_variables_agree_with_mclust);
  g_test_add_func("/stats/mixture/a-seed-gives-the-same-fit", a_seed_gives_the_same_fit);
  g_test_add_func("/stats/mixture/a-few-close-values-are-no-group", a_few_close_values_are_no_group);
  g_test_add_func("/stats/mixture/constant-or-few-values-have-no-groups", constant_or_few_values_have_no_groups);
  return g_test_run();
}
