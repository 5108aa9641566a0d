#include "tests/synth/net/naive.h"

#include <math.h>

#include "synth/net/plan.h"

typedef struct {
  int out, before, end; /* output size, pad before, where the padded input ends */
} Axis;

/* The padding rules, written out anew from graph.h. */
static Axis axis_of(const NetWindow *w, bool vertical, int n) {
  int k = vertical ? w->kernel_h : w->kernel_w, s = vertical ? w->stride_h : w->stride_w;
  int p = vertical ? w->pad_h : w->pad_w;
  Axis axis = {0, 0, n};
  if (w->rule == NET_PAD_SAME) {
    axis.out = (int)ceil((double)n / s);
    int total = (axis.out - 1) * s + k - n;
    total = total > 0 ? total : 0;
    axis.before = total / 2;
    axis.end = n + total - total / 2;
  } else if (w->rule == NET_PAD_VALID) {
    axis.out = (int)floor((double)(n - k) / s) + 1;
  } else {
    double steps = (double)(n + 2 * p - k) / s;
    axis.out = (int)(w->rule == NET_PAD_CEIL ? ceil(steps) : floor(steps)) + 1;
    if (w->rule == NET_PAD_CEIL && (axis.out - 1) * s >= n + p)
      axis.out--;
    axis.before = p;
    axis.end = n + p;
  }
  return axis;
}

static double *at(const NaiveTensor *t, int c, int y, int x) {
  return &t->values[((gsize)c * (gsize)t->shape.height + (gsize)y) * (gsize)t->shape.width + (gsize)x];
}
static bool has(const NaiveTensor *t, int y, int x) {
  return y >= 0 && x >= 0 && y < t->shape.height && x < t->shape.width;
}
static NaiveTensor tensor(int channels, int height, int width) {
  return (NaiveTensor){{channels, height, width}, g_new0(double, (gsize)channels *(gsize)height *(gsize)width)};
}
static NaiveTensor tensor_like(const NaiveTensor *t) {
  return tensor(t->shape.channels, t->shape.height, t->shape.width);
}

static double conv_at(const NetNode *node, const NaiveTensor *x, int m, int top, int left) {
  const NetWindow *w = &node->window;
  int in = x->shape.channels / node->groups, group = m / (node->channels / node->groups);
  double sum = 0;
  for (int c = 0; c < in; c++)
    for (int ky = 0; ky < w->kernel_h; ky++)
      for (int kx = 0; kx < w->kernel_w; kx++)
        if (has(x, top + ky, left + kx))
          sum += *at(x, group * in + c, top + ky, left + kx) *
                 (double)node->weights[((m * in + c) * w->kernel_h + ky) * w->kernel_w + kx];
  return sum;
}

static double maximum_at(const NetNode *node, const NaiveTensor *x, int c, int top, int left) {
  double best = -INFINITY;
  for (int y = top; y < top + node->window.kernel_h; y++)
    for (int column = left; column < left + node->window.kernel_w; column++)
      if (has(x, y, column))
        best = fmax(best, *at(x, c, y, column));
  return best;
}

static double average_at(const NetNode *node, const NaiveTensor *x, int c, int top, int left, int end_y, int end_x) {
  double sum = 0;
  int real = 0, padded = 0;
  for (int y = top; y < top + node->window.kernel_h; y++)
    for (int column = left; column < left + node->window.kernel_w; column++) {
      if (has(x, y, column)) {
        sum += *at(x, c, y, column);
        real++;
      }
      padded += y < end_y && column < end_x;
    }
  return sum / (node->average_counts_padding ? padded : real);
}

static NaiveTensor windowed(const NetNode *node, const NaiveTensor *x) {
  Axis v = axis_of(&node->window, true, x->shape.height), h = axis_of(&node->window, false, x->shape.width);
  NaiveTensor y = tensor(node->channels, v.out, h.out);
  for (int c = 0; c < node->channels; c++)
    for (int oy = 0; oy < v.out; oy++)
      for (int ox = 0; ox < h.out; ox++) {
        int top = oy * node->window.stride_h - v.before, left = ox * node->window.stride_w - h.before;
        *at(&y, c, oy, ox) = node->op == NET_CONV      ? conv_at(node, x, c, top, left)
                             : node->op == NET_MAXPOOL ? maximum_at(node, x, c, top, left)
                                                       : average_at(node, x, c, top, left, v.end, h.end);
      }
  return y;
}

