/* The network's ops as their definitions read, in double, one loop per index: what the plan is checked against. */
#ifndef DREAMRIG_TESTS_NAIVE_H
#define DREAMRIG_TESTS_NAIVE_H

#include "stimuli/base/random.h"
#include "synth/net/graph.h"

typedef struct {
  NetShape shape;
  double *values; /* (channels, height, width) */
} NaiveTensor;

/* The activations of nodes 0 to `last` for pixels (height, width, 3), all of which must be possible; naive_free them.
 */
NaiveTensor *naive_forward(const NetGraph *graph, int height, int width, const double *pixels, int last);
void naive_free(const NetGraph *graph, NaiveTensor *tensors);

/* Runs plan and naive network on a random image and random gradients for the targets, and asserts that activations
 * agree and that the plan's gradient agrees with five-point differences of the naive objective: at every pixel, or
 * along n_directions random directions where that is not 0. */
void naive_check(const NetGraph *graph, int height, int width, const int *targets, int n_targets, int n_directions,
                 Random *random);

/* Appends a node with one input and random weights where the op has them; channels is for conv and dense. */
int naive_conv(NetGraph *graph, int input, int channels, int groups, NetWindow window, Random *random);
int naive_bias(NetGraph *graph, int input, Random *random);
int naive_dense(NetGraph *graph, int input, int features, int channels, Random *random);
int naive_plain(NetGraph *graph, NetOp op, int input);
/* A graph with its input node; unequal means and scales, BGR. */
NetGraph *naive_graph(void);
void naive_seal(NetGraph *graph);

#endif
