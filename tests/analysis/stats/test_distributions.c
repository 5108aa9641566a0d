#include <math.h>

#include "analysis/stats/distributions.h"
#include "tests/support.h"

/* pf(2.44, 2, 147, lower = FALSE) etc.: the F tests that Marczak-Czajka et al. 2024 print. */
static void reproduces_the_printed_anova_p_values(void) {
  support_assert_near("F 2.44", distribution_f_upper(2.44, 2, 147), 0.0906840382838871, 1e-12, 0);
  support_assert_near("F 1.45", distribution_f_upper(1.45, 4, 145), 0.220569664888542, 1e-12, 0);
  support_assert_near("F 1.58", distribution_f_upper(1.58, 4, 145), 0.182720668291581, 1e-12, 0);
}

/* The paper prints F = 2.41 with p = .786; that p is of F = 0.241. */
static void shows_the_misprint(void) {
  support_assert_near("F 0.241", distribution_f_upper(0.241, 2, 147), 0.786151503390009, 1e-12, 0);
  support_assert_near("F 2.41", distribution_f_upper(2.41, 2, 147), 0.0933562832235406, 1e-12, 0);
}

/* qt(.975, 21.37); 2 * pt(-2.3456, 33.3); qnorm(.975) */
static void agrees_with_r(void) {
  support_assert_near("qt", distribution_t_quantile(0.975, 21.37), 2.07742360089313, 1e-12, 0);
  support_assert_near("2pt", distribution_t_two_tailed(2.3456, 33.3), 0.0250994427320035, 1e-12, 0);
  support_assert_near("qnorm", distribution_normal_quantile(0.975), 1.95996398454005, 1e-12, 0);
  support_assert_near("infinite t", distribution_t_two_tailed(-INFINITY, 5), 0, 0, 0);
}

/* pnorm(1.37, lower = F), qf(.975, 3, 17.5), pchisq(7.31, 3, lower = F), ptukey(3.42, 4, 21.6, lower = F),
 * qtukey(.95, 5, 19), pwilcox(23, 7, 9), pt(2.31, 17, 1.2, lower = F), pt(-1.4, 12, .8, lower = F),
 * pf(3.7, 2, 41, 4.4, lower = F) */
static void further_distributions_agree_with_r(void) {
  support_assert_near("pnorm", distribution_normal_upper(1.37), 0.085343450821967, 1e-12, 0);
  support_assert_near("qf", distribution_f_quantile(0.975, 3, 17.5), 3.98157081475537, 1e-11, 0);
  support_assert_near("pchisq", distribution_chi2_upper(7.31, 3), 0.062646686198823, 1e-12, 0);
  support_assert_near("ptukey", distribution_range_upper(3.42, 4, 21.6), 0.103376805042429, 1e-11, 0);
  support_assert_near("qtukey", distribution_range_quantile(0.95, 5, 19), 4.25283082192307, 1e-11, 0);
  support_assert_near("pwilcox", distribution_rank_sum_lower(23, 7, 9), 0.203933566433566, 1e-12, 0);
  support_assert_near("pt", distribution_t_noncentral_upper(2.31, 17, 1.2), 0.158251960335946, 1e-11, 0);
  support_assert_near("pt", distribution_t_noncentral_upper(-1.4, 12, 0.8), 0.981768986698246, 1e-11, 0);
  support_assert_near("pf", distribution_f_noncentral_upper(3.7, 2, 41, 4.4), 0.355373597088634, 1e-11, 0);
}

static void gives_nan_outside_the_domain(void) {
  g_assert_true(isnan(distribution_t_two_tailed(NAN, 5)));
  g_assert_true(isnan(distribution_t_two_tailed(1, 0)));
  g_assert_true(isnan(distribution_t_two_tailed(1, -1)));
  g_assert_true(isnan(distribution_t_quantile(1, 5)));
  g_assert_true(isnan(distribution_t_quantile(0.5, INFINITY)));
  g_assert_true(isnan(distribution_f_upper(-0.1, 2, 3)));
  g_assert_true(isnan(distribution_f_upper(1, 2, 0)));
  g_assert_true(isnan(distribution_f_upper(1, NAN, 3)));
  g_assert_true(isnan(distribution_normal_quantile(0)));
  g_assert_true(isnan(distribution_f_quantile(1, 2, 3)));
  g_assert_true(isnan(distribution_chi2_upper(-1, 3)));
  g_assert_true(isnan(distribution_range_upper(3, 1, 9)));
  g_assert_true(isnan(distribution_range_quantile(0.95, 3, 1.5)));
  g_assert_true(isnan(distribution_rank_sum_lower(3, 51, 9)));
  g_assert_true(isnan(distribution_t_noncentral_upper(3, 9, INFINITY)));
  g_assert_true(isnan(distribution_f_noncentral_upper(3, 2, 9, 1e6)));
}

static void stars_are_strict_bounds(void) {
  g_assert_cmpstr(distribution_stars(0.00099), ==, "***");
  g_assert_cmpstr(distribution_stars(0.001), ==, "**");
  g_assert_cmpstr(distribution_stars(0.01), ==, "*");
  g_assert_cmpstr(distribution_stars(0.05), ==, "");
  g_assert_cmpstr(distribution_stars(NAN), ==, "");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/distributions/reproduces-the-printed-anova-p-values", reproduces_the_printed_anova_p_values);
  g_test_add_func("/stats/distributions/shows-the-misprint", shows_the_misprint);
  g_test_add_func("/stats/distributions/agrees-with-r", agrees_with_r);
  g_test_add_func("/stats/distributions/further-distributions-agree-with-r", further_distributions_agree_with_r);
  g_test_add_func("/stats/distributions/gives-nan-outside-the-domain", gives_nan_outside_the_domain);
  g_test_add_func("/stats/distributions/stars-are-strict-bounds", stars_are_strict_bounds);
  return g_test_run();
}
