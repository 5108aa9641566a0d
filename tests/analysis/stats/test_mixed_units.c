#include "analysis/stats/mixed_units.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/mixed_modes.h"
#include "analysis/stats/mixed_profile.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

/* The incomplete data with X = origin + unit * x, x in its other column. */
static Table *in_units(double origin, double unit) {
  Table *table = crossed_incomplete();
  gsize to = table_add_column(table, "X");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    double x;
    g_assert_true(table_get_double(table, row, (gsize)table_column(table, "x"), &x, NULL));
    table_set_double(table, row, to, origin + unit * x);
  }
  return table;
}

static ModelFrame *frame_of(const Table *table, const char *text) {
  g_autoptr(Formula) formula = NULL;
  ModelFrame *frame = NULL;
  g_assert_true(formula_parse(text, &formula, NULL));
  g_assert_true(model_frame_new(formula, table, &frame, NULL));
  return frame;
}

/* m <- lmer(y ~ x + w + (x|participant) + (1|image), g), bobyqa with rhoend = 1e-11; coef(summary(m)); VarCorr(m), and
 * with L <- rbind(c(1, -50), c(0, 1/2000)) L %*% S %*% t(L); REMLcrit(m) + 2 * log(2000); ranef(m, condVar = TRUE) of
 * s3; fitted(m)[50] */
static void large_units_far_from_zero_are_rs_fit_in_small_ones(void) {
  g_autoptr(Table) table = in_units(1e5, 2000);
  g_autoptr(ModelFrame) frame = frame_of(table, "y ~ X + w + (X|participant) + (1|image)");
  const MixedOptions options = {.ml = false};
  g_autoptr(MixedModel) m = NULL;
  g_autoptr(MixedModes) modes = NULL;
  g_assert_true(mixed_fit(frame, &options, &m, NULL));
  g_assert_true(m->converged);
  g_assert_false(m->singular);
  support_assert_near("X", m->fixed[1].beta, 4.1531333404275 / 2000, 1e-6, 0);
  support_assert_near("se", m->fixed[1].se, 1.542575204005 / 2000, 1e-5, 0);
  support_assert_near("df", m->fixed[1].df, 13.79954928848, 1e-4, 0);
  support_assert_near("w", m->fixed[2].beta, -0.3603634150154, 1e-5, 0);
  const double *covariance = m->groups[0].covariance;
  support_assert_near("intercepts, where X is 0", covariance[0], 3362.30923160108205, 1e-4, 0);
  support_assert_near("covariance", covariance[1], -0.03400720657378, 1e-4, 0);
  support_assert_near("slopes", covariance[3], 3.473049058689e-07, 1e-4, 0);
  support_assert_near("images", m->groups[1].covariance[0], 24.961942207162, 1e-4, 0);
  support_assert_near("criterion", m->deviance, 2052.550846353 + 2 * log(2000), 1e-10, 0);
  g_assert_true(mixed_modes(frame, m, &modes, NULL));
  support_assert_near("slope of s3", modes->groups[0].modes[2 * 3 + 1], 0.2928421213318 / 2000, 1e-5, 0);
  support_assert_near("its deviation", modes->groups[0].sd[2 * 3 + 1], 0.822676627976 / 2000, 1e-5, 0);
  support_assert_near("intercept of s3", modes->groups[0].modes[2 * 3], 2.1306209194864 - 50 * 0.2928421213318, 1e-5,
                      0);
  support_assert_near("fitted", modes->fitted[49], 56.06141272799, 1e-6, 0);
}

/* REMLcrit(m), sigma(m), fixef(m) of lmer(y ~ type + x + (0+type+x|participant), g) and of lmer(y ~ x + I(x^2) +
 * (x+I(x^2)|participant), g), bobyqa with rhoend = 1e-11: the same models as of a year, X = x + 2000. */
