/* Graphs: building and its faults, shapes and sizes, which nodes are layers, depth and type. */
#include "synth/net/graph.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/table.h"
#include "synth/net/architectures.h"
#include "synth/net/import.h"
#include "tests/support.h"

static const NetInput rgb = {.bgr = false, .mean = {117, 117, 117}, .scale = {1, 1, 1}};
static const NetWindow square3 = {3, 3, 1, 1, NET_PAD_SAME, 0, 0};

static NetNode *add(NetGraph *graph, const char *name, NetOp op, int input) {
  g_autoptr(GError) error = NULL;
  NetNode *node = net_graph_add(graph, name, op, &input, op == NET_INPUT ? 0 : 1, &error);
  g_assert_no_error(error);
  return node;
}

static void weights(NetNode *node, gsize a, gsize b, gsize c, gsize d) {
  g_autoptr(GError) error = NULL;
  net_node_alloc_weights(node, (gsize[]){a, b, c, d}, 4, &error);
  g_assert_no_error(error);
}

/* input -> conv (5 channels, 3x3) -> bias -> pool 3x3 */
static NetGraph *small_graph(void) {
  NetGraph *graph = net_graph_new("small", &rgb);
  add(graph, "data", NET_INPUT, 0);
  NetNode *node = add(graph, "unit/conv", NET_CONV, 0);
  node->window = square3;
  weights(node, 5, 3, 3, 3);
  weights(add(graph, "unit", NET_BIAS, 1), 5, 1, 1, 1);
  add(graph, "pool", NET_MAXPOOL, 2)->window = square3;
  return graph;
}

