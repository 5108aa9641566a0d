/* A plan runs a graph for one input size: it keeps only the targets' ancestors, lowers them to steps (bias and ReLU
 * fused into the product that makes them, branches written straight into their concat), and owns all memory.
 *
 * No allocation after net_plan_new. A plan belongs to one thread; plans of one graph in several threads share the
 * graph's weights. BLAS must be single-threaded (net_blas_init), so that results do not depend on the thread count. */
#ifndef DREAMRIG_NET_PLAN_H
#define DREAMRIG_NET_PLAN_H

#include "synth/net/graph.h"

typedef struct NetPlan NetPlan;
/* Memory that the plans of one worker share: each plan borrows it from forward to backward, so only the plan that ran
 * last holds valid activations. It grows to the largest plan. */
typedef struct NetWorkspace NetWorkspace;

/* Sets BLAS to one thread; call once at program start. */
void net_blas_init(void);
/* The BLAS library's own description, for the record. */
const char *net_blas_description(void);

NetWorkspace *net_workspace_new(void);
void net_workspace_free(NetWorkspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetWorkspace, net_workspace_free)

/* Plans the targets (node indices) for RGB images of this size. The graph must outlive the plan; so must the workspace,
 * or NULL for one of its own. Fails when a target cannot be computed at this size or memory is short. */
NetPlan *net_plan_new(const NetGraph *graph, int height, int width, const int *targets, int n_targets,
                      NetWorkspace *workspace, GError **error);
void net_plan_free(NetPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetPlan, net_plan_free)

/* Runs the network on pixels (height, width, 3), RGB 0..255, rows `row_stride` floats apart (3 * width or more): the
 * graph's input transform is applied inside. */
void net_plan_forward(NetPlan *plan, const float *pixels, gsize row_stride);
/* Target t's activation, (channels, height, width), valid until the workspace's next forward. */
const float *net_plan_activation(const NetPlan *plan, int t, NetShape *shape);
/* Where the caller puts d objective / d activation of target t, (channels, height, width), before net_plan_backward;
 * contents undefined after forward. */
float *net_plan_gradient(NetPlan *plan, int t);
/* Writes d objective / d pixels, (height, width, 3), to `gradient`, rows row_stride floats apart. */
void net_plan_backward(NetPlan *plan, float *gradient, gsize row_stride);

/* A plan for training: `images` images at once, stacked in one array of pixels (images * height, width, 3), and
 * activations (channels, images, height, width). Its backward pass goes to the parameters and not to the pixels. */
NetPlan *net_plan_new_training(const NetGraph *graph, int images, int height, int width, const int *targets,
                               int n_targets, NetWorkspace *workspace, GError **error);
/* Adds d objective / d parameters to gradient[net_graph_n_parameters]: the nodes' weights one after another. */
void net_plan_backward_parameters(NetPlan *plan, float *gradient);

/* Multiply-accumulates of one forward pass, and bytes of workspace: for the benchmark and tests. */
double net_plan_macs(const NetPlan *plan);
gsize net_plan_bytes(const NetPlan *plan);

#endif
