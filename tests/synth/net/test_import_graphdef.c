#include <math.h>
#include <string.h>

#include "synth/net/import.h"
#include "synth/net/plan.h"
#include "tests/support.h"
#include "tests/synth/net/networks.h"

/* Reads the graph, which it frees. */
static NetGraph *read_graph(Tensorflow__Graph *file) {
  g_autoptr(GBytes) bytes = networks_tf_pack(file);
  tensorflow__graph__free_unpacked(file, NULL);
  GError *error = NULL;
  NetGraph *graph = NULL;
  g_assert_true(
      net_read_graphdef("folder/net.pb", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &graph, &error));
  g_assert_no_error(error);
  return graph;
}

static void assert_refused(Tensorflow__Graph *file, const char *message) {
  g_autoptr(GBytes) bytes = networks_tf_pack(file);
  tensorflow__graph__free_unpacked(file, NULL);
  g_autoptr(GError) error = NULL;
  NetGraph *graph = NULL;
  g_assert_false(
      net_read_graphdef("folder/net.pb", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &graph, &error));
  g_assert_null(graph);
  if (strstr(error->message, message) == NULL || strstr(error->message, "net.pb") == NULL)
    g_error("'%s' expected, got '%s'", message, error->message);
}

static const NetNode *node_of(const NetGraph *graph, const char *name) {
  int found = net_graph_find(graph, name);
  g_assert_cmpint(found, >=, 0);
  return &graph->nodes[found];
}

static Tensorflow__Tensor *value_of(Tensorflow__Graph *file, const char *name) {
  return networks_tf_find(file, name)->attr[0]->value->tensor;
}

static void set_input(Tensorflow__Graph *file, const char *node, gsize k, const char *input) {
  char **slot = &networks_tf_find(file, node)->input[k];
  g_free(*slot);
  *slot = g_strdup(input);
}

static void names_ops_and_defaults(void) {
  static const struct {
    const char *name;
    NetOp op;
  } expected[] = {{"input", NET_INPUT},  {"unit_pre_relu/conv", NET_CONV}, {"unit_pre_relu", NET_BIAS},
                  {"unit", NET_RELU},    {"maxpool0", NET_MAXPOOL},        {"lrn0", NET_LRN},
                  {"mixed", NET_CONCAT}, {"avgpool0", NET_AVGPOOL},        {"flat", NET_RESHAPE},
                  {"logits", NET_DENSE}, {"softmax0", NET_SOFTMAX},        {"output", NET_DROPOUT}};
  g_autoptr(NetGraph) graph = read_graph(networks_tf_example());
  g_assert_cmpint(graph->n_nodes, ==, G_N_ELEMENTS(expected));
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_assert_cmpstr(graph->nodes[i].name, ==, expected[i].name);
    g_assert_cmpint(graph->nodes[i].op, ==, expected[i].op);
  }
  g_assert_cmpstr(graph->name, ==, "net.pb");
  g_assert_false(graph->input.bgr);
  for (int c = 0; c < 3; c++) {
    g_assert_cmpfloat(graph->input.mean[c], ==, 117);
    g_assert_cmpfloat(graph->input.scale[c], ==, 1);
  }
  const NetLrn *lrn = &node_of(graph, "lrn0")->lrn;
  g_assert_cmpint(lrn->radius, ==, 5);
  g_assert_cmpfloat(lrn->bias, ==, 1);
  g_assert_cmpfloat(lrn->alpha, ==, 1);
  g_assert_cmpfloat(lrn->beta, ==, 0.5f);
  g_assert_cmpint(node_of(graph, "unit_pre_relu/conv")->window.rule, ==, NET_PAD_SAME);
  g_assert_cmpint(node_of(graph, "avgpool0")->window.rule, ==, NET_PAD_VALID);
  g_assert_false(node_of(graph, "avgpool0")->average_counts_padding);
}

static void filters_are_transposed(void) {
  g_autoptr(NetGraph) graph = read_graph(networks_tf_example());
  const NetNode *conv = node_of(graph, "unit_pre_relu/conv");
  g_assert_cmpint(conv->window.kernel_h, ==, 3);
  g_assert_cmpint(conv->window.kernel_w, ==, 2);
  g_assert_cmpint(conv->channels, ==, 2);
  for (int o = 0; o < 2; o++)
    for (int i = 0; i < 3; i++)
      for (int y = 0; y < 3; y++)
        for (int x = 0; x < 2; x++) {
          int hwio = ((y * 2 + x) * 3 + i) * 2 + o, oihw = ((o * 3 + i) * 3 + y) * 2 + x;
          g_assert_cmpfloat(conv->weights[oihw], ==, 0.01f * (float)(hwio + 1));
        }
}

