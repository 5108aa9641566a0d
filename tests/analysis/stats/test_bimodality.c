#include "analysis/stats/bimodality.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static double of_counts(const gsize *counts) {
  double values[200];
  gsize n = 0;
  for (gsize level = 1; level <= 11; level++)
    for (gsize i = 0; i < counts[level - 1]; i++)
      values[n++] = (double)level;
  Bimodality b;
  bimodality_coefficient(values, n, &b);
  return b.coefficient;
}

/* Pfister et al. 2013, the two examples: .336058 and .794689. */
static void agrees_with_the_published_examples(void) {
  support_assert_near("one mode", of_counts((const gsize[]){3, 5, 5, 10, 17, 20, 17, 10, 5, 5, 3}), 0.336058114240645,
                      1e-12, 0);
  support_assert_near("two modes", of_counts((const gsize[]){2, 26, 14, 6, 2, 0, 2, 6, 14, 26, 2}), 0.794688692769474,
                      1e-12, 0);
}

/* psych::skew(y, type = 2), psych::kurtosi(y, type = 2) */
static void moments_agree_with_r(void) {
  Bimodality b;
  bimodality_coefficient(data_y, DATA_N, &b);
  support_assert_near("skewness", b.skewness, 0.30686951638355, 1e-11, 0);
  support_assert_near("kurtosis", b.excess_kurtosis, 1.26556182138931, 1e-11, 0);
  support_assert_near("coefficient", b.coefficient, 0.231682684936706, 1e-11, 0);
}

static void few_or_constant_values_have_none(void) {
  Bimodality b;
  bimodality_coefficient((const double[]){1, 2, 3, NAN}, 4, &b);
  g_assert_cmpuint(b.n, ==, 3);
  g_assert_true(isnan(b.coefficient) && isnan(b.skewness));
  bimodality_coefficient((const double[]){2, 2, 2, 2, 2}, 5, &b);
  g_assert_true(isnan(b.coefficient));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/bimodality/agrees-with-the-published-examples", agrees_with_the_published_examples);
  g_test_add_func("/stats/bimodality/moments-agree-with-r", moments_agree_with_r);
  g_test_add_func("/stats/bimodality/few-or-constant-values-have-none", few_or_constant_values_have_none);
  return g_test_run();
}
