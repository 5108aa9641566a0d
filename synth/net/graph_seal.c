/* Checking a graph once it is complete, and what follows from its nodes: channels, depth, layer types, turned weights.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/net/architectures.h"
#include "synth/net/graph.h"
#include "synth/net/op.h"

#define MAX_WINDOW 1024 /* kernels and strides from files beyond this are refused */
#define MAX_RADIUS 4096

static bool fault(const NetGraph *graph, const NetNode *node, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static bool fault(const NetGraph *graph, const NetNode *node, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: node %s (%s) %s", graph->name, node->name, net_op_name(node->op),
              text);
  return false;
}

static bool is_windowed(NetOp op) { return op == NET_CONV || op == NET_MAXPOOL || op == NET_AVGPOOL; }
static bool is_weighted(NetOp op) { return op == NET_CONV || op == NET_DENSE || op == NET_BIAS; }

static bool check_inputs(const NetGraph *graph, int index, GError **error) {
  const NetNode *node = &graph->nodes[index];
  if (index == 0)
    return node->op == NET_INPUT || fault(graph, node, error, "comes first, where the input was expected");
  if (node->op == NET_INPUT)
    return fault(graph, node, error, "is a second input");
  if (node->op == NET_CONCAT ? node->n_inputs < 1 : node->n_inputs != 1)
    return fault(graph, node, error, "has %d inputs", node->n_inputs);
  return true;
}

static bool check_window(const NetGraph *graph, const NetNode *node, GError **error) {
  const NetWindow *w = &node->window;
  if (w->kernel_h < 1 || w->kernel_w < 1 || w->kernel_h > MAX_WINDOW || w->kernel_w > MAX_WINDOW)
    return fault(graph, node, error, "has a %dx%d kernel; 1 to %d was expected", w->kernel_h, w->kernel_w, MAX_WINDOW);
  if (w->stride_h < 1 || w->stride_w < 1 || w->stride_h > MAX_WINDOW || w->stride_w > MAX_WINDOW)
    return fault(graph, node, error, "has strides %dx%d; 1 to %d was expected", w->stride_h, w->stride_w, MAX_WINDOW);
  if (w->rule < NET_PAD_SAME || w->rule > NET_PAD_CEIL)
    return fault(graph, node, error, "has an unknown padding rule");
  /* A pool's window must hold a pixel of the image wherever it lies. */
  bool pool = node->op != NET_CONV;
  int limit_h = pool ? w->kernel_h - 1 : MAX_WINDOW, limit_w = pool ? w->kernel_w - 1 : MAX_WINDOW;
  if (w->pad_h < 0 || w->pad_w < 0 || w->pad_h > limit_h || w->pad_w > limit_w)
    return fault(graph, node, error, "has pads %dx%d; 0 to %dx%d was expected", w->pad_h, w->pad_w, limit_h, limit_w);
  if (node->op == NET_MAXPOOL && w->kernel_h * w->kernel_w > NET_MAXPOOL_TAPS)
    return fault(graph, node, error, "has a %dx%d window; at most %d pixels were expected", w->kernel_h, w->kernel_w,
                 NET_MAXPOOL_TAPS);
  if (!pool && w->rule == NET_PAD_CEIL)
    return fault(graph, node, error, "rounds its size up, which only pools do");
  return true;
}

static bool check_lrn(const NetGraph *graph, const NetNode *node, GError **error) {
  const NetLrn *lrn = &node->lrn;
  if (lrn->radius < 0 || lrn->radius > MAX_RADIUS)
    return fault(graph, node, error, "has radius %d; 0 to %d was expected", lrn->radius, MAX_RADIUS);
  if (!(lrn->bias > 0 && isfinite(lrn->bias)) || !(lrn->alpha >= 0 && isfinite(lrn->alpha)) || !isfinite(lrn->beta))
    return fault(graph, node, error, "has bias %g, alpha %g, beta %g; bias > 0 and alpha >= 0 were expected",
                 (double)lrn->bias, (double)lrn->alpha, (double)lrn->beta);
  return true;
}

static bool check_weights(const NetGraph *graph, const NetNode *node, GError **error) {
  if (!is_weighted(node->op))
    return !node->weights || fault(graph, node, error, "has weights it has no use for");
  if (!node->weights || node->n_weights == 0 || node->channels < 1)
    return fault(graph, node, error, "has no weights");
  for (gsize i = 0; i < node->n_weights; i++)
    if (!isfinite(node->weights[i]))
      return fault(graph, node, error, "has weight %" G_GSIZE_FORMAT " = %g; a finite number was expected", i,
                   (double)node->weights[i]);
  return true;
}

