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

static const MixtureFit *fit_of(const MixtureFit *fits, gsize n_fits, MixtureModel model, gsize n_groups) {
  for (gsize i = 0; i < n_fits; i++)
    if (fits[i].model == model && fits[i].n_groups == n_groups)
      return &fits[i];
  g_assert_not_reached();
}

/* library(mclust); r <- me(X, modelName = m, z = unmap(kmeans(X, k, nstart = 20)$cluster), control = emControl(tol =
 * c(1e-14, 1e-12))); r$loglik; bic(m, r$loglik, 46, 1, k) */
static void one_variable_agrees_with_mclust(void) {
  double x[N], y[N];
  load(x, y);
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, NULL, N, 3, fits, &n_fits, &best, NULL));
  const MixtureFit *two = fit_of(fits, n_fits, MIXTURE_EEE, 2);
  support_assert_near("one group", fit_of(fits, n_fits, MIXTURE_EEE, 1)->bic, -425.840022249849, 1e-10, 0);
  support_assert_near("E, 2", two->log_likelihood, -203.231981249174, 1e-7, 0);
  support_assert_near("E, 2", two->bic, -421.778528084305, 1e-7, 0);
  g_assert_cmpstr(mixture_model_name(two), ==, "E");
  g_assert_cmpfloat(two->mean[0][0], <, two->mean[1][0]);
  support_assert_near("V, 2", fit_of(fits, n_fits, MIXTURE_VVV, 2)->log_likelihood, -202.960817552641, 1e-7, 0);
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
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, y, N, 3, fits, &n_fits, &best, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const MixtureFit *fit = fit_of(fits, n_fits, cases[i].model, cases[i].n_groups);
    support_assert_near(mixture_model_name(fit), fit->log_likelihood, cases[i].log_likelihood, 1e-7, 0);
    support_assert_near("bic", fit->bic, cases[i].bic, 1e-7, 0);
  }
  g_assert_cmpuint(n_fits, ==, 15);
  g_assert_cmpstr(mixture_model_name(&fits[best]), ==, "VVV");
  g_assert_cmpuint(fits[best].n_groups, ==, 2);
}

static void a_seed_gives_the_same_fit(void) {
  double x[N], y[N];
  load(x, y);
  MixtureFit fits[2][MIXTURE_MAX_FITS];
  gsize n_fits, best;
  for (gsize k = 0; k < 2; k++)
    g_assert_true(mixture_choose(x, y, N, 9, fits[k], &n_fits, &best, NULL));
  const MixtureFit *one = fit_of(fits[0], n_fits, MIXTURE_VVI, 3), *other = fit_of(fits[1], n_fits, MIXTURE_VVI, 3);
  g_assert_cmpfloat(one->log_likelihood, ==, other->log_likelihood);
  g_assert_cmpfloat(one->mean[1][1], ==, other->mean[1][1]);
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

#define SHARP 60

/* Participants' means of simulated ratings: two answers in valence, SDs of 1.5 about means 59 apart, and three in
 * arousal. */
static const double sharp[SHARP][2] = {
    {26.3, 20.1}, {51.3, 77.6}, {73.4, 20.3}, {26.5, 78.7}, {47.7, 17.8}, {77.3, 79.4}, {25.1, 17.5}, {48.7, 79.1},
    {73.4, 20.5}, {23.9, 78.4}, {51.4, 18.8}, {75.3, 80.4}, {26.0, 18.8}, {49.2, 79.9}, {74.5, 22.2}, {25.9, 80.4},
    {49.1, 20.5}, {75.0, 78.2}, {23.9, 18.4}, {49.2, 76.4}, {73.3, 18.7}, {25.3, 78.8}, {48.7, 20.6}, {71.8, 81.1},
    {23.6, 18.5}, {52.2, 80.5}, {73.9, 20.1}, {24.3, 80.0}, {48.8, 20.1}, {72.4, 81.3}, {22.9, 21.8}, {49.1, 79.9},
    {73.6, 17.9}, {27.4, 82.6}, {50.3, 21.6}, {73.9, 78.3}, {24.9, 19.8}, {48.4, 77.6}, {76.6, 22.2}, {24.6, 79.6},
    {49.9, 22.4}, {73.8, 81.3}, {25.0, 18.6}, {49.3, 82.0}, {74.1, 22.3}, {26.0, 81.7}, {51.1, 20.4}, {73.3, 78.5},
    {24.2, 20.6}, {52.3, 80.8}, {74.0, 19.4}, {25.1, 78.4}, {49.7, 21.7}, {75.4, 80.8}, {27.2, 24.3}, {51.4, 79.6},
    {74.6, 21.0}, {27.3, 78.8}, {51.0, 21.4}, {76.6, 78.7}};

/* BIC and log-likelihood of Mclust(sharp, G = g, modelNames = m). Ours may only be better. */
static void sharp_groups_are_found_as_by_mclust(void) {
  static const struct {
    const char *model;
    gsize n_groups;
    double log_likelihood;
  } cases[] = {{"EII", 2, -530.464593221}, {"EII", 3, -519.858609992}, {"VII", 2, -530.462972456},
               {"VII", 3, -486.141299316}, {"EEI", 2, -416.988772693}, {"EEI", 3, -415.946594759},
               {"VVI", 2, -416.796530617}, {"VVI", 3, -396.816314251}, {"EEE", 2, -416.651818412},
               {"EEE", 3, -415.925767827}, {"VVV", 2, -416.297868682}, {"VVV", 3, -396.26920075}};
  double x[SHARP], y[SHARP];
  for (gsize i = 0; i < SHARP; i++) {
    x[i] = sharp[i][0];
    y[i] = sharp[i][1];
  }
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best, found = 0;
  g_assert_true(mixture_choose(x, y, SHARP, 3, fits, &n_fits, &best, NULL));
  for (gsize i = 0; i < n_fits; i++)
    for (gsize k = 0; k < G_N_ELEMENTS(cases); k++)
      if (strcmp(cases[k].model, mixture_model_name(&fits[i])) == 0 && cases[k].n_groups == fits[i].n_groups) {
        g_assert_true(fits[i].defined);
        g_assert_cmpfloat(fits[i].log_likelihood, >, cases[k].log_likelihood - 1e-3);
        found++;
      }
  g_assert_cmpuint(found, ==, G_N_ELEMENTS(cases));
  g_assert_cmpstr(mixture_model_name(&fits[best]), ==, "VVI");
  g_assert_cmpuint(fits[best].n_groups, ==, 3);
  g_assert_cmpfloat(fits[best].bic, >, -850.953452372 - 1e-3);
}

/* A model with more groups, or with fewer restrictions, holds the other and cannot be less likely. */
static void models_that_hold_others_are_as_likely(void) {
  static const MixtureModel pairs[][2] = {{MIXTURE_EII, MIXTURE_VII}, {MIXTURE_EII, MIXTURE_EEI},
                                          {MIXTURE_EEI, MIXTURE_VVI}, {MIXTURE_EEI, MIXTURE_EEE},
                                          {MIXTURE_EEE, MIXTURE_VVV}, {MIXTURE_VVI, MIXTURE_VVV}};
  double x[SHARP], y[SHARP];
  for (gsize i = 0; i < SHARP; i++) {
    x[i] = sharp[i][0];
    y[i] = sharp[i][1];
  }
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(x, y, SHARP, 8, fits, &n_fits, &best, NULL));
  for (gsize groups = 2; groups <= 3; groups++)
    for (gsize k = 0; k < G_N_ELEMENTS(pairs); k++)
      g_assert_cmpfloat(fit_of(fits, n_fits, pairs[k][1], groups)->log_likelihood, >,
                        fit_of(fits, n_fits, pairs[k][0], groups)->log_likelihood - 1e-5);
  for (int model = MIXTURE_EII; model < MIXTURE_MODELS; model++)
    g_assert_cmpfloat(fit_of(fits, n_fits, (MixtureModel)model, 3)->log_likelihood, >,
                      fit_of(fits, n_fits, (MixtureModel)model, 2)->log_likelihood - 1e-5);
}

