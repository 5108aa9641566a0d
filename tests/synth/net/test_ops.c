/* Every op, forward against its definition and backward against five-point differences, on odd and non-square sizes. */
#include <math.h>
#include <string.h>

#include "synth/net/op.h"
#include "synth/net/plan.h"
#include "tests/synth/net/naive.h"

/* Runs the graph's last node on an image, to every pixel's slope. */
static void check_last(NetGraph *graph, int height, int width, Random *random) {
  naive_seal(graph);
  int target = graph->n_nodes - 1;
  naive_check(graph, height, width, &target, 1, 0, random);
}

static NetWindow window(int kernel_h, int kernel_w, int stride_h, int stride_w, NetPadRule rule, int pad_h, int pad_w) {
  return (NetWindow){kernel_h, kernel_w, stride_h, stride_w, rule, pad_h, pad_w};
}

typedef struct {
  const char *name;
  NetWindow window;
  int height, width;
} Case;

static const Case conv_cases[] = {
    {"1x1", {1, 1, 1, 1, NET_PAD_SAME, 0, 0}, 7, 5},
    {"1x1 stride 2", {1, 1, 2, 2, NET_PAD_VALID, 0, 0}, 7, 6},
    {"1x1 padded", {1, 1, 1, 1, NET_PAD_EXPLICIT, 1, 2}, 3, 5},
    {"3x3 same", {3, 3, 1, 1, NET_PAD_SAME, 0, 0}, 7, 9},
    {"3x3 valid", {3, 3, 1, 1, NET_PAD_VALID, 0, 0}, 7, 5},
    {"5x3 same", {5, 3, 1, 1, NET_PAD_SAME, 0, 0}, 4, 7},
    {"4x2 same, even kernels", {4, 2, 1, 1, NET_PAD_SAME, 0, 0}, 5, 7},
    {"4x2 same, stride 2x3, odd sizes", {4, 2, 2, 3, NET_PAD_SAME, 0, 0}, 9, 7},
    {"7x7 same, stride 2, even sizes", {7, 7, 2, 2, NET_PAD_SAME, 0, 0}, 8, 10},
    {"7x7 same, stride 2, odd sizes", {7, 7, 2, 2, NET_PAD_SAME, 0, 0}, 9, 11},
    {"7x7 same on a smaller image", {7, 7, 1, 1, NET_PAD_SAME, 0, 0}, 3, 2},
    {"7x7 same, stride 2, on a smaller image", {7, 7, 2, 2, NET_PAD_SAME, 0, 0}, 3, 2},
    {"3x3 pad 1", {3, 3, 1, 1, NET_PAD_EXPLICIT, 1, 1}, 6, 5},
    {"3x5 pads beyond the kernel", {3, 5, 1, 1, NET_PAD_EXPLICIT, 4, 6}, 4, 5},
    {"7x7 pad 3, stride 2", {7, 7, 2, 2, NET_PAD_EXPLICIT, 3, 3}, 9, 8},
    {"11x11 stride 4, as AlexNet", {11, 11, 4, 4, NET_PAD_EXPLICIT, 0, 0}, 19, 15},
    {"2x2 stride 3, which skips pixels", {2, 2, 3, 3, NET_PAD_SAME, 0, 0}, 8, 7},
};

static void test_conv(gconstpointer data) {
  const Case *c = data;
  Random random;
  random_init_stream(&random, 1, c->name);
  g_autoptr(NetGraph) graph = naive_graph();
  naive_conv(graph, 0, 4, 1, c->window, &random);
  check_last(graph, c->height, c->width, &random);
}

static void test_grouped_conv(gconstpointer data) {
  const Case *c = data;
  Random random;
  random_init_stream(&random, 2, c->name);
  g_autoptr(NetGraph) graph = naive_graph();
  int node = naive_conv(graph, 0, 6, 1, window(1, 1, 1, 1, NET_PAD_SAME, 0, 0), &random);
  naive_conv(graph, node, 9, 3, c->window, &random);
  check_last(graph, c->height, c->width, &random);
}

