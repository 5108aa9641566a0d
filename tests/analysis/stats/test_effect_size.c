#include "analysis/stats/effect_size.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/analysis/stats/groups.h"
#include "tests/support.h"

/* library(effectsize); hedges_g(y1, y2)$Hedges_g, hedges_g(y, mu = 50)$Hedges_g. The limits: uniroot(function(l)
 * pt(t, df, l, lower = FALSE) - .025, c(-37, 37), tol = 1e-14) and .975; effectsize's own optimiser stops at 1e-7. */
static void standardised_differences_agree_with_r(void) {
  StandardisedDifference effect;
  Description first = groups_description(1), second = groups_description(2), all;
  effect_size_two_samples(&first, &second, &effect);
  support_assert_near("d", effect.d, -0.835889750720639, 1e-12, 0);
  support_assert_near("g", effect.g, -0.790156324409548, 1e-12, 0);
  support_assert_near("low", effect.ci_low, -1.87992061894832, 1e-9, 0);
  support_assert_near("high", effect.ci_high, 0.235241271610189, 1e-9, 0);
  g_assert_true(descriptive_describe(data_y, DATA_N, DESCRIPTIVE_CONFIDENCE, &all, NULL));
  effect_size_one_sample(&all, 50, &effect);
  support_assert_near("d", effect.d, -1.82718081826255, 1e-12, 0);
  support_assert_near("g", effect.g, -1.76405292472119, 1e-12, 0);
  support_assert_near("low", effect.ci_low, -2.49363928935545, 1e-9, 0);
  support_assert_near("high", effect.ci_high, -1.14500029806638, 1e-9, 0);
}

/* l <- uniroot(function(l) pf(F, d1, d2, l, lower = FALSE) - .025, c(0, 100), tol = 1e-14)$root; l / (l + d1 + d2 + 1)
 */
static void variance_shares_agree_with_r(void) {
  VarianceShare effect;
  effect_size_variance(4.61, 2, 41, 44, &effect);
  support_assert_near("eta2", effect.eta2, 0.183592194344883, 1e-12, 0);
  support_assert_near("omega2", effect.omega2, 0.140960562280359, 1e-12, 0);
  support_assert_near("low", effect.ci_low, 0.00670653353923469, 1e-9, 0);
  support_assert_near("high", effect.ci_high, 0.358673346916922, 1e-9, 0);
  effect_size_variance(1.82041733191202, 2, 20, 23, &effect);
  support_assert_near("omega2", effect.omega2, 0.066590060207376, 1e-12, 0);
  g_assert_cmpfloat(effect.ci_low, ==, 0);
  support_assert_near("high", effect.ci_high, 0.379376589031602, 1e-9, 0);
  effect_size_variance(0.01, 3, 50, 54, &effect); /* unlikely small: both limits are 0 */
  g_assert_cmpfloat(effect.ci_high, ==, 0);
}

/* A factor of 3 levels, crossed with one of 5, in 45 cases, 3 a cell: F <- 3.36; 2 * (F - 1) / (2 * (F - 1) + 45); l as
 * above of pf(F, 2, 30, l), l / (l + 45). */
static void a_factor_among_others_counts_all_cases(void) {
  VarianceShare effect;
  effect_size_variance(3.36, 2, 30, 45, &effect);
  support_assert_near("omega2", effect.omega2, 0.0949316170555109, 1e-12, 0);
  g_assert_cmpfloat(effect.ci_low, ==, 0);
  support_assert_near("high", effect.ci_high, 0.30997964579657, 1e-9, 0);
}

/* t of 48.3 and of -52.7, whose limits lie beyond the noncentrality up to which R sums a series: uniroot(function(l)
 * pt(t, df, l, lower = FALSE) - .025, c(-600, 600), tol = 1e-13) and .975, divided by sqrt(n). */
static void large_effects_have_intervals_as_in_r(void) {
  StandardisedDifference effect;
  const Description far = {.n = 12, .mean = 48.3, .sd = 3.4641016151377544},
                    below = {.n = 41, .mean = -52.7, .sd = 6.4031242374328485};
  effect_size_one_sample(&far, 0, &effect);
  support_assert_near("low", effect.ci_low, 28.3389298071153 / sqrt(12), 1e-9, 0);
  support_assert_near("high", effect.ci_high, 67.4801300668622 / sqrt(12), 1e-9, 0);
  effect_size_one_sample(&below, 0, &effect);
  support_assert_near("low", effect.ci_low, -64.0839517444507 / sqrt(41), 1e-9, 0);
  support_assert_near("high", effect.ci_high, -40.6572982555493 / sqrt(41), 1e-9, 0);
}

static void what_the_data_do_not_define_is_nan(void) {
  StandardisedDifference effect;
  const Description one = {.n = 1, .mean = 3, .sd = NAN}, same = {.n = 5, .mean = 3, .sd = 0};
  effect_size_one_sample(&one, 2, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.ci_low));
  effect_size_two_samples(&same, &same, &effect);
  g_assert_true(isnan(effect.d) && isnan(effect.g));
  VarianceShare share;
  effect_size_variance(NAN, 2, 20, 23, &share);
  g_assert_true(isnan(share.eta2) && isnan(share.ci_low));
  effect_size_variance(3, 2, 0, 3, &share);
  g_assert_true(isnan(share.omega2));
  effect_size_variance(1e9, 2, 20, 23, &share);
  g_assert_true(isnan(share.ci_high) && !isnan(share.eta2));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/effect-size/standardised-differences-agree-with-r", standardised_differences_agree_with_r);
  g_test_add_func("/stats/effect-size/variance-shares-agree-with-r", variance_shares_agree_with_r);
  g_test_add_func("/stats/effect-size/a-factor-among-others-counts-all-cases", a_factor_among_others_counts_all_cases);
  g_test_add_func("/stats/effect-size/large-effects-have-intervals-as-in-r", large_effects_have_intervals_as_in_r);
  g_test_add_func("/stats/effect-size/what-the-data-do-not-define-is-nan", what_the_data_do_not_define_is_nan);
  return g_test_run();
}
