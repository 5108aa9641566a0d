#include "analysis/stats/mixed_products.h"

#include "stimuli/base/error.h"
#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

/* want: how the error of the fit to the incomplete data begins; NULL: none */
static void assert_refused(const char *text, const char *want) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(Formula) formula = NULL;
  g_autoptr(ModelFrame) frame = NULL;
  g_autoptr(MixedModel) model = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(formula_parse(text, &formula, NULL) && model_frame_new(formula, table, &frame, NULL));
  bool fitted = mixed_fit(frame, &(MixedOptions){.no_inference = true}, &model, &error);
  if (fitted != (want == NULL))
    g_error("'%s' is %s", text, fitted ? "fitted" : error->message);
  if (fitted)
    return;
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_prefix(error->message, want))
    g_error("'%s': \"%s\" does not begin with \"%s\"", text, error->message, want);
}

/* Of three types of images there are three variances between images, and six parameters: m <- lmer(y ~ x +
 * (type|image), g) and update(m, start = list(theta = c(2, -1, 1, 1, 1, 1))) have the REMLcrit 2162.222157, and
 * deviations of typepool of 10.1073 and 8.6913. */
static void a_category_that_is_constant_within_levels_has_no_slope(void) {
  assert_refused("y ~ x + (type|image)", "typemixed does not vary within the levels of 'image', so that the variances "
                                         "and correlations of the random effects (1 + typemixed + typepool | image) ");
  assert_refused("y ~ x + (1|participant) + (0+type|image)", "typemixed does not vary within the levels of 'image'");
  assert_refused("y ~ x + (type|participant)", NULL);
}

static void a_number_that_is_constant_within_levels_has_a_slope(void) {
  assert_refused("y ~ x + (x|image)", NULL);
  assert_refused("y ~ x + (x||image)", NULL);
  assert_refused("y ~ x + (x|participant) + (1|layer/image)", NULL);
}

static void terms_over_the_same_levels_are_told_apart_together(void) {
  assert_refused("y ~ x + (1|image) + (1|layer:image)",
                 "the rows cannot tell the variances and correlations of the random effects (1 | layer:image) from");
}

/* D_ab entry by entry, of two columns over levels {0, 1, 2}, {3, 4}. */
static void traces_are_those_of_the_matrices(void) {
  guint32 level[] = {0, 0, 0, 1, 1};
  const double z[] = {1.5, -2, 0.25, 3, 1, 0.5, 4, -1.25, 2.5, -0.75};
  const ModelGroup group = {.n_levels = 2, .level = level};
  double want[3][3];
  const MixedPair pairs[] = {{0, 0}, {0, 1}, {1, 1}};
  g_autofree double *cross = mixed_cross_products(&group, 5, z, 2, z, 2, NULL);
  for (gsize p = 0; p < 3; p++)
    for (gsize q = 0; q < 3; q++) {
      want[p][q] = 0;
      for (gsize i = 0; i < 5; i++)
        for (gsize j = 0; j < 5; j++) {
          const double *a = z + pairs[p].first * 5, *b = z + pairs[p].second * 5, *c = z + pairs[q].first * 5,
                       *d = z + pairs[q].second * 5;
          if (level[i] == level[j])
            want[p][q] += (a[i] * b[j] + b[i] * a[j]) * (c[i] * d[j] + d[i] * c[j]) / 4;
        }
      support_assert_near("trace", mixed_product_trace(cross, 2, 2, 2, pairs[p], pairs[q]), want[p][q], 1e-13, 0);
    }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed_products/a_category_that_is_constant_within_levels_has_no_slope",
                  a_category_that_is_constant_within_levels_has_no_slope);
  g_test_add_func("/mixed_products/a_number_that_is_constant_within_levels_has_a_slope",
                  a_number_that_is_constant_within_levels_has_a_slope);
  g_test_add_func("/mixed_products/terms_over_the_same_levels_are_told_apart_together",
                  terms_over_the_same_levels_are_told_apart_together);
  g_test_add_func("/mixed_products/traces_are_those_of_the_matrices", traces_are_those_of_the_matrices);
  return g_test_run();
}
