/* What the plan's parts share: plan_lower.c turns nodes into steps and places, plan_memory.c gives the places memory,
 * plan_steps.c runs the steps, plan.c is the interface.
 *
 * Time runs over 0..2n+1 for n nodes: node i runs forward at i, the caller puts gradients at n, node i runs backward at
 * 2n - i, and results are read at 2n + 1. A buffer lives from its first to its last use on that line, and buffers whose
 * lives do not meet may share memory. */
#ifndef DREAMRIG_NET_PLAN_INTERNAL_H
#define DREAMRIG_NET_PLAN_INTERNAL_H

#include "synth/net/op.h"
#include "synth/net/plan.h"

typedef struct {
  gsize floats;
  int first, last; /* the times of its first and last use */
  gsize offset;    /* in the workspace, in floats */
} NetBuffer;

/* A tensor: `offset` floats into a buffer. Nodes that can share memory have places in one buffer. */
typedef struct {
  int buffer; /* -1: none */
  gsize offset;
} NetPlace;

/* One kernel call. Forward: from = x, to = y; backward: from = dy, to = dx. */
typedef struct NetStep NetStep;
struct NetStep {
  void (*run)(const NetPlan *plan, const NetStep *step);
  const NetNode *node;
  NetShape in, out;  /* of the node */
  NetConv conv;      /* convs; pools use its geometry */
  const float *bias; /* fused into a product; NULL: none */
  bool relu;         /* likewise */
  bool accumulate;
  NetPlace from, to;
  NetPlace kept;    /* what backward needs of forward: choices (maxpool), x (lrn, parameters), y (relu, softmax) */
  gsize floats;     /* copies, relu */
  gsize parameters; /* steps to parameters: where the node's gradient begins */
};

struct NetPlan {
  const NetGraph *graph;
  int images, height, width;
  bool trains;                /* backward goes to the parameters, not to the pixels */
  float *parameter_gradients; /* the caller's, during a backward pass */
  NetShape *shapes;           /* n_nodes, of one image */
  bool *needed;               /* n_nodes: an ancestor of a target, or one itself */
  int n_targets;
  int *targets;
  NetPlace *activations, *gradients; /* n_nodes */
  NetPlace *seeds;                   /* n_targets: where the caller puts gradients */
  GArray *buffers;                   /* NetBuffer */
  GArray *forward, *backward;        /* NetStep */
  gsize scratch_floats, scratch_offset, total_floats;
  NetWorkspace *workspace;
  bool owns_workspace;
};

struct NetWorkspace {
  float *memory;
  gsize floats;
};

static inline int net_plan_end(const NetPlan *plan) { return 2 * plan->graph->n_nodes + 1; }
static inline gsize net_plan_floats(const NetPlan *plan, NetShape shape) {
  return (gsize)plan->images * (gsize)shape.channels * (gsize)shape.height * (gsize)shape.width;
}
static inline float *net_plan_at(const NetPlan *plan, NetPlace place) {
  return plan->workspace->memory + g_array_index(plan->buffers, NetBuffer, place.buffer).offset + place.offset;
}
static inline float *net_plan_scratch(const NetPlan *plan) { return plan->workspace->memory + plan->scratch_offset; }

/* Fills in places, buffers and steps for plan->targets. */
void net_plan_lower(NetPlan *plan);
/* Gives every buffer its offset and grows the workspace. */
bool net_plan_allocate(NetPlan *plan, GError **error);
/* The steps' kernels: NULL for an op that has nothing to do in that direction. */
typedef void (*NetKernel)(const NetPlan *plan, const NetStep *step);
NetKernel net_step_forward(const NetNode *node);
NetKernel net_step_backward(const NetNode *node);
NetKernel net_step_weights(const NetNode *node); /* NULL for a node without parameters */
void net_step_copy(const NetPlan *plan, const NetStep *step);
gsize net_step_scratch(const NetStep *step); /* floats, for both directions */

#endif
