#include "analysis/stats/mixed_modes.h"

#include <string.h>

#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

typedef struct {
  ModelFrame *frame;
  MixedModel *model;
  MixedModes *modes;
} Fit;

static void fit_clear(Fit *fit) {
  model_frame_free(fit->frame);
  mixed_free(fit->model);
  mixed_modes_free(fit->modes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fit, fit_clear)

static Fit fit_of(Table *table, const char *text) {
  g_autoptr(Table) owned = table;
  g_autoptr(Formula) formula = NULL;
  const MixedOptions options = {0};
  Fit fit = {NULL, NULL, NULL};
  g_assert_true(formula_parse(text, &formula, NULL) && model_frame_new(formula, owned, &fit.frame, NULL));
  g_assert_true(mixed_fit(fit.frame, &options, &fit.model, NULL));
  g_assert_true(mixed_modes(fit.frame, fit.model, &fit.modes, NULL));
  return fit;
}

/* Levels come in order of appearance, which in these tables is that of their numbers. */
static void check(const Fit *fit, gsize group, gsize level, const double *modes, const double *sd) {
  gsize q = fit->frame->groups[group].effects.n_columns;
  for (gsize k = 0; k < q; k++) {
    support_assert_near(fit->frame->groups[group].name, fit->modes->groups[group].modes[level * q + k], modes[k], 1e-5,
                        1e-9);
    support_assert_near("its sd", fit->modes->groups[group].sd[level * q + k], sd[k], 1e-5, 1e-9);
  }
}

static void check_fitted(const Fit *fit, double first, double fiftieth, double hundredth) {
  support_assert_near("fitted 1", fit->modes->fitted[0], first, 1e-6, 0);
  support_assert_near("fitted 50", fit->modes->fitted[49], fiftieth, 1e-6, 0);
  support_assert_near("fitted 100", fit->modes->fitted[99], hundredth, 1e-6, 0);
}

/* Here and below, d and g as in crossed.h and the control of test_mixed.c:
 *   m <- lmer(FORMULA, d); r <- ranef(m, condVar = TRUE)
 *   unlist(r$G[level, ]); sqrt(diag(as.matrix(attr(r$G, "postVar")[, , level]))); fitted(m)[c(1, 50, 100)] */
static void balanced_intercepts_are_those_of_lme4(void) {
  g_auto(Fit) fit = fit_of(crossed_balanced(), "y ~ x + z + (1|participant) + (1|image)");
  check(&fit, 0, 0, (const double[]){-9.286376375}, (const double[]){2.228020905});
  check(&fit, 0, 9, (const double[]){2.552145008}, (const double[]){2.228020905});
  check(&fit, 1, 1, (const double[]){-0.6862523625}, (const double[]){1.104932748});
  check_fitted(&fit, 22.98231017, 36.3656425, 36.82521242);
}

static void nested_groups_with_a_variance_of_zero_are_those_of_lme4(void) {
  g_auto(Fit) fit = fit_of(crossed_incomplete(), "y ~ x + z + (1|participant) + (1|layer/image)");
  g_assert_true(fit.model->singular);
  check(&fit, 0, 0, (const double[]){-11.24520903}, (const double[]){2.206849761});
  g_assert_cmpstr(fit.frame->groups[1].name, ==, "image:layer");
  check(&fit, 2, 0, (const double[]){0}, (const double[]){0});
  gsize m1 = G_MAXSIZE;
  for (gsize l = 0; l < fit.frame->groups[1].n_levels; l++)
    if (fit.modes->groups[1].modes[l] > 3.1 && fit.modes->groups[1].modes[l] < 3.2)
      m1 = l;
  g_assert_cmpuint(m1, !=, G_MAXSIZE);
  check(&fit, 1, m1, (const double[]){3.133534555}, (const double[]){1.839494154});
  check_fitted(&fit, 23.49402404, 55.53527816, 46.44829335);
}

static void correlated_slopes_are_those_of_lme4(void) {
  g_auto(Fit) fit = fit_of(crossed_incomplete(), "y ~ x + (1+x|participant) + (1|image)");
  check(&fit, 0, 0, (const double[]){-8.867322409, -1.188067637}, (const double[]){2.512863657, 0.8400565261});
  check(&fit, 0, 1, (const double[]){3.210864702, 0.8366701852}, (const double[]){2.407913876, 0.8218200258});
  check_fitted(&fit, 25.66898609, 56.07194758, 46.26713222);
}

static void slopes_in_both_groups_are_those_of_lme4(void) {
  g_auto(Fit) fit = fit_of(crossed_incomplete(), "y ~ x + (1+x|image) + (1+z|participant)");
  check(&fit, 1, 0, (const double[]){-11.18147324, 0.01470647696}, (const double[]){2.571691546, 0.7034065663});
  check(&fit, 1, 1, (const double[]){4.27649975, 0.1812036813}, (const double[]){2.495885919, 0.6893757338});
  check_fitted(&fit, 23.58603749, 57.10602421, 45.95605312);
}

static void without_random_terms_the_fitted_values_are_the_regressions(void) {
  g_auto(Fit) fit = fit_of(crossed_balanced(), "y ~ x");
  /* fitted(lm(y ~ x, d))[c(1, 50, 100)] */
  check_fitted(&fit, 29.90629471, 34.2175608, 34.2175608);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/mixed-modes/balanced-intercepts-are-those-of-lme4", balanced_intercepts_are_those_of_lme4);
  g_test_add_func("/stats/mixed-modes/nested-groups-with-a-variance-of-zero-are-those-of-lme4",
                  nested_groups_with_a_variance_of_zero_are_those_of_lme4);
  g_test_add_func("/stats/mixed-modes/correlated-slopes-are-those-of-lme4", correlated_slopes_are_those_of_lme4);
  g_test_add_func("/stats/mixed-modes/slopes-in-both-groups-are-those-of-lme4",
                  slopes_in_both_groups_are_those_of_lme4);
  g_test_add_func("/stats/mixed-modes/without-random-terms-the-fitted-values-are-the-regressions",
                  without_random_terms_the_fitted_values_are_the_regressions);
  return g_test_run();
}
