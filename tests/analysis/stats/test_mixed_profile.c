#include "analysis/stats/mixed_profile.h"

#include <math.h>

#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

static MixedProfile *profile_of(Table *table, const char *text) {
  g_autoptr(Table) owned = table;
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  MixedProfile *profile = NULL;
  g_assert_true(formula_parse(text, &formula, NULL) && model_frame_new(formula, owned, &frame, NULL));
  g_assert_true(mixed_profile(frame, 0, &profile, NULL));
  return profile;
}

static void check(const char *what, MixedInterval got, double low, double high, double tolerance) {
  support_assert_near(what, got.low, low, tolerance, 1e-9);
  support_assert_near(what, got.high, high, tolerance, 0);
}

/* Data as in crossed.h. df <- lme4:::devfun2(refitML(m), useSc = TRUE, signames = FALSE); for parameter i at v the
 * minimum of df over the others by nloptr's bobyqa (xtol_rel = 1e-14); uniroot(tol = 1e-10) of
 * sqrt(minimum - attr(df, "basedev")) - qnorm(.975) on either side. confint(m) has 4.90819, 12.03047; 0, 3.02890;
 * 6.34860, 8.35667 for the first. */
static void intercepts_agree_with_lme4(void) {
  g_autoptr(MixedProfile) p = profile_of(crossed_balanced(), "y ~ x + z + (1|participant) + (1|image)");
  check("participant", p->groups[0].sd[0], 4.90819317, 12.0305181, 1e-6);
  check("image, whose zero is not excluded", p->groups[1].sd[0], 0, 3.02889323, 1e-6);
  check("sigma", p->sigma, 6.34859915, 8.35665466, 1e-6);
  g_assert_true(isnan(p->groups[0].correlation.low));
}

static void an_unbalanced_design_agrees_with_lme4(void) {
  g_autoptr(MixedProfile) p = profile_of(crossed_incomplete(), "y ~ x + z + type + (1|participant) + (1|image)");
  check("participant", p->groups[0].sd[0], 4.8308077, 9.6183664, 1e-6);
  check("image", p->groups[1].sd[0], 2.68633483, 6.32482302, 1e-6);
  check("sigma", p->sigma, 6.96442789, 8.29193267, 1e-6);
}

/* The layers' variance is estimated as zero. */
static void a_singular_fit_agrees_with_lme4(void) {
  g_autoptr(MixedProfile) p = profile_of(crossed_incomplete(), "y ~ x + z + (1|participant) + (1|layer/image)");
  check("participant", p->groups[0].sd[0], 4.84065458, 9.64051875, 1e-6);
  check("image", p->groups[1].sd[0], 3.07668477, 7.03664531, 1e-6);
  check("layer", p->groups[2].sd[0], 0, 4.74306915, 1e-6);
}

/* confint(m), which interpolates. Its own ends for the correlation (-.611) and the slope (.1008) come with warnings and
 * are not where the deviance is 3.84 above its minimum: df minimised from 12 starts gives 4.794 at -.6108, 3.8414588 at
 * the values here.
 */
static void correlated_slopes_have_their_intervals(void) {
  g_autoptr(MixedProfile) p = profile_of(crossed_incomplete(), "y ~ x + (1+x|participant) + (1|image)");
  check("intercepts", p->groups[0].sd[0], 3.516257, 8.905220, 2e-4);
  check("slopes", p->groups[0].sd[1], 0.098647, 2.207607, 2e-4);
  check("correlation", p->groups[0].correlation, -0.532240, 1, 1e-5);
  check("image", p->groups[1].sd[0], 3.108618, 7.054873, 2e-4);
}

/* Y <- y + ((p * 5) % 7 - 3) * 2 * (x - 3); X <- x + 5; m <- lmer(Y ~ X + (X|participant), g, REML = FALSE). Its
 * intercepts, where X is 0, are far from the data. confint(m) has 26.385795, 53.286764 and 3.712001 here. The
 * correlation's are the roots of sqrt(v - attr(df, "basedev")) - qnorm(.975), v the lowest of 4 starts of optim on df =
 * lme4:::devfun2(m, useSc = TRUE, signames = FALSE) by the other parameters; confint(m) interpolates to -.993000,
 * -.972838. */
static void the_correlation_of_a_predictor_far_from_zero_has_both_ends(void) {
  g_autoptr(Table) table = crossed_incomplete();
  gsize big_y = table_add_column(table, "Y"), big_x = table_add_column(table, "X");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double x, y;
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, "x"), &x, NULL));
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, "y"), &y, NULL));
    const char *participant = table_get(table, row, (gsize)table_column(table, "participant"));
    int p = (int)g_ascii_strtoll(participant + 1, NULL, 10);
    table_set_double(table, row, big_y, y + (p * 5 % 7 - 3) * 2 * (x - 3));
    table_set_double(table, row, big_x, x + 5);
  }
  g_autoptr(MixedProfile) p = profile_of(g_steal_pointer(&table), "Y ~ X + (X|participant)");
  support_assert_near("intercepts from", p->groups[0].sd[0].low, 26.385795, 1e-4, 0);
  support_assert_near("intercepts to", p->groups[0].sd[0].high, 53.286764, 1e-4, 0);
  support_assert_near("slopes from", p->groups[0].sd[1].low, 3.712001, 1e-4, 0);
  check("correlation", p->groups[0].correlation, -0.99650439, -0.97283873, 1e-6);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/mixed-profile/intercepts-agree-with-lme4", intercepts_agree_with_lme4);
  g_test_add_func("/stats/mixed-profile/an-unbalanced-design-agrees-with-lme4", an_unbalanced_design_agrees_with_lme4);
  g_test_add_func("/stats/mixed-profile/a-singular-fit-agrees-with-lme4", a_singular_fit_agrees_with_lme4);
  g_test_add_func("/stats/mixed-profile/correlated-slopes-have-their-intervals",
                  correlated_slopes_have_their_intervals);
  g_test_add_func("/stats/mixed-profile/the-correlation-of-a-predictor-far-from-zero-has-both-ends",
                  the_correlation_of_a_predictor_far_from_zero_has_both_ends);
  return g_test_run();
}
