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

static void more_pairs_are_tested_by_edgeworth_series_as_in_r(void) {
  static const double ten[] = {3, 1, 2, 5, 4, 7, 6, 9, 8, 10};
  static const double falling[] = {12, 5, 13, 9, 11, 2, 10, 8, 3, 6, 7, 1, 4};
  static const double thirty[] = {4,  13, 23, 3,  1, 11, 17, 5,  2,  21, 24, 19, 10, 27, 26,
                                  20, 7,  15, 12, 8, 6,  16, 18, 29, 22, 30, 14, 28, 25, 9};
  support_assert_near("10", two_tailed(ten, 10), 0.000130162394465275, 1e-10, 0);
  support_assert_near("13", two_tailed(falling, 13), 0.0302900101906893, 1e-10, 0);
  support_assert_near("30", two_tailed(thirty, 30), 0.0249252839283288, 1e-10, 0);
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
  support_assert_near("the series gives less than the one order", spearman_upper(330, 10), 1.0 / 3628800, 1e-12, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/spearman/few-pairs-are-tested-by-counting-as-in-r", few_pairs_are_tested_by_counting_as_in_r);
  g_test_add_func("/stats/spearman/more-pairs-are-tested-by-edgeworth-series-as-in-r",
                  more_pairs_are_tested_by_edgeworth_series_as_in_r);
  g_test_add_func("/stats/spearman/ties-are-tested-by-t", ties_are_tested_by_t);
  g_test_add_func("/stats/spearman/tails-at-the-ends", tails_at_the_ends);
  return g_test_run();
}
