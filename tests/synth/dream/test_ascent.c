#include "synth/dream/ascent.h"

#include <math.h>

#include "stimuli/base/error.h"
#include "synth/dream/start.h"
#include "synth/net/architectures.h"
#include "tests/stimuli/npy.h"
#include "tests/support.h"
#include "tests/synth/dream/network.h"

/* The independent implementation's float64 result after one outer iteration: shared/oracles/README.md. Rounding differs
 * by 8e-5; the issue asks for 0.01. */
static void one_outer_iteration_matches_the_oracle(gconstpointer data) {
  const char *layer = data;
  GError *error = NULL;
  g_autofree char *start_path = support_data("tiny5h/noise.png");
  g_autofree char *name = g_strdup_printf("tiny5h/dream-%s.npy", layer);
  g_autofree char *oracle_path = support_data(name);
  g_autoptr(NetGraph) graph = test_tiny5h();
  g_autoptr(Image) image = NULL, oracle = npy_read(oracle_path);
  g_assert_true(image_read(start_path, &image, &error));
  AscentSettings settings = ascent_settings_default();
  settings.iterations = 1;
  settings.tile = 64;
  g_autoptr(Ascent) ascent =
      ascent_new(graph, test_node(graph, layer), &settings, image->width, image->height, NULL, &error);
  g_assert_no_error(error);
  Random random;
  random_init(&random, 20241227);
  AscentOutcome outcome;
  g_assert_true(ascent_run(ascent, &random, image, NULL, NULL, &outcome, &error));
  g_assert_true(outcome.moved);
  float largest = 0;
  for (gsize i = 0; i < (gsize)image->width * (gsize)image->height * 3; i++)
    largest = MAX(largest, ABS(image->pixels[i] - oracle->pixels[i]));
  g_test_message("%s: largest difference %g", layer, (double)largest);
  g_assert_cmpfloat(largest, <, 2e-3);
}

static Image *roll(const Image *image, int shift_x, int shift_y) {
  Image *rolled = image_new(image->width, image->height, NULL);
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      memcpy(rolled->pixels + (((y + shift_y) % image->height) * image->width + (x + shift_x) % image->width) * 3,
             image->pixels + (y * image->width + x) * 3, 3 * sizeof(float));
  return rolled;
}

/* A step small enough for the slope to hold, seen where it was taken: on the rolled image. (With random weights, unlike
 * trained ones, a network's strides make an image and the same image rolled by a few pixels all but unrelated.) */
static void a_small_step_raises_the_objective_of_every_layer(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = test_tiny5h();
  g_autoptr(NetWorkspace) workspace = net_workspace_new();
  g_autoptr(Image) noise = start_noise(11, 112, 96, &error);
  const AscentSettings settings = {.iterations = 1, .step = 0.02, .octaves = 1, .octave_scale = 1.4, .tile = 512};
  Random random;
  random_init(&random, 11);
  const int shift_x = (int)random_below(&random, 512), shift_y = (int)random_below(&random, 512);
  g_autoptr(Image) rolled_noise = roll(noise, shift_x, shift_y);
  int n_layers = 0;
  for (const char *const *layer = net_inception5h_layers(); *layer; layer++, n_layers++) {
    g_autoptr(Ascent) ascent = ascent_new(graph, test_node(graph, *layer), &settings, 112, 96, workspace, &error);
    g_assert_no_error(error);
    g_autoptr(Image) image = image_copy(noise, &error);
    random_init(&random, 11);
    AscentOutcome outcome;
    g_assert_true(ascent_run(ascent, &random, image, NULL, NULL, &outcome, &error));
    g_autoptr(Image) rolled = roll(image, shift_x, shift_y);
    const double before = ascent_objective(ascent, rolled_noise), after = ascent_objective(ascent, rolled);
    if (!(after > before)) {
      g_test_message("%s: %.9g before, %.9g after", *layer, before, after);
      g_test_fail();
    }
  }
  g_assert_cmpint(n_layers, ==, 144);
}

static void count_iterations(gpointer context, int iterations_done) {
  int *last = context;
  g_assert_cmpint(iterations_done, ==, *last + 1);
  *last = iterations_done;
}