/* Rows of the matrix follow the order height, width, channel of what is reshaped. */
static void matrix_reads_channels_last(void) {
  Tensorflow__Graph *file = g_new(Tensorflow__Graph, 1);
  tensorflow__graph__init(file);
  networks_tf_node(file, "input", "Placeholder", "");
  networks_tf_ints(networks_tf_constant(file, "shape", (const gint64[]){2}, 1), (const int[]){-1, 18}, 2);
  networks_tf_node(file, "flat", "Reshape", "input shape");
  float matrix[18 * 2];
  for (int i = 0; i < 36; i++)
    matrix[i] = 0.013f * (float)((i * 7) % 36) - 0.2f;
  networks_tf_content(networks_tf_constant(file, "m", (const gint64[]){18, 2}, 2), matrix, 36);
  networks_tf_node(file, "logits", "MatMul", "flat m");
  g_autoptr(NetGraph) graph = read_graph(file);

  float pixels[2 * 3 * 3];
  double expected[2] = {0, 0};
  for (int i = 0; i < 18; i++) {
    pixels[i] = (float)((i * 41) % 256);
    for (int o = 0; o < 2; o++)
      expected[o] += ((double)pixels[i] - 117) * (double)matrix[i * 2 + o];
  }
  GError *error = NULL;
  int target = net_graph_find(graph, "logits");
  g_autoptr(NetPlan) plan = net_plan_new(graph, 2, 3, &target, 1, NULL, &error);
  g_assert_no_error(error);
  net_plan_forward(plan, pixels, 9);
  NetShape shape;
  const float *logits = net_plan_activation(plan, 0, &shape);
  g_assert_cmpint(shape.channels, ==, 2);
  support_assert_near("logit 0", (double)logits[0], expected[0], 1e-5, 0);
  support_assert_near("logit 1", (double)logits[1], expected[1], 1e-5, 0);
}

static void transposed_matrix(void) {
  Tensorflow__Graph *file = networks_tf_example();
  Tensorflow__Tensor *m = value_of(file, "m");
  m->shape->dim[0]->size = 3;
  m->shape->dim[1]->size = 16;
  Tensorflow__Value *transpose = networks_tf_attribute(networks_tf_find(file, "logits"), "transpose_b");
  transpose->has_b = transpose->b = 1;
  g_autoptr(NetGraph) graph = read_graph(file);
  const NetNode *logits = node_of(graph, "logits");
  g_assert_cmpint(logits->channels, ==, 3);
  for (int i = 0; i < 48; i++)
    g_assert_cmpfloat(logits->weights[i], ==, 0.003f * (float)(i + 1));
}

static void values_in_every_form(void) {
  const float given[2] = {0.7f, -1.25f};
  for (int form = 0; form < 5; form++) {
    Tensorflow__Graph *file = networks_tf_example();
    Tensorflow__Tensor *bias = value_of(file, "b");
    float expected[2] = {0.7f, -1.25f};
    g_free(bias->content.data);
    bias->has_content = 0;
    bias->content.data = NULL;
    bias->content.len = 0;
    if (form == 0 || form == 1) { /* float_val, of all values or of one that fills the shape */
      bias->n_float_val = form == 0 ? 2 : 1;
      bias->float_val = g_memdup2(given, sizeof given);
      if (form == 1)
        expected[1] = 0.7f;
    } else if (form == 2) { /* half_val: 0x398e is 0.69434, 0xbd00 -1.25 */
      bias->dtype = 19;
      bias->n_half_val = 2;
      bias->half_val = g_memdup2((const int32_t[]){0x398e, 0xbd00}, 2 * sizeof(int32_t));
      expected[0] = 0.6943359375f;
    } else if (form == 3) { /* half content */
      bias->dtype = 19;
      bias->has_content = 1;
      bias->content.len = 4;
      bias->content.data = g_memdup2("\x8e\x39\x00\xbd", 4);
      expected[0] = 0.6943359375f;
    } else { /* behind an Identity, as a frozen variable is */
      networks_tf_content(bias, given, 2);
      networks_tf_node(file, "b/read", "Identity", "b");
      set_input(file, "unit_pre_relu", 1, "b/read");
    }
    g_autoptr(NetGraph) graph = read_graph(file);
    g_assert_cmpint(net_graph_find(graph, "b/read"), <, 0);
    for (int i = 0; i < 2; i++)
      g_assert_cmpfloat(node_of(graph, "unit_pre_relu")->weights[i], ==, expected[i]);
  }
}

