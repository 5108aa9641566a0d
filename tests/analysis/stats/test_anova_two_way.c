#include "analysis/stats/anova_two_way.h"

#include <math.h>

#include "analysis/stats/anova.h"
#include "stimuli/base/error.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static const gsize second[DATA_N] = {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0};

static void check(const AnovaRow *row, double ss, double df, double f, double p) {
  support_assert_near("ss", row->ss, ss, 1e-10, 0);
  g_assert_cmpfloat(row->df, ==, df);
  support_assert_near("f", row->f, f, 1e-10, 0);
  support_assert_near("p", row->p, p, 1e-10, 0);
}

/* options(contrasts = c("contr.sum", "contr.poly")); m <- lm(y ~ factor(g) * factor(h)); anova(m); car::Anova(m, type =
 * 2); car::Anova(m, type = 3) */
static void unbalanced_agrees_with_r(void) {
  AnovaTwoWay t;
  g_assert_true(anova_two_way(data_y, data_group, 3, second, 2, DATA_N, &t, NULL));
  g_assert_null(t.undefined);
  support_assert_near("residual", t.ss_residual, 519.474746666667, 1e-10, 0);
  g_assert_cmpfloat(t.df_residual, ==, 17);
  check(&t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_A], 126.275762484472, 2, 2.06621012475655, 0.157306729837981);
  check(&t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_B], 88.6210083384425, 1, 2.90015472632828, 0.106782438724412);
  check(&t.rows[ANOVA_TYPE_II][ANOVA_EFFECT_A], 92.1894817583562, 2, 1.50846715836381, 0.249423022084094);
  check(&t.rows[ANOVA_TYPE_II][ANOVA_EFFECT_B], 88.6210083384425, 1, 2.90015472632829, 0.106782438724412);
  check(&t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A], 50.2898907582261, 2, 0.822877481894638, 0.455917292478588);
  check(&t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_B], 123.420938525641, 1, 4.03899509725778, 0.060606466082581);
  for (int type = 0; type < ANOVA_TYPES; type++)
    check(&t.rows[type][ANOVA_EFFECT_AB], 85.5680564234622, 2, 1.40012288232778, 0.273599874932897);
  support_assert_near("eta2", t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_B].partial_eta2,
                      123.420938525641 / (123.420938525641 + 519.474746666667), 1e-10, 0);
  /* t <- anova(m); w <- t$Df * (t$F - 1); w / (w + 23); uniroot(function(l) pf(t$F[2], 1, 17, l, lower = FALSE) - .975,
   * c(0, 200), tol = 1e-14)$root as l / (l + 23) */
  const AnovaRow *first = t.rows[ANOVA_TYPE_I];
  support_assert_near("omega2 of a", first[ANOVA_EFFECT_A].partial_omega2, 0.0848473894810995, 1e-10, 0);
  support_assert_near("omega2 of b", first[ANOVA_EFFECT_B].partial_omega2, 0.0763109606029536, 1e-10, 0);
  support_assert_near("omega2 of both", first[ANOVA_EFFECT_AB].partial_omega2, 0.0336234244204304, 1e-10, 0);
  support_assert_near("high", first[ANOVA_EFFECT_B].ci_high, 0.375734507125463, 1e-9, 0);
}

static void levels_without_cases_do_not_count(void) {
  gsize group[DATA_N + 2], other[DATA_N + 2];
  double y[DATA_N + 2];
  for (gsize i = 0; i < DATA_N; i++) {
    group[i] = 2 * data_group[i];
    other[i] = second[i] + 3;
    y[i] = data_y[i];
  }
  group[DATA_N] = 1; /* only cases that are left out */
  other[DATA_N] = ANOVA_NO_GROUP;
  y[DATA_N] = 3;
  group[DATA_N + 1] = 0;
  other[DATA_N + 1] = 0;
  y[DATA_N + 1] = NAN;
  AnovaTwoWay t;
  g_assert_true(anova_two_way(y, group, 5, other, 6, DATA_N + 2, &t, NULL));
  g_assert_cmpuint(t.n_excluded, ==, 2);
  g_assert_cmpuint(t.n_a, ==, 3);
  check(&t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A], 50.2898907582261, 2, 0.822877481894638, 0.455917292478588);
}

/* Without the cell (2, 1): m <- lm(y ~ factor(g) * factor(h), subset = !(g == 2 & h == 1)); anova(m) has 1 df of the
 * interaction; car refuses type III. */
