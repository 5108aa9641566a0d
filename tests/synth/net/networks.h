/* Small networks as the bytes of their files, made field by field so that a test can damage one thing. */
#ifndef DREAMRIG_TESTS_NETWORKS_H
#define DREAMRIG_TESTS_NETWORKS_H

#include <glib.h>

#include "synth/net/caffe_subset.pb-c.h"
#include "synth/net/graph.h"
#include "synth/net/tensorflow_subset.pb-c.h"

/* --- TensorFlow; everything belongs to the graph, freed with tensorflow__graph__free_unpacked --- */

/* Appends a node; `inputs` are separated by blanks. */
Tensorflow__Node *networks_tf_node(Tensorflow__Graph *graph, const char *name, const char *op, const char *inputs);
Tensorflow__Node *networks_tf_find(Tensorflow__Graph *graph, const char *name);
/* Appends an attribute; the caller fills in the value. */
Tensorflow__Value *networks_tf_attribute(Tensorflow__Node *node, const char *key);
void networks_tf_text(Tensorflow__Node *node, const char *key, const char *text);
/* [1, h, w, 1] */
void networks_tf_window(Tensorflow__Node *node, const char *key, int h, int w);
/* Appends a Const of type float, without values. */
Tensorflow__Tensor *networks_tf_constant(Tensorflow__Graph *graph, const char *name, const gint64 *dims, gsize n_dims);
void networks_tf_content(Tensorflow__Tensor *tensor, const float *values, gsize n);
void networks_tf_ints(Tensorflow__Tensor *tensor, const int *values, gsize n);

/* input -> conv 3x2/2 SAME to 2 channels (filter w, HWIO) -> bias b -> relu; then max pool, LRN, concat of relu and
 * LRN, average pool, reshape, matmul to 3, softmax, identity. Every weight differs: w[i] = 0.01 (i + 1) and so on. */
Tensorflow__Graph *networks_tf_example(void);
GBytes *networks_tf_pack(const Tensorflow__Graph *graph);

/* --- Caffe --- */

/* data 3x9x11 -> conv1 (4, 3x3, pad 1) in-place relu -> norm1 -> pool1 (3/2 max) -> conv2 (4, groups 2, 2x1) in-place
 * relu -> concat of conv2 and a split copy of it -> pool2 (average) -> in-place dropout -> ip (3) -> prob. */
Caffe__Net *networks_caffe_example(void);
Caffe__Layer *networks_caffe_find(Caffe__Net *net, const char *name);
/* Appends a layer; bottoms and tops are separated by blanks. */
Caffe__Layer *networks_caffe_layer(Caffe__Net *net, const char *name, const char *type, const char *bottoms,
                                   const char *tops);
void networks_caffe_blob(Caffe__Layer *layer, const gint64 *dims, gsize n_dims, float first);
/* Turns all layers to the old format, with the old form of shapes. */
void networks_caffe_to_v1(Caffe__Net *net);
GBytes *networks_caffe_pack(const Caffe__Net *net);

#endif
