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

#define A 8
#define B 6

/* set.seed(41); round(outer(rnorm(8, 50, 8), rnorm(6, 0, 12), "+") + matrix(rnorm(48, 0, 10), 8), 1) */
static const double rated[A][B] = {{55.1, 58.2, 28.6, 43.2, 57.1, 53.5}, {66.9, 77.4, 26.7, 35.9, 64.1, 33.9},
                                   {76.7, 88.4, 49.7, 45.6, 62.4, 37.8}, {81.1, 103.8, 47.1, 56.5, 80, 70.8},
                                   {71.3, 75.7, 25.3, 50.2, 68, 54.4},   {88.7, 67.2, 33.7, 62.9, 65, 53.3},
                                   {57.8, 76.5, 49.4, 61, 69.7, 59.8},   {70.8, 45.9, 35.2, 29.1, 53.1, 42.6}};

/* How often participant a rated image b. */
typedef gsize (*Times)(gsize a, gsize b);
static gsize balanced(gsize a, gsize b) { return a < A && b < B; }
static gsize unbalanced(gsize a, gsize b) { return (a * B + b) * 7 % 4 + 1; }
static gsize incomplete(gsize a, gsize b) { return (a * B + b) * 5 % 7 >= 3; }
static gsize nested(gsize a, gsize b) { return (a + 1) % B == b; }
static gsize one_image(gsize a, gsize b) { return a < A && b == 0; }

typedef struct {
  Times times;
  gsize n_a, n_b;
  double shift; /* of every rating */
  double scale; /* of what differs between them */
} Cells;

static bool mean_of_cells(gpointer context, const double *rater, const double *image, gsize worker, double *statistics,
                          GError **error) {
  (void)worker;
  (void)error;
  const Cells *cells = context;
  double sum = 0, weight = 0;
  for (gsize a = 0; a < cells->n_a; a++)
    for (gsize b = 0; b < cells->n_b; b++) {
      double w = (double)cells->times(a, b) * rater[a] * image[b];
      sum += w * (cells->shift + cells->scale * rated[a][b]);
      weight += w;
    }
  statistics[0] = weight > 0 ? sum / weight : NAN;
  return true;
}

#define MANY_REPLICATES 20000

static double *draw(Cells cells, gsize n_replicates, guint64 seed) {
  BootstrapOptions options = {cells.n_a, cells.n_b, 1, n_replicates, seed, 1};
  double *replicates = NULL;
  g_assert_true(bootstrap_two_way(&options, mean_of_cells, &cells, &replicates, NULL));
  return replicates;
}

/* W as the functions above, of each a million: P <- rmultinom(N, 8, rep(1, 8)); I <- rmultinom(N, 6, rep(1, 6)); r <-
 * colSums(P * ((W * Y) %*% I)) / colSums(P * (W %*% I)); sd(r, na.rm = TRUE); quantile(r, c(.025, .975), na.rm = TRUE);
 * mean(is.nan(r)). Of 20000 replicates an SD has an error of 0.5 %, a quantile at a density of 0.058 or more one of
 * 0.019 SD; four of them. */
static void resampling_of_any_design_agrees_with_r(void) {
  static const struct {
    Times times;
    double se, low, high, share_undefined;
  } designs[] = {{balanced, 6.2870336, 45.4125, 70.029167, 0},
                 {unbalanced, 6.4544524, 45.814167, 71.00625, 0},
                 {incomplete, 8.3370027, 40.9625, 73.125721, 2e-6},
                 {nested, 12.246197, 35.053333, 81.907692, 0.002976}};
  for (gsize i = 0; i < G_N_ELEMENTS(designs); i++) {
    g_autofree double *replicates = draw((Cells){designs[i].times, A, B, 0, 1}, MANY_REPLICATES, 5);
    BootstrapInterval interval;
    bootstrap_interval(replicates, MANY_REPLICATES, &interval);
    double se = designs[i].se, undefined = designs[i].share_undefined * MANY_REPLICATES;
    support_assert_near("se", interval.se, se, 0.02, 0);
    support_assert_near("low", interval.ci_low, designs[i].low, 0, 0.076 * se);
    support_assert_near("high", interval.ci_high, designs[i].high, 0, 0.076 * se);
    support_assert_near("without a rating", (double)(MANY_REPLICATES - interval.n_used), undefined, 0,
                        1 + 4 * sqrt(undefined));
  }
}

