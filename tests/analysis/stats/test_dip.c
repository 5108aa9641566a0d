#include "analysis/stats/dip.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static double dip_of(const double *values, gsize n) {
  double dip;
  g_assert_true(dip_statistic(values, n, &dip, NULL));
  return dip;
}

static double dip_of_counts(const gsize *counts) {
  double values[200];
  gsize n = 0;
  for (gsize level = 1; level <= 11; level++)
    for (gsize i = 0; i < counts[level - 1]; i++)
      values[n++] = (double)level;
  return dip_of(values, n);
}

/* library(diptest); dip(y), dip(a), dip(b), dip(c), dip(c(a, a + 40)), dip(round(y / 2)) */
static void agrees_with_diptest(void) {
  support_assert_near("y", dip_of(data_y, DATA_N), 0.0466507177033492, 1e-12, 0);
  support_assert_near("a", dip_of(data_a, DATA_N), 0.0740305522914219, 1e-12, 0);
  support_assert_near("b", dip_of(data_b, DATA_N), 0.0455692551734083, 1e-12, 0);
  support_assert_near("c", dip_of(data_c, DATA_N), 0.0686587208326338, 1e-12, 0);
  double two[2 * DATA_N], coarse[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    two[i] = data_a[i];
    two[i + DATA_N] = data_a[i] + 40;
    coarse[i] = rint(data_y[i] / 2);
  }
  support_assert_near("a and a + 40", dip_of(two, 2 * DATA_N), 0.0701739130434783, 1e-12, 0);
  support_assert_near("ties", dip_of(coarse, DATA_N), 0.0652173913043478, 1e-12, 0);
}

/* dip(rep(1:11, counts)), dip(1:2), dip(1:10), dip(c(3,1,2,2)), dip(sin(1:200)^3), dip(sin(1:501)), dip((1:100) %% 17)
 */
static void agrees_with_diptest_on_ties_and_extremes(void) {
  support_assert_near("two modes", dip_of_counts((const gsize[]){2, 26, 14, 6, 2, 0, 2, 6, 14, 26, 2}), 0.16, 1e-12, 0);
  support_assert_near("one mode", dip_of_counts((const gsize[]){3, 5, 5, 10, 17, 20, 17, 10, 5, 5, 3}), 0.085, 1e-12,
                      0);
  double values[501];
  for (gsize i = 0; i < 501; i++)
    values[i] = (double)i + 1;
  support_assert_near("1:2", dip_of(values, 2), 0.25, 1e-12, 0);
  support_assert_near("1:10", dip_of(values, 10), 0.05, 1e-12, 0);
  support_assert_near("four", dip_of((const double[]){3, 1, 2, 2}, 4), 0.125, 1e-12, 0);
  for (gsize i = 0; i < 200; i++)
    values[i] = pow(sin((double)i + 1), 3);
  support_assert_near("sine cubed", dip_of(values, 200), 0.0268449370770453, 1e-9, 0);
  for (gsize i = 0; i < 501; i++)
    values[i] = sin((double)i + 1);
  support_assert_near("sine", dip_of(values, 501), 0.0624195002546598, 1e-9, 0);
  for (gsize i = 0; i < 100; i++)
    values[i] = (double)((i + 1) % 17);
  support_assert_near("steps", dip_of(values, 100), 0.03, 1e-12, 0);
}

static void constant_values_have_the_least_dip_and_none_have_no_dip(void) {
  g_assert_cmpfloat(dip_of((const double[]){7, 7, NAN, 7, 7}, 5), ==, 0.125);
  g_assert_cmpfloat(dip_of((const double[]){7}, 1), ==, 0.5);
  g_assert_true(isnan(dip_of((const double[]){NAN}, 1)));
}

/* set.seed(1); dip.test(y, simulate = TRUE, B = 200000)$p.value; the same of c(y, y + 25). The tolerances are five
 * standard errors of as many samples as are drawn until 50 are as large. */
