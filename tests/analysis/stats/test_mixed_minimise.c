#include "analysis/stats/mixed_minimise.h"

#include <math.h>
#include <string.h>

#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

#define IMAGES 9
#define PARTICIPANTS 5

/* 37 simulated ratings whose deviance has more than one minimum. */
static Table *two_minima(void) {
  static const char *const columns[] = {"participant", "image", "x", "z", "y"};
  static const double x[IMAGES] = {0.4, -0.5, 0.3, 0.3, -2.4, 1.8, 0.9, 0.6, -1};
  static const double z[IMAGES] = {0, 0.7, 0.8, 0.9, 0, -1.6, -0.6, 0.5, 0.2};
  static const double y[PARTICIPANTS][IMAGES] = {{NAN, NAN, 3.5, 1.2, NAN, 2.9, -0.1, -1.7, 0.1},
                                                 {0.4, 3.8, 0.2, NAN, 3.3, -5.4, -4.9, 3.3, -0.8},
                                                 {3.6, 7.6, 1.1, NAN, 0.3, -0.1, 2, 1, 1.9},
                                                 {2.7, -4.1, -0.6, NAN, 1.3, 0.7, -0.2, -4.4, 2},
                                                 {6.9, 4.7, -5.6, 0, -0.6, 3, 2.4, NAN, NAN}};
  Table *table = table_new(columns, G_N_ELEMENTS(columns));
  for (gsize p = 0; p < PARTICIPANTS; p++)
    for (gsize i = 0; i < IMAGES; i++) {
      if (isnan(y[p][i]))
        continue;
      char participant[16], image[16];
      g_snprintf(participant, sizeof participant, "p%zu", p + 1);
      g_snprintf(image, sizeof image, "i%zu", i + 1);
      gsize row = table_add_row(table);
      table_set(table, row, 0, participant);
      table_set(table, row, 1, image);
      table_set_double(table, row, 2, x[i]);
      table_set_double(table, row, 3, z[i]);
      table_set_double(table, row, 4, y[p][i]);
    }
  return table;
}

static const MixedGroup *group_named(const MixedModel *model, const char *name) {
  for (gsize g = 0; g < model->n_groups; g++)
    if (strcmp(model->groups[g].name, name) == 0)
      return &model->groups[g];
  g_error("no group '%s'", name);
}

/* for (op in c("bobyqa", "nloptwrap", "Nelder_Mead")) lmer(FORMULA, d, control = lmerControl(optimizer = op)): the
 * largest logLik of the three, and its fixef. nloptwrap, lme4's default, stays at a lower one of the first and third
 * model, bobyqa at one of the second. */
static void the_lowest_of_several_minima_is_found(void) {
  static const struct {
    const char *formula;
    double log_likelihood, intercept, slope;
  } cases[] = {
      {"y ~ x + (x|participant) + (1|image)", -92.4415375963, 0.885020999, -0.332494057},
      {"y ~ x + z + (x + z|participant) + (1|image)", -90.5203376153, 0.913160997, -0.283888597},
      {"y ~ z + (x|participant) + (z|image)", -92.2711934432, 0.911002624, 0.281801303},
  };
  g_autoptr(Table) table = two_minima();
  for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
    g_autoptr(MixedModel) m = crossed_fit(table, cases[k].formula, false);
    g_assert_true(m->converged);
    support_assert_near(cases[k].formula, -m->deviance / 2, cases[k].log_likelihood, 0, 2e-6);
    support_assert_near("intercept", m->fixed[0].beta, cases[k].intercept, 0, 2e-4);
    support_assert_near("slope", m->fixed[1].beta, cases[k].slope, 0, 2e-4);
  }
}

/* as.data.frame(VarCorr(m))$vcov of the first of them, by Nelder_Mead */
static void its_variances_agree_with_r(void) {
  g_autoptr(Table) table = two_minima();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + (x|participant) + (1|image)", false);
  const MixedGroup *participant = group_named(m, "participant"), *image = group_named(m, "image");
  support_assert_near("intercepts", participant->covariance[0], 0.289666646, 0, 1e-4);
  support_assert_near("covariance", participant->covariance[1], 0.276299870, 0, 1e-4);
  support_assert_near("slopes", participant->covariance[3], 0.263549908, 0, 1e-4);
  g_assert_cmpfloat(image->covariance[0], ==, 0);
}

/* The sign of a column of T does not matter, so the diagonals are given as not negative. */
static void diagonals_are_not_negative(void) {
  g_autoptr(Table) table = two_minima();
  g_autoptr(MixedModel) m = crossed_fit(table, "y ~ x + z + (x + z|participant) + (1|image)", true);
  g_assert_cmpuint(m->n_theta, ==, 7);
  for (gsize g = 0; g < m->n_groups; g++)
    for (gsize e = 0; e < m->groups[g].n_effects; e++)
      g_assert_cmpfloat(m->groups[g].covariance[e * m->groups[g].n_effects + e], >=, 0);
  static const gsize diagonals[] = {0, 3, 5, 6};
  bool image_first = strcmp(m->groups[0].name, "image") == 0;
  for (gsize i = 0; i < G_N_ELEMENTS(diagonals); i++)
    g_assert_cmpfloat(m->theta[image_first ? (diagonals[i] + 1) % 7 : diagonals[i]], >=, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed_minimise/the_lowest_of_several_minima_is_found", the_lowest_of_several_minima_is_found);
  g_test_add_func("/mixed_minimise/its_variances_agree_with_r", its_variances_agree_with_r);
  g_test_add_func("/mixed_minimise/diagonals_are_not_negative", diagonals_are_not_negative);
  return g_test_run();
}