/* conv2d1_b of tests/data/tiny5h/net.pb: protobuf fields 2d a0f09cbd, 2d 72d619be and so on. */
static void unpacked_float_values(void) {
  g_autofree char *path = support_data("tiny5h/net.pb");
  GError *error = NULL;
  g_autoptr(NetGraph) graph = NULL;
  net_open(path, &graph, &error);
  g_assert_no_error(error);
  const NetNode *bias = node_of(graph, "conv2d1_pre_relu");
  g_assert_cmpuint(bias->n_weights, ==, 8);
  g_assert_cmpfloat(bias->weights[0], ==, -0.0766308308f);
  g_assert_cmpfloat(bias->weights[1], ==, -0.150232106f);
  g_assert_cmpstr(graph->digest, ==, "b5c3d266941daeb0b0fe012c18a88b4d15e5d62660d765a518f94e0c17bb5f87");
}

static void references_with_output_and_control(void) {
  Tensorflow__Graph *file = networks_tf_example();
  set_input(file, "unit", 0, "unit_pre_relu:0");
  networks_tf_node(file, "later", "Relu", "^unit ^nowhere lrn0:0");
  g_autoptr(NetGraph) graph = read_graph(file);
  const NetNode *later = node_of(graph, "later");
  g_assert_cmpint(later->n_inputs, ==, 1);
  g_assert_cmpstr(graph->nodes[later->inputs[0]].name, ==, "lrn0");
}

static void any_order_of_nodes(void) {
  Tensorflow__Graph *file = networks_tf_example();
  for (gsize i = 0, k = file->n_node - 1; i < k; i++, k--) {
    Tensorflow__Node *node = file->node[i];
    file->node[i] = file->node[k];
    file->node[k] = node;
  }
  g_autoptr(NetGraph) graph = read_graph(file), straight = read_graph(networks_tf_example());
  g_assert_cmpint(graph->n_nodes, ==, straight->n_nodes);
  g_assert_cmpint(graph->nodes[0].op, ==, NET_INPUT);
  for (int i = 0; i < straight->n_nodes; i++)
    g_assert_cmpint(node_of(graph, straight->nodes[i].name)->depth, ==, straight->nodes[i].depth);
}

static void concat_with_the_axis_last(void) {
  Tensorflow__Graph *file = networks_tf_example();
  Tensorflow__Node *mixed = networks_tf_find(file, "mixed");
  g_free(mixed->op);
  mixed->op = g_strdup("ConcatV2");
  set_input(file, "mixed", 0, "unit");
  set_input(file, "mixed", 1, "lrn0");
  set_input(file, "mixed", 2, "mixed/concat_dim");
  g_autoptr(NetGraph) graph = read_graph(file);
  const NetNode *node = node_of(graph, "mixed");
  g_assert_cmpint(node->n_inputs, ==, 2);
  g_assert_cmpstr(graph->nodes[node->inputs[0]].name, ==, "unit");
  g_assert_cmpint(node->channels, ==, 4);
}

/* A chain as long as is allowed must not exhaust the stack, and one node more is refused. */
static void long_chains(void) {
  for (int more = 0; more < 2; more++) {
    Tensorflow__Graph *file = g_new(Tensorflow__Graph, 1);
    tensorflow__graph__init(file);
    const int n = 16384;
    for (int i = n + more - 1; i > 0; i--) {
      g_autofree char *name = g_strdup_printf("n%d", i), *input = g_strdup_printf("n%d", i - 1);
      networks_tf_node(file, name, "Relu", input);
    }
    networks_tf_node(file, "n0", "Placeholder", "");
    if (more == 1) {
      assert_refused(file, "16385 nodes; 1 to 16384 expected");
      continue;
    }
    g_autoptr(NetGraph) graph = read_graph(file);
    g_assert_cmpint(graph->n_nodes, ==, n);
    g_assert_cmpstr(graph->nodes[n - 1].name, ==, "n16383");
  }
}

