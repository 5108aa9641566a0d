#include "analysis/stats/density.h"

#include <math.h>

#include "tests/support.h"

static const double ratings[] = {12, 48.5, 51, 77, 30.25, 96, 64, 51};
static const DensityRange scale = {0, 100};

static void bandwidth_is_that_of_r(void) {
  double bandwidth;
  /* R: bw.nrd0(c(12, 48.5, 51, 77, 30.25, 96, 64, 51)) */
  g_assert_true(density_bandwidth(ratings, G_N_ELEMENTS(ratings), scale, &bandwidth, NULL));
  support_assert_near("bandwidth", bandwidth, 10.3301960272029, 1e-9, 0);
  const double constant[] = {50, 50, 50};
  g_assert_true(density_bandwidth(constant, 3, scale, &bandwidth, NULL));
  g_assert_cmpfloat(bandwidth, ==, 2);
}

/* Far from the ends there is nothing to reflect.
 * R: x <- c(48.5, 51, 55.25); mean(dnorm(50, x, 3.25)) */
static void line_is_the_mean_of_the_kernels(void) {
  const double middle[] = {48.5, 51, 55.25};
  double density[101];
  density_line(middle, 3, scale, 3.25, density, 101);
  support_assert_near("density", density[50], 0.0869071198784677, 1e-9, 0);
}

static void line_integrates_to_one_though_values_lie_at_the_ends(void) {
  const double ends[] = {0, 0, 3, 100, 99.5};
  double density[2001], sum = 0;
  density_line(ends, 5, scale, 4, density, 2001);
  for (int k = 0; k < 2001; k++)
    sum += density[k] * (k == 0 || k == 2000 ? .5 : 1) * .05;
  support_assert_near("integral", sum, 1, 1e-6, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/density/bandwidth_is_that_of_r", bandwidth_is_that_of_r);
  g_test_add_func("/stats/density/line_is_the_mean_of_the_kernels", line_is_the_mean_of_the_kernels);
  g_test_add_func("/stats/density/line_integrates_to_one", line_integrates_to_one_though_values_lie_at_the_ends);
  return g_test_run();
}