/* Channels of the output from those of the inputs; 0 where they depend on the image's size. */
static bool derive_channels(const NetGraph *graph, NetNode *node, GError **error) {
  int in = node->n_inputs ? graph->nodes[node->inputs[0]].channels : 3;
  switch (node->op) {
  case NET_CONV: {
    if (in == 0)
      return fault(graph, node, error, "follows a reshape");
    gsize out = (gsize)node->channels, groups = (gsize)node->groups;
    if (node->groups < 1 || out % groups != 0 || (gsize)in % groups != 0)
      return fault(graph, node, error, "has %d groups, which do not divide %d input and %d output channels",
                   node->groups, in, node->channels);
    gsize columns = (gsize)in / groups * (gsize)node->window.kernel_h * (gsize)node->window.kernel_w;
    if (node->n_weights % out != 0 || node->n_weights / out != columns || columns > G_MAXINT)
      return fault(
          graph, node, error,
          "has %" G_GSIZE_FORMAT " weights; %d outputs x %" G_GSIZE_FORMAT " (%d inputs / %d groups x %d x %d) "
          "were expected",
          node->n_weights, node->channels, columns, in, node->groups, node->window.kernel_h, node->window.kernel_w);
    return true;
  }
  case NET_DENSE:
    if (node->n_weights % (gsize)node->channels != 0 || node->n_weights / (gsize)node->channels > G_MAXINT)
      return fault(graph, node, error, "has %" G_GSIZE_FORMAT " weights, no multiple of its %d outputs",
                   node->n_weights, node->channels);
    if (in && (gsize)in != node->n_weights / (gsize)node->channels)
      return fault(graph, node, error, "has weights for %" G_GSIZE_FORMAT " inputs; %d were expected",
                   node->n_weights / (gsize)node->channels, in);
    return true;
  case NET_BIAS:
    if ((gsize)node->channels != node->n_weights || (in && in != node->channels))
      return fault(graph, node, error, "has %" G_GSIZE_FORMAT " values; %d channels were expected", node->n_weights,
                   in);
    return true;
  case NET_CONCAT: {
    gint64 sum = 0;
    for (int i = 0; i < node->n_inputs; i++) {
      int channels = graph->nodes[node->inputs[i]].channels;
      if (channels == 0)
        return fault(graph, node, error, "follows a reshape");
      sum += channels;
    }
    if (sum > G_MAXINT)
      return fault(graph, node, error, "has too many channels");
    node->channels = (int)sum;
    return true;
  }
  case NET_RESHAPE:
    node->channels = 0;
    return node->order == NET_ORDER_CHW || node->order == NET_ORDER_HWC ||
           fault(graph, node, error, "has an unknown order");
  default:
    node->channels = in;
    return true;
  }
}

/* A stride-1 convolution's backward pass is a convolution with these weights. */
static void fill_turned(NetNode *node) {
  gsize taps = (gsize)node->window.kernel_h * (gsize)node->window.kernel_w, groups = (gsize)node->groups;
  gsize out = (gsize)node->channels / groups, in = node->n_weights / taps / out / groups;
  for (gsize g = 0; g < groups; g++)
    for (gsize m = 0; m < out; m++)
      for (gsize c = 0; c < in; c++) {
        const float *from = node->weights + ((g * out + m) * in + c) * taps;
        float *to = node->turned_weights + ((g * in + c) * out + m) * taps;
        for (gsize t = 0; t < taps; t++)
          to[taps - 1 - t] = from[t];
      }
}

static bool turn_weights(NetNode *node, GError **error) {
  const NetWindow *w = &node->window;
  gsize taps = (gsize)w->kernel_h * (gsize)w->kernel_w;
  if (node->op != NET_CONV || taps == 1 || w->stride_h != 1 || w->stride_w != 1)
    return true;
  float *turned = aligned_alloc(64, (node->n_weights * sizeof(float) + 63) / 64 * 64);
  if (!turned) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "node %s: no memory for its weights", node->name);
    return false;
  }
  node->turned_weights = turned;
  fill_turned(node);
  return true;
}

void net_graph_refresh(NetGraph *graph) {
  for (int i = 0; i < graph->n_nodes; i++)
    if (graph->nodes[i].turned_weights != NULL)
      fill_turned(&graph->nodes[i]);
}

gsize net_graph_n_parameters(const NetGraph *graph) {
  gsize n = 0;
  for (int i = 0; i < graph->n_nodes; i++)
    n += graph->nodes[i].n_weights;
  return n;
}

