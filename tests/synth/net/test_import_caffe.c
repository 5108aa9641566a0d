#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "synth/net/import.h"
#include "tests/support.h"
#include "tests/synth/net/networks.h"

static NetGraph *read_net(Caffe__Net *net) {
  g_autoptr(GBytes) bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  GError *error = NULL;
  NetGraph *graph = NULL;
  net_read_caffe("folder/a.caffemodel", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &graph, &error);
  g_assert_no_error(error);
  return graph;
}

static void assert_refused(Caffe__Net *net, const char *message) {
  g_autoptr(GBytes) bytes = networks_caffe_pack(net);
  caffe__net__free_unpacked(net, NULL);
  g_autoptr(GError) error = NULL;
  NetGraph *graph = NULL;
  g_assert_false(
      net_read_caffe("folder/a.caffemodel", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &graph, &error));
  g_assert_null(graph);
  if (strstr(error->message, message) == NULL || strstr(error->message, "a.caffemodel") == NULL)
    g_error("'%s' expected, got '%s'", message, error->message);
}

static const NetNode *node_of(const NetGraph *graph, const char *name) {
  int found = net_graph_find(graph, name);
  if (found < 0)
    g_error("no node %s", name);
  return &graph->nodes[found];
}

static void both_sides_of_a_relu_have_names(void) {
  static const struct {
    const char *name;
    NetOp op;
    const char *input;
  } expected[] = {{"conv1/conv", NET_CONV, "data"},
                  {"conv1", NET_BIAS, "conv1/conv"},
                  {"conv1:relu", NET_RELU, "conv1"},
                  {"norm1", NET_LRN, "conv1:relu"},
                  {"pool1", NET_MAXPOOL, "norm1"},
                  {"conv2/conv", NET_CONV, "pool1"},
                  {"conv2", NET_BIAS, "conv2/conv"},
                  {"conv2:relu", NET_RELU, "conv2"},
                  {"mixed/output", NET_CONCAT, "conv2:relu"},
                  {"pool2/ave", NET_AVGPOOL, "mixed/output"},
                  {"pool2/drop", NET_DROPOUT, "pool2/ave"},
                  {"pool2", NET_RESHAPE, "pool2/drop"},
                  {"ip/matmul", NET_DENSE, "pool2"},
                  {"ip", NET_BIAS, "ip/matmul"},
                  {"prob", NET_SOFTMAX, "ip"}};
  g_autoptr(NetGraph) graph = read_net(networks_caffe_example());
  g_assert_cmpint(graph->n_nodes, ==, G_N_ELEMENTS(expected) + 1);
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    const NetNode *node = &graph->nodes[i + 1];
    g_assert_cmpstr(node->name, ==, expected[i].name);
    g_assert_cmpint(node->op, ==, expected[i].op);
    g_assert_cmpstr(graph->nodes[node->inputs[0]].name, ==, expected[i].input);
  }
}

static void a_relu_of_its_own_keeps_its_name(void) {
  Caffe__Net *net = networks_caffe_example();
  Caffe__Layer *relu = networks_caffe_find(net, "relu1");
  g_free(relu->top[0]);
  relu->top[0] = g_strdup("after");
  Caffe__Layer *norm = networks_caffe_find(net, "norm1");
  g_free(norm->bottom[0]);
  norm->bottom[0] = g_strdup("after");
  g_autoptr(NetGraph) graph = read_net(net);
  g_assert_cmpint(net_graph_find(graph, "conv1:relu"), <, 0);
  g_assert_cmpint(node_of(graph, "relu1")->op, ==, NET_RELU);
}

static void parameters_and_defaults(void) {
  g_autoptr(NetGraph) graph = read_net(networks_caffe_example());
  const NetNode *conv1 = node_of(graph, "conv1/conv"), *conv2 = node_of(graph, "conv2/conv");
  g_assert_cmpint(conv1->window.kernel_h, ==, 3);
  g_assert_cmpint(conv1->window.stride_w, ==, 1);
  g_assert_cmpint(conv1->window.pad_h, ==, 1);
  g_assert_cmpint(conv1->window.rule, ==, NET_PAD_EXPLICIT);
  g_assert_cmpfloat(conv1->weights[107], ==, -0.53f + 0.01f * 107);
  g_assert_cmpint(conv2->groups, ==, 2);
  g_assert_cmpint(conv2->window.kernel_h, ==, 2);
  g_assert_cmpint(conv2->window.kernel_w, ==, 1);
  const NetLrn *lrn = &node_of(graph, "norm1")->lrn;
  g_assert_cmpint(lrn->radius, ==, 1);
  g_assert_cmpfloat(lrn->alpha, ==, 0.0006f / 3);
  g_assert_cmpfloat(lrn->beta, ==, 0.75f);
  g_assert_cmpfloat(lrn->bias, ==, 1);
  g_assert_cmpint(node_of(graph, "pool1")->window.rule, ==, NET_PAD_CEIL);
  g_assert_true(node_of(graph, "pool2/ave")->average_counts_padding);
  g_assert_cmpint(node_of(graph, "pool2")->order, ==, NET_ORDER_CHW);
  g_assert_true(graph->input.bgr);
  g_assert_cmpfloat(graph->input.mean[0], ==, 104);
  g_assert_cmpfloat(graph->input.mean[1], ==, 117);
  g_assert_cmpfloat(graph->input.mean[2], ==, 123);

  /* 9x11: the pools round up. */
  g_autofree NetShape *shapes = g_new(NetShape, (gsize)graph->n_nodes);
  net_graph_shapes(graph, 9, 11, shapes);
  NetShape pool1 = shapes[net_graph_find(graph, "pool1")], pool2 = shapes[net_graph_find(graph, "pool2/ave")];
  g_assert_cmpint(pool1.height, ==, 4);
  g_assert_cmpint(pool1.width, ==, 5);
  g_assert_cmpint(pool2.height, ==, 1);
  g_assert_cmpint(pool2.width, ==, 2);
  g_assert_cmpint(shapes[graph->n_nodes - 1].channels, ==, 3);
}