static void assert_refused(NetGraph *graph, const char *message) {
  g_autoptr(GError) error = NULL;
  g_assert_false(net_graph_seal(graph, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(error->message, ==, message);
  net_graph_free(graph);
}

static void test_names_and_inputs_are_checked_on_adding(void) {
  g_autoptr(NetGraph) graph = small_graph();
  int inputs[] = {0, 4};
  const struct {
    const char *name;
    int n_inputs;
    const char *message;
  } cases[] = {{"", 1, "small: node 4 (concat) has no name"},
               {"pool", 1, "small: two nodes are named pool"},
               {"loop", 2, "small: input 1 of node loop is not a node before it"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(net_graph_add(graph, cases[i].name, NET_CONCAT, inputs, cases[i].n_inputs, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, cases[i].message);
  }
  g_assert_cmpint(graph->n_nodes, ==, 4);
}

static void test_impossible_weights_are_refused(void) {
  g_autoptr(NetGraph) graph = small_graph();
  const gsize dims[][2] = {{G_MAXSIZE / 2, 3}, {0, 3}, {3, G_MAXINT}};
  for (gsize i = 0; i < G_N_ELEMENTS(dims); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(net_node_alloc_weights(&graph->nodes[3], dims[i], 2, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_null(graph->nodes[3].weights);
  }
}

static void test_sealing_refuses_what_does_not_fit(void) {
  NetGraph *graph = net_graph_new("none", &rgb);
  assert_refused(graph, "none: a network without nodes");
  graph = small_graph();
  graph->nodes[1].window.kernel_w = 0;
  assert_refused(graph, "small: node unit/conv (conv) has a 3x0 kernel; 1 to 1024 was expected");
  graph = small_graph();
  graph->nodes[3].window.stride_h = 5000;
  assert_refused(graph, "small: node pool (maxpool) has strides 5000x1; 1 to 1024 was expected");
  graph = small_graph();
  graph->nodes[3].window.pad_h = 3;
  assert_refused(graph, "small: node pool (maxpool) has pads 3x0; 0 to 2x2 was expected");
  graph = small_graph();
  graph->nodes[3].window.kernel_h = 100;
  assert_refused(graph, "small: node pool (maxpool) has a 100x3 window; at most 256 pixels were expected");
  graph = small_graph();
  graph->nodes[1].window.rule = NET_PAD_CEIL;
  assert_refused(graph, "small: node unit/conv (conv) rounds its size up, which only pools do");
  graph = small_graph();
  graph->nodes[1].window.kernel_h = 5;
  assert_refused(graph,
                 "small: node unit/conv (conv) has 135 weights; 5 outputs x 45 (3 inputs / 1 groups x 5 x 3) were "
                 "expected");
  graph = small_graph();
  graph->nodes[1].groups = 3;
  assert_refused(graph, "small: node unit/conv (conv) has 3 groups, which do not divide 3 input and 5 output channels");
  graph = small_graph();
  graph->nodes[1].weights[7] = NAN;
  assert_refused(graph, "small: node unit/conv (conv) has weight 7 = nan; a finite number was expected");
  graph = small_graph();
  weights(add(graph, "other", NET_BIAS, 3), 4, 1, 1, 1);
  assert_refused(graph, "small: node other (bias) has 4 values; 5 channels were expected");
  graph = small_graph();
  add(graph, "bare", NET_DENSE, 3);
  assert_refused(graph, "small: node bare (dense) has no weights");
  graph = small_graph();
  add(graph, "norm", NET_LRN, 3)->lrn = (NetLrn){5, 0, 1e-4f, 0.5f};
  assert_refused(graph,
                 "small: node norm (lrn) has bias 0, alpha 0.0001, beta 0.5; bias > 0 and alpha >= 0 were expected");
  graph = small_graph();
  add(graph, "again", NET_INPUT, 0);
  assert_refused(graph, "small: node again (input) is a second input");
}

static void test_unknown_layer_names_the_nearest(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("tiny", 0.05, 10, 1, &error);
  g_assert_no_error(error);
  int node = -7;
  g_assert_false(net_graph_require(graph, "mixed4c_5x5_prerelu", &node, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_cmpstr(
      error->message, ==,
      "tiny has no layer \"mixed4c_5x5_prerelu\" (did you mean \"mixed4c_5x5_pre_relu\"?); dreamrig-synth layers "
      "lists all 144");
  g_assert_cmpint(node, ==, -7);
  g_clear_error(&error);
  g_assert_false(net_graph_require(graph, "block5_conv3_out", &node, &error));
  g_assert_cmpstr(error->message, ==, "tiny has no layer \"block5_conv3_out\"; dreamrig-synth layers lists all 144");
}

static void test_shapes_of_the_study_at_512(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = net_inception5h_new("full", 1, 1008, 1, &error);
  g_assert_no_error(error);
  const struct {
    const char *name;
    NetShape shape;
  } cases[] = {{"conv2d0", {64, 256, 256}},  {"maxpool0", {64, 128, 128}}, {"conv2d2_pre_relu", {192, 128, 128}},
               {"mixed3b", {480, 64, 64}},   {"maxpool4", {480, 32, 32}},  {"mixed4a", {508, 32, 32}},
               {"mixed4d", {528, 32, 32}},   {"mixed5a", {832, 16, 16}},   {"mixed5b", {1024, 16, 16}},
               {"head0_pool", {508, 10, 10}}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int node;
    NetShape shape;
    g_assert_true(net_graph_require(graph, cases[i].name, &node, &error));
    g_assert_true(net_graph_check_size(graph, node, 512, 512, &shape, &error));
    g_assert_true(memcmp(&shape, &cases[i].shape, sizeof shape) == 0);
  }
  /* The classifier is fixed to one size, which its message tells. */
  NetShape shape;
  g_assert_false(net_graph_check_size(graph, net_graph_find(graph, "softmax2"), 512, 512, &shape, &error));
  g_assert_cmpstr(
      error->message, ==,
      "full: layer softmax2 cannot be computed for an image of 512x512 pixels; the largest size that works is "
      "224x224");
  g_clear_error(&error);
  g_assert_false(net_graph_check_size(graph, net_graph_find(graph, "softmax2"), 180, 512, &shape, &error));
  g_assert_nonnull(strstr(error->message, "the smallest size that works is 193x193"));
}

static void test_window_outputs(void) {
  const struct {
    NetWindow window;
    int input, output, pad;
  } cases[] = {
      {{7, 7, 2, 2, NET_PAD_SAME, 0, 0}, 207, 104, 3},    {{7, 7, 2, 2, NET_PAD_SAME, 0, 0}, 800, 400, 2},
      {{3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 128, 64, 0},     {{3, 3, 2, 2, NET_PAD_SAME, 0, 0}, 145, 73, 1},
      {{2, 2, 3, 3, NET_PAD_SAME, 0, 0}, 7, 3, 0},        {{5, 5, 3, 3, NET_PAD_VALID, 0, 0}, 32, 10, 0},
      {{5, 5, 3, 3, NET_PAD_VALID, 0, 0}, 4, 0, 0},       {{3, 3, 2, 2, NET_PAD_CEIL, 0, 0}, 112, 56, 0},
      {{3, 3, 2, 2, NET_PAD_EXPLICIT, 0, 0}, 112, 55, 0}, {{2, 2, 2, 2, NET_PAD_CEIL, 1, 1}, 7, 4, 1},
      {{2, 2, 2, 2, NET_PAD_CEIL, 1, 1}, 6, 4, 1},        {{7, 7, 2, 2, NET_PAD_EXPLICIT, 3, 3}, 224, 112, 3},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int pad = -1;
    g_assert_cmpint(net_window_output(&cases[i].window, i % 2, cases[i].input, &pad), ==, cases[i].output);
    g_assert_cmpint(pad, ==, cases[i].pad);
  }
}

static void test_a_caffe_like_graph_has_both_sides_as_layers(void) {
  g_autoptr(NetGraph) graph = small_graph();
  add(graph, "unit:relu", NET_RELU, 3);
  NetNode *bare = add(graph, "bare", NET_CONV, 4);
  bare->window = square3;
  weights(bare, 2, 5, 3, 3);
  add(graph, "drop", NET_DROPOUT, 5);
  add(graph, "flat", NET_RESHAPE, 6);
  NetNode *dense = add(graph, "fc/conv", NET_DENSE, 7);
  weights(dense, 4, 50, 1, 1);
  weights(add(graph, "fc", NET_BIAS, 8), 4, 1, 1, 1);
  add(graph, "prob", NET_SOFTMAX, 9);
  g_autoptr(GError) error = NULL;
  net_graph_seal(graph, &error);
  g_assert_no_error(error);
  g_autoptr(GString) names = g_string_new(NULL);
  for (int i = 0; i < graph->n_nodes; i++)
    if (net_graph_is_layer(graph, i))
      g_string_append_printf(names, "%s ", graph->nodes[i].name);
  g_assert_cmpstr(names->str, ==, "unit pool unit:relu bare fc ");
  g_assert_cmpint(graph->nodes[2].depth, ==, 1);
  g_assert_cmpint(graph->nodes[10].depth, ==, 3);
}

/* The table's pool5 is the flattened pool5/7x7_s1: a node of that name, but no layer of its own. */
static void test_layers_of_googlenet_are_the_oracle_s(void) {
  g_autofree char *network = support_shared("weights/googlenet-bvlc.caffemodel");
  g_autofree char *table_path = network ? support_shared("oracles/googlenet-bvlc/layers.tsv") : NULL;
  if (!table_path)
    return;
  g_autoptr(GError) error = NULL;
  g_autoptr(NetGraph) graph = NULL;
  g_autoptr(Table) table = NULL;
  g_assert_true(net_open(network, &graph, &error) && table_read(table_path, &table, &error));
  int n_layers = 0;
  for (int i = 0; i < graph->n_nodes; i++)
    n_layers += net_graph_is_layer(graph, i);
  g_assert_cmpint(n_layers, ==, 140);
  g_assert_cmpuint(table_n_rows(table), ==, 140);
  for (gsize row = 0; row < 140; row++) {
    const char *name = table_get(table, row, 0);
    int node = net_graph_find(graph, strcmp(name, "pool5") == 0 ? "pool5/7x7_s1" : name);
    g_assert_cmpint(node, >=, 0);
    g_assert_true(net_graph_is_layer(graph, node));
  }
}

static void test_types_drop_block_and_number(void) {
  const char *const cases[][2] = {
      {"mixed4c_5x5_pre_relu", "5x5_pre_relu"},
      {"mixed3a_3x3_bottleneck", "3x3_bottleneck"},
      {"mixed5b_pool", "pool"},
      {"mixed4c", "mixed"},
      {"conv2d0", "conv2d"},
      {"conv2d2_pre_relu", "conv2d_pre_relu"},
      {"maxpool10", "maxpool"},
      {"localresponsenorm1", "localresponsenorm"},
      {"head1_bottleneck_pre_relu", "head_bottleneck_pre_relu"},
      {"inception_3a/5x5_reduce:relu", "5x5_reduce:relu"},
      {"inception_4e/output", "output"},
      {"conv1/7x7_s2:relu", "conv/7x7_s2:relu"},
      {"pool1/norm1", "pool/norm"},
      {"pool5", "pool"},
      {"loss3/classifier", "loss/classifier"},
      {"conv5_3", "conv"},
      {"fc6:relu", "fc:relu"},
      {"12", "12"},
  };
  g_autoptr(NetGraph) graph = net_graph_new("names", &rgb);
  add(graph, "input", NET_INPUT, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    add(graph, cases[i][0], NET_RELU, 0);
  g_autoptr(GError) error = NULL;
  net_graph_seal(graph, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    g_assert_cmpstr(graph->nodes[i + 1].type, ==, cases[i][1]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/net/graph/names and inputs are checked on adding", test_names_and_inputs_are_checked_on_adding);
  g_test_add_func("/net/graph/impossible weights are refused", test_impossible_weights_are_refused);
  g_test_add_func("/net/graph/sealing refuses what does not fit", test_sealing_refuses_what_does_not_fit);
  g_test_add_func("/net/graph/an unknown layer names the nearest", test_unknown_layer_names_the_nearest);
  g_test_add_func("/net/graph/shapes of the study at 512", test_shapes_of_the_study_at_512);
  g_test_add_func("/net/graph/window outputs", test_window_outputs);
  g_test_add_func("/net/graph/a Caffe-like graph has both sides as layers",
                  test_a_caffe_like_graph_has_both_sides_as_layers);
  g_test_add_func("/net/graph/layers of GoogLeNet are the oracle's", test_layers_of_googlenet_are_the_oracle_s);
  g_test_add_func("/net/graph/types drop block and number", test_types_drop_block_and_number);
  return g_test_run();
}
