/* What reader and writer of the native network file agree on. Internal to them.
 *
 * A safetensors file whose __metadata__ holds "format" and "network": JSON text {name, note, input {bgr, mean, scale},
 * nodes [...]}. A node is {name, op, inputs [names]} and its op's attributes; the tensor of a node that has weights has
 * the node's name and the shape that graph.h gives them. */
#ifndef DREAMRIG_NET_SAFETENSORS_NETWORK_H
#define DREAMRIG_NET_SAFETENSORS_NETWORK_H

#include "synth/net/graph.h"

#define SAFETENSORS_FORMAT "dreamrig 1"

/* The words for NetPadRule and NetOrder, NULL-terminated. */
extern const char *const safetensors_rules[], *const safetensors_orders[];
/* Dimensions of an op's weights; 0 for an op without any. */
gsize safetensors_n_dims(NetOp op);

#endif
