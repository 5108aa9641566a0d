#include <math.h>

#include "analysis/stats/correlation.h"
#include "analysis/stats/spearman.h"
#include "tests/support.h"

static double two_tailed(const double *y, gsize n) {
  double x[30];
  Correlation correlation;
  for (gsize i = 0; i < n; i++)
    x[i] = (double)i + 1;
  g_assert_true(correlation_pair(CORRELATION_SPEARMAN, x, y, n, &correlation, NULL));
  support_assert_near("one-tailed", correlation.p_one_tailed, correlation.p_two_tailed / 2, 0, 0);
  return correlation.p_two_tailed;
}

/* cor.test(1:n, y, method = "spearman")$p.value */
static void few_pairs_are_tested_by_counting_as_in_r(void) {
  support_assert_near("4", two_tailed((const double[]){2, 1, 4, 3}, 4), 0.416666666666667, 1e-12, 0);
  support_assert_near("5", two_tailed((const double[]){1, 5, 3, 4, 2}, 5), 0.95, 1e-12, 0);
  support_assert_near("7", two_tailed((const double[]){2, 1, 3, 7, 4, 6, 5}, 7), 0.0880952380952381, 1e-12, 0);
  support_assert_near("9", two_tailed((const double[]){9, 8, 7, 6, 5, 4, 3, 2, 1}, 9), 5.51146384479718e-06, 1e-12, 0);
}

/* R's cor.test takes its series from 10 pairs on; here all orders are still counted. n, s, the share of orders of
 * n ranks with at least s, in Python: ways = {0: {0: 1}}; for pair in range(n): more = {}; (for each used, sums in ways
 * and each rank not in the bits of used: add the ways of a sum a to more[used | 1 << rank][a + (rank - pair) ** 2]);
 * ways = more; sum(w for a, w in ways[2 ** n - 1].items() if a >= s) / factorial(n) */
static void up_to_14_pairs_all_orders_are_counted(void) {
  static const double counts[][3] = {{10, 320, 0.000102788800705467}, /* r 0.939 */
                                     {11, 422, 9.50476992143659e-05}, /* 0.918 */
                                     {12, 544, 7.70999512318957e-05}, /* 0.902 */
                                     {13, 656, 0.000775251304765194}, /* 0.802 */
                                     {14, 706, 0.0219223332058153}};  /* 0.552 */
  for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
    double most = counts[i][0] * (counts[i][0] * counts[i][0] - 1) / 3;
    support_assert_near("share", spearman_upper(counts[i][1], (gsize)counts[i][0]), counts[i][2], 1e-12, 0);
    support_assert_near("the rest", spearman_upper(most - counts[i][1] + 2, (gsize)counts[i][0]), 1 - counts[i][2],
                        1e-12, 0);
  }
  static const double ten[] = {3, 1, 2, 5, 4, 7, 6, 9, 8, 10};
  static const double falling[] = {12, 5, 13, 9, 11, 2, 10, 8, 3, 6, 7, 1, 4};
  support_assert_near("10", two_tailed(ten, 10), 0.000334545855379189, 1e-12, 0);
  support_assert_near("13", two_tailed(falling, 13), 0.0302071953894871, 1e-12, 0);
}

/* y <- c(...); cor.test(1:30, y, method = "spearman")$p.value */
static void more_pairs_are_tested_by_edgeworth_series_as_in_r(void) {
  static const double thirty[] = {4,  13, 23, 3,  1, 11, 17, 5,  2,  21, 24, 19, 10, 27, 26,
                                  20, 7,  15, 12, 8, 6,  16, 18, 29, 22, 30, 14, 28, 25, 9};
  static const double fifteen[] = {3, 1, 6, 4, 5, 2, 14, 10, 11, 8, 9, 7, 13, 15, 12};
  support_assert_near("30", two_tailed(thirty, 30), 0.0249252839283288, 1e-10, 0);
  support_assert_near("15", two_tailed(fifteen, 15), 0.00128222443031161, 1e-10, 0);
}

/* cor.test(1:20, y, method = "spearman", exact = FALSE)$p.value; by its series R has 0 for the first
 * (r 0.848) and 6.2e-6 for the second (r 0.952) */
static void far_tails_are_tested_by_t(void) {
  static const double twenty[] = {4, 3, 8, 7, 6, 1, 2, 5, 10, 13, 9, 14, 16, 15, 12, 20, 11, 19, 17, 18};
  static const double more[] = {3, 1, 2, 4, 6, 5, 10, 9, 7, 13, 8, 11, 14, 12, 18, 16, 15, 19, 17, 20};
  support_assert_near("20", two_tailed(twenty, 20), 2.32143036443903e-06, 1e-9, 0);
  support_assert_near("20, further", two_tailed(more, 20), 1.10280789789913e-10, 1e-9, 0);
}

static void p_falls_as_the_correlation_grows(void) {
  for (gsize n = 10; n <= 60; n++) {
    gsize most = n * (n * n - 1) / 3, step = n <= 14 ? 2 * n : n <= 18 ? 2 : n * n / 8 * 2;
    double before = 1;
    for (gsize s = most / 2 + most / 2 % 2 + 2; s <= most; s += step) {
      double p = spearman_upper((double)s, n);
      if (!(p > 0 && (p < before || p * exp(lgamma((double)n + 1)) < 1.001))) /* not below one order's */
        g_error("%zu pairs: p of %zu is %g after %g", n, s, p, before);
      before = p;
    }
  }
}

/* cor.test(..., exact = FALSE), the t approximation */
static void ties_are_tested_by_t(void) {
  support_assert_near("p", two_tailed((const double[]){1, 2, 2, 5, 3, 4, 8}, 7), 0.00845034238189666, 1e-11, 0);
}

/* The sum is even: 1 - pspearman of R's own; every order counts at 0, none beyond the largest sum. */
static void tails_at_the_ends(void) {
  g_assert_cmpfloat(spearman_upper(0, 6), ==, 1);
  support_assert_near("all but one of 720", spearman_upper(1, 6), 719.0 / 720, 1e-14, 0);
  support_assert_near("the last of 720", spearman_upper(70, 6), 1.0 / 720, 1e-14, 0);
  g_assert_cmpfloat(spearman_upper(71, 6), ==, 0);
  support_assert_near("one order of 15", spearman_upper(1120, 15), 7.647163731819816e-13, 1e-12, 0); /* 1 / 15! */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/spearman/few-pairs-are-tested-by-counting-as-in-r", few_pairs_are_tested_by_counting_as_in_r);
  g_test_add_func("/stats/spearman/up-to-14-pairs-all-orders-are-counted", up_to_14_pairs_all_orders_are_counted);
  g_test_add_func("/stats/spearman/far-tails-are-tested-by-t", far_tails_are_tested_by_t);
  g_test_add_func("/stats/spearman/p-falls-as-the-correlation-grows", p_falls_as_the_correlation_grows);
  g_test_add_func("/stats/spearman/more-pairs-are-tested-by-edgeworth-series-as-in-r",
                  more_pairs_are_tested_by_edgeworth_series_as_in_r);
  g_test_add_func("/stats/spearman/ties-are-tested-by-t", ties_are_tested_by_t);
  g_test_add_func("/stats/spearman/tails-at-the-ends", tails_at_the_ends);
  return g_test_run();
}
