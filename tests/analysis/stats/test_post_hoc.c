#include "analysis/stats/post_hoc.h"

#include <math.h>

#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static PostHocPair *compare(PostHocKind kind, const double *y, const gsize *group, gsize n, gsize n_groups,
                            gsize *n_pairs) {
  g_autoptr(Anova) anova = NULL;
  PostHocPair *pairs;
  g_assert_true(anova_one_way(y, group, n, n_groups, &anova, NULL));
  g_assert_true(post_hoc_pairs(kind, anova, &pairs, n_pairs, NULL));
  return pairs;
}

static void check(const PostHocPair *pair, gsize first, gsize second, double difference, double low, double high,
                  double p) {
  g_assert_cmpuint(pair->first, ==, first);
  g_assert_cmpuint(pair->second, ==, second);
  support_assert_near("difference", pair->difference, difference, 1e-10, 0);
  /* qtukey iterates to 1e-4 of the quantile's step; the same code gives the same digits. */
  support_assert_near("low", pair->ci_low, low, 1e-9, 0);
  support_assert_near("high", pair->ci_high, high, 1e-9, 0);
  support_assert_near("p", pair->p, p, 1e-8, 0);
}

/* TukeyHSD(aov(y ~ factor(g))) */
static void tukey_agrees_with_r(void) {
  gsize n;
  g_autofree PostHocPair *pairs = compare(POST_HOC_TUKEY, data_y, data_group, DATA_N, 3, &n);
  g_assert_cmpuint(n, ==, 3);
  check(&pairs[0], 1, 0, -0.779714285714277, -8.12235637934091, 6.56292780791235, 0.961070139581690);
  check(&pairs[1], 2, 0, 4.824285714285722, -3.46513057051814, 13.11370199908959, 0.324851451471816);
  check(&pairs[2], 2, 1, 5.603999999999999, -2.09016127402432, 13.29816127402431, 0.181594780643072);
}

/* m <- tapply(y, g, mean); v <- tapply(y, g, var) / table(g); se <- sqrt((v[i] + v[j]) / 2); df <- Welch's;
 * q <- abs(m[i] - m[j]) / se; ptukey(q, 3, df, lower = FALSE); d -+ qtukey(.95, 3, df) * se */
static void games_howell_agrees_with_r(void) {
  gsize n;
  g_autofree PostHocPair *pairs = compare(POST_HOC_GAMES_HOWELL, data_y, data_group, DATA_N, 3, &n);
  g_assert_cmpuint(n, ==, 3);
  check(&pairs[0], 1, 0, -0.779714285714284, -6.79831492078186, 5.23888634935329, 0.93910975371185);
  check(&pairs[1], 2, 0, 4.82428571428571, -5.17773750930982, 14.8263089378813, 0.374885643543325);
  check(&pairs[2], 2, 1, 5.604, -4.64090771332346, 15.8489077133235, 0.323484894956061);
  support_assert_near("q", pairs[2].q, 2.16328984029406, 1e-11, 0);
  support_assert_near("df", pairs[2].df, 8.92270091908134, 1e-11, 0);
}

static void groups_without_values_have_no_pairs(void) {
  const gsize group[] = {0, 3, 0, 3, 0, 3, 5};
  gsize n;
  g_autofree PostHocPair *pairs = compare(POST_HOC_GAMES_HOWELL, data_y, group, 7, 6, &n);
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpuint(pairs[0].first, ==, 3);
  g_assert_false(isnan(pairs[0].p));
  g_assert_cmpuint(pairs[1].first, ==, 5);
  g_assert_true(isnan(pairs[1].p) && isnan(pairs[1].ci_low) && !isnan(pairs[1].difference)); /* a group of one */
}

static void constant_values_have_no_comparison(void) {
  const double y[] = {2, 2, 2, 2, 2, 2};
  const gsize group[] = {0, 0, 0, 1, 1, 1};
  for (int kind = POST_HOC_TUKEY; kind <= POST_HOC_GAMES_HOWELL; kind++) {
    gsize n;
    g_autofree PostHocPair *pairs = compare((PostHocKind)kind, y, group, 6, 2, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(isnan(pairs[0].p) && isnan(pairs[0].q));
  }
}

/* y[1:21], g <- (0:20) %% 3; then with y[c(5, 12)] <- NA */
static void balanced_and_incomplete_groups_agree_with_r(void) {
  gsize group[21], n;
  double y[21];
  for (gsize i = 0; i < 21; i++) {
    group[i] = i % 3;
    y[i] = data_y[i];
  }
  g_autofree PostHocPair *tukey = compare(POST_HOC_TUKEY, y, group, 21, 3, &n),
                         *games = compare(POST_HOC_GAMES_HOWELL, y, group, 21, 3, &n);
  check(&tukey[0], 1, 0, -1.88428571428572, -10.4673391623513, 6.69876773377985, 0.842559614519052);
  check(&tukey[2], 2, 1, 4.64285714285715, -3.94019630520842, 13.2259105909227, 0.371516352136038);
  check(&games[0], 1, 0, -1.88428571428571, -10.5622549855633, 6.79368355699191, 0.831868783297349);
  check(&games[2], 2, 1, 4.64285714285714, -4.91403333381368, 14.199747619528, 0.423806232083653);
  y[4] = y[11] = NAN;
  g_autofree PostHocPair *tukey_na = compare(POST_HOC_TUKEY, y, group, 21, 3, &n),
                         *games_na = compare(POST_HOC_GAMES_HOWELL, y, group, 21, 3, &n);
  check(&tukey_na[0], 1, 0, -1.95642857142857, -10.0610175698364, 6.14816042697926, 0.809845045230766);
  check(&tukey_na[2], 2, 1, 2.52, -5.89052947964444, 10.9305294796444, 0.724327935845655);
  check(&games_na[1], 2, 0, 0.563571428571429, -6.35650404126454, 7.4836468984074, 0.97349291361678);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/post-hoc/tukey-agrees-with-r", tukey_agrees_with_r);
  g_test_add_func("/stats/post-hoc/games-howell-agrees-with-r", games_howell_agrees_with_r);
  g_test_add_func("/stats/post-hoc/groups-without-values-have-no-pairs", groups_without_values_have_no_pairs);
  g_test_add_func("/stats/post-hoc/constant-values-have-no-comparison", constant_values_have_no_comparison);
  g_test_add_func("/stats/post-hoc/balanced-and-incomplete-groups-agree-with-r",
                  balanced_and_incomplete_groups_agree_with_r);
  return g_test_run();
}
