#include "synth/net/architectures.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/random.h"

#define MINI_WIDTH 0.25
#define MINI_CLASSES 64
#define MINI_SEED 20240501
#define ORIGINAL_SIZE 224 /* the images that inception5h's heads are made for */
#define HEAD_HIDDEN 1024

/* clang-format off */
static const char *const study_layers[] = {
    "conv2d0_pre_relu", "conv2d0", "maxpool0", "localresponsenorm0", "conv2d1_pre_relu", "conv2d1",
    "conv2d2_pre_relu", "conv2d2", "localresponsenorm1", "maxpool1", "mixed3a_1x1_pre_relu", "mixed3a_1x1",
    "mixed3a_3x3_bottleneck_pre_relu", "mixed3a_3x3_bottleneck", "mixed3a_3x3_pre_relu", "mixed3a_3x3",
    "mixed3a_5x5_bottleneck_pre_relu", "mixed3a_5x5_bottleneck", "mixed3a_5x5_pre_relu", "mixed3a_5x5",
    "mixed3a_pool", "mixed3a_pool_reduce_pre_relu", "mixed3a_pool_reduce", "mixed3a", "mixed3b_1x1_pre_relu",
    "mixed3b_1x1", "mixed3b_3x3_bottleneck_pre_relu", "mixed3b_3x3_bottleneck", "mixed3b_3x3_pre_relu",
    "mixed3b_3x3", "mixed3b_5x5_bottleneck_pre_relu", "mixed3b_5x5_bottleneck", "mixed3b_5x5_pre_relu",
    "mixed3b_5x5", "mixed3b_pool", "mixed3b_pool_reduce_pre_relu", "mixed3b_pool_reduce", "mixed3b", "maxpool4",
    "mixed4a_1x1_pre_relu", "mixed4a_1x1", "mixed4a_3x3_bottleneck_pre_relu", "mixed4a_3x3_bottleneck",
    "mixed4a_3x3_pre_relu", "mixed4a_3x3", "mixed4a_5x5_bottleneck_pre_relu", "mixed4a_5x5_bottleneck",
    "mixed4a_5x5_pre_relu", "mixed4a_5x5", "mixed4a_pool", "mixed4a_pool_reduce_pre_relu", "mixed4a_pool_reduce",
    "mixed4a", "mixed4b_1x1_pre_relu", "mixed4b_1x1", "mixed4b_3x3_bottleneck_pre_relu", "mixed4b_3x3_bottleneck",
    "mixed4b_3x3_pre_relu", "mixed4b_3x3", "mixed4b_5x5_bottleneck_pre_relu", "mixed4b_5x5_bottleneck",
    "mixed4b_5x5_pre_relu", "mixed4b_5x5", "mixed4b_pool", "mixed4b_pool_reduce_pre_relu", "mixed4b_pool_reduce",
    "mixed4b", "mixed4c_1x1_pre_relu", "mixed4c_1x1", "mixed4c_3x3_bottleneck_pre_relu", "mixed4c_3x3_bottleneck",
    "mixed4c_3x3_pre_relu", "mixed4c_3x3", "mixed4c_5x5_bottleneck_pre_relu", "mixed4c_5x5_bottleneck",
    "mixed4c_5x5_pre_relu", "mixed4c_5x5", "mixed4c_pool", "mixed4c_pool_reduce_pre_relu", "mixed4c_pool_reduce",
    "mixed4c", "mixed4d_1x1_pre_relu", "mixed4d_1x1", "mixed4d_3x3_bottleneck_pre_relu", "mixed4d_3x3_bottleneck",
    "mixed4d_3x3_pre_relu", "mixed4d_3x3", "mixed4d_5x5_bottleneck_pre_relu", "mixed4d_5x5_bottleneck",
    "mixed4d_5x5_pre_relu", "mixed4d_5x5", "mixed4d_pool", "mixed4d_pool_reduce_pre_relu", "mixed4d_pool_reduce",
    "mixed4d", "mixed4e_1x1_pre_relu", "mixed4e_1x1", "mixed4e_3x3_bottleneck_pre_relu", "mixed4e_3x3_bottleneck",
    "mixed4e_3x3_pre_relu", "mixed4e_3x3", "mixed4e_5x5_bottleneck_pre_relu", "mixed4e_5x5_bottleneck",
    "mixed4e_5x5_pre_relu", "mixed4e_5x5", "mixed4e_pool", "mixed4e_pool_reduce_pre_relu", "mixed4e_pool_reduce",
    "mixed4e", "maxpool10", "mixed5a_1x1_pre_relu", "mixed5a_1x1", "mixed5a_3x3_bottleneck_pre_relu",
    "mixed5a_3x3_bottleneck", "mixed5a_3x3_pre_relu", "mixed5a_3x3", "mixed5a_5x5_bottleneck_pre_relu",
    "mixed5a_5x5_bottleneck", "mixed5a_5x5_pre_relu", "mixed5a_5x5", "mixed5a_pool", "mixed5a_pool_reduce_pre_relu",
    "mixed5a_pool_reduce", "mixed5a", "mixed5b_1x1_pre_relu", "mixed5b_1x1", "mixed5b_3x3_bottleneck_pre_relu",
    "mixed5b_3x3_bottleneck", "mixed5b_3x3_pre_relu", "mixed5b_3x3", "mixed5b_5x5_bottleneck_pre_relu",
    "mixed5b_5x5_bottleneck", "mixed5b_5x5_pre_relu", "mixed5b_5x5", "mixed5b_pool", "mixed5b_pool_reduce_pre_relu",
    "mixed5b_pool_reduce", "mixed5b", "head0_pool", "head0_bottleneck_pre_relu", "head0_bottleneck", "head1_pool",
    "head1_bottleneck_pre_relu", "head1_bottleneck",
    NULL};
