#include <math.h>

#include "analysis/stats/anova.h"
#include "stimuli/base/error.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static Anova *test(const double *y, const gsize *group, gsize n, gsize n_groups) {
  Anova *anova = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(anova_one_way(y, group, n, n_groups, &anova, &error));
  g_assert_no_error(error);
  return anova;
}

typedef struct {
  double df_between, df_within, ss_between, ss_within, ms_between, ms_within, f, p, eta2, omega2;
  double welch_f, welch_df1, welch_df2, welch_p;
} Expected;

static void check(const Anova *a, const Expected *want) {
  g_assert_cmpfloat(a->df_between, ==, want->df_between);
  g_assert_cmpfloat(a->df_within, ==, want->df_within);
  support_assert_near("ss_between", a->ss_between, want->ss_between, 1e-10, 0);
  support_assert_near("ss_within", a->ss_within, want->ss_within, 1e-10, 0);
  support_assert_near("ms_between", a->ms_between, want->ms_between, 1e-10, 0);
  support_assert_near("ms_within", a->ms_within, want->ms_within, 1e-10, 0);
  support_assert_near("f", a->f, want->f, 1e-10, 0);
  support_assert_near("p", a->p, want->p, 1e-10, 0);
  support_assert_near("eta2", a->eta2, want->eta2, 1e-10, 0);
  support_assert_near("omega2", a->omega2, want->omega2, 1e-10, 0);
  support_assert_near("welch f", a->welch_f, want->welch_f, 1e-10, 0);
  g_assert_cmpfloat(a->welch_df1, ==, want->welch_df1);
  support_assert_near("welch df2", a->welch_df2, want->welch_df2, 1e-10, 0);
  support_assert_near("welch p", a->welch_p, want->welch_p, 1e-10, 0);
}

/* s <- summary(aov(y ~ factor(g)))[[1]]; sst <- sum(s[,2]); s[1,2]/sst; (s[1,2] - s[1,1]*s[2,3])/(sst + s[2,3]);
 * oneway.test(y ~ factor(g)); tapply(y, g, mean); tapply(y, g, sd) */
static const Expected unbalanced = {2,
                                    20,
                                    126.275762484472,
                                    693.663811428571,
                                    63.1378812422361,
                                    34.6831905714286,
                                    1.82041733191202,
                                    0.187789756900786,
                                    0.154006181067514,
                                    0.0665900602073759,
                                    1.17319464590964,
                                    2,
                                    10.9251108497607,
                                    0.34549832541225};

static void unbalanced_agrees_with_r(void) {
  g_autoptr(Anova) a = test(data_y, data_group, DATA_N, 3);
  check(a, &unbalanced);
  support_assert_near("mean", a->groups[1].mean, 37.146, 1e-12, 0);
  support_assert_near("sd", a->groups[2].sd, 7.60702832911775, 1e-12, 0);
  g_assert_cmpuint(a->groups[0].n + a->groups[1].n + a->groups[2].n, ==, 23);
}

/* As above with g <- rep(0:3, length.out = 20) and y[1:20]. */
static void balanced_agrees_with_r(void) {
  gsize group[20];
  for (gsize i = 0; i < 20; i++)
    group[i] = i % 4;
  g_autoptr(Anova) a = test(data_y, group, 20, 4);
  check(a, &(const Expected){3, 16, 265.81174, 515.53784, 88.6039133333334, 32.221115, 2.74987111195045,
                             0.0768873516865116, 0.340195665044064, 0.207908662442666, 2.34564577569661, 3,
                             8.52119571666756, 0.144606602667815});
}

static void empty_groups_and_missing_values_do_not_count(void) {
  double y[DATA_N + 2];
  gsize group[DATA_N + 2];
  for (gsize i = 0; i < DATA_N; i++) {
    y[i] = data_y[i];
    group[i] = data_group[i] + (data_group[i] > 0); /* level 1 has nobody */
  }
  y[DATA_N] = NAN;
  group[DATA_N] = 1;
  y[DATA_N + 1] = 12.3;
  group[DATA_N + 1] = ANOVA_NO_GROUP;
  g_autoptr(Anova) a = test(y, group, DATA_N + 2, 4);
  check(a, &unbalanced);
  g_assert_cmpuint(a->n_excluded, ==, 2);
  g_assert_cmpuint(a->n_filled, ==, 3);
  g_assert_cmpuint(a->groups[1].n, ==, 0);
  g_assert_true(isnan(a->groups[1].mean));
}