static void an_empty_cell_leaves_type_three_undefined(void) {
  double y[DATA_N];
  gsize filled = 0;
  for (gsize i = 0; i < DATA_N; i++) {
    y[i] = data_group[i] == 2 && second[i] == 1 ? NAN : data_y[i];
    filled += isnan(y[i]) ? 0 : 1;
  }
  AnovaTwoWay t;
  g_assert_true(anova_two_way(y, data_group, 3, second, 2, DATA_N, &t, NULL));
  g_assert_true(t.type_iii_undefined);
  g_assert_cmpuint(t.n_cells, ==, 5);
  g_assert_true(isnan(t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A].f));
  g_assert_cmpfloat(t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_AB].df, ==, 1);
  g_assert_cmpfloat(t.df_residual, ==, (double)filled - 5);
  check(&t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_AB], 0.160953926553675, 1, 0.00509680232906653, 0.943970634353937);
}

static void check_size(const AnovaTwoWay *t, AnovaType type, AnovaEffect effect, double eta2, double omega2,
                       double high) {
  const AnovaRow *row = &t->rows[type][effect];
  support_assert_near("partial eta2", row->partial_eta2, eta2, 1e-10, 0);
  support_assert_near("partial omega2", row->partial_omega2, omega2, 1e-10, 0);
  g_assert_cmpfloat(row->ci_low, ==, 0); /* pf(F, df1, df2, lower = FALSE) is above .025 in all of them */
  support_assert_near("high", row->ci_high, high, 1e-7, 0);
}

/* effectsize 0.8.3: eta_squared and omega_squared of anova(m), car::Anova(m, type = 2) and 3, m as above, balanced,
 * unbalanced and without a cell; where those put 0 for a negative omega squared, and for the limit, the lines above. */
static void effect_sizes_of_any_design_agree_with_r(void) {
  gsize first[18], other[18];
  double y[DATA_N];
  AnovaTwoWay t;
  for (gsize i = 0; i < 18; i++) {
    first[i] = i % 3;
    other[i] = i / 3 % 2;
  }
  g_assert_true(anova_two_way(data_y, first, 3, other, 2, 18, &t, NULL));
  for (int type = 0; type < ANOVA_TYPES; type++) {
    check_size(&t, type, ANOVA_EFFECT_A, 0.113458935266476, -0.0264743701027607, 0.329650449705678);
    check_size(&t, type, ANOVA_EFFECT_B, 0.0968508713402164, 0.0156857179214264, 0.351364649153453);
    check_size(&t, type, ANOVA_EFFECT_AB, 0.155698112139393, 0.0116909113276967, 0.374677484122331);
  }
  g_assert_true(anova_two_way(data_y, data_group, 3, second, 2, DATA_N, &t, NULL));
  check_size(&t, ANOVA_TYPE_I, ANOVA_EFFECT_A, 0.195548839211085, 0.0848473894810994, 0.399094069601297);
  check_size(&t, ANOVA_TYPE_II, ANOVA_EFFECT_A, 0.150719099587915, 0.0423423865559451, 0.355327605444858);
  check_size(&t, ANOVA_TYPE_III, ANOVA_EFFECT_A, 0.0882643243454282, -0.0156428892203932, 0.283370967722917);
  check_size(&t, ANOVA_TYPE_III, ANOVA_EFFECT_B, 0.191976616686613, 0.116709384748024, 0.416864583179713);
  check_size(&t, ANOVA_TYPE_III, ANOVA_EFFECT_AB, 0.14142479835549, 0.0336234244204304, 0.345618759160823);
  for (gsize i = 0; i < DATA_N; i++)
    y[i] = data_group[i] == 2 && second[i] == 1 ? NAN : data_y[i];
  g_assert_true(anova_two_way(y, data_group, 3, second, 2, DATA_N, &t, NULL));
  check_size(&t, ANOVA_TYPE_I, ANOVA_EFFECT_A, 0.340893966367993, 0.230072771222629, 0.534516683832004);
  check_size(&t, ANOVA_TYPE_II, ANOVA_EFFECT_A, 0.257428873351112, 0.144489858130945, 0.467522258414328);
  check_size(&t, ANOVA_TYPE_II, ANOVA_EFFECT_B, 0.0260238964720289, -0.0280255548262494, 0.244373980444346);
  g_assert_true(isnan(t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A].partial_eta2) &&
                isnan(t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A].ci_high));
}

