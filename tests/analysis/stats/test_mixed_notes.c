#include "analysis/stats/mixed.h"

#include <string.h>

#include "tests/support.h"

/* The notes of a singular group of two effects with this covariance, sigma 2. */
static char **notes_of(double intercept, double covariance, double slope, const gsize *block) {
  char *effects[] = {(char *)"(Intercept)", (char *)"cfc", NULL};
  double values[] = {intercept, covariance, covariance, slope}, scale[] = {1, 1};
  gsize blocks[] = {block[0], block[1]};
  MixedGroup group = {.name = (char *)"participant",
                      .n_levels = 30,
                      .n_effects = 2,
                      .effects = effects,
                      .covariance = values,
                      .block = blocks,
                      .scale = scale,
                      .singular = true};
  const MixedModel model = {.sigma = 2, .n_groups = 1, .groups = &group, .converged = true, .singular = true};
  return mixed_notes(&model);
}

static const gsize together[] = {0, 0};

static void assert_only(char **notes, const char *part) {
  g_assert_nonnull(notes[0]);
  g_assert_null(notes[1]);
  if (strstr(notes[0], part) == NULL)
    g_error("\"%s\" lacks \"%s\"", notes[0], part);
}

static void a_zero_intercept_beside_a_slope_is_not_said_to_be_no_term(void) {
  g_auto(GStrv) notes = notes_of(0, 0, 0.7, together);
  assert_only(notes, "the variance of (Intercept) is estimated as zero, that of cfc is not");
  g_assert_null(strstr(notes[0], "those of the model without this term"));
}

static void a_zero_slope_is_named(void) {
  g_auto(GStrv) notes = notes_of(0.7, 0, 0, together);
  assert_only(notes, "the effect of cfc does not differ between the levels of participant");
}

static void without_any_variance_the_term_says_nothing(void) {
  g_auto(GStrv) notes = notes_of(1e-9, 0, 0, together);
  assert_only(notes, "The fixed effects are those of the model without this term");
}

static void a_perfect_correlation_is_named(void) {
  g_auto(GStrv) notes = notes_of(0.49, -0.21, 0.09, together);
  assert_only(notes, "the random effects (Intercept) and cfc of participant are estimated as perfectly correlated "
                     "(-1.000)");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mixed_notes/a_zero_intercept_beside_a_slope_is_not_said_to_be_no_term",
                  a_zero_intercept_beside_a_slope_is_not_said_to_be_no_term);
  g_test_add_func("/mixed_notes/a_zero_slope_is_named", a_zero_slope_is_named);
  g_test_add_func("/mixed_notes/without_any_variance_the_term_says_nothing",
                  without_any_variance_the_term_says_nothing);
  g_test_add_func("/mixed_notes/a_perfect_correlation_is_named", a_perfect_correlation_is_named);
  return g_test_run();
}