static void the_same_seed_gives_the_same_pixels_and_another_does_not(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = test_tiny5h();
  AscentSettings settings = ascent_settings_default();
  settings.iterations = 3;
  settings.tile = 32;
  g_autoptr(Ascent) ascent = ascent_new(graph, test_node(graph, "mixed4a"), &settings, 80, 60, NULL, &error);
  g_assert_no_error(error);
  Image *images[3];
  for (int i = 0; i < 3; i++) {
    images[i] = test_image(80, 60);
    Random random;
    random_init(&random, i < 2 ? 5 : 6);
    AscentOutcome outcome;
    int iterations = 0;
    g_assert_true(ascent_run(ascent, &random, images[i], count_iterations, &iterations, &outcome, &error));
    g_assert_cmpint(iterations, ==, 3);
  }
  const gsize bytes = 80 * 60 * 3 * sizeof(float);
  g_assert_cmpint(memcmp(images[0]->pixels, images[1]->pixels, bytes), ==, 0);
  g_assert_cmpint(memcmp(images[0]->pixels, images[2]->pixels, bytes), !=, 0);
  for (int i = 0; i < 3; i++)
    image_free(images[i]);
}

static void a_layer_that_never_fires_leaves_the_image(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = test_dead_relu();
  const AscentSettings settings = {.iterations = 2, .step = 2, .octaves = 1, .octave_scale = 1.4, .tile = 512};
  g_autoptr(Ascent) ascent = ascent_new(graph, test_node(graph, "conv:relu"), &settings, 20, 15, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(Image) image = test_image(20, 15), before = test_image(20, 15);
  Random random;
  random_init(&random, 1);
  AscentOutcome outcome;
  g_assert_true(ascent_run(ascent, &random, image, NULL, NULL, &outcome, &error));
  g_assert_false(outcome.moved);
  g_assert_cmpint(memcmp(image->pixels, before->pixels, 20 * 15 * 3 * sizeof(float)), ==, 0);
}

static void a_step_changes_pixels_by_the_step_on_average(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = test_tiny5h();
  const AscentSettings settings = {.iterations = 1, .step = 3.25, .octaves = 1, .octave_scale = 1.4, .tile = 40};
  g_autoptr(Ascent) ascent = ascent_new(graph, test_node(graph, "mixed3a"), &settings, 90, 40, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(Image) image = test_image(90, 40), before = test_image(90, 40);
  Random random;
  random_init(&random, 1);
  AscentOutcome outcome;
  g_assert_true(ascent_run(ascent, &random, image, NULL, NULL, &outcome, &error));
  double sum = 0;
  int n_still = 0;
  for (int i = 0; i < 90 * 40 * 3; i++) {
    sum += (double)ABS(image->pixels[i] - before->pixels[i]);
    n_still += image->pixels[i] == before->pixels[i];
  }
  /* 1e-7 is added to a mean gradient of some 1e-5; the last 10 columns have no tile but count in the mean. */
  support_assert_near("mean change", sum / (90 * 40 * 3), 3.25, 0.02, 0);
  g_assert_cmpint(n_still, >=, 10 * 40 * 3);
}

static void an_overflowing_network_is_an_error_and_leaves_the_image(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = test_tiny5h();
  const AscentSettings settings = {.iterations = 1, .step = 2, .octaves = 1, .octave_scale = 1.4, .tile = 512};
  g_autoptr(Ascent) ascent = ascent_new(graph, test_node(graph, "localresponsenorm0"), &settings, 40, 40, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(Image) image = test_image(40, 40);
  image->pixels[(20 * 40 + 20) * 3] = INFINITY;
  const float first = image->pixels[100];
  Random random;
  random_init(&random, 1);
  AscentOutcome outcome;
  g_assert_false(ascent_run(ascent, &random, image, NULL, NULL, &outcome, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(error->message, "not finite at iteration 1"));
  g_assert_cmpfloat(image->pixels[100], ==, first);
  g_error_free(error);
}

static void sizes_too_small_are_refused_with_what_would_do(void) {
  g_autoptr(NetGraph) graph = test_tiny5h();
  const int node = test_node(graph, "head0_pool");
  const struct {
    int width, height, octaves, tile;
    const char *message; /* NULL: large enough */
  } known[] = {
      {128, 128, 5, 512, "octave 4 of an image of 128x128 (46x46 pixels): use --octaves 3 or fewer or a larger --size"},
      {128, 128, 3, 512, NULL},
      {90, 200, 2, 512, "octave 2 of an image of 90x200 (64x142 pixels): use --octaves 1 or a larger --size"},
      {64, 64, 1, 512, "65"},
      {200, 200, 1, 48, "--tile 48 is too small for layer 'head0_pool'"},
      {1, 1, 1, 512, "head0_pool"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    GError *error = NULL;
    AscentSettings settings = ascent_settings_default();
    settings.octaves = known[i].octaves;
    settings.tile = known[i].tile;
    const bool fits = ascent_check_size(graph, node, &settings, known[i].width, known[i].height, &error);
    g_assert_cmpint(fits, ==, known[i].message == NULL);
    if (!fits) {
      g_test_message("%s", error->message);
      g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
      g_assert_nonnull(strstr(error->message, known[i].message));
      g_error_free(error);
    }
  }
}

/* 8.27 GMAC for a 512 x 512 tile to mixed5b: an independent count (shared/reference/performance.md). */
static void work_is_estimated_from_the_ancestors(void) {
  GError *error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("wide", 1, 10, 1, &error);
  g_assert_no_error(error);
  const double deep = ascent_estimate_work(graph, test_node(graph, "mixed5b"));
  const double besides = ascent_estimate_work(graph, 0);
  support_assert_near("GMAC", (deep - besides) * 512 * 512 / 1e9, 8.27, 1e-3, 0);
  const double shallow = ascent_estimate_work(graph, test_node(graph, "maxpool0"));
  support_assert_near("conv2d0", shallow - besides, 7 * 7 * 3 * 64 / 4.0, 1e-9, 0);
}

static void settings_out_of_range_name_their_option(void) {
  const AscentSettings good = ascent_settings_default();
  g_assert_true(ascent_settings_check(&good, NULL));
  AscentSettings bad[5] = {good, good, good, good, good};
  const char *const options[] = {"--iterations", "--step", "--octaves", "--octave-scale", "--tile"};
  bad[0].iterations = -1;
  bad[1].step = 0;
  bad[2].octaves = 33;
  bad[3].octave_scale = 1;
  bad[4].tile = 0;
  for (gsize i = 0; i < 5; i++) {
    GError *error = NULL;
    g_assert_false(ascent_settings_check(&bad[i], &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_USAGE);
    g_assert_true(g_str_has_prefix(error->message, options[i]));
    g_error_free(error);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  const char *const oracles[] = {"conv2d2", "mixed3b", "mixed4c_5x5_pre_relu", "mixed5b"};
  for (gsize i = 0; i < G_N_ELEMENTS(oracles); i++) {
    g_autofree char *path = g_strconcat("/ascent/one outer iteration matches the oracle/", oracles[i], NULL);
    g_test_add_data_func(path, oracles[i], one_outer_iteration_matches_the_oracle);
  }
  g_test_add_func("/ascent/a small step raises the objective of every layer",
                  a_small_step_raises_the_objective_of_every_layer);
  g_test_add_func("/ascent/the same seed gives the same pixels and another does not",
                  the_same_seed_gives_the_same_pixels_and_another_does_not);
  g_test_add_func("/ascent/a layer that never fires leaves the image", a_layer_that_never_fires_leaves_the_image);
  g_test_add_func("/ascent/a step changes pixels by the step on average", a_step_changes_pixels_by_the_step_on_average);
  g_test_add_func("/ascent/an overflowing network is an error and leaves the image",
                  an_overflowing_network_is_an_error_and_leaves_the_image);
  g_test_add_func("/ascent/sizes too small are refused with what would do",
                  sizes_too_small_are_refused_with_what_would_do);
  g_test_add_func("/ascent/work is estimated from the ancestors", work_is_estimated_from_the_ancestors);
  g_test_add_func("/ascent/settings out of range name their option", settings_out_of_range_name_their_option);
  return g_test_run();
}