/* More channels and columns than one strip of the lowered product holds. */
static void test_conv_in_several_strips(void) {
  Random random;
  random_init(&random, 3);
  g_autoptr(NetGraph) graph = naive_graph();
  int node = naive_conv(graph, 0, 61, 1, window(1, 1, 1, 1, NET_PAD_SAME, 0, 0), &random);
  node = naive_conv(graph, node, 53, 1, window(5, 5, 1, 1, NET_PAD_SAME, 0, 0), &random);
  naive_conv(graph, node, 5, 1, window(5, 3, 2, 2, NET_PAD_SAME, 0, 0), &random);
  naive_seal(graph);
  int target = graph->n_nodes - 1;
  naive_check(graph, 27, 47, &target, 1, 2, &random);
}

static const Case pool_cases[] = {
    {"3x3 stride 1 same", {3, 3, 1, 1, NET_PAD_SAME, 0, 0}, 5, 7},
    {"3x3 stride 2 same, even", {3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 8, 6},
    {"3x3 stride 2 same, odd", {3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 7, 9},
    {"2x4 stride 2x3 same", {2, 4, 2, 3, NET_PAD_SAME, 0, 0}, 7, 8},
    {"5x5 stride 3 valid", {5, 5, 3, 3, NET_PAD_VALID, 0, 0}, 11, 9},
    {"3x3 stride 2 rounded up, clipped", {3, 3, 2, 2, NET_PAD_CEIL, 0, 0}, 8, 6},
    {"3x3 stride 2 rounded up, whole", {3, 3, 2, 2, NET_PAD_CEIL, 0, 0}, 7, 9},
    {"3x3 stride 2 pad 1 rounded up", {3, 3, 2, 2, NET_PAD_CEIL, 1, 1}, 8, 7},
    {"3x3 stride 1 pad 1 rounded up", {3, 3, 1, 1, NET_PAD_CEIL, 1, 1}, 5, 4},
    {"2x2 stride 2 pad 1, last window dropped", {2, 2, 2, 2, NET_PAD_CEIL, 1, 1}, 5, 7},
    {"3x2 stride 3x4 pad 1x0 explicit", {3, 2, 3, 4, NET_PAD_EXPLICIT, 1, 0}, 8, 11},
    {"3x3 stride 1 same, several vectors", {3, 3, 1, 1, NET_PAD_SAME, 0, 0}, 4, 21},
    {"3x3 stride 2 same, several vectors", {3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 7, 39},
    {"3x3 stride 2 rounded up, several vectors", {3, 3, 2, 2, NET_PAD_CEIL, 0, 0}, 6, 38},
    {"window as large as the image", {5, 7, 1, 1, NET_PAD_VALID, 0, 0}, 5, 7},
};

static void check_pool(const Case *c, NetOp op, bool counts_padding) {
  Random random;
  random_init_stream(&random, 4, c->name);
  g_autoptr(NetGraph) graph = naive_graph();
  naive_plain(graph, op, 0);
  graph->nodes[1].window = c->window;
  graph->nodes[1].average_counts_padding = counts_padding;
  check_last(graph, c->height, c->width, &random);
}
static void test_maxpool(gconstpointer data) { check_pool(data, NET_MAXPOOL, false); }
static void test_avgpool_of_real_pixels(gconstpointer data) { check_pool(data, NET_AVGPOOL, false); }
static void test_avgpool_of_padded_image(gconstpointer data) { check_pool(data, NET_AVGPOOL, true); }

static void test_maxpool_wider_than_a_chunk(void) {
  Case c = {"wide", {3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 2, 601};
  Random random;
  random_init(&random, 5);
  g_autoptr(NetGraph) graph = naive_graph();
  naive_plain(graph, NET_MAXPOOL, 0);
  graph->nodes[1].window = c.window;
  naive_seal(graph);
  int target = 1;
  naive_check(graph, c.height, c.width, &target, 1, 3, &random);
}

static void test_maxpool_tie_goes_to_the_first(void) {
  /* 3x4, all equal but the last row: windows 2x2 stride 1. */
  const float x[12] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 2, 2, 1}, dy[6] = {1, 10, 100, 1000, 10000, 100000};
  NetWindow w = window(2, 2, 1, 1, NET_PAD_VALID, 0, 0);
  NetGeometry geometry = net_geometry(&w, 1, 3, 4);
  float y[6], dx[12];
  guint8 choice[6];
  net_maxpool_forward(&geometry, 1, x, y, choice);
  net_maxpool_backward(&geometry, 1, choice, dy, dx, false);
  const float want[12] = {1, 10, 100, 0, 0, 0, 0, 0, 0, 11000, 100000, 0};
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat(dx[i], ==, want[i]);
}

/* Planes of three values, so that most windows hold ties: the choice is the first of the largest, on every path. */
static void test_maxpool_ties_on_every_path(gconstpointer data) {
  const Case *c = data;
  NetGeometry g = net_geometry(&c->window, 1, c->height, c->width);
  gsize n = (gsize)(c->height * c->width), n_out = (gsize)(g.out_h * g.out_w);
  g_autofree float *x = g_new(float, n), *y = g_new(float, n_out);
  g_autofree guint8 *choice = g_new(guint8, n_out);
  Random random;
  random_init_stream(&random, 9, c->name);
  for (gsize i = 0; i < n; i++)
    x[i] = (float)random_below(&random, 3) - 1;
  net_maxpool_forward(&g, 1, x, y, choice);
  for (int i = 0; i < g.out_h * g.out_w; i++) {
    int top = i / g.out_w * g.stride_h - g.pad_top, left = i % g.out_w * g.stride_w - g.pad_left, first = -1;
    float best = -INFINITY;
    for (int t = 0; t < g.kernel_h * g.kernel_w; t++) {
      int row = top + t / g.kernel_w, column = left + t % g.kernel_w;
      if (row >= 0 && row < g.in_h && column >= 0 && column < g.in_w && x[row * g.in_w + column] > best) {
        best = x[row * g.in_w + column];
        first = t;
      }
    }
    g_assert_cmpint(choice[i], ==, first);
    g_assert_cmpfloat(y[i], ==, best);
  }
}

static void test_maxpool_padding_never_wins(void) {
  const float x[4] = {-3, -2, -5, -7}, dy[4] = {1, 2, 3, 4};
  NetWindow w = window(3, 3, 1, 1, NET_PAD_SAME, 0, 0);
  NetGeometry geometry = net_geometry(&w, 1, 2, 2);
  float y[4], dx[4];
  guint8 choice[4];
  net_maxpool_forward(&geometry, 1, x, y, choice);
  net_maxpool_backward(&geometry, 1, choice, dy, dx, false);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat(y[i], ==, -2);
  g_assert_cmpfloat(dx[1], ==, 10);
}

/* A diverged ascent brings infinities and NaN; backward must still write inside the image. */
static void test_maxpool_choices_stay_inside(gconstpointer data) {
  const Case *c = data;
  const float values[] = {-INFINITY, NAN, INFINITY};
  NetGeometry g = net_geometry(&c->window, 1, c->height, c->width);
  gsize n = (gsize)(c->height * c->width), n_out = (gsize)(g.out_h * g.out_w);
  g_autofree float *x = g_new(float, n), *y = g_new(float, n_out);
  g_autofree guint8 *choice = g_new(guint8, n_out);
  for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
    for (gsize i = 0; i < n; i++)
      x[i] = values[v];
    net_maxpool_forward(&g, 1, x, y, choice);
    for (int i = 0; i < g.out_h * g.out_w; i++) {
      int row = i / g.out_w * g.stride_h - g.pad_top + choice[i] / g.kernel_w;
      int column = i % g.out_w * g.stride_w - g.pad_left + choice[i] % g.kernel_w;
      g_assert_true(row >= 0 && row < g.in_h && column >= 0 && column < g.in_w);
    }
  }
}

typedef struct {
  const char *name;
  NetLrn lrn;
  int channels;
} LrnCase;
static const LrnCase lrn_cases[] = {
    {"radius 5, beta 0.5, as inception5h", {5, 2.0f, 0.01f, 0.5f}, 13},
    {"radius 2, beta 0.75, as Caffe", {2, 1.0f, 0.02f, 0.75f}, 7},
    {"radius 2, another beta", {2, 1.5f, 0.03f, 0.6f}, 5},
    {"radius wider than the channels", {5, 1.0f, 0.02f, 0.75f}, 3},
    {"radius 0", {0, 1.0f, 0.05f, 0.5f}, 4},
};
static void test_lrn(gconstpointer data) {
  const LrnCase *c = data;
  Random random;
  random_init_stream(&random, 6, c->name);
  g_autoptr(NetGraph) graph = naive_graph();
  int node = naive_conv(graph, 0, c->channels, 1, window(1, 1, 1, 1, NET_PAD_SAME, 0, 0), &random);
  node = naive_plain(graph, NET_LRN, node);
  graph->nodes[node].lrn = c->lrn;
  check_last(graph, 11, 13, &random); /* more pixels than one chunk */
}

static void test_lrn_forgets_a_large_value(void) {
  /* Channel 0 is 1e9 times the others: sums that slid past it must not keep its rounding. */
  NetLrn lrn = {.radius = 1, .bias = 2.0f, .alpha = 1e-4f, .beta = 0.5f};
  const float x[5] = {3e7f, 0.03f, 0.7f, 0.02f, 0.05f};
  float y[5];
  net_lrn_forward(&lrn, 5, 1, x, y);
  /* awk 'BEGIN { printf "%.9g\n", 0.02 / sqrt(2 + 1e-4 * (0.7^2 + 0.02^2 + 0.05^2)) }' */
  g_assert_cmpfloat_with_epsilon((double)y[3], 0.0141419614, 1e-7);
}

static void test_relu_passes_where_positive(void) {
  const float y[4] = {0, 1e-30f, 2.5f, 0}, dy[4] = {1, 2, 3, 4};
  float dx[4] = {10, 20, 30, 40};
  net_relu_backward(4, y, dy, dx, true);
  const float want[4] = {10, 22, 33, 40};
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat(dx[i], ==, want[i]);
}

static void test_elementwise(gconstpointer data) {
  NetOp op = (NetOp)GPOINTER_TO_INT(data);
  Random random;
  random_init(&random, 7 + (guint32)op);
  g_autoptr(NetGraph) graph = naive_graph();
  if (op == NET_BIAS)
    naive_bias(graph, 0, &random);
  else
    naive_plain(graph, op, 0);
  check_last(graph, 5, 7, &random);
}

static void test_concat(void) {
  Random random;
  random_init(&random, 30);
  g_autoptr(NetGraph) graph = naive_graph();
  int a = naive_conv(graph, 0, 2, 1, window(3, 3, 1, 1, NET_PAD_SAME, 0, 0), &random);
  int b = naive_conv(graph, 0, 5, 1, window(1, 1, 1, 1, NET_PAD_SAME, 0, 0), &random);
  g_autoptr(GError) error = NULL;
  net_graph_add(graph, "twice", NET_CONCAT, (int[]){b, 0, a, b}, 4, &error);
  g_assert_no_error(error);
  check_last(graph, 5, 3, &random);
}

static void test_dense_after_reshape(gconstpointer data) {
  Random random;
  random_init(&random, 31);
  g_autoptr(NetGraph) graph = naive_graph();
  int node = naive_conv(graph, 0, 4, 1, window(3, 3, 2, 2, NET_PAD_SAME, 0, 0), &random);
  node = naive_plain(graph, NET_RESHAPE, node);
  graph->nodes[node].order = (NetOrder)GPOINTER_TO_INT(data);
  node = naive_dense(graph, node, 4 * 3 * 4, 11, &random);
  node = naive_bias(graph, node, &random);
  node = naive_plain(graph, NET_RELU, node);
  naive_dense(graph, node, 11, 6, &random);
  check_last(graph, 5, 7, &random);
}

static void test_softmax_of_a_classifier(void) {
  Random random;
  random_init(&random, 32);
  g_autoptr(NetGraph) graph = naive_graph();
  int node = naive_plain(graph, NET_RESHAPE, 0);
  node = naive_dense(graph, node, 3 * 3 * 5, 9, &random);
  naive_plain(graph, NET_SOFTMAX, node);
  check_last(graph, 3, 5, &random);
}

static void test_softmax_of_large_values_is_finite(void) {
  const float x[3] = {1000, 1001, -2000};
  float y[3];
  net_softmax_forward(3, 1, x, y);
  g_assert_cmpfloat_with_epsilon((double)y[1], 0.7310585786300049, 1e-7); /* 1 / (1 + exp(-1)) */
  g_assert_cmpfloat(y[2], ==, 0);
}

static void test_input_swaps_and_scales(void) {
  NetInput input = {.bgr = true, .mean = {1, 2, 3}, .scale = {10, 100, 1000}};
  const float pixels[8] = {5, 7, 11, 13, 17, 19, -1, -1}; /* one row of two pixels, and a gap */
  float x[6], gradient[8] = {0};
  net_input_forward(&input, 1, 2, pixels, 8, x);
  const float want[6] = {100, 180, 500, 1500, 2000, 10000};
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat(x[i], ==, want[i]);
  net_input_backward(&input, 1, 2, x, gradient, 8);
  const float back[8] = {2000000, 50000, 1000, 10000000, 150000, 1800, 0, 0};
  for (int i = 0; i < 8; i++)
    g_assert_cmpfloat(gradient[i], ==, back[i]);
}

static void add_cases(const char *folder, const Case *cases, gsize n, void (*test)(gconstpointer)) {
  for (gsize i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf("/net/ops/%s/%s", folder, cases[i].name);
    g_test_add_data_func(path, &cases[i], test);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  add_cases("conv", conv_cases, G_N_ELEMENTS(conv_cases), test_conv);
  add_cases("grouped conv", conv_cases, G_N_ELEMENTS(conv_cases), test_grouped_conv);
  g_test_add_func("/net/ops/conv/in several strips", test_conv_in_several_strips);
  add_cases("maxpool", pool_cases, G_N_ELEMENTS(pool_cases), test_maxpool);
  add_cases("maxpool ties", pool_cases, G_N_ELEMENTS(pool_cases), test_maxpool_ties_on_every_path);
  add_cases("maxpool choices stay inside", pool_cases, G_N_ELEMENTS(pool_cases), test_maxpool_choices_stay_inside);
  add_cases("avgpool of real pixels", pool_cases, G_N_ELEMENTS(pool_cases), test_avgpool_of_real_pixels);
  add_cases("avgpool of the padded image", pool_cases, G_N_ELEMENTS(pool_cases), test_avgpool_of_padded_image);
  g_test_add_func("/net/ops/maxpool/wider than a chunk", test_maxpool_wider_than_a_chunk);
  g_test_add_func("/net/ops/maxpool/a tie goes to the first in row-major order", test_maxpool_tie_goes_to_the_first);
  g_test_add_func("/net/ops/maxpool/padding never wins", test_maxpool_padding_never_wins);
  for (gsize i = 0; i < G_N_ELEMENTS(lrn_cases); i++) {
    g_autofree char *path = g_strdup_printf("/net/ops/lrn/%s", lrn_cases[i].name);
    g_test_add_data_func(path, &lrn_cases[i], test_lrn);
  }
  g_test_add_func("/net/ops/lrn/forgets a large value", test_lrn_forgets_a_large_value);
  g_test_add_func("/net/ops/relu/passes the gradient where positive", test_relu_passes_where_positive);
  g_test_add_data_func("/net/ops/relu", GINT_TO_POINTER(NET_RELU), test_elementwise);
  g_test_add_data_func("/net/ops/bias", GINT_TO_POINTER(NET_BIAS), test_elementwise);
  g_test_add_data_func("/net/ops/dropout is the identity", GINT_TO_POINTER(NET_DROPOUT), test_elementwise);
  g_test_add_data_func("/net/ops/softmax over channels", GINT_TO_POINTER(NET_SOFTMAX), test_elementwise);
  g_test_add_func("/net/ops/softmax/of a classifier", test_softmax_of_a_classifier);
  g_test_add_func("/net/ops/softmax/of large values is finite", test_softmax_of_large_values_is_finite);
  g_test_add_func("/net/ops/concat, one input twice", test_concat);
  g_test_add_data_func("/net/ops/dense after a CHW reshape", GINT_TO_POINTER(NET_ORDER_CHW), test_dense_after_reshape);
  g_test_add_data_func("/net/ops/dense after a HWC reshape", GINT_TO_POINTER(NET_ORDER_HWC), test_dense_after_reshape);
  g_test_add_func("/net/ops/input/swaps channels and scales", test_input_swaps_and_scales);
  return g_test_run();
}
