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

/* qt(.975, 21.37); pt(-1.234, 7.5, lower = FALSE); 2 * pt(-2.3456, 33.3); qnorm(.975) */
static void agrees_with_r(void) {
  support_assert_near("qt", distribution_t_quantile(0.975, 21.37), 2.07742360089313, 1e-12, 0);
  support_assert_near("pt", distribution_t_upper(-1.234, 7.5), 0.872765556711326, 1e-12, 0);
  support_assert_near("2pt", distribution_t_two_tailed(2.3456, 33.3), 0.0250994427320035, 1e-12, 0);
  support_assert_near("qnorm", distribution_normal_quantile(0.975), 1.95996398454005, 1e-12, 0);
  support_assert_near("infinite t", distribution_t_two_tailed(-INFINITY, 5), 0, 0, 0);
}

static void gives_nan_outside_the_domain(void) {
  g_assert_true(isnan(distribution_t_two_tailed(NAN, 5)));
  g_assert_true(isnan(distribution_t_upper(1, 0)));
  g_assert_true(isnan(distribution_t_two_tailed(1, -1)));
  g_assert_true(isnan(distribution_t_quantile(1, 5)));
  g_assert_true(isnan(distribution_t_quantile(0.5, INFINITY)));
  g_assert_true(isnan(distribution_f_upper(-0.1, 2, 3)));
  g_assert_true(isnan(distribution_f_upper(1, 2, 0)));
  g_assert_true(isnan(distribution_f_upper(1, NAN, 3)));
  g_assert_true(isnan(distribution_normal_quantile(0)));
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
  g_test_add_func("/stats/distributions/gives-nan-outside-the-domain", gives_nan_outside_the_domain);
  g_test_add_func("/stats/distributions/stars-are-strict-bounds", stars_are_strict_bounds);
  return g_test_run();
}