static void constant_or_few_values_have_no_groups(void) {
  const double same[] = {5, 5, 5, 5, 5, 5};
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  g_assert_true(mixture_choose(same, NULL, 6, 1, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(best, ==, n_fits);
  g_assert_true(!fits[0].defined && isnan(fits[0].bic) && isnan(fits[0].mean[0][0]));
  g_assert_true(mixture_choose(data_a, data_b, 2, 1, fits, &n_fits, &best, NULL));
  g_assert_false(fit_of(fits, n_fits, MIXTURE_VVV, 2)->defined);
}

/* mclust::Mclust(cbind(x, 100 - x)) takes EEE with one group, whose likelihood has no bound; here none is chosen, nor
 * where the scales differ by less than the narrowest group that counts. x alone is one group. */
static void scales_that_follow_from_each_other_have_no_groups(void) {
  double x[10], y[10], near[10];
  MixtureFit fits[MIXTURE_MAX_FITS];
  gsize n_fits, best;
  for (gsize i = 0; i < 10; i++) {
    x[i] = 9.1 * (double)i;
    y[i] = 100 - x[i];
    near[i] = y[i] + (i % 3 == 0 ? 0.1 : -0.05);
  }
  g_assert_true(mixture_choose(x, y, 10, 1, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(best, ==, n_fits);
  g_assert_false(fits[0].defined);
  g_assert_true(mixture_choose(x, near, 10, 1, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(best, ==, n_fits);
  g_assert_true(mixture_choose(x, NULL, 10, 1, fits, &n_fits, &best, NULL));
  g_assert_cmpuint(best, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/mixture/one-variable-agrees-with-mclust", one_variable_agrees_with_mclust);
  g_test_add_func("/stats/mixture/the-choice-is-that-of-mclust", the_choice_is_that_of_mclust);
  g_test_add_func("/stats/mixture/two-variables-agree-with-mclust", two_variables_agree_with_mclust);
  g_test_add_func("/stats/mixture/sharp-groups-are-found-as-by-mclust", sharp_groups_are_found_as_by_mclust);
  g_test_add_func("/stats/mixture/models-that-hold-others-are-as-likely", models_that_hold_others_are_as_likely);
  g_test_add_func("/stats/mixture/a-seed-gives-the-same-fit", a_seed_gives_the_same_fit);
  g_test_add_func("/stats/mixture/a-few-close-values-are-no-group", a_few_close_values_are_no_group);
  g_test_add_func("/stats/mixture/scales-that-follow-from-each-other-have-no-groups",
                  scales_that_follow_from_each_other_have_no_groups);
  g_test_add_func("/stats/mixture/constant-or-few-values-have-no-groups", constant_or_few_values_have_no_groups);
  return g_test_run();
}
