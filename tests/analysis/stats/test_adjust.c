#include "analysis/stats/adjust.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

#define N 10
static const double p[N] = {.012, .0004, NAN, .03, .045, .2, .0121, .7, .03, .0009};

static void check(AdjustKind kind, const double *want) {
  double got[N];
  g_assert_true(adjust_p(kind, p, N, got, NULL));
  for (gsize i = 0; i < N; i++)
    if (isnan(want[i]))
      g_assert_true(isnan(got[i]));
    else
      support_assert_near("adjusted p", got[i], want[i], 1e-12, 0);
}

/* p.adjust(c(.012, .0004, NA, .03, .045, .2, .0121, .7, .03, .0009), "holm"), then "BH" */
static void agrees_with_r(void) {
  check(ADJUST_HOLM, (const double[]){0.084, 0.0036, NAN, 0.15, 0.15, 0.4, 0.084, 0.7, 0.15, 0.0072});
  check(ADJUST_BH,
        (const double[]){0.027225, 0.0036, NAN, 0.045, 0.0578571428571429, 0.225, 0.027225, 0.7, 0.045, 0.00405});
}

static void refuses_what_is_no_probability(void) {
  double got[2];
  g_autoptr(GError) error = NULL;
  g_assert_false(adjust_p(ADJUST_BH, (const double[]){.2, 1.5}, 2, got, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, "p-value 2 is 1.5: must be in 0..1");
}

static void no_tests_need_no_adjustment(void) { g_assert_true(adjust_p(ADJUST_HOLM, NULL, 0, NULL, NULL)); }

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/adjust/agrees-with-r", agrees_with_r);
  g_test_add_func("/stats/adjust/refuses-what-is-no-probability", refuses_what_is_no_probability);
  g_test_add_func("/stats/adjust/no-tests-need-no-adjustment", no_tests_need_no_adjustment);
  return g_test_run();
}