static void windows_of_two_sizes(void) {
  Caffe__Net *net = networks_caffe_example();
  Caffe__Convolution *conv = networks_caffe_find(net, "conv1")->convolution;
  conv->n_stride = 2; /* height, width */
  conv->stride = g_memdup2((const uint32_t[]){1, 2}, 2 * sizeof(uint32_t));
  g_free(conv->pad);
  conv->pad = NULL;
  conv->n_pad = 0;
  conv->has_pad_w = 1;
  conv->pad_w = 2;
  Caffe__Pooling *pool = networks_caffe_find(net, "pool1")->pooling;
  pool->has_kernel_size = 0;
  pool->has_kernel_h = pool->has_kernel_w = pool->has_round_mode = 1;
  pool->kernel_h = 2;
  pool->kernel_w = 3;
  pool->round_mode = 1;
  g_autoptr(NetGraph) graph = read_net(net);
  const NetWindow *window = &node_of(graph, "conv1/conv")->window;
  g_assert_cmpint(window->stride_h, ==, 1);
  g_assert_cmpint(window->stride_w, ==, 2);
  g_assert_cmpint(window->pad_h, ==, 0);
  g_assert_cmpint(window->pad_w, ==, 2);
  window = &node_of(graph, "pool1")->window;
  g_assert_cmpint(window->kernel_h, ==, 2);
  g_assert_cmpint(window->kernel_w, ==, 3);
  g_assert_cmpint(window->rule, ==, NET_PAD_EXPLICIT);
}

static void global_pooling_covers_the_declared_size(void) {
  Caffe__Net *net = networks_caffe_example();
  Caffe__Pooling *pool = networks_caffe_find(net, "pool2/ave")->pooling;
  pool->has_kernel_size = pool->has_stride = 0;
  pool->has_global_pooling = pool->global_pooling = 1;
  Caffe__Layer *ip = networks_caffe_find(net, "ip");
  ip->blobs[0]->shape->dim[1] = 8;
  ip->blobs[0]->n_data = 24;
  g_autoptr(NetGraph) graph = read_net(net);
  const NetNode *node = node_of(graph, "pool2/ave");
  g_assert_cmpint(node->window.kernel_h, ==, 3);
  g_assert_cmpint(node->window.kernel_w, ==, 5);
}