/* clang-format on */

const char *const *net_inception5h_layers(void) { return study_layers; }

typedef struct {
  const char *name;
  int c1x1, c3x3_bottleneck, c3x3, c5x5_bottleneck, c5x5, pool_reduce;
} Block;

static const Block blocks[] = {
    {"mixed3a", 64, 96, 128, 16, 32, 32},     {"mixed3b", 128, 128, 192, 32, 96, 64},
    {"mixed4a", 192, 96, 204, 16, 48, 64},    {"mixed4b", 160, 112, 224, 24, 64, 64},
    {"mixed4c", 128, 128, 256, 24, 64, 64},   {"mixed4d", 112, 144, 288, 32, 64, 64},
    {"mixed4e", 256, 160, 320, 32, 128, 128}, {"mixed5a", 256, 160, 320, 48, 128, 128},
    {"mixed5b", 384, 192, 384, 48, 128, 128},
};

/* Appends nodes one after another; after a fault every further call does nothing and gives -1. */
typedef struct {
  NetGraph *graph;
  double width;
  int size; /* the images that the heads fit */
  guint64 seed;
  GError **error;
  bool failed;
} Builder;

static int scaled(const Builder *builder, int channels) { return MAX((int)lround(builder->width * channels), 1); }

static NetNode *add(Builder *builder, const char *name, NetOp op, const int *inputs, int n_inputs) {
  if (builder->failed)
    return NULL;
  NetNode *node = net_graph_add(builder->graph, name, op, inputs, n_inputs, builder->error);
  builder->failed = !node;
  return node;
}

static int last(const Builder *builder) { return builder->failed ? -1 : builder->graph->n_nodes - 1; }

/* He initialisation: N(0, 2/fan_in), the stream named by the node. */
static void fill_weights(Builder *builder, NetNode *node, const gsize *dims, int n_dims) {
  builder->failed = builder->failed || !net_node_alloc_weights(node, dims, n_dims, builder->error);
  if (builder->failed || n_dims == 1)
    return;
  gsize fan_in = node->n_weights / dims[0];
  double deviation = sqrt(2.0 / (double)fan_in);
  Random random;
  random_init_stream(&random, builder->seed, node->name);
  for (gsize i = 0; i < node->n_weights; i++)
    node->weights[i] = (float)(deviation * random_normal(&random));
}

static int plain(Builder *builder, const char *name, NetOp op, int input) {
  add(builder, name, op, &input, 1);
  return last(builder);
}

static int bias(Builder *builder, const char *name, int input, int channels) {
  NetNode *node = add(builder, name, NET_BIAS, &input, 1);
  if (node)
    fill_weights(builder, node, (gsize[]){(gsize)channels}, 1);
  return last(builder);
}

