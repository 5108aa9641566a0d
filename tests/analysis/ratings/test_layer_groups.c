#include "analysis/ratings/layer_groups.h"

#include <math.h>

#include "tests/support.h"

#define N_LAYERS 5
#define N_EACH 3

static const double values[N_LAYERS][N_EACH] = {
    {61, 72.5, 55}, {80, 66, 49}, {40, 52, 47.5}, {33, 58, 44}, {99, 98, 97}};

typedef struct {
  Rating rows[N_LAYERS * N_EACH];
  Ratings ratings;
  StudyImage images[N_LAYERS];
  StudyLayer layers[N_LAYERS];
  Description means[N_LAYERS];
  Study study;
} Fixture;

static void set_up(Fixture *f, gconstpointer unused) {
  (void)unused;
  static char *scales[] = {(char *)"arousal", NULL};
  static const char *const names[] = {"mixed3a_pool", "mixed5b_pool", "mixed4a_3x3_pre_relu", "mixed4e_5x5_pre_relu",
                                      "mixed4e_5x5_pre_relu_not"};
  for (gsize i = 0; i < N_LAYERS * N_EACH; i++)
    f->rows[i] = (Rating){.image = i / N_EACH, .values = {values[i / N_EACH][i % N_EACH]}};
  f->ratings =
      (Ratings){.n_scales = 1, .scales = scales, .high = {100}, .n_ratings = N_LAYERS * N_EACH, .ratings = f->rows};
  for (gsize i = 0; i < N_LAYERS; i++) {
    f->images[i] = (StudyImage){.layer = i, .n_trials = N_EACH};
    f->means[i].mean = (values[i][0] + values[i][1] + values[i][2]) / 3;
    f->layers[i] = (StudyLayer){.name = (char *)names[i], .n_trials = N_EACH, .scales = &f->means[i]};
  }
  f->study = (Study){.ratings = &f->ratings,
                     .n_scales = 1,
                     .scales = scales,
                     .n_images = N_LAYERS,
                     .images = f->images,
                     .n_layers = N_LAYERS,
                     .layers = f->layers};
}

/* R: a <- c(61,72.5,55,80,66,49); b <- c(40,52,47.5,33,58,44); t.test(a, b)
 * t.test(c(mean(a[1:3]), mean(a[4:6])), c(mean(b[1:3]), mean(b[4:6]))) */
static void both_units_are_tested_as_in_r(Fixture *f, gconstpointer unused) {
  (void)unused;
  LayerComparison item;
  g_assert_true(layer_groups_compare(&f->study, &layer_groups_study[0], 0, &item, NULL));
  g_assert_cmpuint(item.n_layers[0], ==, 2);
  g_assert_cmpuint(item.n_layers[1], ==, 2);
  g_assert_cmpuint(item.ratings[1].n, ==, 6);
  const double got[] = {item.by_rating.t,       item.by_rating.df, item.by_rating.p, item.by_rating.ci_low,
                        item.by_rating.ci_high, item.by_layer.t,   item.by_layer.df, item.by_layer.p};
  const double want[] = {3.08830202154, 9.425300351,   0.0122842545302, 4.95069527824,
                         31.3826380551, 13.7875305983, 1.77951141735,   0.00813958693329};
  for (gsize k = 0; k < G_N_ELEMENTS(want); k++)
    support_assert_near("welch", got[k], want[k], 1e-9, 0);
  layer_comparison_clear(&item);
}

static void a_network_without_such_layers_has_no_groups(Fixture *f, gconstpointer unused) {
  (void)unused;
  LayerComparison item;
  g_assert_true(layer_groups_compare(&f->study, &layer_groups_study[1], 0, &item, NULL));
  g_assert_cmpuint(item.n_layers[0], ==, 0);
  g_assert_true(isnan(item.by_rating.p));
  layer_comparison_clear(&item);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/ratings/layer groups/both units are tested as in R", Fixture, NULL, set_up,
             both_units_are_tested_as_in_r, NULL);
  g_test_add("/ratings/layer groups/a network without such layers has none", Fixture, NULL, set_up,
             a_network_without_such_layers_has_no_groups, NULL);
  return g_test_run();
}
