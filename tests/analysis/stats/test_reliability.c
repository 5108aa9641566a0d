#include "analysis/stats/reliability.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

#define TARGETS 6
#define RATERS 5
/* By rater, six targets each. */
static const double complete[RATERS * TARGETS] = {31.2,  79.6,  60.1,  120.5, 146.5, -6.3, 81.6,  91.2, 54.6,  76.1,
                                                  158.5, 41.4,  19.9,  15.4,  22.8,  67.8, 130.2, 15.8, 88.3,  15.8,
                                                  -17.4, 113.9, 116.4, -4.4,  45,    57.7, 26.3,  62,   134.9, -26.9};

typedef struct {
  gsize target[61], rater[61];
} Ids;

static ReliabilityData complete_data(Ids *ids) {
  for (gsize i = 0; i < RATERS * TARGETS; i++) {
    ids->target[i] = i % TARGETS;
    ids->rater[i] = i / TARGETS;
  }
  return (ReliabilityData){RATERS * TARGETS, TARGETS, RATERS, ids->target, ids->rater, complete};
}

/* 61 of 12 x 9 ratings, in order of rater. */
#define INCOMPLETE 61
static const gsize incomplete_target[INCOMPLETE] = {0, 1, 3, 4, 6,  7, 8, 0, 2, 3, 7,  8,  0, 2, 5, 6, 8, 9, 11, 1, 4,
                                                    5, 6, 8, 9, 0,  1, 2, 3, 6, 8, 10, 11, 0, 1, 3, 5, 6, 8, 10, 0, 1,
                                                    3, 4, 6, 9, 10, 1, 2, 3, 5, 6, 8,  9,  1, 2, 4, 5, 6, 7, 11};
static const gsize incomplete_rater[INCOMPLETE] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3,
                                                   3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6,
                                                   6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8};
static const double incomplete_value[INCOMPLETE] = {
    45.4, 70.7, 52.3, 56,   54.3, 31.2, 32.4, 53.7, 47.3, 39.6, 58.8, 38.5, 41.6, 27.7, 52.8, 41.2,
    35.1, 43.7, 43.9, 61,   73.1, 38,   49.9, 43.2, 29.4, 36.1, 56.8, 32.9, 50.5, 40.6, 45.1, 51.8,
    44.2, 11.9, 59.1, 44.3, 55.3, 27.9, 29.1, 37.3, 52.9, 73.8, 48.6, 61.4, 46.6, 59.4, 64.6, 58.6,
    17.5, 41.5, 33.5, 60.4, 47.3, 36.2, 68.4, 42.1, 79.7, 36.8, 34.7, 60.3, 34.5};
static const ReliabilityData incomplete = {INCOMPLETE, 12, 9, incomplete_target, incomplete_rater, incomplete_value};

static void check(const Icc *icc, double single, double single_low, double single_high, double average,
                  double average_low, double average_high, double f, double p) {
  support_assert_near("single", icc->single, single, 1e-12, 0);
  support_assert_near("single low", icc->single_low, single_low, 1e-11, 0);
  support_assert_near("single high", icc->single_high, single_high, 1e-11, 0);
  support_assert_near("average", icc->average, average, 1e-12, 0);
  support_assert_near("average low", icc->average_low, average_low, 1e-11, 0);
  support_assert_near("average high", icc->average_high, average_high, 1e-11, 0);
  support_assert_near("F", icc->f, f, 1e-12, 0);
  support_assert_near("p", icc->p, p, 1e-9, 0);
}

/* psych::ICC(matrix(complete, 6), lmer = FALSE)$results */
static void complete_designs_agree_with_psych(void) {
  Ids ids;
  ReliabilityData data = complete_data(&ids);
  IccTable icc;
  g_assert_true(reliability_icc(&data, &icc, NULL));
  g_assert_null(icc.undefined);
  check(&icc.kinds[ICC_ONE_WAY], 0.718093371966015, 0.401491102616343, 0.944590649076793, 0.927200558283576,
        0.770331131545739, 0.988404113374312, 13.7363690767754, 2.18896380348032e-06);
  check(&icc.kinds[ICC_AGREEMENT], 0.721407403125278, 0.405379876597306, 0.945089944735953, 0.928301813436254,
        0.773177303486214, 0.988513405307711, 17.4095174003676, 1.11211225508756e-06);
  check(&icc.kinds[ICC_CONSISTENCY], 0.766459004820251, 0.461970205626407, 0.956208378658382, 0.942560153908753,
        0.811077138438601, 0.990923703126999, 17.4095174003676, 1.11211225508756e-06);
  support_assert_near("raters", icc.ms_raters, 6558.506666667 / 4, 1e-10, 0);
}