/* Everything but the file's layout is the same, so the native files are too. */
static void old_format_gives_the_same_network(void) {
  Caffe__Net *old = networks_caffe_example();
  networks_caffe_to_v1(old);
  g_autoptr(NetGraph) v2 = read_net(networks_caffe_example()), v1 = read_net(old);
  g_autofree char *folder = support_folder();
  g_autofree char *path1 = g_build_filename(folder, "1", NULL), *path2 = g_build_filename(folder, "2", NULL);
  g_autofree char *digest1 = NULL, *digest2 = NULL;
  GError *error = NULL;
  net_write_safetensors(v1, path1, &error);
  g_assert_no_error(error);
  net_write_safetensors(v2, path2, &error);
  g_assert_no_error(error);
  files_sha256(path1, &digest1, &error);
  files_sha256(path2, &digest2, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(digest1, ==, digest2);
  support_remove(folder);
}

static void layers_of_training_are_left_out(void) {
  Caffe__Net *net = networks_caffe_example();
  net->n_input_dim = 0;
  g_free(net->input[0]);
  net->n_input = 0;
  Caffe__Layer *data = networks_caffe_layer(net, "data", "Data", "", "data label");
  data->transform = g_new(Caffe__Transform, 1);
  caffe__transform__init(data->transform);
  data->transform->n_mean_value = 3;
  data->transform->mean_value = g_memdup2((const float[]){101.5f, 112.25f, 120.75f}, 3 * sizeof(float));
  memmove(net->layer + 1, net->layer, (net->n_layer - 1) * sizeof *net->layer);
  net->layer[0] = data;
  networks_caffe_layer(net, "label_split", "Split", "label", "label_0 label_1");
  networks_caffe_layer(net, "loss", "SoftmaxWithLoss", "ip label_0", "loss");
  networks_caffe_layer(net, "top-1", "Accuracy", "ip label_1", "top-1");
  g_autoptr(NetGraph) graph = read_net(net);
  g_assert_cmpint(graph->n_nodes, ==, 16);
  g_assert_cmpfloat(graph->input.mean[0], ==, 101.5f);
  g_assert_cmpfloat(graph->input.mean[2], ==, 120.75f);
}

static void vgg_has_a_mean_of_its_own(void) {
  Caffe__Net *net = networks_caffe_example();
  g_free(net->name);
  net->name = g_strdup("VGG_ILSVRC_16_layers");
  g_autoptr(NetGraph) graph = read_net(net);
  g_assert_cmpfloat(graph->input.mean[0], ==, 103.939f);
}

static void faults_are_refused(void) {
  Caffe__Net *net = networks_caffe_example();
  networks_caffe_layer(net, "bn", "BatchNorm", "conv2", "bn");
  assert_refused(net, "layer 'bn': unknown layer type 'BatchNorm'; known are Convolution");

  net = networks_caffe_example();
  networks_caffe_layer(net, "norm1", "ReLU", "conv2", "x");
  assert_refused(net, "two nodes are named norm1");

  net = networks_caffe_example();
  networks_caffe_layer(net, "late", "ReLU", "later", "late");
  assert_refused(net, "layer 'late': no layer before it makes its input 'later'");

  net = networks_caffe_example();
  networks_caffe_find(net, "conv1")->blobs[0]->n_data--;
  assert_refused(net, "layer 'conv1': 108 values expected in its blob 0, found 107");

  net = networks_caffe_example();
  networks_caffe_find(net, "conv1")->blobs[0]->shape->dim[2] = 5;
  assert_refused(net, "layer 'conv1': weights for 4 outputs and a 3x3 kernel expected, found shape 4 x 3 x 5 x 3");

  net = networks_caffe_example();
  networks_caffe_find(net, "conv1")->blobs[0]->shape->dim[2] = G_MAXINT64;
  assert_refused(net, "its weights have an impossible shape");

  net = networks_caffe_example();
  networks_caffe_find(net, "conv2")->convolution->group = 3;
  assert_refused(net, "3 groups");

  net = networks_caffe_example();
  networks_caffe_find(net, "conv2")->blobs[0]->data[5] = INFINITY;
  assert_refused(net, "finite");

  net = networks_caffe_example();
  networks_caffe_find(net, "norm1")->lrn->has_norm_region = 1;
  networks_caffe_find(net, "norm1")->lrn->norm_region = 1;
  assert_refused(net, "layer 'norm1': normalisation across channels expected");

  net = networks_caffe_example();
  networks_caffe_find(net, "norm1")->lrn->local_size = 4;
  assert_refused(net, "an odd local_size expected, found 4");

  net = networks_caffe_example();
  networks_caffe_find(net, "pool1")->pooling->pool = 2;
  assert_refused(net, "max or average pooling expected, found method 2");

  net = networks_caffe_example();
  networks_caffe_find(net, "pool1")->pooling->has_pad = 1;
  networks_caffe_find(net, "pool1")->pooling->pad = 100000;
  assert_refused(net, "layer 'pool1': its pad is over 4096");

  net = networks_caffe_example();
  Caffe__Layer *relu = networks_caffe_find(net, "relu1");
  relu->relu = g_new(Caffe__Relu, 1);
  caffe__relu__init(relu->relu);
  relu->relu->has_negative_slope = 1;
  relu->relu->negative_slope = 0.1f;
  assert_refused(net, "a plain ReLU expected");

  net = networks_caffe_example();
  net->input_dim[1] = 1;
  assert_refused(net, "an input of 3 channels expected, found 1");

  net = networks_caffe_example();
  while (networks_caffe_find(net, "conv1")->n_blobs > 0)
    caffe__blob__free_unpacked(networks_caffe_find(net, "conv1")->blobs[--networks_caffe_find(net, "conv1")->n_blobs],
                               NULL);
  assert_refused(net, "a trained .caffemodel expected, not a network definition");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/synth/net/caffe/both sides of an in-place ReLU have names", both_sides_of_a_relu_have_names);
  g_test_add_func("/synth/net/caffe/a ReLU that is not in place keeps its name", a_relu_of_its_own_keeps_its_name);
  g_test_add_func("/synth/net/caffe/parameters and defaults are Caffe's", parameters_and_defaults);
  g_test_add_func("/synth/net/caffe/windows may have two sizes", windows_of_two_sizes);
  g_test_add_func("/synth/net/caffe/global pooling covers the declared image", global_pooling_covers_the_declared_size);
  g_test_add_func("/synth/net/caffe/the old layer format gives the same network", old_format_gives_the_same_network);
  g_test_add_func("/synth/net/caffe/layers of training are left out and their mean is kept",
                  layers_of_training_are_left_out);
  g_test_add_func("/synth/net/caffe/VGG has a mean of its own", vgg_has_a_mean_of_its_own);
  g_test_add_func("/synth/net/caffe/faults are refused with the layer's name", faults_are_refused);
  return g_test_run();
}
