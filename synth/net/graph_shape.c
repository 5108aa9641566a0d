/* Which shapes a graph's nodes have for an image's size. */
#include "stimuli/base/error.h"
#include "stimuli/image.h"
#include "synth/net/graph.h"

int net_window_output(const NetWindow *window, bool vertical, int input, int *pad_before) {
  int k = vertical ? window->kernel_h : window->kernel_w;
  int s = vertical ? window->stride_h : window->stride_w;
  int p = vertical ? window->pad_h : window->pad_w;
  int output = 0, before = 0;
  switch (window->rule) {
  case NET_PAD_SAME: {
    output = (input + s - 1) / s;
    before = MAX((output - 1) * s + k - input, 0) / 2;
    break;
  }
  case NET_PAD_VALID:
    output = input >= k ? (input - k) / s + 1 : 0;
    break;
  case NET_PAD_EXPLICIT:
    output = input + 2 * p >= k ? (input + 2 * p - k) / s + 1 : 0;
    before = p;
    break;
  case NET_PAD_CEIL:
    output = input + 2 * p >= k ? (input + 2 * p - k + s - 1) / s + 1 : 0;
    if (output > 0 && (output - 1) * s >= input + p)
      output--;
    before = p;
    break;
  }
  if (pad_before)
    *pad_before = before;
  return output;
}

static NetShape windowed(const NetNode *node, NetShape in, int channels) {
  NetShape out = {channels, net_window_output(&node->window, true, in.height, NULL),
                  net_window_output(&node->window, false, in.width, NULL)};
  return out.height > 0 && out.width > 0 ? out : (NetShape){0, 0, 0};
}

static NetShape concatenated(const NetNode *node, const NetShape *shapes) {
  NetShape out = shapes[node->inputs[0]];
  for (int i = 1; i < node->n_inputs; i++) {
    NetShape in = shapes[node->inputs[i]];
    if (in.channels == 0 || in.height != out.height || in.width != out.width || in.channels > G_MAXINT - out.channels)
      return (NetShape){0, 0, 0};
    out.channels += in.channels;
  }
  return out;
}

static NetShape node_shape(const NetNode *node, const NetShape *shapes) {
  const NetShape none = {0, 0, 0};
  NetShape in = shapes[node->inputs[0]];
  if (in.channels == 0)
    return none;
  switch (node->op) {
  case NET_CONV:
    return windowed(node, in, node->channels);
  case NET_MAXPOOL:
  case NET_AVGPOOL:
    return windowed(node, in, in.channels);
  case NET_CONCAT:
    return concatenated(node, shapes);
  case NET_DENSE: {
    bool fits = in.height == 1 && in.width == 1 && (gsize)in.channels * (gsize)node->channels == node->n_weights;
    return fits ? (NetShape){node->channels, 1, 1} : none;
  }
  case NET_RESHAPE: {
    gint64 features = (gint64)in.channels * in.height * in.width;
    return features <= G_MAXINT ? (NetShape){(int)features, 1, 1} : none;
  }
  case NET_BIAS:
    return in.channels == node->channels ? in : none;
  default:
    return in;
  }
}

void net_graph_shapes(const NetGraph *graph, int height, int width, NetShape *shapes) {
  bool valid = height > 0 && width > 0 && height <= IMAGE_MAX_SIDE && width <= IMAGE_MAX_SIDE;
  shapes[0] = valid ? (NetShape){3, height, width} : (NetShape){0, 0, 0};
  for (int i = 1; i < graph->n_nodes; i++)
    shapes[i] = node_shape(&graph->nodes[i], shapes);
}

bool net_graph_check_size(const NetGraph *graph, int node, int height, int width, NetShape *shape, GError **error) {
  g_autofree NetShape *shapes = g_new(NetShape, graph->n_nodes);
  net_graph_shapes(graph, height, width, shapes);
  if (shapes[node].channels > 0) {
    *shape = shapes[node];
    return true;
  }
  int smallest = 0, largest = 0;
  for (int side = 1; side <= IMAGE_MAX_SIDE; side++) {
    net_graph_shapes(graph, side, side, shapes);
    if (shapes[node].channels > 0) {
      smallest = smallest ? smallest : side;
      largest = side;
    }
  }
  bool too_large = largest > 0 && MIN(width, height) > largest;
  g_autofree char *advice = !smallest
                                ? g_strdup("no square image works")
                                : g_strdup_printf("the %s size that works is %dx%d", too_large ? "largest" : "smallest",
                                                  too_large ? largest : smallest, too_large ? largest : smallest);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: layer %s cannot be computed for an image of %dx%d pixels; %s",
              graph->name, graph->nodes[node].name, width, height, advice);
  return false;
}
