#include "analysis/stats/nonparametric.h"

#include <math.h>

#include "analysis/stats/anova.h"
#include "tests/analysis/stats/data.h"
#include "tests/analysis/stats/groups.h"
#include "tests/support.h"

static RankSum rank_sum(const double *x, gsize n_x, const double *y, gsize n_y) {
  RankSum test;
  g_assert_true(nonparametric_rank_sum(x, n_x, y, n_y, &test, NULL));
  return test;
}

/* wilcox.test(y[g == 1], y[g == 2]) and the other way round */
static void rank_sum_is_exact_without_ties(void) {
  double first[DATA_N + 1], second[DATA_N];
  gsize n_first = groups_values(1, first), n_second = groups_values(2, second);
  first[n_first] = NAN;
  RankSum test = rank_sum(first, n_first + 1, second, n_second);
  g_assert_true(test.exact);
  g_assert_cmpuint(test.n_first, ==, n_first);
  g_assert_cmpfloat(test.w, ==, 20);
  support_assert_near("p", test.p, 0.313186813186813, 1e-12, 0);
  support_assert_near("rank-biserial", test.rank_biserial, -1.0 / 3, 1e-12, 0);
  test = rank_sum(second, n_second, first, n_first);
  g_assert_cmpfloat(test.w, ==, 40);
  support_assert_near("p", test.p, 0.313186813186813, 1e-12, 0);
}

/* wilcox.test((1:60)^1.5, 2 * (1:55) + 0.5); x <- round(a / 10); wilcox.test(x[1:12], x[13:23], exact = FALSE) */
static void rank_sum_is_approximate_with_many_or_tied_values(void) {
  double x[60], y[55];
  for (gsize i = 0; i < 60; i++)
    x[i] = pow((double)i + 1, 1.5);
  for (gsize i = 0; i < 55; i++)
    y[i] = 2 * ((double)i + 1) + 0.5;
  RankSum test = rank_sum(x, 60, y, 55);
  g_assert_false(test.exact);
  g_assert_cmpfloat(test.w, ==, 2553);
  support_assert_near("p", test.p, 4.34855763794248e-07, 1e-9, 0);
  for (gsize i = 0; i < DATA_N; i++)
    x[i] = rint(data_a[i] / 10);
  test = rank_sum(x, 12, x + 12, 11);
  g_assert_false(test.exact);
  g_assert_cmpfloat(test.w, ==, 69);
  support_assert_near("p", test.p, 0.87190208470377, 1e-11, 0);
}

