#include "analysis/stats/entropy.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/random.h"
#include "tests/analysis/stats/data.h"
#include "tests/support.h"

static EntropyOptions options_of(gsize replicates) {
  return (EntropyOptions){.plane = {.high = {100, 100}, .cells = 10, .bandwidth = {8, 5}},
                          .n_replicates = replicates,
                          .seed = 4,
                          .n_workers = 1};
}

/* K[i, j]: sums of pnorm differences over the reflections of cell j's centre; D <- K(8) %*% counts %*% t(K(5));
 * p <- D / sum(D); -sum(p * log2(p)), for (a, y) of each group of data.h. */
static void agrees_with_r(void) {
  const gsize cluster[DATA_N] = {0};
  EntropyData data = {DATA_N, 4, 1, data_a, data_y, data_group, cluster};
  EntropyOptions options = options_of(0);
  EntropyGroup groups[4];
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  support_assert_near("group 0", groups[0].entropy, 3.81244325674706, 1e-11, 0);
  support_assert_near("group 1", groups[1].entropy, 4.10987350278801, 1e-11, 0);
  support_assert_near("group 2", groups[2].entropy, 4.41534386006545, 1e-11, 0);
  g_assert_cmpuint(groups[3].n, ==, 0);
  g_assert_true(isnan(groups[3].entropy) && isnan(groups[0].p) && isnan(groups[0].ci_low));
  const double x[] = {0, 100, NAN}, y[] = {100, 3, 7};
  const gsize zero[] = {0, 0, 0};
  EntropyData ends = {3, 1, 1, x, y, zero, zero};
  g_assert_true(entropy_groups(&ends, &options, groups, NULL));
  g_assert_cmpuint(groups[0].n, ==, 2);
  support_assert_near("the scales' ends", groups[0].entropy, 2.67245557263929, 1e-11, 0);
}

/* H(i) as above for the cases i; cl <- (0:22) %% 7; of each group i and its clusters k: J <- sapply(k, function(c)
 * H(i[cl[i] != c])); H(i) - (K - 1) * (mean(J) - H(i)) -+ qt(.975, K - 1) * sqrt((K - 1) / K * sum((J - mean(J))^2)).
 * Two groups lack a cluster. */
static void the_interval_is_the_jackknifes_as_in_r(void) {
  static const double want[3][3] = {{3.99266571803585, 3.5959485058677, 4.38938293020399},
                                    {4.27372129171035, 3.70334375117092, 4.84409883224979},
                                    {4.85800401735116, 4.08862780433339, 5.62738023036894}};
  gsize cluster[DATA_N], other[DATA_N];
  EntropyOptions options = options_of(0);
  EntropyGroup groups[4], again[4];
  for (gsize i = 0; i < DATA_N; i++)
    other[i] = (3 * (cluster[i] = i % 7) + 2) % 7;
  EntropyData data = {DATA_N, 4, 7, data_a, data_y, data_group, cluster}, renamed = data;
  renamed.cluster = other;
  g_assert_true(entropy_groups(&data, &options, groups, NULL) && entropy_groups(&renamed, &options, again, NULL));
  for (gsize g = 0; g < 3; g++) {
    support_assert_near("corrected", groups[g].corrected, want[g][0], 1e-10, 0);
    support_assert_near("low", groups[g].ci_low, want[g][1], 1e-10, 0);
    support_assert_near("high", groups[g].ci_high, want[g][2], 1e-10, 0);
    support_assert_near("low of renamed clusters", again[g].ci_low, groups[g].ci_low, 1e-12, 0);
  }
  g_assert_true(isnan(groups[3].ci_low) && isnan(groups[3].corrected));
}

static void constant_ratings_have_an_interval_of_no_width(void) {
  const double x[] = {31, 31, 31, 31}, y[] = {64, 64, 64, 64};
  const gsize group[] = {0, 0, 0, 1}, cluster[] = {0, 1, 2, 0};
  EntropyData data = {4, 2, 3, x, y, group, cluster};
  EntropyOptions options = options_of(0);
  EntropyGroup groups[2];
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  support_assert_near("low", groups[0].ci_low, groups[0].entropy, 1e-12, 0);
  support_assert_near("high", groups[0].ci_high, groups[0].entropy, 1e-12, 0);
  g_assert_true(isnan(groups[1].ci_low)); /* one cluster rated it */
}

#define LAYERS 200
#define RATERS 30

/* Layers that 30 raters rate at random, so that the density's entropy is the highest there is. Of 200 intervals 95 %
 * hold it, give or take 1.5. The entropies themselves are too low by more than a
 * tenth. */
static void intervals_hold_the_entropy_of_endless_ratings(void) {
  g_autofree double *x = g_new(double, LAYERS *RATERS), *y = g_new(double, LAYERS *RATERS);
  g_autofree gsize *group = g_new(gsize, LAYERS * RATERS), *cluster = g_new(gsize, LAYERS * RATERS);
  g_autofree EntropyGroup *groups = g_new(EntropyGroup, LAYERS);
  gsize held = 0, low = 0;
  Random random;
  random_init(&random, 12);
  for (gsize i = 0; i < LAYERS * RATERS; i++) {
    group[i] = i % LAYERS;
    cluster[i] = i / LAYERS;
    x[i] = 100 * random_uniform(&random);
    y[i] = 100 * random_uniform(&random);
  }
  EntropyData data = {LAYERS * RATERS, LAYERS, RATERS, x, y, group, cluster};
  EntropyOptions options = options_of(0);
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  for (gsize g = 0; g < LAYERS; g++) {
    held += groups[g].ci_low <= 2 * log2(10) && groups[g].ci_high >= 2 * log2(10) - 1e-12;
    low += groups[g].entropy < 2 * log2(10) - 0.1;
  }
  g_assert_cmpuint(held, >=, 181);
  g_assert_cmpuint(held, <, LAYERS);
  g_assert_cmpuint(low, >, LAYERS / 2);
}

