#include "analysis/stats/t_test.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/analysis/stats/groups.h"
#include "tests/support.h"

static Description describe(const double *values, gsize n) {
  Description d;
  g_assert_true(descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &d, NULL));
  return d;
}

/* t.test(y, mu = 50); conf.int - 50 */
static void one_sample_agrees_with_r(void) {
  TTest t;
  Description d = describe(data_y, DATA_N);
  t_test_one_sample(&d, 50, &t);
  support_assert_near("t", t.t, -8.76285136701584, 1e-11, 0);
  g_assert_cmpfloat(t.df, ==, 22);
  support_assert_near("p", t.p, 1.2600124161843e-08, 1e-9, 0);
  support_assert_near("low", t.ci_low, -13.7947455912444, 1e-11, 0);
  support_assert_near("high", t.ci_high, -8.51481962614695, 1e-11, 0);
  g_assert_null(t.undefined);
}

/* t.test(y[g == 1], y[g == 2]) */
static void welch_agrees_with_r(void) {
  TTest t;
  Description first = groups_description(1), second = groups_description(2);
  t_test_welch(&first, &second, &t);
  support_assert_near("t", t.t, -1.52967691574389, 1e-11, 0);
  support_assert_near("df", t.df, 8.92270091908134, 1e-11, 0);
  support_assert_near("p", t.p, 0.160741804976272, 1e-11, 0);
  support_assert_near("low", t.ci_low, -13.9024122446164, 1e-11, 0);
  support_assert_near("high", t.ci_high, 2.69441224461638, 1e-11, 0);
}

static void says_why_there_is_no_test(void) {
  TTest t;
  Description one = describe(data_y, 1), same = describe((const double[]){41.3, 41.3, 41.3}, 3),
              none = describe(NULL, 0);
  t_test_one_sample(&one, 50, &t);
  g_assert_true(isnan(t.t) && isnan(t.p) && isnan(t.ci_low));
  g_assert_cmpstr(t.undefined, ==, "a test takes at least two values");
  t_test_one_sample(&same, 50, &t);
  g_assert_true(isnan(t.p));
  g_assert_cmpstr(t.undefined, ==, "all values are the same");
  t_test_one_sample(&none, 50, &t);
  g_assert_true(isnan(t.difference));
  t_test_welch(&same, &same, &t);
  g_assert_true(isnan(t.p));
  g_assert_cmpstr(t.undefined, ==, "all values of a group are the same");
  t_test_welch(&same, &one, &t);
  g_assert_cmpstr(t.undefined, ==, "each group takes at least two values");
}

/* x <- y[1:10]; x[3] <- NA; t.test(x, y[11:23]) */
static void welch_leaves_missing_values_out_as_in_r(void) {
  TTest t;
  double x[10];
  for (gsize i = 0; i < 10; i++)
    x[i] = i == 2 ? NAN : data_y[i];
  Description first = describe(x, 10), second = describe(data_y + 10, 13);
  t_test_welch(&first, &second, &t);
  support_assert_near("t", t.t, 0.843782496031069, 1e-11, 0);
  support_assert_near("df", t.df, 18.9203352626828, 1e-11, 0);
  support_assert_near("p", t.p, 0.409332852940523, 1e-11, 0);
  support_assert_near("low", t.ci_low, -3.05463090480064, 1e-10, 0);
  support_assert_near("high", t.ci_high, 7.17907534924507, 1e-10, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/t-test/one-sample-agrees-with-r", one_sample_agrees_with_r);
  g_test_add_func("/stats/t-test/welch-agrees-with-r", welch_agrees_with_r);
  g_test_add_func("/stats/t-test/says-why-there-is-no-test", says_why_there_is_no_test);
  g_test_add_func("/stats/t-test/welch-leaves-missing-values-out-as-in-r", welch_leaves_missing_values_out_as_in_r);
  return g_test_run();
}