static void one_group_has_no_test(void) {
  const gsize group[] = {0, 0, 0, 0};
  g_autoptr(Anova) a = test(data_y, group, 4, 3);
  g_assert_cmpuint(a->n_filled, ==, 1);
  g_assert_true(isnan(a->f) && isnan(a->p) && isnan(a->eta2) && isnan(a->omega2) && isnan(a->welch_p));
  g_autoptr(Anova) none = test(NULL, NULL, 0, 3);
  g_assert_true(isnan(none->f) && isnan(none->p) && isnan(none->ms_within));
}

static void groups_of_one_leave_nothing_to_test_against(void) {
  const gsize group[] = {0, 1, 2};
  g_autoptr(Anova) a = test(data_y, group, 3, 3);
  g_assert_cmpfloat(a->df_within, ==, 0);
  g_assert_true(isnan(a->f) && isnan(a->p) && isnan(a->welch_f));
  g_assert_cmpfloat(a->eta2, ==, 1);
}

static void constant_values_have_no_test(void) {
  const double y[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
  const gsize group[] = {0, 0, 0, 1, 1, 1};
  g_autoptr(Anova) a = test(y, group, 6, 2);
  g_assert_cmpfloat(a->ss_total, ==, 0);
  g_assert_true(isnan(a->f) && isnan(a->p) && isnan(a->eta2) && isnan(a->omega2) && isnan(a->welch_f));
}

static void constant_groups_have_no_test(void) {
  const double y[] = {0.1, 0.1, 0.1, 0.7, 0.7, 0.7};
  const gsize group[] = {0, 0, 0, 1, 1, 1};
  g_autoptr(Anova) a = test(y, group, 6, 2);
  g_assert_cmpfloat(a->ss_within, ==, 0);
  g_assert_cmpfloat(a->eta2, ==, 1);
  g_assert_true(isnan(a->f) && isnan(a->p) && isnan(a->welch_f) && isnan(a->welch_p));
}

static void refuses_infinite_values(void) {
  const double y[] = {1, -INFINITY};
  const gsize group[] = {0, 1};
  Anova *anova = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(anova_one_way(y, group, 2, 2, &anova, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_null(anova);
}

/* y[1:21], g <- (0:20) %% 3, y[c(5, 12)] <- NA; summary(aov(y ~ factor(g))) */
static void incomplete_values_agree_with_r(void) {
  gsize group[21];
  double y[21];
  for (gsize i = 0; i < 21; i++) {
    group[i] = i % 3;
    y[i] = i == 4 || i == 11 ? NAN : data_y[i];
  }
  g_autoptr(Anova) anova = NULL;
  g_assert_true(anova_one_way(y, group, 21, 3, &anova, NULL));
  support_assert_near("f", anova->f, 0.332503218065201, 1e-11, 0);
  support_assert_near("p", anova->p, 0.721964719811423, 1e-11, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/anova/unbalanced-agrees-with-r", unbalanced_agrees_with_r);
  g_test_add_func("/stats/anova/balanced-agrees-with-r", balanced_agrees_with_r);
  g_test_add_func("/stats/anova/empty-groups-and-missing-values-do-not-count",
                  empty_groups_and_missing_values_do_not_count);
  g_test_add_func("/stats/anova/one-group-has-no-test", one_group_has_no_test);
  g_test_add_func("/stats/anova/groups-of-one-leave-nothing-to-test-against",
                  groups_of_one_leave_nothing_to_test_against);
  g_test_add_func("/stats/anova/constant-values-have-no-test", constant_values_have_no_test);
  g_test_add_func("/stats/anova/constant-groups-have-no-test", constant_groups_have_no_test);
  g_test_add_func("/stats/anova/refuses-infinite-values", refuses_infinite_values);
  g_test_add_func("/stats/anova/incomplete-values-agree-with-r", incomplete_values_agree_with_r);
  return g_test_run();
}