#define N 600

/* 20 participants, 3 layers: layer 0 clings to one point, 1 and 2 are uniform. */
static void make(double *x, double *y, gsize *group, gsize *cluster) {
  Random random;
  random_init(&random, 8);
  for (gsize i = 0; i < N; i++) {
    cluster[i] = i / 30;
    group[i] = i % 3;
    double spread = group[i] == 0 ? 10 : 50;
    x[i] = 50 + spread * (2 * random_uniform(&random) - 1);
    y[i] = 50 + spread * (2 * random_uniform(&random) - 1);
  }
}

static void the_null_finds_the_group_that_differs(void) {
  double x[N], y[N];
  gsize group[N], cluster[N];
  make(x, y, group, cluster);
  EntropyData data = {N, 3, 20, x, y, group, cluster};
  EntropyOptions options = options_of(199), two_workers = options;
  two_workers.n_workers = 2;
  EntropyGroup groups[3], again[3];
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  g_assert_cmpfloat(groups[0].entropy, <, groups[0].null_mean);
  g_assert_cmpfloat(groups[0].p, ==, 0.01); /* none of 199 permutations is as low, and all three groups are extreme */
  g_assert_cmpfloat(groups[0].ci_high, <, groups[1].ci_low);
  /* Two of three groups alike: the shuffled labels, which mix the three, have less entropy than either. */
  g_assert_cmpfloat(groups[1].entropy, >, groups[1].null_mean);
  g_assert_true(entropy_groups(&data, &two_workers, again, NULL));
  for (gsize g = 0; g < 3; g++) {
    g_assert_cmpfloat(again[g].p, ==, groups[g].p);
    g_assert_cmpfloat(again[g].null_mean, ==, groups[g].null_mean);
    g_assert_cmpfloat(again[g].ci_low, ==, groups[g].ci_low);
  }
}

static void one_cluster_has_no_interval(void) {
  double x[N], y[N];
  gsize group[N], cluster[N];
  make(x, y, group, cluster);
  memset(cluster, 0, sizeof cluster);
  EntropyData data = {N, 3, 1, x, y, group, cluster};
  EntropyOptions options = options_of(99);
  EntropyGroup groups[3];
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  g_assert_true(isnan(groups[0].ci_low) && isnan(groups[0].ci_high));
  g_assert_cmpfloat(groups[0].p, ==, 0.02); /* labels can still be shuffled within it */
}

#define MANY 30 /* groups */
#define EACH 20 /* ratings of each */

/* One layer of 30 clings to a point. 99 permutations, whose least p is 0.02, could not show that among 30 tests; the
 * others are closed early. */
static void one_group_of_many_survives_the_correction(void) {
  double x[MANY * EACH], y[MANY * EACH];
  gsize group[MANY * EACH], cluster[MANY * EACH], early = 0;
  EntropyGroup groups[MANY];
  Random random;
  random_init(&random, 5);
  for (gsize i = 0; i < MANY * EACH; i++) {
    group[i] = i % MANY;
    cluster[i] = i / MANY;
    double spread = group[i] == 7 ? 5 : 50;
    x[i] = 50 + spread * (2 * random_uniform(&random) - 1);
    y[i] = 50 + spread * (2 * random_uniform(&random) - 1);
  }
  EntropyData data = {MANY * EACH, MANY, EACH, x, y, group, cluster};
  EntropyOptions options = options_of(99);
  g_assert_true(entropy_groups(&data, &options, groups, NULL));
  g_assert_cmpfloat(groups[7].p, ==, 2.0 / (MANY * ENTROPY_MOST + 1));
  g_assert_cmpfloat(groups[7].p * MANY, <, 0.05);
  for (gsize g = 0; g < MANY; g++)
    early += groups[g].n_permutations < MANY * ENTROPY_MOST && groups[g].p > 0.005;
  g_assert_cmpuint(early, ==, MANY - 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/entropy/agrees-with-r", agrees_with_r);
  g_test_add_func("/stats/entropy/the-interval-is-the-jackknifes-as-in-r", the_interval_is_the_jackknifes_as_in_r);
  g_test_add_func("/stats/entropy/constant-ratings-have-an-interval-of-no-width",
                  constant_ratings_have_an_interval_of_no_width);
  g_test_add_func("/stats/entropy/intervals-hold-the-entropy-of-endless-ratings",
                  intervals_hold_the_entropy_of_endless_ratings);
  g_test_add_func("/stats/entropy/the-null-finds-the-group-that-differs", the_null_finds_the_group_that_differs);
  g_test_add_func("/stats/entropy/one-cluster-has-no-interval", one_cluster_has_no_interval);
  g_test_add_func("/stats/entropy/one-group-of-many-survives-the-correction",
                  one_group_of_many_survives_the_correction);
  return g_test_run();
}