static void p_values_agree_with_diptest(void) {
  g_autoptr(DipNull) null = NULL, twice = NULL, again = NULL;
  g_assert_true(dip_null_new(DATA_N, 0, 5, &null, NULL));
  support_assert_near("p of y", dip_null_p(null, dip_of(data_y, DATA_N)), 0.977555, 0, 5 * 0.0066);
  g_assert_true(dip_null_new(2 * DATA_N, 0, 5, &twice, NULL));
  support_assert_near("p of two groups", dip_null_p(twice, 0.0897521739130434), 0.004345, 0, 5 * 0.0006);
  g_assert_true(dip_null_new(2 * DATA_N, 0, 5, &again, NULL));
  dip_null_p(again, 0.3);
  g_assert_cmpfloat(dip_null_p(twice, 0.09), ==, dip_null_p(again, 0.09));
  g_assert_cmpfloat(dip_null_p(null, 0.3), ==, 1.0 / (1 + DIP_MOST_SAMPLES));
  g_assert_cmpfloat(dip_null_p(null, 0.5 / DATA_N), ==, 1);
  g_assert_true(isnan(dip_null_p(null, NAN)));
}

/* dip(rep(1:9, c(...))) of even ratings over 9 levels is far beyond what a continuous uniform gives (R: dip.test's p
 * is 0.01226488), and ordinary among samples of 9 levels. set.seed(1); mean(replicate(1e5, dip(sample(9, 90, TRUE))) >=
 * 0.06111111) is 0.99848. */
static void steps_of_a_scale_are_no_peaks(void) {
  static const gsize counts[11] = {10, 9, 11, 10, 12, 8, 10, 9, 11, 0, 0};
  double dip = dip_of_counts(counts);
  support_assert_near("dip", dip, 0.0611111111111111, 1e-12, 0);
  g_autoptr(DipNull) smooth = NULL, stepped = NULL;
  g_assert_true(dip_null_new(90, 0, 5, &smooth, NULL));
  g_assert_true(dip_null_new(90, 9, 5, &stepped, NULL));
  support_assert_near("p without steps", dip_null_p(smooth, dip), 0.01226488, 0, 5 * 0.0017);
  support_assert_near("p over 9 levels", dip_null_p(stepped, dip), 0.99848, 0, 0.11);
}

/* library(diptest); set.seed(1); d <- replicate(4e4, dip(unlist(lapply(c(3, 4, 4, 6), function(k) { v <- runif(k);
 * v - mean(v) })))); q <- sort(d)[39200]; mean(d >= q), of independent ones mean(replicate(2e4, dip(runif(17))) >= q)
 * is 0.04725; where whole, v <- round(runif(1) + sqrt(299) * runif(k)); round(v - mean(v), 7). */
static void deviations_from_group_means_have_dips_of_their_own(void) {
  static const gsize sizes[] = {3, 4, 4, 6};
  g_autoptr(DipNull) smooth = NULL, whole = NULL;
  g_assert_true(dip_null_new_within(sizes, G_N_ELEMENTS(sizes), 0.3, false, 5, &smooth, NULL));
  g_assert_true(dip_null_new_within(sizes, G_N_ELEMENTS(sizes), 5, true, 5, &whole, NULL));
  support_assert_near("p", dip_null_p(smooth, 0.1134707947), 0.02003, 0, 5 * 0.0032);
  support_assert_near("p of whole ones", dip_null_p(whole, 0.1150131689), 0.02003, 0, 5 * 0.0032);
  g_assert_cmpfloat(dip_null_p(whole, 0.3), ==, 1.0 / (1 + DIP_WITHIN_SAMPLES));
  g_assert_cmpfloat(dip_deviation(3, 1.0 / 3, 100), ==, dip_deviation(3, 1 - 2.0 / 3, 100));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/dip/agrees-with-diptest", agrees_with_diptest);
  g_test_add_func("/stats/dip/agrees-with-diptest-on-ties-and-extremes", agrees_with_diptest_on_ties_and_extremes);
  g_test_add_func("/stats/dip/constant-values-have-the-least-dip-and-none-have-no-dip",
                  constant_values_have_the_least_dip_and_none_have_no_dip);
  g_test_add_func("/stats/dip/p-values-agree-with-diptest", p_values_agree_with_diptest);
  g_test_add_func("/stats/dip/steps-of-a-scale-are-no-peaks", steps_of_a_scale_are_no_peaks);
  g_test_add_func("/stats/dip/deviations-from-group-means-have-dips-of-their-own",
                  deviations_from_group_means_have_dips_of_their_own);
  return g_test_run();
}
