/* Backward to the parameters, against five-point numerical slopes and against single images. */
#include <math.h>
#include <string.h>

#include "stimuli/base/random.h"
#include "synth/net/plan.h"
#include "tests/support.h"

#define IMAGES 3
#define HEIGHT 11
#define WIDTH 13

static NetNode *add(NetGraph *graph, const char *name, NetOp op, int input) {
  GError *error = NULL;
  NetNode *node = net_graph_add(graph, name, op, &input, 1, &error);
  g_assert_no_error(error);
  return node;
}

static void fill(NetNode *node, Random *random, const gsize *dims, int n_dims) {
  GError *error = NULL;
  g_assert_true(net_node_alloc_weights(node, dims, n_dims, &error));
  for (gsize k = 0; k < node->n_weights; k++)
    node->weights[k] = .4f * (float)random_normal(random);
  /* Far from rectifiers' kinks, where a slope is none: units are clearly on or clearly off. */
  for (gsize k = 0; n_dims == 1 && k < node->n_weights; k++)
    node->weights[k] += k % 3 == 1 ? -9 : 9;
}

/* Convolutions with stride, groups and padding, biases, pools, LRN, a concat, both reshapes' orders, a dense layer. */
static NetGraph *small_graph(NetOrder order) {
  const NetInput input = {.bgr = false, .mean = {117, 110, 104}, .scale = {.01f, .012f, .009f}};
  NetGraph *graph = net_graph_new("small", &input);
  Random random;
  random_init(&random, 2385);
  GError *error = NULL;
  g_assert_nonnull(net_graph_add(graph, "input", NET_INPUT, NULL, 0, &error));
  NetNode *node = add(graph, "first/conv", NET_CONV, 0);
  node->window = (NetWindow){.kernel_h = 3, .kernel_w = 5, .stride_h = 2, .stride_w = 1, .rule = NET_PAD_SAME};
  fill(node, &random, (gsize[]){4, 3, 3, 5}, 4);
  fill(add(graph, "first_pre_relu", NET_BIAS, 1), &random, (gsize[]){4}, 1);
  add(graph, "first", NET_RELU, 2);
  node = add(graph, "norm", NET_LRN, 3);
  node->lrn = (NetLrn){.radius = 1, .bias = 2, .alpha = .3f, .beta = .5f};
  node = add(graph, "grouped/conv", NET_CONV, 4);
  node->window = (NetWindow){
      .kernel_h = 3, .kernel_w = 3, .stride_h = 1, .stride_w = 1, .rule = NET_PAD_EXPLICIT, .pad_h = 1, .pad_w = 0};
  node->groups = 2;
  fill(node, &random, (gsize[]){6, 2, 3, 3}, 4);
  node = add(graph, "point/conv", NET_CONV, 5);
  node->window = (NetWindow){.kernel_h = 1, .kernel_w = 1, .stride_h = 1, .stride_w = 1, .rule = NET_PAD_VALID};
  fill(node, &random, (gsize[]){3, 6, 1, 1}, 4);
  fill(add(graph, "point_pre_relu", NET_BIAS, 6), &random, (gsize[]){3}, 1);
  add(graph, "point", NET_RELU, 7);
  g_assert_nonnull(net_graph_add(graph, "joined", NET_CONCAT, (int[]){8, 5}, 2, &error));
  node = add(graph, "pool", NET_AVGPOOL, 9);
  node->window = (NetWindow){.kernel_h = 3, .kernel_w = 4, .stride_h = 2, .stride_w = 3, .rule = NET_PAD_SAME};
  add(graph, "flat", NET_RESHAPE, 10)->order = order;
  fill(add(graph, "logits/matmul", NET_DENSE, 11), &random, (gsize[]){5, 9 * 3 * 4}, 2);
  fill(add(graph, "logits", NET_BIAS, 12), &random, (gsize[]){5}, 1);
  bool sealed = net_graph_seal(graph, &error);
  g_assert_no_error(error);
  g_assert_true(sealed);
  return graph;
}

typedef struct {
  NetGraph *graph;
  NetPlan *plan;
  float pixels[IMAGES * HEIGHT * WIDTH * 3];
  float coefficients[5 * IMAGES]; /* the objective: a weighted sum of the logits */
} Fixture;

static void set_up(Fixture *f, NetOrder order) {
  GError *error = NULL;
  Random random;
  random_init(&random, 77);
  f->graph = small_graph(order);
  for (gsize k = 0; k < G_N_ELEMENTS(f->pixels); k++)
    f->pixels[k] = 255 * (float)random_uniform(&random);
  for (gsize k = 0; k < G_N_ELEMENTS(f->coefficients); k++)
    f->coefficients[k] = (float)random_normal(&random);
  int target = net_graph_find(f->graph, "logits");
  f->plan = net_plan_new_training(f->graph, IMAGES, HEIGHT, WIDTH, &target, 1, NULL, &error);
  g_assert_no_error(error);
}

