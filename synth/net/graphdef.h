/* The parts of the TensorFlow importer: reading a file (graphdef.c), its nodes (graphdef_ops.c), its constants
 * (graphdef_constant.c). Internal to it. */
#ifndef DREAMRIG_NET_GRAPHDEF_H
#define DREAMRIG_NET_GRAPHDEF_H

#include <glib.h>
#include <stdbool.h>

#include "synth/net/graph.h"
#include "synth/net/tensorflow_subset.pb-c.h"

typedef struct {
  const Tensorflow__Node *message;
  int *inputs; /* indices of data inputs in the file's node list */
  int n_inputs;
  int node; /* in the graph; -1: a constant, or not added yet */
} GraphdefSource;

typedef struct {
  const char *file;
  NetGraph *graph;
  GraphdefSource *sources;
  int n_sources;
} GraphdefReader;

/* Adds the graph node of a source whose inputs have been added; constants add nothing. */
bool graphdef_add(GraphdefReader *reader, GraphdefSource *source, GError **error);

/* A Const node's shape and values; `message` is borrowed. */
typedef struct {
  const char *name;
  const Tensorflow__Tensor *message;
  gint64 dims[4];
  gsize n_dims, count;
} GraphdefConstant;

/* Checks shape and type of a Const node. */
bool graphdef_constant(const char *file, const Tensorflow__Node *node, GraphdefConstant *constant, GError **error);
/* Copies a float or half constant to values[count], in the file's order: tensor_content, or float_val or half_val where
 * one value, or the last one, fills the rest of the shape. */
bool graphdef_floats(const char *file, const GraphdefConstant *constant, float *values, GError **error);
/* The same for an int32 or int64 constant of at most max values. */
bool graphdef_ints(const char *file, const GraphdefConstant *constant, gint64 *values, gsize max, GError **error);

#endif