/* NAME_pre_relu/conv, NAME_pre_relu, NAME: a square TensorFlow convolution of `in` to `out` channels. */
static int conv_unit(Builder *builder, const char *name, int input, int in, int out, int kernel, int stride) {
  g_autofree char *pre = g_strconcat(name, "_pre_relu", NULL), *product = g_strconcat(pre, "/conv", NULL);
  NetNode *node = add(builder, product, NET_CONV, &input, 1);
  if (node) {
    node->window = (NetWindow){
        .kernel_h = kernel, .kernel_w = kernel, .stride_h = stride, .stride_w = stride, .rule = NET_PAD_SAME};
    fill_weights(builder, node, (gsize[]){(gsize)out, (gsize)in, (gsize)kernel, (gsize)kernel}, 4);
  }
  int before = bias(builder, pre, last(builder), out);
  return plain(builder, name, NET_RELU, before);
}

static int pool(Builder *builder, const char *name, NetOp op, int input, int kernel, int stride, NetPadRule rule) {
  NetNode *node = add(builder, name, op, &input, 1);
  if (node)
    node->window =
        (NetWindow){.kernel_h = kernel, .kernel_w = kernel, .stride_h = stride, .stride_w = stride, .rule = rule};
  return last(builder);
}

static int lrn(Builder *builder, const char *name, int input) {
  NetNode *node = add(builder, name, NET_LRN, &input, 1);
  if (node)
    node->lrn = (NetLrn){.radius = 5, .bias = 2.0f, .alpha = 1e-4f, .beta = 0.5f};
  return last(builder);
}

/* NAME_matmul's name is what TensorFlow gives it: NAME/matmul. */
static int dense(Builder *builder, const char *name, int input, int in, int out) {
  g_autofree char *product = g_strconcat(name, "/matmul", NULL);
  NetNode *node = add(builder, product, NET_DENSE, &input, 1);
  if (node)
    fill_weights(builder, node, (gsize[]){(gsize)out, (gsize)in}, 2);
  return bias(builder, name, last(builder), out);
}

static int flatten(Builder *builder, const char *name, int input) {
  NetNode *node = add(builder, name, NET_RESHAPE, &input, 1);
  if (node)
    node->order = NET_ORDER_HWC;
  return last(builder);
}

/* One inception block; *channels is its input's, then its output's. */
static int inception(Builder *builder, const Block *block, int input, int *channels) {
  const char *const parts[] = {"_1x1", "_3x3_bottleneck", "_3x3", "_5x5_bottleneck", "_5x5", "_pool", "_pool_reduce"};
  g_auto(GStrv) names = g_new0(char *, G_N_ELEMENTS(parts) + 1);
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    names[i] = g_strconcat(block->name, parts[i], NULL);
  int in = *channels, c3b = scaled(builder, block->c3x3_bottleneck), c5b = scaled(builder, block->c5x5_bottleneck);
  int outs[] = {scaled(builder, block->c1x1), scaled(builder, block->c3x3), scaled(builder, block->c5x5),
                scaled(builder, block->pool_reduce)};
  int towers[4];
  towers[0] = conv_unit(builder, names[0], input, in, outs[0], 1, 1);
  int bottleneck = conv_unit(builder, names[1], input, in, c3b, 1, 1);
  towers[1] = conv_unit(builder, names[2], bottleneck, c3b, outs[1], 3, 1);
  bottleneck = conv_unit(builder, names[3], input, in, c5b, 1, 1);
  towers[2] = conv_unit(builder, names[4], bottleneck, c5b, outs[2], 5, 1);
  int pooled = pool(builder, names[5], NET_MAXPOOL, input, 3, 1, NET_PAD_SAME);
  towers[3] = conv_unit(builder, names[6], pooled, in, outs[3], 1, 1);
  add(builder, block->name, NET_CONCAT, towers, 4);
  *channels = outs[0] + outs[1] + outs[2] + outs[3];
  return last(builder);
}

/* Auxiliary classifier number `head`; names as in the original. */
static void auxiliary(Builder *builder, int head, int input, int in, int n_classes) {
  int bottleneck = scaled(builder, 128), hidden = scaled(builder, HEAD_HIDDEN);
  g_autofree char *pooled = g_strdup_printf("head%d_pool", head), *narrow = g_strdup_printf("head%d_bottleneck", head);
  g_autofree char *flat = g_strdup_printf("head%d_bottleneck/reshape", head), *nn = g_strdup_printf("nn%d", head);
  g_autofree char *pre = g_strdup_printf("nn%d_pre_relu", head), *out = g_strdup_printf("softmax%d", head);
  g_autofree char *logits = g_strdup_printf("softmax%d_pre_activation", head);
  bool original = builder->size >= ORIGINAL_SIZE;
  int kernel = original ? 5 : 3, stride = original ? 3 : 2, grid = ((builder->size + 15) / 16 - kernel) / stride + 1;
  int node = pool(builder, pooled, NET_AVGPOOL, input, kernel, stride, NET_PAD_VALID);
  node = conv_unit(builder, narrow, node, in, bottleneck, 1, 1);
  node = flatten(builder, flat, node);
  node = dense(builder, pre, node, grid * grid * bottleneck, hidden);
  node = plain(builder, nn, NET_RELU, node);
  node = dense(builder, logits, node, hidden, n_classes);
  plain(builder, out, NET_SOFTMAX, node);
}