static void tear_down(Fixture *f) {
  net_plan_free(f->plan);
  net_graph_free(f->graph);
}

static double objective(Fixture *f) {
  net_graph_refresh(f->graph);
  net_plan_forward(f->plan, f->pixels, WIDTH * 3);
  const float *logits = net_plan_activation(f->plan, 0, NULL);
  double sum = 0;
  for (gsize k = 0; k < G_N_ELEMENTS(f->coefficients); k++)
    sum += (double)f->coefficients[k] * (double)logits[k];
  return sum;
}

static void check_slopes(NetOrder order) {
  Fixture f;
  set_up(&f, order);
  g_autofree float *gradient = g_new0(float, net_graph_n_parameters(f.graph));
  objective(&f);
  memcpy(net_plan_gradient(f.plan, 0), f.coefficients, sizeof f.coefficients);
  net_plan_backward_parameters(f.plan, gradient);
  const float *analytic = gradient;
  for (int i = 0; i < f.graph->n_nodes; i++) {
    NetNode *node = &f.graph->nodes[i];
    double largest = 0;
    for (gsize k = 0; k < node->n_weights; k++)
      largest = MAX(largest, fabs((double)analytic[k]));
    for (gsize k = 0; k < node->n_weights; k += 1 + node->n_weights / 23) {
      const float kept = node->weights[k], h = 2e-2f;
      double at[5];
      for (int s = -2; s <= 2; s++) {
        node->weights[k] = kept + (float)s * h;
        at[s + 2] = objective(&f);
      }
      node->weights[k] = kept;
      double slope = (at[0] - 8 * at[1] + 8 * at[3] - at[4]) / (12 * (double)h);
      g_autofree char *what = g_strdup_printf("%s[%" G_GSIZE_FORMAT "]", node->name, k);
      support_assert_near(what, (double)analytic[k], slope, 0, 4e-3 * largest);
    }
    analytic += node->n_weights;
  }
  tear_down(&f);
}

static void test_gradients_equal_slopes_in_channel_order(void) { check_slopes(NET_ORDER_CHW); }
static void test_gradients_equal_slopes_in_pixel_order(void) { check_slopes(NET_ORDER_HWC); }

/* A batch's activations and gradients are those of its images one by one. */
static void test_batch_equals_single_images(void) {
  Fixture f;
  set_up(&f, NET_ORDER_HWC);
  gsize n = net_graph_n_parameters(f.graph);
  g_autofree float *together = g_new0(float, n), *apart = g_new0(float, n);
  GError *error = NULL;
  int target = net_graph_find(f.graph, "logits");
  g_autoptr(NetPlan) single = net_plan_new_training(f.graph, 1, HEIGHT, WIDTH, &target, 1, NULL, &error);
  g_assert_no_error(error);
  objective(&f);
  float logits[5 * IMAGES];
  memcpy(logits, net_plan_activation(f.plan, 0, NULL), sizeof logits);
  memcpy(net_plan_gradient(f.plan, 0), f.coefficients, sizeof f.coefficients);
  net_plan_backward_parameters(f.plan, together);
  for (int image = 0; image < IMAGES; image++) {
    net_plan_forward(single, f.pixels + image * HEIGHT * WIDTH * 3, WIDTH * 3);
    const float *one = net_plan_activation(single, 0, NULL);
    for (int c = 0; c < 5; c++) {
      support_assert_near("logit", (double)logits[c * IMAGES + image], (double)one[c], 1e-5, 1e-5);
    }
    for (int c = 0; c < 5; c++)
      net_plan_gradient(single, 0)[c] = f.coefficients[c * IMAGES + image];
    net_plan_backward_parameters(single, apart);
  }
  for (gsize k = 0; k < n; k++)
    support_assert_near("gradient", (double)together[k], (double)apart[k], 1e-4, 1e-4);
  tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  net_blas_init();
  g_test_add_func("/train/parameters/gradients_equal_slopes_in_channel_order",
                  test_gradients_equal_slopes_in_channel_order);
  g_test_add_func("/train/parameters/gradients_equal_slopes_in_pixel_order",
                  test_gradients_equal_slopes_in_pixel_order);
  g_test_add_func("/train/parameters/batch_equals_single_images", test_batch_equals_single_images);
  return g_test_run();
}