static NaiveTensor normalised(const NetNode *node, const NaiveTensor *x) {
  NaiveTensor y = tensor_like(x);
  const NetLrn *lrn = &node->lrn;
  for (int c = 0; c < x->shape.channels; c++)
    for (int row = 0; row < x->shape.height; row++)
      for (int column = 0; column < x->shape.width; column++) {
        double sum = 0;
        for (int j = c - lrn->radius; j <= c + lrn->radius; j++)
          if (j >= 0 && j < x->shape.channels)
            sum += pow(*at(x, j, row, column), 2);
        *at(&y, c, row, column) =
            *at(x, c, row, column) * pow((double)lrn->bias + (double)lrn->alpha * sum, -(double)lrn->beta);
      }
  return y;
}

static NaiveTensor concatenated(const NetNode *node, const NaiveTensor *all) {
  const NaiveTensor *first = &all[node->inputs[0]];
  NaiveTensor y = tensor(node->channels, first->shape.height, first->shape.width);
  int channel = 0;
  for (int k = 0; k < node->n_inputs; k++) {
    const NaiveTensor *x = &all[node->inputs[k]];
    for (int c = 0; c < x->shape.channels; c++, channel++)
      for (int row = 0; row < x->shape.height; row++)
        for (int column = 0; column < x->shape.width; column++)
          *at(&y, channel, row, column) = *at(x, c, row, column);
  }
  return y;
}

static NaiveTensor dense(const NetNode *node, const NaiveTensor *x) {
  NaiveTensor y = tensor(node->channels, 1, 1);
  for (int m = 0; m < node->channels; m++)
    for (int c = 0; c < x->shape.channels; c++)
      y.values[m] += (double)node->weights[m * x->shape.channels + c] * x->values[c];
  return y;
}

static NaiveTensor reshaped(const NetNode *node, const NaiveTensor *x) {
  NetShape s = x->shape;
  NaiveTensor y = tensor(s.channels * s.height * s.width, 1, 1);
  for (int c = 0; c < s.channels; c++)
    for (int row = 0; row < s.height; row++)
      for (int column = 0; column < s.width; column++)
        y.values[node->order == NET_ORDER_HWC ? (row * s.width + column) * s.channels + c
                                              : (c * s.height + row) * s.width + column] = *at(x, c, row, column);
  return y;
}

static NaiveTensor softmax(const NaiveTensor *x) {
  NaiveTensor y = tensor_like(x);
  for (int row = 0; row < x->shape.height; row++)
    for (int column = 0; column < x->shape.width; column++) {
      double sum = 0;
      for (int c = 0; c < x->shape.channels; c++)
        sum += exp(*at(x, c, row, column));
      for (int c = 0; c < x->shape.channels; c++)
        *at(&y, c, row, column) = exp(*at(x, c, row, column)) / sum;
    }
  return y;
}

static NaiveTensor elementwise(const NetNode *node, const NaiveTensor *x) {
  NaiveTensor y = tensor_like(x);
  for (int c = 0; c < x->shape.channels; c++)
    for (int row = 0; row < x->shape.height; row++)
      for (int column = 0; column < x->shape.width; column++) {
        double value = *at(x, c, row, column);
        *at(&y, c, row, column) = node->op == NET_BIAS   ? value + (double)node->weights[c]
                                  : node->op == NET_RELU ? fmax(value, 0)
                                                         : value;
      }
  return y;
}

static NaiveTensor transformed(const NetInput *input, int height, int width, const double *pixels) {
  NaiveTensor y = tensor(3, height, width);
  for (int c = 0; c < 3; c++)
    for (int row = 0; row < height; row++)
      for (int column = 0; column < width; column++)
        *at(&y, c, row, column) =
            (pixels[(row * width + column) * 3 + (input->bgr ? 2 - c : c)] - (double)input->mean[c]) *
            (double)input->scale[c];
  return y;
}