static void an_origin_far_from_zero_leaves_correlated_effects_as_they_are(void) {
  g_autoptr(Table) table = in_units(2000, 1);
  g_autoptr(MixedModel) types = crossed_fit(table, "y ~ type + X + (0+type+X|participant)", false),
                        square = crossed_fit(table, "y ~ X + I(X^2) + (X+I(X^2)|participant)", false);
  g_assert_true(types->converged && square->converged);
  support_assert_near("criterion", types->deviance, 2090.256737265, 1e-9, 0);
  support_assert_near("sigma", types->sigma, 8.557195813, 1e-5, 0);
  support_assert_near("X", types->fixed[3].beta, 2.773825, 1e-5, 0);
  support_assert_near("criterion", square->deviance, 2073.259584880, 1e-9, 0);
  support_assert_near("sigma", square->sigma, 8.122336414, 1e-5, 0);
  support_assert_near("X^2", square->fixed[2].beta, -2.080712, 1e-5, 0);
}

/* A slope whose variance is zero is one in any unit, and one that is not is none: s ~ x + (x||participant) has slopes
 * of zero (test_mixed.c), y has not. */
static void what_is_singular_does_not_depend_on_units(void) {
  static const double units[] = {1e-6, 1, 2e4};
  for (gsize k = 0; k < G_N_ELEMENTS(units); k++) {
    g_autoptr(Table) table = in_units(0, units[k]);
    g_autoptr(MixedModel) m = crossed_fit(table, "y ~ X + (X||participant) + (1|image)", false),
                          without = crossed_fit(table, "s ~ X + (X||participant)", false);
    g_assert_true(m->converged && without->converged);
    g_assert_false(m->singular);
    g_assert_true(without->singular);
    g_auto(GStrv) none = mixed_notes(m), notes = mixed_notes(without);
    g_assert_null(none[0]);
    g_assert_nonnull(strstr(notes[0], "the effect of X does not differ between the levels of participant"));
  }
}

static MixedProfile *profile_in_units(double unit) {
  g_autoptr(Table) table = in_units(0, unit);
  g_autoptr(ModelFrame) frame = frame_of(table, "y ~ X + w + (X||participant) + (1|image)");
  MixedProfile *profile = NULL;
  g_assert_true(mixed_profile(frame, 0, &profile, NULL));
  return profile;
}

/* confint(lmer(y ~ x + w + (x||participant) + (1|image), g), parm = "theta_"), which interpolates; its lower end is too
 * near the bound for that */
static void profiles_are_in_the_units_of_the_data(void) {
  g_autoptr(MixedProfile) small = profile_in_units(1), large = profile_in_units(2e4);
  support_assert_near("from", large->groups[0].sd[1].low * 2e4, small->groups[0].sd[1].low, 1e-5, 0);
  support_assert_near("to", large->groups[0].sd[1].high * 2e4, 2.218054127242, 1e-3, 0);
  support_assert_near("intercept from", large->groups[0].sd[0].low, 4.0440487035384, 1e-3, 0);
  support_assert_near("image to", large->groups[1].sd[0].high, 7.031029830293, 1e-3, 0);
}

/* a a' stays, and a is a lower triangle */
static void a_triangle_keeps_the_covariance(void) {
  double a[] = {-2.5, 0.75, 1.25, 3.5, -1.75, 0.5, 0.25, 2.25, -4}, t[9];
  memcpy(t, a, sizeof a);
  mixed_units_triangle(3, t);
  for (gsize i = 0; i < 3; i++)
    for (gsize j = 0; j < 3; j++) {
      double before = 0, after = 0;
      for (gsize k = 0; k < 3; k++) {
        before += a[k * 3 + i] * a[k * 3 + j];
        after += t[k * 3 + i] * t[k * 3 + j];
      }
      support_assert_near("covariance", after, before, 1e-13, 0);
      g_assert_true(i < j ? t[j * 3 + i] == 0 : i > j || t[j * 3 + i] > 0);
    }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed_units/large_units_far_from_zero_are_rs_fit_in_small_ones",
                  large_units_far_from_zero_are_rs_fit_in_small_ones);
  g_test_add_func("/mixed_units/an_origin_far_from_zero_leaves_correlated_effects_as_they_are",
                  an_origin_far_from_zero_leaves_correlated_effects_as_they_are);
  g_test_add_func("/mixed_units/what_is_singular_does_not_depend_on_units", what_is_singular_does_not_depend_on_units);
  g_test_add_func("/mixed_units/profiles_are_in_the_units_of_the_data", profiles_are_in_the_units_of_the_data);
  g_test_add_func("/mixed_units/a_triangle_keeps_the_covariance", a_triangle_keeps_the_covariance);
  return g_test_run();
}