static void faults_are_refused(void) {
  Tensorflow__Graph *file = networks_tf_example();
  networks_tf_node(file, "odd", "FusedBatchNorm", "unit");
  assert_refused(file, "node 'odd': unknown op 'FusedBatchNorm'; known are Placeholder, Const, Conv2D");

  file = networks_tf_example();
  networks_tf_node(file, "unit", "Relu", "lrn0");
  assert_refused(file, "node 'unit': two nodes have this name");

  file = networks_tf_example();
  set_input(file, "unit_pre_relu", 0, "mixed");
  assert_refused(file, "it is part of a cycle");

  file = networks_tf_example();
  set_input(file, "unit", 0, "nowhere");
  assert_refused(file, "node 'unit': its input 'nowhere' is not in the file");

  file = networks_tf_example();
  set_input(file, "unit", 0, "unit_pre_relu:1");
  assert_refused(file, "is not a node's first output");

  file = networks_tf_example();
  set_input(file, "unit", 0, "b");
  assert_refused(file, "node 'unit': input 0 must be an activation, found the constant 'b'");

  file = networks_tf_example();
  set_input(file, "unit_pre_relu", 1, "input");
  assert_refused(file, "node 'unit_pre_relu': input 1 must be a constant, found Placeholder 'input'");

  file = networks_tf_example();
  networks_tf_node(file, "label", "Placeholder", "");
  assert_refused(file, "node 'label': a second Placeholder");

  file = networks_tf_example();
  value_of(file, "w")->content.len -= 4;
  assert_refused(file, "node 'w': 36 values of 4 bytes expected, tensor_content has 140 bytes");

  file = networks_tf_example();
  value_of(file, "w")->shape->dim[0]->size = G_MAXINT64;
  assert_refused(file, "node 'w': a constant's sizes must be positive and fit in memory");

  file = networks_tf_example();
  const float bad = NAN;
  memcpy(value_of(file, "b")->content.data, &bad, sizeof bad);
  assert_refused(file, "finite");

  file = networks_tf_example();
  value_of(file, "mixed/concat_dim")->int_val[0] = 1;
  assert_refused(file, "node 'mixed': concatenation along channels (axis 3) expected, found axis 1");

  file = networks_tf_example();
  networks_tf_text(networks_tf_find(file, "maxpool0"), "data_format", "NCHW");
  assert_refused(file, "node 'maxpool0': data_format must be NHWC");

  file = networks_tf_example();
  networks_tf_window(networks_tf_find(file, "unit_pre_relu/conv"), "dilations", 2, 2);
  assert_refused(file, "dilated convolutions are not supported");

  file = networks_tf_example();
  Tensorflow__Node *input = networks_tf_find(file, "input");
  g_free(input->op);
  input->op = g_strdup("Const");
  assert_refused(file, "has no Placeholder");

  file = networks_tf_example();
  Tensorflow__Node *named = networks_tf_find(file, "output");
  g_free(named->name);
  named->name = g_strdup("out\tput");
  assert_refused(file, "a name must be 1 to 512 bytes of UTF-8 text");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/synth/net/graphdef/nodes keep names, order and default attributes", names_ops_and_defaults);
  g_test_add_func("/synth/net/graphdef/filters go from height width in out to out in height width",
                  filters_are_transposed);
  g_test_add_func("/synth/net/graphdef/a matrix behind a reshape reads channels last", matrix_reads_channels_last);
  g_test_add_func("/synth/net/graphdef/transpose_b leaves the matrix as it is", transposed_matrix);
  g_test_add_func("/synth/net/graphdef/constants may hold their values in every form", values_in_every_form);
  g_test_add_func("/synth/net/graphdef/float values may be unpacked", unpacked_float_values);
  g_test_add_func("/synth/net/graphdef/inputs may name an output or a control edge",
                  references_with_output_and_control);
  g_test_add_func("/synth/net/graphdef/nodes may come in any order", any_order_of_nodes);
  g_test_add_func("/synth/net/graphdef/ConcatV2 takes its axis last", concat_with_the_axis_last);
  g_test_add_func("/synth/net/graphdef/a chain of 16384 nodes is read and one of 16385 refused", long_chains);
  g_test_add_func("/synth/net/graphdef/faults are refused with the node's name", faults_are_refused);
  return g_test_run();
}