static gsize letters(const char *text) {
  gsize n = 0;
  while (g_ascii_isalpha(text[n]))
    n++;
  return n;
}
static gsize digits(const char *text) { return strspn(text, "0123456789"); }
static bool ends_word(char c) { return c == '\0' || c == '_' || c == '/' || c == ':'; }

/* "mixed4c_", "inception_3a/": letters, a number, one letter, then more of a name; its length, or 0. */
static gsize block_length(const char *name) {
  gsize n = letters(name);
  if (n == 0)
    return 0;
  if (name[n] == '_')
    n++;
  gsize number = digits(name + n);
  if (number == 0 || !g_ascii_isalpha(name[n + number]))
    return 0;
  n += number + 1;
  return name[n] == '_' || name[n] == '/' ? n + 1 : 0;
}

/* The part of a name's word before the number (and block letter) at its end: "conv2d" of "conv2d0", "mixed" of
 * "mixed4c", "" of "3"; words like "3x3" and "s2" that do not name a layer's kind stay as they are. */
static gsize stem_length(const char *word, gsize length, bool first) {
  gsize end = length;
  if (digits(word) == length)
    return 0;
  if (!first || !g_ascii_isalpha(word[0]))
    return length;
  if (end > 1 && g_ascii_isalpha(word[end - 1]) && g_ascii_isdigit(word[end - 2]) && word[end - 1] <= 'h')
    end--;
  gsize stem = end;
  while (stem > 0 && g_ascii_isdigit(word[stem - 1]))
    stem--;
  return stem == end ? length : stem;
}

static char *layer_type(const char *name) {
  GString *type = g_string_new(NULL);
  const char *rest = name + block_length(name);
  bool first = true;
  while (*rest) {
    gsize length = 0;
    while (!ends_word(rest[length]))
      length++;
    gsize stem = stem_length(rest, length, first);
    if (stem == 0 && length > 0 && type->len > 0 && type->str[type->len - 1] == '_')
      g_string_truncate(type, type->len - 1);
    g_string_append_len(type, rest, (gssize)stem);
    rest += length;
    if (*rest) {
      first = *rest == '/';
      g_string_append_c(type, *rest++);
    }
  }
  if (type->len == 0)
    g_string_assign(type, name);
  return g_string_free(type, FALSE);
}

static void mark_layers(NetGraph *graph) {
  const char *const *study = net_inception5h_layers();
  bool is_study = true;
  for (gsize i = 0; study[i] && is_study; i++)
    is_study = net_graph_find(graph, study[i]) >= 0;
  g_autofree int *others = g_new0(int, graph->n_nodes); /* consumers that are not a bias */
  g_autofree int *biases = g_new0(int, graph->n_nodes);
  for (int i = 0; i < graph->n_nodes; i++)
    for (int k = 0; k < graph->nodes[i].n_inputs; k++)
      (graph->nodes[i].op == NET_BIAS ? biases : others)[graph->nodes[i].inputs[k]]++;
  for (int i = 0; i < graph->n_nodes; i++) {
    NetNode *node = &graph->nodes[i];
    bool product = node->op == NET_CONV || node->op == NET_DENSE;
    node->is_layer = is_study ? g_strv_contains(study, node->name)
                              : node->op != NET_INPUT && node->op != NET_RESHAPE && node->op != NET_DROPOUT &&
                                    node->op != NET_SOFTMAX && !(product && biases[i] && !others[i]);
  }
}

bool net_graph_seal(NetGraph *graph, GError **error) {
  if (graph->n_nodes == 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: a network without nodes", graph->name);
    return false;
  }
  for (int c = 0; c < 3; c++)
    if (!isfinite(graph->input.mean[c]) || !isfinite(graph->input.scale[c]) || graph->input.scale[c] == 0)
      return fault(graph, &graph->nodes[0], error, "subtracts %g and scales by %g; finite numbers were expected",
                   (double)graph->input.mean[c], (double)graph->input.scale[c]);
  for (int i = 0; i < graph->n_nodes; i++) {
    NetNode *node = &graph->nodes[i];
    if (!check_inputs(graph, i, error) || (is_windowed(node->op) && !check_window(graph, node, error)) ||
        (node->op == NET_LRN && !check_lrn(graph, node, error)) || !check_weights(graph, node, error) ||
        !derive_channels(graph, node, error) || !turn_weights(node, error))
      return false;
    node->depth = node->op == NET_CONV || node->op == NET_DENSE;
    int deepest = 0;
    for (int k = 0; k < node->n_inputs; k++)
      deepest = MAX(deepest, graph->nodes[node->inputs[k]].depth);
    node->depth += deepest;
    node->type = layer_type(node->name);
  }
  mark_layers(graph);
  return true;
}