/* kruskal.test(y, g); kruskal.test(round(y / 3), g) */
static void kruskal_wallis_agrees_with_r(void) {
  KruskalWallis test;
  g_assert_true(nonparametric_kruskal_wallis(data_y, data_group, DATA_N, 4, &test, NULL));
  support_assert_near("h", test.h, 2.45455486542443, 1e-11, 0);
  g_assert_cmpfloat(test.df, ==, 2);
  support_assert_near("p", test.p, 0.293089448165849, 1e-11, 0);
  support_assert_near("epsilon2", test.epsilon2, 2.45455486542443 / 22, 1e-11, 0);
  double coarse[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    coarse[i] = rint(data_y[i] / 3);
  g_assert_true(nonparametric_kruskal_wallis(coarse, data_group, DATA_N, 3, &test, NULL));
  support_assert_near("tied h", test.h, 2.61809226035387, 1e-11, 0);
  support_assert_near("tied p", test.p, 0.270077552383438, 1e-11, 0);
}

static void says_why_there_is_no_test(void) {
  const double same[] = {3, 3, 3, 3};
  const gsize group[] = {0, 0, 1, ANOVA_NO_GROUP};
  RankSum sum = rank_sum(same, 2, same, 2);
  g_assert_true(isnan(sum.p));
  g_assert_cmpstr(sum.undefined, ==, "all values are the same");
  sum = rank_sum(same, 2, same, 0);
  g_assert_true(isnan(sum.w) && isnan(sum.p) && isnan(sum.rank_biserial));
  g_assert_cmpstr(sum.undefined, ==, "a group has no values");
  KruskalWallis test;
  g_assert_true(nonparametric_kruskal_wallis(same, group, 4, 2, &test, NULL));
  g_assert_true(isnan(test.h) && isnan(test.p));
  g_assert_cmpuint(test.n, ==, 3);
  g_assert_cmpstr(test.undefined, ==, "all values are the same");
  g_assert_true(nonparametric_kruskal_wallis(data_y, group, 2, 2, &test, NULL));
  g_assert_true(isnan(test.p));
  g_assert_cmpstr(test.undefined, ==, "a comparison takes at least two groups with values");
}

/* y[1:21], g <- (0:20) %% 3; kruskal.test(y, g), again with y[c(5, 12)] <- NA; x <- y[1:10]; x[3] <- NA;
 * wilcox.test(x, y[11:23]) */
static void balanced_and_incomplete_values_agree_with_r(void) {
  gsize group[21];
  double y[21];
  for (gsize i = 0; i < 21; i++) {
    group[i] = i % 3;
    y[i] = data_y[i];
  }
  KruskalWallis test;
  g_assert_true(nonparametric_kruskal_wallis(y, group, 21, 3, &test, NULL));
  support_assert_near("h", test.h, 0.987012987012989, 1e-11, 0);
  support_assert_near("p", test.p, 0.610481985585928, 1e-11, 0);
  y[4] = y[11] = NAN;
  g_assert_true(nonparametric_kruskal_wallis(y, group, 21, 3, &test, NULL));
  g_assert_cmpuint(test.n, ==, 19);
  support_assert_near("h", test.h, 0.168421052631579, 1e-11, 0);
  support_assert_near("p", test.p, 0.919237711993935, 1e-11, 0);
  double first[10];
  for (gsize i = 0; i < 10; i++)
    first[i] = i == 2 ? NAN : data_y[i];
  RankSum sums = rank_sum(first, 10, data_y + 10, 13);
  g_assert_cmpfloat(sums.w, ==, 78);
  support_assert_near("p", sums.p, 0.209304008684814, 1e-12, 0);
}

/* x <- c(.3, .3, .8, .8, .1, .3, .8, .2); kruskal.test(x, c(1, 1, 1, 2, 2, 2, 3, 3));
 * wilcox.test(x[1:4], x[5:8], exact = FALSE) */
static void rounding_does_not_break_ties(void) {
  const double x[] = {0.1 + 0.2, 0.3, 0.7 + 0.1, 0.8, 0.1, 0.3, 0.8, 0.2};
  const gsize group[] = {0, 0, 0, 1, 1, 1, 2, 2};
  KruskalWallis test;
  g_assert_true(x[0] != x[1] && x[2] != x[3]);
  g_assert_true(nonparametric_kruskal_wallis(x, group, 8, 3, &test, NULL));
  support_assert_near("h", test.h, 0.276315789473684, 1e-12, 0);
  RankSum pair = rank_sum(x, 4, x + 4, 4);
  g_assert_false(pair.exact);
  support_assert_near("p", pair.p, 0.288140491506679, 1e-12, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/nonparametric/rank-sum-is-exact-without-ties", rank_sum_is_exact_without_ties);
  g_test_add_func("/stats/nonparametric/rank-sum-is-approximate-with-many-or-tied-values",
                  rank_sum_is_approximate_with_many_or_tied_values);
  g_test_add_func("/stats/nonparametric/rounding-does-not-break-ties", rounding_does_not_break_ties);
  g_test_add_func("/stats/nonparametric/kruskal-wallis-agrees-with-r", kruskal_wallis_agrees_with_r);
  g_test_add_func("/stats/nonparametric/says-why-there-is-no-test", says_why_there_is_no_test);
  g_test_add_func("/stats/nonparametric/balanced-and-incomplete-values-agree-with-r",
                  balanced_and_incomplete_values_agree_with_r);
  return g_test_run();
}