/* Of one image, or of one rater, only the others are drawn anew: sqrt(sum((Y[, 1] - mean(Y[, 1]))^2)) / 8, and
 * of Y[1, ] / 6. */
static void what_there_is_one_of_adds_no_error(void) {
  static const struct {
    gsize n_a, n_b;
    double se;
  } designs[] = {{A, 1, 3.73279385983}, {1, B, 4.27209398738}};
  for (gsize i = 0; i < 2; i++) {
    g_autofree double *replicates =
        draw((Cells){i == 0 ? one_image : balanced, designs[i].n_a, designs[i].n_b, 0, 1}, MANY_REPLICATES, 5);
    BootstrapInterval interval;
    bootstrap_interval(replicates, MANY_REPLICATES, &interval);
    support_assert_near("se", interval.se, designs[i].se, 0.02, 0);
  }
  g_autofree double *single = draw((Cells){balanced, 1, 1, 0, 1}, 100, 5);
  BootstrapInterval interval;
  bootstrap_interval(single, 100, &interval);
  g_assert_cmpfloat(interval.ci_low, ==, 55.1);
  g_assert_cmpfloat(interval.ci_high, ==, 55.1);
}

static void constant_ratings_have_an_interval_of_no_width(void) {
  g_autofree double *replicates = draw((Cells){incomplete, A, B, 37.5, 0}, 500, 5);
  BootstrapInterval interval;
  bootstrap_interval(replicates, 500, &interval);
  g_assert_cmpfloat(interval.se, ==, 0);
  g_assert_cmpfloat(interval.ci_low, ==, 37.5);
  g_assert_cmpfloat(interval.ci_high, ==, 37.5);
}

/* A small spread far from 0, with the same seed: the same interval, scaled. */
static void a_small_variance_scales_the_interval(void) {
  g_autofree double *plain = draw((Cells){incomplete, A, B, 0, 1}, 500, 5),
                    *small = draw((Cells){incomplete, A, B, 50, 1e-6}, 500, 5),
                    *other = draw((Cells){incomplete, A, B, 0, 1}, 500, 6);
  BootstrapInterval interval, scaled, different;
  bootstrap_interval(plain, 500, &interval);
  bootstrap_interval(small, 500, &scaled);
  bootstrap_interval(other, 500, &different);
  support_assert_near("se", scaled.se, 1e-6 * interval.se, 1e-7, 0);
  support_assert_near("low", scaled.ci_low - 50, 1e-6 * interval.ci_low, 1e-7, 0);
  support_assert_near("high", scaled.ci_high - 50, 1e-6 * interval.ci_high, 1e-7, 0);
  g_assert_cmpfloat(different.se, !=, interval.se);
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
  g_test_add_func("/stats/bootstrap/resampling-of-any-design-agrees-with-r", resampling_of_any_design_agrees_with_r);
  g_test_add_func("/stats/bootstrap/what-there-is-one-of-adds-no-error", what_there_is_one_of_adds_no_error);
  g_test_add_func("/stats/bootstrap/constant-ratings-have-an-interval-of-no-width",
                  constant_ratings_have_an_interval_of_no_width);
  g_test_add_func("/stats/bootstrap/a-small-variance-scales-the-interval", a_small_variance_scales_the_interval);
  g_test_add_func("/stats/bootstrap/few-replicates-have-no-interval", few_replicates_have_no_interval);
  g_test_add_func("/stats/bootstrap/a-failing-statistic-ends-it", a_failing_statistic_ends_it);
  return g_test_run();
}
