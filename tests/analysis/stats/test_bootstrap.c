#include "analysis/stats/bootstrap.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "stimuli/base/random.h"
#include "tests/support.h"

#define RATERS 40
#define IMAGES 50

/* value = rater effect (SD 6) + image effect (SD 9) + noise (SD 10), one rating a cell. */
static void make(double *value) {
  Random random;
  random_init(&random, 31);
  double rater[RATERS], image[IMAGES];
  for (gsize i = 0; i < RATERS; i++)
    rater[i] = 6 * random_normal(&random);
  for (gsize j = 0; j < IMAGES; j++)
    image[j] = 9 * random_normal(&random);
  for (gsize i = 0; i < RATERS; i++)
    for (gsize j = 0; j < IMAGES; j++)
      value[i * IMAGES + j] = 50 + rater[i] + image[j] + 10 * random_normal(&random);
}

/* The mean of all ratings, and the raters' weights added up. */
static bool mean(gpointer context, const double *rater, const double *image, gsize worker, double *statistics,
                 GError **error) {
  (void)worker;
  (void)error;
  const double *value = context;
  double sum = 0, weight = 0;
  statistics[1] = 0;
  for (gsize i = 0; i < RATERS; i++) {
    statistics[1] += rater[i];
    for (gsize j = 0; j < IMAGES; j++) {
      sum += rater[i] * image[j] * value[i * IMAGES + j];
      weight += rater[i] * image[j];
    }
  }
  statistics[0] = sum / weight;
  return true;
}

static BootstrapOptions options_of(gsize n_workers) {
  return (BootstrapOptions){RATERS, IMAGES, 2, 2000, 77, n_workers};
}

/* Owen 2007, theorem 3: the bootstrap's variance is close to the sum of the variances of the raters' and images' means
 * and three times the noise's, which is small here: (sd of row means)^2 / 40 + (sd of column means)^2 / 50 but for
 * that. The error of an SD from 2000 replicates is 1.6 %; four of them. */
static void the_error_of_a_mean_counts_raters_and_images(void) {
  g_autofree double *value = g_new(double, RATERS *IMAGES), *replicates = NULL;
  make(value);
  BootstrapOptions options = options_of(1);
  g_assert_true(bootstrap_two_way(&options, mean, value, &replicates, NULL));
  double total = 0, rows = 0, columns = 0, noise = 0, row[RATERS] = {0}, column[IMAGES] = {0};
  for (gsize i = 0; i < RATERS; i++)
    for (gsize j = 0; j < IMAGES; j++) {
      row[i] += value[i * IMAGES + j] / IMAGES;
      column[j] += value[i * IMAGES + j] / RATERS;
      total += value[i * IMAGES + j] / (RATERS * IMAGES);
    }
  for (gsize i = 0; i < RATERS; i++)
    rows += (row[i] - total) * (row[i] - total) / RATERS / RATERS;
  for (gsize j = 0; j < IMAGES; j++)
    columns += (column[j] - total) * (column[j] - total) / IMAGES / IMAGES;
  for (gsize i = 0; i < RATERS; i++)
    for (gsize j = 0; j < IMAGES; j++) {
      double rest = value[i * IMAGES + j] - row[i] - column[j] + total;
      noise += rest * rest / RATERS / RATERS / IMAGES / IMAGES;
    }
  BootstrapInterval interval;
  bootstrap_interval(replicates, 2000, &interval);
  g_assert_cmpuint(interval.n_used, ==, 2000);
  support_assert_near("se", interval.se, sqrt(rows + columns + noise), 0.065, 0);
  support_assert_near("low", interval.ci_low, total - 1.96 * interval.se, 0, 0.4 * interval.se);
  support_assert_near("high", interval.ci_high, total + 1.96 * interval.se, 0, 0.4 * interval.se);
  for (gsize r = 0; r < 2000; r++)
    g_assert_cmpfloat(replicates[2000 + r], ==, RATERS);
}

static void workers_change_no_digit(void) {
  g_autofree double *value = g_new(double, RATERS *IMAGES), *one = NULL, *three = NULL;
  make(value);
  BootstrapOptions single = options_of(1), many = options_of(3);
  g_assert_true(bootstrap_two_way(&single, mean, value, &one, NULL));
  g_assert_true(bootstrap_two_way(&many, mean, value, &three, NULL));
  for (gsize i = 0; i < 4000; i++)
    g_assert_cmpfloat(one[i], ==, three[i]);
}

static void few_replicates_have_no_interval(void) {
  double values[] = {3, NAN, 5};
  BootstrapInterval interval;
  bootstrap_interval(values, 3, &interval);
  g_assert_cmpuint(interval.n_used, ==, 2);
  g_assert_true(isnan(interval.ci_low) && isnan(interval.ci_high));
  support_assert_near("se", interval.se, sqrt(2), 1e-12, 0);
}

static bool fails(gpointer context, const double *rater, const double *image, gsize worker, double *statistics,
                  GError **error) {
  (void)context;
  (void)rater;
  (void)image;
  (void)worker;
  (void)statistics;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "no");
  return false;
}

static void a_failing_statistic_ends_it(void) {
  BootstrapOptions options = options_of(1);
  double *replicates = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(bootstrap_two_way(&options, fails, NULL, &replicates, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_null(replicates);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/bootstrap/the-error-of-a-mean-counts-raters-and-images",
                  the_error_of_a_mean_counts_raters_and_images);
  g_test_add_func("/stats/bootstrap/workers-change-no-digit", workers_change_no_digit);
  g_test_add_func("/stats/bootstrap/few-replicates-have-no-interval", few_replicates_have_no_interval);
  g_test_add_func("/stats/bootstrap/a-failing-statistic-ends-it", a_failing_statistic_ends_it);
  return g_test_run();
}
