#include "synth/dream/tiles.h"

#include "tests/support.h"
#include "tests/synth/dream/network.h"

typedef struct {
  NetGraph *graph;
  Objective *objective;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
  (void)data;
  fixture->graph = test_tiny5h();
  fixture->objective = objective_layer_mean_new(fixture->graph, test_node(fixture->graph, "mixed3b"));
}

static void tear_down(Fixture *fixture, gconstpointer data) {
  (void)data;
  objective_free(fixture->objective);
  net_graph_free(fixture->graph);
}

static void tiles_are_the_studys(void) {
  /* range(0, max(side - tile // 2, tile), tile) */
  const struct {
    int side, tile, count, last;
  } known[] = {{800, 512, 2, 288}, {571, 512, 1, 512}, {768, 512, 1, 512}, {769, 512, 2, 257}, {207, 512, 1, 207},
               {150, 64, 2, 64},   {190, 64, 3, 62},   {10, 7, 1, 7},      {11, 7, 2, 4}};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
    g_assert_cmpint(tiles_count(known[i].side, known[i].tile), ==, known[i].count);
    g_assert_cmpint(tiles_length(known[i].side, known[i].tile, known[i].count - 1), ==, known[i].last);
  }
}

/* A plan of its own on a copy of one rectangle of the rolled image. */
static void naive_tile(const Fixture *fixture, const Image *image, int shift_x, int shift_y, int x, int y, int width,
                       int height, float *gradient, double *value) {
  GError *error = NULL;
  int n_targets;
  const int *targets = objective_targets(fixture->objective, &n_targets);
  g_autoptr(NetPlan) plan = net_plan_new(fixture->graph, height, width, targets, n_targets, NULL, &error);
  g_assert_no_error(error);
  g_autofree float *pixels = g_new(float, width *height * 3);
  for (int j = 0; j < height; j++)
    for (int i = 0; i < width; i++)
      for (int c = 0; c < 3; c++) {
        const int from_x = ((x + i - shift_x) % image->width + image->width) % image->width;
        const int from_y = ((y + j - shift_y) % image->height + image->height) % image->height;
        pixels[(j * width + i) * 3 + c] = image->pixels[(from_y * image->width + from_x) * 3 + c];
      }
  net_plan_forward(plan, pixels, (gsize)width * 3);
  *value = objective_value(fixture->objective, plan);
  objective_gradient(fixture->objective, plan);
  net_plan_backward(plan, gradient, (gsize)width * 3);
}

static void the_gradient_is_each_rolled_tiles_own(Fixture *fixture, gconstpointer data) {
  (void)data;
  enum { WIDTH = 77, HEIGHT = 59, TILE = 32, SHIFT_X = 29, SHIFT_Y = 70 };
  GError *error = NULL;
  g_autoptr(Image) image = test_image(WIDTH, HEIGHT);
  g_autoptr(Tiles) tiles = tiles_new(fixture->graph, fixture->objective, TILE, NULL);
  g_assert_true(tiles_prepare(tiles, WIDTH, HEIGHT, &error));
  g_autofree float *gradient = g_new(float, WIDTH *HEIGHT * 3), *tile = g_new(float, TILE *TILE * 3);
  tiles_gradient(tiles, image, SHIFT_X, SHIFT_Y, gradient);

  /* 77 wide: 32, 32, then 13 columns without a tile; 59 high: 32, 27. */
  g_autofree bool *seen = g_new0(bool, WIDTH *HEIGHT);
  for (int y = 0; y < HEIGHT; y += TILE)
    for (int x = 0; x < 64; x += TILE) {
      const int height = MIN(TILE, HEIGHT - y);
      double value;
      naive_tile(fixture, image, SHIFT_X, SHIFT_Y, x, y, TILE, height, tile, &value);
      for (int j = 0; j < height; j++)
        for (int i = 0; i < TILE; i++) {
          const int at_x = (x + i - SHIFT_X + WIDTH) % WIDTH, at_y = (y + j - SHIFT_Y + 2 * HEIGHT) % HEIGHT;
          seen[at_y * WIDTH + at_x] = true;
          for (int c = 0; c < 3; c++)
            g_assert_cmpfloat(gradient[(at_y * WIDTH + at_x) * 3 + c], ==, tile[(j * TILE + i) * 3 + c]);
        }
    }
  int n_outside = 0;
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    for (int c = 0; !seen[i] && c < 3; c++, n_outside++)
      g_assert_cmpfloat(gradient[i * 3 + c], ==, 0);
  g_assert_cmpint(n_outside, ==, 13 * HEIGHT * 3);
}

static void the_objective_weighs_tiles_by_their_pixels(Fixture *fixture, gconstpointer data) {
  (void)data;
  GError *error = NULL;
  g_autoptr(Image) image = test_image(56, 32);
  g_autoptr(Tiles) tiles = tiles_new(fixture->graph, fixture->objective, 32, NULL);
  g_assert_true(tiles_prepare(tiles, 56, 32, &error));
  g_autofree float *gradient = g_new(float, 32 * 32 * 3);
  double left, right;
  naive_tile(fixture, image, 0, 0, 0, 0, 32, 32, gradient, &left);
  naive_tile(fixture, image, 0, 0, 32, 0, 24, 32, gradient, &right);
  support_assert_near("objective", tiles_objective(tiles, image), (32 * left + 24 * right) / 56, 1e-12, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tiles/tiles are the study's", tiles_are_the_studys);
  g_test_add("/tiles/the gradient is each rolled tile's own", Fixture, NULL, set_up,
             the_gradient_is_each_rolled_tiles_own, tear_down);
  g_test_add("/tiles/the objective weighs tiles by their pixels", Fixture, NULL, set_up,
             the_objective_weighs_tiles_by_their_pixels, tear_down);
  return g_test_run();
}
