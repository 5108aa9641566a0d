#include "analysis/stats/mixed_nesting.h"

#include "tests/analysis/stats/crossed.h"
#include "tests/support.h"

static ModelFrame *frame_of(const Table *table, const char *text, Formula **formula) {
  ModelFrame *frame = NULL;
  g_assert_true(formula_parse(text, formula, NULL));
  g_assert_true(model_frame_new(*formula, table, &frame, NULL));
  return frame;
}

/* want: what the larger model lacks; NULL: nothing */
static void assert_lacks(const char *smaller, const char *larger, const char *want) {
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(Formula) one = NULL, two = NULL;
  g_autoptr(ModelFrame) small = frame_of(table, smaller, &one), large = frame_of(table, larger, &two);
  g_autofree char *lacking = NULL;
  g_assert_true(mixed_nesting(one, small, large, &lacking, NULL));
  if (g_strcmp0(lacking, want) != 0)
    g_error("'%s' in '%s': lacks %s, not %s", smaller, larger, lacking, want);
}

static void fixed_effects_are_compared_by_their_space(void) {
  assert_lacks("y ~ x", "y ~ x + z", NULL);
  assert_lacks("y ~ z", "y ~ x + type", "z");
  assert_lacks("y ~ I(x - 2)", "y ~ x", NULL);
  assert_lacks("y ~ 0 + I(x - 2)", "y ~ 0 + x + z", "I(x - 2)");
  assert_lacks("y ~ w", "y ~ x + z", NULL); /* w = x + z - 1 */
  assert_lacks("y ~ type:layer - 1", "y ~ type * layer", NULL);
  assert_lacks("y ~ type:x", "y ~ type + x", "type:x");
  assert_lacks("y ~ 1", "y ~ 0 + x", "(Intercept)");
}

static void random_effects_are_compared_by_groups_and_blocks(void) {
  assert_lacks("y ~ (1|participant)", "y ~ x + (x|participant)", NULL);
  assert_lacks("y ~ (1|participant)", "y ~ x + (1|image)", "(1 | participant)");
  assert_lacks("y ~ (x||participant)", "y ~ (x|participant)", NULL);
  assert_lacks("y ~ (x|participant)", "y ~ (x||participant)", "(1 + x | participant)");
  assert_lacks("y ~ (1|participant) + (0 + z|participant)", "y ~ (x|participant)", "(0 + z | participant)");
  assert_lacks("y ~ (I(x - 2)|participant)", "y ~ (x|participant)", NULL);
  assert_lacks("y ~ (0 + I(x - 2)|participant)", "y ~ (x||participant)", "(0 + I(x - 2) | participant)");
  assert_lacks("y ~ (1|layer:image)", "y ~ x + (1|image)", NULL); /* the same levels */
  assert_lacks("y ~ (1|layer/image)", "y ~ x + (1|image)", "(1 | layer)");
}

/* (type | participant) with equal variances and equal covariances is (1 | participant) + (1 | participant:type). */
static void effects_over_finer_levels_are_compared_by_their_covariances(void) {
  assert_lacks("y ~ type + (1|participant) + (1|participant:type)", "y ~ type + (type|participant)", NULL);
  assert_lacks("y ~ type + (1|participant:type)", "y ~ type + (0+type|participant)", NULL);
  assert_lacks("y ~ (x|participant:type)", "y ~ (type*x|participant)", NULL);
  assert_lacks("y ~ (x|participant:type)", "y ~ (type+x|participant)", "(1 + x | participant:type)");
  assert_lacks("y ~ (1|participant:layer)", "y ~ (type|participant)", "(1 | participant:layer)");
  assert_lacks("y ~ (1|participant)", "y ~ (1|participant:type)", "(1 | participant)");
  assert_lacks("y ~ (1|layer:image)", "y ~ (1|layer)", "(1 | layer:image)");
  /* anova() of the first two by lmer with REML = FALSE: Chisq 2.30260448, Df 4, p 0.680294907 */
  g_autoptr(Table) table = crossed_incomplete();
  g_autoptr(MixedModel) small = crossed_fit(table, "y ~ type + (1|participant) + (1|participant:type)", true),
                        large = crossed_fit(table, "y ~ type + (type|participant)", true);
  MixedComparison comparison = mixed_compare(small, large);
  support_assert_near("chi2", comparison.chi2, 2.30260448, 1e-6, 0);
  support_assert_near("p", comparison.p, 0.680294907, 1e-6, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed_nesting/fixed_effects_are_compared_by_their_space",
                  fixed_effects_are_compared_by_their_space);
  g_test_add_func("/mixed_nesting/random_effects_are_compared_by_groups_and_blocks",
                  random_effects_are_compared_by_groups_and_blocks);
  g_test_add_func("/mixed_nesting/effects_over_finer_levels_are_compared_by_their_covariances",
                  effects_over_finer_levels_are_compared_by_their_covariances);
  return g_test_run();
}