static void says_why_there_is_no_table(void) {
  IccTable icc;
  g_assert_true(reliability_icc(&incomplete, &icc, NULL));
  g_assert_true(isnan(icc.kinds[ICC_AGREEMENT].single) && isnan(icc.ms_error));
  g_assert_cmpstr(icc.undefined, ==, "not every rater rated every image exactly once");
  const gsize target[] = {0, 1, 0, 1}, rater[] = {0, 0, 1, 1}, twice[] = {0, 0, 1, 1};
  const double value[] = {4, 7, 5, 8};
  ReliabilityData additive = {4, 2, 2, target, rater, value};
  g_assert_true(reliability_icc(&additive, &icc, NULL));
  g_assert_true(isnan(icc.kinds[ICC_CONSISTENCY].f));
  g_assert_cmpstr(icc.undefined, ==, "the ratings leave no residual variance");
  ReliabilityData repeated = {4, 2, 2, twice, rater, value};
  g_assert_true(reliability_icc(&repeated, &icc, NULL));
  g_assert_cmpstr(icc.undefined, ==, "not every rater rated every image exactly once");
  ReliabilityData alone = {2, 2, 1, target, rater, value};
  g_assert_true(reliability_icc(&alone, &icc, NULL));
  g_assert_cmpstr(icc.undefined, ==, "agreement takes at least two raters and two images");
}

/* m <- lmer(y ~ 1 + (1 | t) + (1 | r)), its deviance minimised further by optim to th; the limits by
 * H <- numDeriv::hessian(function(l) devfun(exp(l)), log(th)); C <- 2 * solve(H); plogis(qlogis(icc) -+ 1.96 * se). */
