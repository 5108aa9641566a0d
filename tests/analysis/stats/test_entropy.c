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
  g_test_add_func("/stats/entropy/the-null-finds-the-group-that-differs", the_null_finds_the_group_that_differs);
  g_test_add_func("/stats/entropy/one-cluster-has-no-interval", one_cluster_has_no_interval);
  g_test_add_func("/stats/entropy/one-group-of-many-survives-the-correction",
                  one_group_of_many_survives_the_correction);
  return g_test_run();
}