static void says_why_there_is_no_test(void) {
  const gsize one[] = {0, 0, 0, 0}, a[] = {0, 0, 1, 1}, b[] = {0, 1, 0, 1};
  AnovaTwoWay t;
  g_assert_true(anova_two_way(data_y, one, 1, a, 2, 4, &t, NULL));
  g_assert_cmpstr(t.undefined, ==, "both questions take at least two different answers");
  g_assert_true(anova_two_way(data_y, a, 2, b, 2, 4, &t, NULL));
  g_assert_cmpstr(t.undefined, ==, "there are no more cases than combinations of answers");
  g_assert_true(isnan(t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_A].p));
  const double same[] = {3, 3, 3, 3, 3, 3, 3, 3};
  const gsize a2[] = {0, 0, 1, 1, 0, 0, 1, 1}, b2[] = {0, 1, 0, 1, 0, 1, 0, 1};
  g_assert_true(anova_two_way(same, a2, 2, b2, 2, 8, &t, NULL));
  g_assert_cmpstr(t.undefined, ==, "no value differs from the mean of its group");
  const double sums[] = {0.1 + 0.2 + 0.3, 0.6, 0.3 + 0.2 + 0.1, 0.6, 0.6, 0.6, 0.6, 0.6}; /* alike but for rounding */
  g_assert_true(anova_two_way(sums, a2, 2, b2, 2, 8, &t, NULL));
  g_assert_cmpstr(t.undefined, ==, "no value differs from the mean of its group");
  g_assert_true(isnan(t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_A].partial_eta2));
  const double infinite[] = {3, INFINITY, 3, 3};
  g_autoptr(GError) error = NULL;
  g_assert_false(anova_two_way(infinite, a, 2, b, 2, 4, &t, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

/* y[1:18], i <- 0:17; anova(lm(y ~ factor(i %% 3) * factor((i %/% 3) %% 2))): three cases a cell, where the types of
 * sums of squares are one. */
static void balanced_agrees_with_r(void) {
  gsize first[18], other[18];
  AnovaTwoWay t;
  for (gsize i = 0; i < 18; i++) {
    first[i] = i % 3;
    other[i] = i / 3 % 2;
  }
  g_assert_true(anova_two_way(data_y, first, 3, other, 2, 18, &t, NULL));
  support_assert_near("residual", t.ss_residual, 544.850466666667, 1e-10, 0);
  for (int type = 0; type < ANOVA_TYPES; type++) {
    check(&t.rows[type][ANOVA_EFFECT_A], 69.7296, 2, 0.767876005612305, 0.485504368502568);
    check(&t.rows[type][ANOVA_EFFECT_B], 58.42805, 1, 1.28684224919449, 0.278783498857894);
    check(&t.rows[type][ANOVA_EFFECT_AB], 100.476133333333, 2, 1.10646284968463, 0.362231790138442);
  }
}

/* The second answer says no more than the first: with h <- i %% 3 == 1, anova(lm(y ~ factor(g) * factor(h))) has the
 * row of g alone. */
static void collinear_factors_leave_the_first_as_in_r(void) {
  gsize first[18], other[18];
  AnovaTwoWay t;
  for (gsize i = 0; i < 18; i++)
    other[i] = (first[i] = i % 3) == 1;
  g_assert_true(anova_two_way(data_y, first, 3, other, 2, 18, &t, NULL));
  check(&t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_A], 69.7296, 2, 0.743116937131428, 0.492349520632349);
  g_assert_cmpfloat(t.df_residual, ==, 15);
  g_assert_cmpfloat(t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_B].df, ==, 0);
  g_assert_true(isnan(t.rows[ANOVA_TYPE_I][ANOVA_EFFECT_B].p) && isnan(t.rows[ANOVA_TYPE_II][ANOVA_EFFECT_B].p));
  g_assert_true(t.type_iii_undefined && isnan(t.rows[ANOVA_TYPE_III][ANOVA_EFFECT_A].p));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/anova-two-way/unbalanced-agrees-with-r", unbalanced_agrees_with_r);
  g_test_add_func("/stats/anova-two-way/levels-without-cases-do-not-count", levels_without_cases_do_not_count);
  g_test_add_func("/stats/anova-two-way/an-empty-cell-leaves-type-three-undefined",
                  an_empty_cell_leaves_type_three_undefined);
  g_test_add_func("/stats/anova-two-way/effect-sizes-of-any-design-agree-with-r",
                  effect_sizes_of_any_design_agree_with_r);
  g_test_add_func("/stats/anova-two-way/says-why-there-is-no-test", says_why_there_is_no_test);
  g_test_add_func("/stats/anova-two-way/balanced-agrees-with-r", balanced_agrees_with_r);
  g_test_add_func("/stats/anova-two-way/collinear-factors-leave-the-first-as-in-r",
                  collinear_factors_leave_the_first_as_in_r);
  return g_test_run();
}
