#include "tests/synth/dream/network.h"

#include "synth/net/import.h"
#include "tests/support.h"

NetGraph *test_tiny5h(void) {
  g_autofree char *path = support_data("tiny5h/net.pb");
  NetGraph *graph = NULL;
  GError *error = NULL;
  net_open(path, &graph, &error);
  g_assert_no_error(error);
  return graph;
}

NetGraph *test_dead_relu(void) {
  const NetInput input = {.bgr = false, .mean = {0, 0, 0}, .scale = {1, 1, 1}};
  NetGraph *graph = net_graph_new("dead", &input);
  GError *error = NULL;
  const int inputs[] = {0, 1, 2};
  net_graph_add(graph, "input", NET_INPUT, NULL, 0, &error);
  NetNode *conv = net_graph_add(graph, "conv/conv", NET_CONV, &inputs[0], 1, &error);
  conv->window = (NetWindow){3, 3, 1, 1, NET_PAD_SAME, 0, 0};
  net_node_alloc_weights(conv, (gsize[]){4, 3, 3, 3}, 4, &error);
  for (gsize i = 0; i < conv->n_weights; i++)
    conv->weights[i] = 0.01f * (float)(1 + i % 7);
  NetNode *bias = net_graph_add(graph, "conv", NET_BIAS, &inputs[1], 1, &error);
  net_node_alloc_weights(bias, (gsize[]){4}, 1, &error);
  for (gsize i = 0; i < 4; i++)
    bias->weights[i] = -10000.0f;
  net_graph_add(graph, "conv:relu", NET_RELU, &inputs[2], 1, &error);
  net_graph_seal(graph, &error);
  g_assert_no_error(error);
  return graph;
}

int test_node(const NetGraph *graph, const char *name) {
  const int node = net_graph_find(graph, name);
  g_assert_cmpint(node, >, 0);
  return node;
}

Image *test_image(int width, int height) {
  GError *error = NULL;
  Image *image = image_new(width, height, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < (gsize)width * (gsize)height * 3; i++)
    image->pixels[i] = (float)(i * 7919 % 251) + (float)(i % 13) * 0.29f;
  return image;
}