NaiveTensor *naive_forward(const NetGraph *graph, int height, int width, const double *pixels, int last) {
  NaiveTensor *all = g_new0(NaiveTensor, graph->n_nodes);
  all[0] = transformed(&graph->input, height, width, pixels);
  for (int i = 1; i <= last; i++) {
    const NetNode *node = &graph->nodes[i];
    const NaiveTensor *x = &all[node->inputs[0]];
    switch (node->op) {
    case NET_CONV:
    case NET_MAXPOOL:
    case NET_AVGPOOL:
      all[i] = windowed(node, x);
      break;
    case NET_LRN:
      all[i] = normalised(node, x);
      break;
    case NET_CONCAT:
      all[i] = concatenated(node, all);
      break;
    case NET_DENSE:
      all[i] = dense(node, x);
      break;
    case NET_RESHAPE:
      all[i] = reshaped(node, x);
      break;
    case NET_SOFTMAX:
      all[i] = softmax(x);
      break;
    default:
      all[i] = elementwise(node, x);
    }
  }
  return all;
}

void naive_free(const NetGraph *graph, NaiveTensor *tensors) {
  for (int i = 0; i < graph->n_nodes; i++)
    g_free(tensors[i].values);
  g_free(tensors);
}

static gsize count(NetShape s) { return (gsize)s.channels * (gsize)s.height * (gsize)s.width; }

/* What is differentiated: the targets' activations weighted by the gradients given to the plan. */
typedef struct {
  const NetGraph *graph;
  int height, width, n_targets;
  const int *targets;
  int last; /* the last of them */
  double **weights;
} Objective;

static double objective(const Objective *o, const double *pixels) {
  NaiveTensor *all = naive_forward(o->graph, o->height, o->width, pixels, o->last);
  double sum = 0;
  for (int t = 0; t < o->n_targets; t++)
    for (gsize i = 0; i < count(all[o->targets[t]].shape); i++)
      sum += o->weights[t][i] * all[o->targets[t]].values[i];
  naive_free(o->graph, all);
  return sum;
}

/* Five-point difference along a direction: exact to order step^4. The step is so short that no ReLU or maximum switches
 * within it, and still 1e9 roundings long. */
static double slope(const Objective *o, const double *pixels, const double *direction) {
  const double step = 1e-5;
  gsize n = (gsize)(3 * o->height * o->width);
  g_autofree double *moved = g_new(double, n);
  double values[5];
  for (int k = -2; k <= 2; k++) {
    for (gsize i = 0; i < n; i++)
      moved[i] = pixels[i] + k * step * direction[i];
    values[k + 2] = k ? objective(o, moved) : 0;
  }
  return (values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * step);
}

static void assert_close(const char *what, double got, double want, double scale, double relative) {
  if (!(fabs(got - want) <= relative * scale)) {
    g_test_message("%s: got %.9g, wanted %.9g (scale %.3g)", what, got, want, scale);
    g_test_fail();
  }
}

static void check_slopes(const Objective *o, const double *pixels, const float *gradient, int n_directions,
                         Random *random) {
  gsize n = (gsize)(3 * o->height * o->width);
  double largest = 0, norm = 0;
  for (gsize i = 0; i < n; i++) {
    largest = fmax(largest, fabs((double)gradient[i]));
    norm = hypot(norm, (double)gradient[i]);
  }
  g_autofree double *direction = g_new0(double, n);
  for (gsize d = 0; d < (n_directions ? (gsize)n_directions : n); d++) {
    double got = 0;
    for (gsize i = 0; i < n; i++) {
      direction[i] = n_directions ? random_normal(random) : i == d;
      got += direction[i] * (double)gradient[i];
    }
    assert_close("slope", got, slope(o, pixels, direction), n_directions ? norm : largest, 1e-4);
  }
}

