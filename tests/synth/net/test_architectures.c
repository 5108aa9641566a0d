/* Networks made by code: the study's names, depths and weights. */
#include "synth/net/architectures.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

static void test_layers_are_the_study_s_144(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_mini_new(&error);
  g_assert_no_error(error);
  const char *const *layers = net_inception5h_layers();
  gsize n = g_strv_length((char **)layers), found = 0;
  g_assert_cmpuint(n, ==, 144);
  for (int i = 0; i < graph->n_nodes; i++)
    found += net_graph_is_layer(graph, i);
  g_assert_cmpuint(found, ==, 144);
  for (gsize i = 0; i < n; i++) {
    int node = net_graph_find(graph, layers[i]);
    g_assert_cmpint(node, >, 0);
    g_assert_true(net_graph_is_layer(graph, node));
  }
  /* SHA-256 of the names joined by line ends, from the list built from the reference's rule in Python */
  g_autofree char *joined = g_strjoinv("\n", (char **)layers);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, joined, -1);
  g_assert_cmpstr(digest, ==, "21b7efe7a27ded860b8f7830e3d7fe54c910238949fcf0ff0196a2a13ee1b290");
}

static void test_depths_count_products(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_mini_new(&error);
  g_assert_no_error(error);
  const struct {
    const char *name;
    int depth;
  } cases[] = {
      {"input", 0},       {"conv2d0", 1},  {"localresponsenorm0", 1}, {"conv2d2", 3},  {"mixed3a_1x1", 4},
      {"mixed3a_5x5", 5}, {"mixed3a", 5},  {"mixed3b_pool", 5},       {"mixed5b", 21}, {"head0_bottleneck", 10},
      {"nn1", 17},        {"softmax2", 22}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpint(graph->nodes[net_graph_find(graph, cases[i].name)].depth, ==, cases[i].depth);
}

static void assert_weights(const NetGraph *graph, const char *name, const float *want) {
  const NetNode *node = &graph->nodes[net_graph_find(graph, name)];
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon(node->weights[i], want[i], 1e-8f);
}

static void test_weights_follow_the_documented_stream(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) mini = net_mini_new(&error);
  g_assert_no_error(error);
  /* NumPy: d = sha256(b"20240501/NAME").digest()[:16]; w = 4 big-endian words;
   * (sqrt(2 / fan_in) * RandomState(w).standard_normal(5)).astype(float32) */
  assert_weights(mini, "conv2d0_pre_relu/conv",
                 (float[]){-0.192785695f, 0.0412865542f, 0.0155322589f, 0.0785846934f, 0.0749218315f});
  assert_weights(mini, "mixed4c_5x5_pre_relu/conv",
                 (float[]){-0.133915722f, -0.285533428f, 0.0272121094f, -0.100014247f, -0.0309902970f});
  g_autoptr(NetGraph) full = net_inception5h_new("full", 1, 1008, 5, &error);
  g_assert_no_error(error);
  assert_weights(full, "nn0_pre_relu/matmul",
                 (float[]){0.0442199968f, 0.00344219245f, 0.00745538389f, 0.00985736587f, 0.0345443785f});
}

static void test_mini_says_it_is_untrained(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) mini = net_mini_new(&error), again = net_mini_new(&error);
  g_autoptr(NetGraph) other = net_inception5h_new("mini (untrained)", 0.25, 64, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(mini->name, ==, "mini (untrained)");
  g_assert_nonnull(strstr(mini->note, "random weights"));
  g_assert_cmpuint(strlen(mini->digest), ==, 64);
  g_assert_cmpstr(mini->digest, ==, again->digest);
  g_assert_cmpstr(mini->digest, !=, other->digest);
}

static void test_widths_scale_and_faults_are_refused(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("eighth", 0.125, 16, 1, &error);
  g_assert_no_error(error);
  /* 0.125 x 204 = 25.5 and 0.125 x 112 = 14 */
  g_assert_cmpint(graph->nodes[net_graph_find(graph, "mixed4a_3x3")].channels, ==, 26);
  g_assert_cmpint(graph->nodes[net_graph_find(graph, "mixed4b_3x3_bottleneck")].channels, ==, 14);
  g_assert_cmpint(graph->nodes[net_graph_find(graph, "softmax2")].channels, ==, 16);
  const double widths[] = {0, -1, 1.5};
  for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
    g_assert_null(net_inception5h_new("bad", widths[i], 10, 1, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_clear_error(&error);
  }
  g_assert_null(net_inception5h_new("bad", 0.5, 0, 1, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/net/architectures/layers are the study's 144", test_layers_are_the_study_s_144);
  g_test_add_func("/net/architectures/depths count products", test_depths_count_products);
  g_test_add_func("/net/architectures/weights follow the documented stream", test_weights_follow_the_documented_stream);
  g_test_add_func("/net/architectures/mini says it is untrained", test_mini_says_it_is_untrained);
  g_test_add_func("/net/architectures/widths scale and faults are refused", test_widths_scale_and_faults_are_refused);
  return g_test_run();
}