static void components_agree_with_lme4(void) {
  VarianceComponents c;
  g_autoptr(GError) error = NULL;
  g_assert_true(reliability_components(&incomplete, &c, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(c.n, ==, INCOMPLETE);
  support_assert_near("target", c.var_target, 79.3183888449108, 1e-4, 0);
  support_assert_near("rater", c.var_rater, 10.9700208931486, 1e-4, 0);
  support_assert_near("residual", c.var_residual, 99.9213130386001, 1e-4, 0);
  support_assert_near("mean", c.mean, 46.7768265845154, 1e-5, 0);
  support_assert_near("agreement", c.agreement, 0.417006275048669, 1e-5, 0);
  support_assert_near("low", c.agreement_low, 0.180978440585131, 1e-4, 0);
  support_assert_near("high", c.agreement_high, 0.6983772130689, 1e-4, 0);
  support_assert_near("consistency", c.consistency, 0.442528210731451, 1e-5, 0);
  support_assert_near("low", c.consistency_low, 0.196311452448487, 1e-4, 0);
  support_assert_near("high", c.consistency_high, 0.720651187540752, 1e-4, 0);
  double k = c.raters_per_target; /* 1 / mean(1 / table(t)) */
  support_assert_near("k", k, 4.53849617289509, 1e-12, 0);
  support_assert_near("average", c.agreement_average, k * c.agreement / (1 + (k - 1) * c.agreement), 1e-12, 0);
}

/* REML of balanced data is the analysis of variance: var_residual = MSE, var_target = (MST - MSE) / k. */
static void components_of_a_complete_design_are_those_of_the_anova(void) {
  Ids ids;
  ReliabilityData data = complete_data(&ids);
  IccTable icc;
  VarianceComponents c;
  g_assert_true(reliability_icc(&data, &icc, NULL) && reliability_components(&data, &c, NULL));
  support_assert_near("residual", c.var_residual, icc.ms_error, 1e-5, 0);
  support_assert_near("target", c.var_target, (icc.ms_targets - icc.ms_error) / RATERS, 1e-5, 0);
  support_assert_near("rater", c.var_rater, (icc.ms_raters - icc.ms_error) / TARGETS, 1e-4, 0);
  support_assert_near("agreement", c.agreement, icc.kinds[ICC_AGREEMENT].single, 1e-5, 0);
  support_assert_near("average", c.consistency_average, icc.kinds[ICC_CONSISTENCY].average, 1e-5, 0);
  g_assert_cmpfloat(c.raters_per_target, ==, RATERS);
}

/* Everyone rates every image twice: k is of raters, not of ratings. */
static void raters_count_once_an_image(void) {
  Ids ids;
  ReliabilityData data = complete_data(&ids);
  gsize target[2 * RATERS * TARGETS], rater[2 * RATERS * TARGETS], n = RATERS * TARGETS;
  double value[2 * RATERS * TARGETS];
  for (gsize i = 0; i < 2 * n; i++) {
    target[i] = data.target[i % n];
    rater[i] = data.rater[i % n];
    value[i] = data.value[i % n] + (i < n ? 0 : 1.3 * (double)(i % 3));
  }
  const ReliabilityData twice = {2 * n, TARGETS, RATERS, target, rater, value};
  VarianceComponents c;
  g_assert_true(reliability_components(&twice, &c, NULL));
  g_assert_cmpuint(c.n, ==, 2 * n);
  g_assert_cmpfloat(c.raters_per_target, ==, RATERS);
  support_assert_near("average", c.consistency_average, RATERS * c.consistency / (1 + (RATERS - 1) * c.consistency),
                      1e-12, 0);
}

static void components_of_too_little_are_refused(void) {
  VarianceComponents c;
  g_autoptr(GError) error = NULL;
  ReliabilityData alone = {7, 12, 9, incomplete_target, incomplete_rater, incomplete_value};
  g_assert_false(reliability_components(&alone, &c, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
  double constant[INCOMPLETE];
  for (gsize i = 0; i < INCOMPLETE; i++)
    constant[i] = 40;
  ReliabilityData same = incomplete;
  same.value = constant;
  g_assert_false(reliability_components(&same, &c, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

/* All 10 halvings of 5 raters into 2 and 3, in R: s <- combn(5, 2); r <- apply(s, 2, function(i) cor(rowMeans(A[, i]),
 * rowMeans(A[, -i]))); mean(r); mean(2 * r / (1 + r)). 4000 random splits come near within four standard errors. */
static void split_halves_approach_the_mean_of_all(void) {
  Ids ids;
  ReliabilityData data = complete_data(&ids);
  SplitHalf split, again;
  g_assert_true(reliability_split_half(&data, 4000, 11, &split, NULL));
  g_assert_cmpuint(split.n_used, ==, 4000);
  support_assert_near("r", split.r, 0.894626514019, 0, 0.00189449829891);
  support_assert_near("reliability", split.reliability, 0.944120963418, 0, 0.00104842755222);
  g_assert_cmpfloat(split.r_low, <, split.r);
  g_assert_cmpfloat(split.r_high, >, split.r);
  g_assert_true(reliability_split_half(&data, 4000, 11, &again, NULL));
  g_assert_cmpfloat(again.r, ==, split.r);
}

static void one_rater_has_no_halves(void) {
  SplitHalf split;
  ReliabilityData alone = {7, 12, 1, incomplete_target, incomplete_rater, incomplete_value};
  g_assert_true(reliability_split_half(&alone, 20, 1, &split, NULL));
  g_assert_cmpuint(split.n_used, ==, 0);
  g_assert_true(isnan(split.r) && isnan(split.reliability_high));
}

/* Two raters and images: r is 1 or -1 whatever they say, and 2 r / (1 + r) up to -6e15 by rounding. */
static void halves_of_two_images_have_no_reliability(void) {
  const gsize target[] = {0, 1, 0, 1}, rater[] = {0, 0, 1, 1};
  const double value[] = {17.3, 42.9, 66.1, 20.7};
  const ReliabilityData data = {4, 2, 2, target, rater, value};
  SplitHalf split;
  g_assert_true(reliability_split_half(&data, 20, 1, &split, NULL));
  g_assert_cmpuint(split.n_used, ==, 0);
  g_assert_true(isnan(split.r) && isnan(split.reliability));
  g_assert_cmpstr(split.undefined, ==, "no two halves both rated three images whose means differ");
}

/* cor(c(17.3, 42.9, 30.4), c(66.1, 20.7, 43.2)) */
static void opposite_halves_have_a_correlation_and_no_reliability(void) {
  const gsize target[] = {0, 1, 2, 0, 1, 2}, rater[] = {0, 0, 0, 1, 1, 1};
  const double value[] = {17.3, 42.9, 30.4, 66.1, 20.7, 43.2};
  const ReliabilityData data = {6, 3, 2, target, rater, value};
  SplitHalf split;
  g_assert_true(reliability_split_half(&data, 20, 1, &split, NULL));
  g_assert_cmpuint(split.n_used, ==, 20);
  support_assert_near("r", split.r, -0.99996434898115, 1e-12, 0);
  g_assert_true(isnan(split.reliability) && isnan(split.reliability_low) && isnan(split.reliability_high));
  g_assert_nonnull(split.undefined);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/reliability/complete-designs-agree-with-psych", complete_designs_agree_with_psych);
  g_test_add_func("/stats/reliability/says-why-there-is-no-table", says_why_there_is_no_table);
  g_test_add_func("/stats/reliability/components-agree-with-lme4", components_agree_with_lme4);
  g_test_add_func("/stats/reliability/components-of-a-complete-design-are-those-of-the-anova",
                  components_of_a_complete_design_are_those_of_the_anova);
  g_test_add_func("/stats/reliability/raters-count-once-an-image", raters_count_once_an_image);
  g_test_add_func("/stats/reliability/components-of-too-little-are-refused", components_of_too_little_are_refused);
  g_test_add_func("/stats/reliability/halves-of-two-images-have-no-reliability",
                  halves_of_two_images_have_no_reliability);
  g_test_add_func("/stats/reliability/opposite-halves-have-a-correlation-and-no-reliability",
                  opposite_halves_have_a_correlation_and_no_reliability);
  g_test_add_func("/stats/reliability/split-halves-approach-the-mean-of-all", split_halves_approach_the_mean_of_all);
  g_test_add_func("/stats/reliability/one-rater-has-no-halves", one_rater_has_no_halves);
  return g_test_run();
}