void naive_check(const NetGraph *graph, int height, int width, const int *targets, int n_targets, int n_directions,
                 Random *random) {
  gsize n = (gsize)(3 * height * width), stride = (gsize)(3 * width + 5);
  g_autofree double *pixels = g_new(double, n);
  g_autofree float *rows = g_new0(float, stride *(gsize)height), *gradient_rows = g_new0(float, stride *(gsize)height);
  g_autofree float *gradient = g_new(float, n);
  for (gsize i = 0; i < n; i++) {
    rows[i / (gsize)(3 * width) * stride + i % (gsize)(3 * width)] = (float)(128 + 50 * random_normal(random));
    pixels[i] = (double)rows[i / (gsize)(3 * width) * stride + i % (gsize)(3 * width)];
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(NetPlan) plan = net_plan_new(graph, height, width, targets, n_targets, NULL, &error);
  g_assert_no_error(error);
  net_plan_forward(plan, rows, stride);
  int last = 0;
  for (int t = 0; t < n_targets; t++)
    last = MAX(last, targets[t]);
  NaiveTensor *all = naive_forward(graph, height, width, pixels, last);
  Objective o = {graph, height, width, n_targets, targets, last, g_new0(double *, n_targets)};
  for (int t = 0; t < n_targets; t++) {
    NetShape shape;
    const float *activation = net_plan_activation(plan, t, &shape);
    const NaiveTensor *want = &all[targets[t]];
    g_assert_true(shape.channels == want->shape.channels && shape.height == want->shape.height &&
                  shape.width == want->shape.width);
    double largest = 0;
    for (gsize i = 0; i < count(shape); i++)
      largest = fmax(largest, fabs(want->values[i]));
    o.weights[t] = g_new(double, count(shape));
    for (gsize i = 0; i < count(shape); i++) {
      assert_close(graph->nodes[targets[t]].name, (double)activation[i], want->values[i], largest, 1e-5);
      float seed = (float)random_normal(random);
      net_plan_gradient(plan, t)[i] = seed;
      o.weights[t][i] = (double)seed;
    }
  }
  net_plan_backward(plan, gradient_rows, stride);
  for (gsize i = 0; i < n; i++)
    gradient[i] = gradient_rows[i / (gsize)(3 * width) * stride + i % (gsize)(3 * width)];
  check_slopes(&o, pixels, gradient, n_directions, random);
  for (int t = 0; t < n_targets; t++)
    g_free(o.weights[t]);
  g_free(o.weights);
  naive_free(graph, all);
}

static NetNode *append(NetGraph *graph, NetOp op, int input) {
  g_autofree char *name = g_strdup_printf("%s%d", net_op_name(op), graph->n_nodes);
  g_autoptr(GError) error = NULL;
  NetNode *node = net_graph_add(graph, name, op, &input, op == NET_INPUT ? 0 : 1, &error);
  g_assert_no_error(error);
  return node;
}

static void fill(NetNode *node, const gsize *dims, int n_dims, double deviation, Random *random) {
  g_autoptr(GError) error = NULL;
  net_node_alloc_weights(node, dims, n_dims, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < node->n_weights; i++)
    node->weights[i] = (float)(deviation * random_normal(random));
}

/* Channels of a node before sealing, in graphs of these helpers. */
static int channels_of(const NetGraph *graph, int i) {
  const NetNode *node = &graph->nodes[i];
  if (node->op == NET_INPUT)
    return 3;
  if (node->channels)
    return node->channels;
  int sum = 0;
  for (int k = 0; k < (node->op == NET_CONCAT ? node->n_inputs : 1); k++)
    sum += channels_of(graph, node->inputs[k]);
  return sum;
}

int naive_conv(NetGraph *graph, int input, int channels, int groups, NetWindow window, Random *random) {
  gsize in = (gsize)(channels_of(graph, input) / groups);
  NetNode *node = append(graph, NET_CONV, input);
  node->window = window;
  node->groups = groups;
  gsize dims[] = {(gsize)channels, in, (gsize)window.kernel_h, (gsize)window.kernel_w};
  fill(node, dims, 4, 1 / sqrt((double)(dims[1] * dims[2] * dims[3])), random);
  return graph->n_nodes - 1;
}

int naive_bias(NetGraph *graph, int input, Random *random) {
  gsize channels = (gsize)channels_of(graph, input);
  fill(append(graph, NET_BIAS, input), &channels, 1, 3, random);
  return graph->n_nodes - 1;
}

int naive_dense(NetGraph *graph, int input, int features, int channels, Random *random) {
  fill(append(graph, NET_DENSE, input), (gsize[]){(gsize)channels, (gsize)features}, 2, 1 / sqrt(features), random);
  return graph->n_nodes - 1;
}

int naive_plain(NetGraph *graph, NetOp op, int input) {
  append(graph, op, input);
  return graph->n_nodes - 1;
}

NetGraph *naive_graph(void) {
  NetInput input = {.bgr = true, .mean = {103.9f, 116.8f, 123.7f}, .scale = {0.11f, 0.07f, 0.05f}};
  NetGraph *graph = net_graph_new("test", &input);
  append(graph, NET_INPUT, 0);
  return graph;
}

void naive_seal(NetGraph *graph) {
  g_autoptr(GError) error = NULL;
  net_graph_seal(graph, &error);
  g_assert_no_error(error);
}
