/* Networks made by code. */
#ifndef DREAMRIG_NET_ARCHITECTURES_H
#define DREAMRIG_NET_ARCHITECTURES_H

#include "synth/net/graph.h"

/* inception5h's topology and names (shared reference: the 144 layers plus both auxiliary heads and the classifier) with
 * every channel count times `width` (0 < width <= 1, rounded, at least 1; the classifiers keep n_classes), weights
 * drawn from N(0, 2/fan_in) by random_init_stream(seed, node name), biases 0. RGB - 117, TensorFlow's padding. */
NetGraph *net_inception5h_new(const char *name, double width, int n_classes, guint64 seed, GError **error);

/* The same with heads that fit size x size images (64 or more) where the original's want 224 x 224: below 224 the
 * auxiliary heads pool 3x3 with stride 2, and the classifier averages the whole of mixed5b. */
NetGraph *net_inception5h_for_size(const char *name, double width, int n_classes, int size, guint64 seed,
                                   GError **error);

/* "mini-untrained": a quarter of inception5h's width, random weights, marked untrained. */
NetGraph *net_mini_new(GError **error);

/* The study's 144 layers, in its order, NULL-terminated. */
const char *const *net_inception5h_layers(void);

#endif
