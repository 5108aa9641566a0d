/* What the convolution that reads the pixels needs before it can be trained: its input has a deviation of about 70,
 * where every other layer's is near 1, and neighbouring pixels are nearly the same. */
#ifndef DREAMRIG_TRAIN_FIRST_LAYER_H
#define DREAMRIG_TRAIN_FIRST_LAYER_H

#include "synth/net/graph.h"

/* Whether the node is a convolution of the network's input. */
bool first_layer_is(const NetGraph *graph, const NetNode *node);

/* The factor of its weights' learning rate: with it and first_layer_start the layer learns as if pixels had been
 * divided by their deviation. */
double first_layer_rate(void);

/* Turns the random weights of a fresh graph's first layer into a start that the training can use: each kernel's noise
 * is smoothed in the plane, then set to a quarter of its old deviation over the pixels' deviation. A filter that begins
 * as noise answers to pixel noise only, and stays as it began: a quarter of them did. */
void first_layer_start(NetGraph *graph);

#endif
