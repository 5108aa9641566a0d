/* The parts of the Caffe importer: reading a file (caffe.c), its layers (caffe_layers.c,
 * caffe_products.c), the blobs between them (caffe_blobs.c). Internal to it. */
#ifndef DREAMRIG_NET_CAFFE_H
#define DREAMRIG_NET_CAFFE_H

#include <glib.h>
#include <stdbool.h>

#include "synth/net/caffe_subset.pb-c.h"
#include "synth/net/graph.h"

/* A layer of either format; pointers borrowed from the message. */
typedef struct {
  const char *name;
  const char *type; /* the new format's word: "Convolution" */
  char **bottoms, **tops;
  gsize n_bottoms, n_tops;
  Caffe__Blob **blobs;
  gsize n_blobs;
  const Caffe__Concat *concat;
  const Caffe__Convolution *convolution;
  const Caffe__InnerProduct *inner_product;
  const Caffe__Lrn *lrn;
  const Caffe__Pooling *pooling;
  const Caffe__Relu *relu;
} CaffeLayer;

/* What a blob's name stands for at this point of the file. */
typedef struct {
  int node;          /* in the graph */
  const char *maker; /* the layer that made it; layers that work in place do not count */
  bool flat;         /* made by a fully connected layer: (features, 1, 1) */
} CaffeBlob;

typedef struct {
  const char *file;
  NetGraph *graph;
  GHashTable *blobs; /* name -> CaffeBlob, owned */
  int height, width; /* the input size that the file declares, or 0 */
  bool has_input;    /* some blob is the image */
} CaffeReader;

/* Makes a blob's name stand for a node from here on. `maker` must outlive the reader. */
void caffe_set_blob(CaffeReader *reader, const char *name, int node, const char *maker, bool flat);
/* The blob that the layer's bottom k stands for, valid until a blob of this name is set; NULL with error set where
 * there is none. Where the file names no input, the first blob that no layer makes is the image. */
const CaffeBlob *caffe_bottom(CaffeReader *reader, const CaffeLayer *layer, gsize k, GError **error);
/* The same for a layer that must have one bottom and one top. */
const CaffeBlob *caffe_only_bottom(CaffeReader *reader, const CaffeLayer *layer, GError **error);
/* Appends a node with one input; as net_graph_add. */
NetNode *caffe_add_node(CaffeReader *reader, const char *name, NetOp op, int input, GError **error);
int caffe_last_node(const CaffeReader *reader);
/* A size given for each axis (h, w), or once or twice in a list, or not at all (fallback); `what` is for messages. */
bool caffe_axes(const CaffeReader *reader, const CaffeLayer *layer, const char *what, const guint32 *list, gsize n_list,
                const guint32 *h, const guint32 *w, guint32 fallback, int *out_h, int *out_w, GError **error);
/* Names the image's blob. */
void caffe_set_input(CaffeReader *reader, const char *blob);
/* Adds the nodes of a layer. Layers that only training uses (data, loss, accuracy) add none. */
bool caffe_add_layer(CaffeReader *reader, const CaffeLayer *layer, GError **error);
bool caffe_add_convolution(CaffeReader *reader, const CaffeLayer *layer, GError **error);
bool caffe_add_inner_product(CaffeReader *reader, const CaffeLayer *layer, GError **error);

#endif
