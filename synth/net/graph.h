/* A network as an ordered list of named nodes. Importers and builders make graphs; plans (plan.h) run them.
 *
 * Activations are (channels, height, width) for one image. Every node's inputs come before it. A graph does not change
 * once built and may be read from several threads. */
#ifndef DREAMRIG_NET_GRAPH_H
#define DREAMRIG_NET_GRAPH_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum {
  NET_INPUT,
  NET_CONV, /* no bias of its own: a NET_BIAS node follows where the network has one */
  NET_BIAS, /* adds one value a channel */
  NET_RELU,
  NET_MAXPOOL,
  NET_AVGPOOL,
  NET_LRN,
  NET_CONCAT,  /* along channels */
  NET_DENSE,   /* a matrix product without bias, on a (features, 1, 1) input */
  NET_RESHAPE, /* to (channels * height * width, 1, 1) */
  NET_SOFTMAX, /* over channels */
  NET_DROPOUT, /* the identity at test time */
  NET_N_OPS
} NetOp;

/* How a window's border is found for input size n, kernel k, stride s. */
typedef enum {
  NET_PAD_SAME,     /* TensorFlow: out = ceil(n/s), P = max((out-1)s + k - n, 0), floor(P/2) before, the rest after */
  NET_PAD_VALID,    /* out = floor((n-k)/s) + 1 */
  NET_PAD_EXPLICIT, /* pad p on both sides: out = floor((n+2p-k)/s) + 1 */
  NET_PAD_CEIL,     /* Caffe pooling: out = ceil((n+2p-k)/s) + 1, less one if the last window starts at or after n+p */
} NetPadRule;

typedef struct {
  int kernel_h, kernel_w, stride_h, stride_w;
  NetPadRule rule;
  int pad_h, pad_w; /* EXPLICIT and CEIL */
} NetWindow;

/* y_i = x_i * (bias + alpha * sum_{|j-i| <= radius} x_j^2)^-beta over channels j. alpha multiplies the plain sum: an
 * importer of a format that divides by the window's size (Caffe, ONNX) divides alpha. */
typedef struct {
  int radius; /* the window is 2 radius + 1 channels, clipped at the edges */
  float bias, alpha, beta;
} NetLrn;

typedef enum {
  NET_ORDER_CHW, /* Caffe, PyTorch */
  NET_ORDER_HWC, /* TensorFlow */
} NetOrder;

typedef struct {
  char *name; /* unique in the graph */
  NetOp op;
  int n_inputs;
  int *inputs;                 /* indices of earlier nodes */
  NetWindow window;            /* conv, pools */
  int groups;                  /* conv; 1 otherwise */
  bool average_counts_padding; /* avgpool: Caffe divides by the window clipped to the padded image; TensorFlow (false)
                                  by the number of real pixels */
  NetLrn lrn;
  NetOrder order; /* reshape */
  int channels;   /* of the output; set by net_node_alloc_weights or net_graph_seal; 0 for reshape, where it depends on
                     the size */
  /* conv: (out, in/groups, kernel_h, kernel_w); dense: (out, in); bias: (channels). Owned, aligned, n_weights long. */
  float *weights;
  gsize n_weights;
  /* Filled by net_graph_seal. Stride-1 convs wider than 1x1: the weights of the convolution that takes the output's
   * gradient to the input's: (groups, in/groups, out/groups, kernel_h, kernel_w), kernels turned by 180 degrees. Shared
   * by all plans; NULL elsewhere. */
  float *turned_weights;
  bool is_layer; /* net_graph_is_layer */
  int depth;     /* convs and denses on the longest path from the input, this node included */
  char *type;    /* layer type: the name less its block and number, e.g. "3x3_bottleneck_pre_relu", "maxpool" */
} NetNode;

/* How RGB pixels 0..255 become the network's input: channel c of the input is (pixel[bgr ? 2-c : c] - mean[c]) *
 * scale[c], mean and scale in the network's own channel order. */
typedef struct {
  bool bgr;
  float mean[3], scale[3];
} NetInput;

typedef struct {
  char *name;   /* what the manifest calls it: the file's name, or "mini (untrained)" */
  char *digest; /* SHA-256 of the file, or of the weights for a built-in network; NULL until known */
  char *note;   /* a warning to show wherever it is used, or NULL */
  NetInput input;
  int n_nodes;
  NetNode *nodes; /* node 0 is NET_INPUT */
} NetGraph;

typedef struct {
  int channels, height, width;
} NetShape;

NetGraph *net_graph_new(const char *name, const NetInput *input);
void net_graph_free(NetGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetGraph, net_graph_free)

/* Appends a zero-filled node and returns it, valid until the next append; `name` is copied. Fails on an empty or
 * duplicate name, or an input that is not an earlier node. The caller then fills in its attributes. */
NetNode *net_graph_add(NetGraph *graph, const char *name, NetOp op, const int *inputs, int n_inputs, GError **error);
/* Allocates node->weights for these counts (checked product of the n_dims sizes), zero-filled, and sets node->channels
 * to the first of them. */
bool net_node_alloc_weights(NetNode *node, const gsize *dims, int n_dims, GError **error);
/* Checks the whole graph (attributes in range, weight counts that fit, channel counts that agree, finite weights) and
 * fills in channels, depth and type. The message names the graph, the node and what was expected. */
bool net_graph_seal(NetGraph *graph, GError **error);

/* The number of trainable values: all nodes' weights. */
gsize net_graph_n_parameters(const NetGraph *graph);
/* To be called after a trainer changed weights of a sealed graph, while no plan of it runs. */
void net_graph_refresh(NetGraph *graph);

/* The node's index, or -1. */
int net_graph_find(const NetGraph *graph, const char *name);
/* As net_graph_find; the error names the nearest layer and how to list all. */
bool net_graph_require(const NetGraph *graph, const char *name, int *node, GError **error);
/* A layer that can be dreamed or probed. In a network that has all of the study's 144 names (net_inception5h_layers):
 * these. Elsewhere: every node but the input, the products that feed nothing but their bias (`NAME/conv`), reshapes,
 * dropouts and softmaxes. */
bool net_graph_is_layer(const NetGraph *graph, int node);
/* Output shapes of all nodes for an input size into shapes[n_nodes]; nodes that cannot be computed at this size (a
 * window larger than its input, a dense layer with another number of inputs) get {0, 0, 0}. */
void net_graph_shapes(const NetGraph *graph, int height, int width, NetShape *shapes);
/* As net_graph_shapes for one node; fails, naming the smallest size that works, when it cannot be computed. */
bool net_graph_check_size(const NetGraph *graph, int node, int height, int width, NetShape *shape, GError **error);

const char *net_op_name(NetOp op); /* "conv", "bias", ... */
/* Output size and leading pad along one axis; returns 0 when the window does not fit. */
int net_window_output(const NetWindow *window, bool vertical, int input, int *pad_before);

#endif
