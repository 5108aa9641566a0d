/* Reading networks: one entry point that knows a file by its content. */
#ifndef DREAMRIG_NET_IMPORT_H
#define DREAMRIG_NET_IMPORT_H

#include "synth/net/graph.h"

#define NET_MINI_FILE "synth/networks/mini.safetensors" /* as files_bundled wants it */

/* "mini": the bundled file NET_MINI_FILE, or where this copy of the rig has none, the network that "mini-untrained"
 * always is: the same topology with random weights. Else a file: TensorFlow GraphDef (.pb), Caffe (.caffemodel, V1 or
 * V2), safetensors with our node list. The graph comes back sealed, with name and digest. Every fault of the file
 * (truncated, foreign, an unknown op, sizes that do not fit, NaN) is a message that names the file, the node and what
 * was expected. */
bool net_open(const char *name, NetGraph **graph, GError **error);

/* Whether net_open takes the name for a network of the rig's own rather than for a file. */
bool net_is_bundled(const char *name);

/* The formats, from memory; `name` is for messages. */
bool net_read_graphdef(const char *name, const void *data, gsize size, NetGraph **graph, GError **error);
bool net_read_caffe(const char *name, const void *data, gsize size, NetGraph **graph, GError **error);
bool net_read_safetensors(const char *name, const void *data, gsize size, NetGraph **graph, GError **error);
/* Native file: safetensors in half precision (IEEE 754 binary16: weights rounded to 11 bits), the node list as JSON in
 * __metadata__; atomic. */
bool net_write_safetensors(const NetGraph *graph, const char *path, GError **error);

#endif
