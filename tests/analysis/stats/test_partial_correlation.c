#include "analysis/stats/partial_correlation.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static const double *const controls[] = {data_c, data_b, data_c};

/* ra <- resid(lm(a ~ c + b)); ry <- resid(lm(y ~ c + b)); r <- cor(ra, ry); t <- r * sqrt(19 / (1 - r^2));
 * tanh(atanh(r) -+ qnorm(.975) / sqrt(23 - 2 - 3)). The third control repeats the first and does not count. */
static void pearson_agrees_with_r(void) {
  for (gsize n = 2; n <= 3; n++) {
    Correlation c;
    gsize used;
    g_assert_true(partial_correlation(CORRELATION_PEARSON, data_a, data_y, controls, n, DATA_N, &c, &used, NULL));
    g_assert_cmpuint(used, ==, 2);
    g_assert_cmpuint(c.n, ==, DATA_N);
    support_assert_near("r", c.r, 0.665427594647505, 1e-11, 0);
    support_assert_near("t", c.t, 3.885703600035, 1e-10, 0);
    support_assert_near("p", c.p_two_tailed, 0.000994766081533338, 1e-9, 0);
    support_assert_near("low", c.ci_low, 0.327945113539753, 1e-10, 0);
    support_assert_near("high", c.ci_high, 0.852288994918061, 1e-10, 0);
  }
}

/* The same of apply(cbind(a, y, c, b), 2, rank). */
static void spearman_agrees_with_r(void) {
  Correlation c;
  gsize used;
  g_assert_true(partial_correlation(CORRELATION_SPEARMAN, data_a, data_y, controls, 2, DATA_N, &c, &used, NULL));
  support_assert_near("r", c.r, 0.630524296437981, 1e-11, 0);
  support_assert_near("t", c.t, 3.54096836654129, 1e-10, 0);
  support_assert_near("p", c.p_two_tailed, 0.00218257123100214, 1e-9, 0);
  g_assert_true(isnan(c.ci_low));
  /* cor.test(a, y, method = "spearman", exact = FALSE) */
  g_assert_true(partial_correlation(CORRELATION_SPEARMAN, data_a, data_y, NULL, 0, DATA_N, &c, &used, NULL));
  support_assert_near("rho", c.r, 0.519762845849802, 1e-11, 0);
  support_assert_near("p", c.p_two_tailed, 0.0110210644683428, 1e-10, 0);
}

static void what_the_controls_explain_has_no_correlation(void) {
  double sum[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    sum[i] = 2 * data_b[i] - data_c[i] + 5;
  Correlation c;
  gsize used;
  g_assert_true(partial_correlation(CORRELATION_PEARSON, sum, data_y, controls, 2, DATA_N, &c, &used, NULL));
  g_assert_true(isnan(c.r) && isnan(c.p_two_tailed));
  g_assert_true(partial_correlation(CORRELATION_PEARSON, data_a, data_y, controls, 2, 4, &c, &used, NULL));
  g_assert_true(isnan(c.r));
}

/* Eleven or 23 times 0.1 do not add up to 1.1 or 2.3: as a control a constant is none, with another variable it has no
 * correlation (in R cor() gives NA). */
static void a_constant_is_no_variable(void) {
  double constant[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    constant[i] = 0.1;
  const double *with[] = {data_c, constant, data_b};
  Correlation c;
  gsize used;
  for (int kind = CORRELATION_PEARSON; kind <= CORRELATION_SPEARMAN; kind++) {
    g_assert_true(partial_correlation((CorrelationKind)kind, constant, data_y, NULL, 0, DATA_N, &c, &used, NULL));
    g_assert_true(isnan(c.r) && isnan(c.p_two_tailed));
    g_assert_true(partial_correlation((CorrelationKind)kind, data_a, constant, controls, 2, 11, &c, &used, NULL));
    g_assert_true(isnan(c.r) && isnan(c.p_two_tailed));
  }
  g_assert_true(partial_correlation(CORRELATION_PEARSON, data_a, data_y, with, 3, DATA_N, &c, &used, NULL));
  g_assert_cmpuint(used, ==, 2);
  support_assert_near("t", c.t, 3.885703600035, 1e-10, 0);
}

/* b[9] <- NA; y[4] <- NA; the rest as above over the 21 complete rows, ranks taken over these */
static void incomplete_rows_are_left_out_as_in_r(void) {
  double b[DATA_N], y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++) {
    b[i] = i == 8 ? NAN : data_b[i];
    y[i] = i == 3 ? NAN : data_y[i];
  }
  const double *both[] = {data_c, b};
  Correlation c;
  gsize used;
  g_assert_true(partial_correlation(CORRELATION_PEARSON, data_a, y, both, 2, DATA_N, &c, &used, NULL));
  g_assert_cmpuint(c.n, ==, 21);
  support_assert_near("r", c.r, 0.627390346280986, 1e-11, 0);
  support_assert_near("t", c.t, 3.32192156196867, 1e-10, 0);
  support_assert_near("p", c.p_two_tailed, 0.00403451554782427, 1e-9, 0);
  g_assert_true(partial_correlation(CORRELATION_SPEARMAN, data_a, y, both, 2, DATA_N, &c, &used, NULL));
  support_assert_near("rank r", c.r, 0.560681821593303, 1e-11, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/partial-correlation/pearson-agrees-with-r", pearson_agrees_with_r);
  g_test_add_func("/stats/partial-correlation/spearman-agrees-with-r", spearman_agrees_with_r);
  g_test_add_func("/stats/partial-correlation/what-the-controls-explain-has-no-correlation",
                  what_the_controls_explain_has_no_correlation);
  g_test_add_func("/stats/partial-correlation/a-constant-is-no-variable", a_constant_is_no_variable);
  g_test_add_func("/stats/partial-correlation/incomplete-rows-are-left-out-as-in-r",
                  incomplete_rows_are_left_out_as_in_r);
  return g_test_run();
}