static void build(Builder *builder, int n_classes) {
  int c0 = scaled(builder, 64), c1 = scaled(builder, 64), channels = scaled(builder, 192);
  add(builder, "input", NET_INPUT, NULL, 0);
  int node = conv_unit(builder, "conv2d0", last(builder), 3, c0, 7, 2);
  node = pool(builder, "maxpool0", NET_MAXPOOL, node, 3, 2, NET_PAD_SAME);
  node = lrn(builder, "localresponsenorm0", node);
  node = conv_unit(builder, "conv2d1", node, c0, c1, 1, 1);
  node = conv_unit(builder, "conv2d2", node, c1, channels, 3, 1);
  node = lrn(builder, "localresponsenorm1", node);
  node = pool(builder, "maxpool1", NET_MAXPOOL, node, 3, 2, NET_PAD_SAME);
  int heads[2] = {-1, -1}, head_channels[2] = {0, 0};
  for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
    const char *name = blocks[i].name;
    if (strcmp(name, "mixed4a") == 0)
      node = pool(builder, "maxpool4", NET_MAXPOOL, node, 3, 2, NET_PAD_SAME);
    if (strcmp(name, "mixed5a") == 0)
      node = pool(builder, "maxpool10", NET_MAXPOOL, node, 3, 2, NET_PAD_SAME);
    node = inception(builder, &blocks[i], node, &channels);
    int head = strcmp(name, "mixed4a") == 0 ? 0 : strcmp(name, "mixed4d") == 0 ? 1 : -1;
    if (head >= 0) {
      heads[head] = node;
      head_channels[head] = channels;
    }
  }
  for (int head = 0; head < 2; head++)
    auxiliary(builder, head, heads[head], head_channels[head], n_classes);
  node = pool(builder, "avgpool0", NET_AVGPOOL, node, (builder->size + 31) / 32, 1, NET_PAD_VALID);
  node = flatten(builder, "avgpool0/reshape", node);
  node = dense(builder, "softmax2_pre_activation", node, channels, n_classes);
  plain(builder, "softmax2", NET_SOFTMAX, node);
}

static char *weights_digest(const NetGraph *graph) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  for (int i = 0; i < graph->n_nodes; i++) {
    const NetNode *node = &graph->nodes[i];
    const guchar *bytes = (const guchar *)node->weights;
    g_checksum_update(checksum, (const guchar *)node->name, (gssize)strlen(node->name) + 1);
    if (bytes)
      g_checksum_update(checksum, bytes, (gssize)(node->n_weights * sizeof(float)));
  }
  return g_strdup(g_checksum_get_string(checksum));
}

NetGraph *net_inception5h_new(const char *name, double width, int n_classes, guint64 seed, GError **error) {
  return net_inception5h_for_size(name, width, n_classes, ORIGINAL_SIZE, seed, error);
}

NetGraph *net_inception5h_for_size(const char *name, double width, int n_classes, int size, guint64 seed,
                                   GError **error) {
  if (!(width > 0 && width <= 1) || n_classes < 1 || size < 64) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: width %g, %d classes, size %d; 0 < width <= 1, a class and 64 pixels were expected", name, width,
                n_classes, size);
    return NULL;
  }
  NetInput input = {.bgr = false, .mean = {117, 117, 117}, .scale = {1, 1, 1}};
  g_autoptr(NetGraph) graph = net_graph_new(name, &input);
  Builder builder = {.graph = graph, .width = width, .size = size, .seed = seed, .error = error};
  build(&builder, n_classes);
  if (builder.failed || !net_graph_seal(graph, error))
    return NULL;
  graph->digest = weights_digest(graph);
  return g_steal_pointer(&graph);
}

NetGraph *net_mini_new(GError **error) {
  NetGraph *graph = net_inception5h_new("mini (untrained)", MINI_WIDTH, MINI_CLASSES, MINI_SEED, error);
  if (graph)
    graph->note =
        g_strdup("mini (untrained) has random weights: its images show the rig, not what a trained network sees");
  return graph;
}
