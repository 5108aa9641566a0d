#include <math.h>

#include "analysis/stats/descriptive.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static Description describe(const double *values, gsize n) {
  Description description;
  g_autoptr(GError) error = NULL;
  g_assert_true(descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &description, &error));
  g_assert_no_error(error);
  return description;
}

static void check(const Description *got, const double want[9]) {
  const double values[9] = {got->mean, got->sd,  got->min,    got->q1,     got->median,
                            got->q3,   got->max, got->ci_low, got->ci_high};
  static const char *const names[9] = {"mean", "sd", "min", "q1", "median", "q3", "max", "ci_low", "ci_high"};
  for (gsize i = 0; i < 9; i++)
    support_assert_near(names[i], values[i], want[i], 1e-12, 0);
}

/* c(mean(y), sd(y), quantile(y), t.test(y)$conf.int) */
static void agrees_with_r(void) {
  Description description = describe(data_y, DATA_N);
  g_assert_cmpuint(description.n, ==, 23);
  check(&description, (const double[]){38.8452173913043, 6.10491446560974, 25.66, 35.035, 39.3, 41.735, 54.64,
                                       36.2052544087556, 41.485180373853});
}

/* y[4] <- NA, with na.rm = TRUE */
static void leaves_out_nan(void) {
  double y[DATA_N];
  for (gsize i = 0; i < DATA_N; i++)
    y[i] = i == 3 ? NAN : data_y[i];
  Description description = describe(y, DATA_N);
  g_assert_cmpuint(description.n, ==, 22);
  check(&description, (const double[]){38.6581818181818, 6.18076327260919, 25.66, 34.7425, 38.7, 41.64, 54.64,
                                       35.9177849043726, 41.3985787319911});
}

static void nothing_known_is_nan(void) {
  const double values[] = {NAN, NAN};
  Description description = describe(values, 2);
  g_assert_cmpuint(description.n, ==, 0);
  g_assert_true(isnan(description.mean) && isnan(description.sd) && isnan(description.median));
  g_assert_true(isnan(description.min) && isnan(description.max) && isnan(description.ci_low));
  g_assert_cmpuint(describe(NULL, 0).n, ==, 0);
}

static void one_value_has_no_spread(void) {
  const double value = 61.37;
  Description description = describe(&value, 1);
  g_assert_cmpfloat(description.mean, ==, 61.37);
  g_assert_cmpfloat(description.q1, ==, 61.37);
  g_assert_true(isnan(description.sd) && isnan(description.ci_low) && isnan(description.ci_high));
}

static void constant_values_have_no_rounding_error(void) {
  double values[1000];
  for (gsize i = 0; i < 1000; i++)
    values[i] = 0.1;
  Description description = describe(values, 1000);
  g_assert_cmpfloat(description.mean, ==, 0.1);
  g_assert_cmpfloat(description.sd, ==, 0);
  g_assert_cmpfloat(description.ci_low, ==, 0.1);
}

/* atan2(sum(sin(x)), sum(cos(x))) * 180/pi %% 360 with x <- c(350, 10, 20, 355, 80) * pi/180 */
static void circular_mean_crosses_zero(void) {
  const double degrees[] = {350, 10, 20, NAN, 355, 80};
  support_assert_near("degrees", descriptive_circular_mean(degrees, 6, 360), 16.9042603560036, 1e-12, 0);
  const double around[] = {0.95, 0.99};
  support_assert_near("share", descriptive_circular_mean(around, 2, 1), 0.97, 1e-12, 0);
}

static void circular_mean_of_opposites_is_nan(void) {
  const double degrees[] = {30, 210};
  g_assert_true(isnan(descriptive_circular_mean(degrees, 2, 360)));
  g_assert_true(isnan(descriptive_circular_mean(NULL, 0, 360)));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/descriptive/agrees-with-r", agrees_with_r);
  g_test_add_func("/stats/descriptive/leaves-out-nan", leaves_out_nan);
  g_test_add_func("/stats/descriptive/nothing-known-is-nan", nothing_known_is_nan);
  g_test_add_func("/stats/descriptive/one-value-has-no-spread", one_value_has_no_spread);
  g_test_add_func("/stats/descriptive/constant-values-have-no-rounding-error", constant_values_have_no_rounding_error);
  g_test_add_func("/stats/descriptive/circular-mean-crosses-zero", circular_mean_crosses_zero);
  g_test_add_func("/stats/descriptive/circular-mean-of-opposites-is-nan", circular_mean_of_opposites_is_nan);
  return g_test_run();
}
