#include "analysis/stats/proportion.h"

#include "tests/support.h"

/* R 4.2: prop.test(23, 30, correct = FALSE)$conf.int, and (0, 17). */
static void interval_is_wilsons(void) {
  double low, high;
  proportion_interval(23, 30, &low, &high);
  support_assert_near("low", low, 0.590716738419, 1e-10, 0);
  support_assert_near("high", high, 0.882076118555, 1e-10, 0);
  proportion_interval(0, 17, &low, &high);
  support_assert_near("low", low, 0, 0, 1e-10);
  support_assert_near("high", high, 0.184318135009, 1e-10, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/proportion/interval-is-wilsons", interval_is_wilsons);
  return g_test_run();
}
