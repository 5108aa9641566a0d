#include "synth/net/plan.h"

#include <cblas.h>

#include "synth/net/plan_internal.h"

void net_blas_init(void) { openblas_set_num_threads(1); }
const char *net_blas_description(void) { return openblas_get_config(); }

static NetPlan *plan_new(const NetGraph *graph, int images, int height, int width, const int *targets, int n_targets,
                         bool trains, NetWorkspace *workspace, GError **error) {
  g_assert(n_targets > 0 && images > 0);
  NetShape shape;
  for (int t = 0; t < n_targets; t++)
    if (!net_graph_check_size(graph, targets[t], height, width, &shape, error))
      return NULL;
  gsize n = (gsize)graph->n_nodes;
  g_autoptr(NetPlan) plan = g_new0(NetPlan, 1);
  plan->graph = graph;
  plan->images = images;
  plan->trains = trains;
  plan->height = height;
  plan->width = width;
  plan->shapes = g_new(NetShape, n);
  net_graph_shapes(graph, height, width, plan->shapes);
  plan->needed = g_new0(bool, n);
  plan->n_targets = n_targets;
  plan->targets = g_memdup2(targets, (gsize)n_targets * sizeof *targets);
  plan->activations = g_new(NetPlace, n);
  plan->gradients = g_new(NetPlace, n);
  plan->seeds = g_new(NetPlace, n_targets);
  plan->buffers = g_array_new(FALSE, FALSE, sizeof(NetBuffer));
  plan->forward = g_array_new(FALSE, FALSE, sizeof(NetStep));
  plan->backward = g_array_new(FALSE, FALSE, sizeof(NetStep));
  plan->owns_workspace = !workspace;
  plan->workspace = workspace ? workspace : net_workspace_new();
  net_plan_lower(plan);
  if (!net_plan_allocate(plan, error))
    return NULL;
  return g_steal_pointer(&plan);
}

NetPlan *net_plan_new(const NetGraph *graph, int height, int width, const int *targets, int n_targets,
                      NetWorkspace *workspace, GError **error) {
  return plan_new(graph, 1, height, width, targets, n_targets, false, workspace, error);
}

NetPlan *net_plan_new_training(const NetGraph *graph, int images, int height, int width, const int *targets,
                               int n_targets, NetWorkspace *workspace, GError **error) {
  return plan_new(graph, images, height, width, targets, n_targets, true, workspace, error);
}

void net_plan_free(NetPlan *plan) {
  if (!plan)
    return;
  if (plan->owns_workspace)
    net_workspace_free(plan->workspace);
  g_free(plan->shapes);
  g_free(plan->needed);
  g_free(plan->targets);
  g_free(plan->activations);
  g_free(plan->gradients);
  g_free(plan->seeds);
  g_array_free(plan->buffers, TRUE);
  g_array_free(plan->forward, TRUE);
  g_array_free(plan->backward, TRUE);
  g_free(plan);
}

static void run(const NetPlan *plan, const GArray *steps) {
  for (guint i = 0; i < steps->len; i++) {
    const NetStep *step = &g_array_index(steps, NetStep, i);
    step->run(plan, step);
  }
}

void net_plan_forward(NetPlan *plan, const float *pixels, gsize row_stride) {
  net_input_forward(&plan->graph->input, plan->images * plan->height, plan->width, pixels, row_stride,
                    net_plan_at(plan, plan->activations[0]));
  run(plan, plan->forward);
}

const float *net_plan_activation(const NetPlan *plan, int t, NetShape *shape) {
  if (shape)
    *shape = plan->shapes[plan->targets[t]];
  return net_plan_at(plan, plan->activations[plan->targets[t]]);
}

float *net_plan_gradient(NetPlan *plan, int t) { return net_plan_at(plan, plan->seeds[t]); }

void net_plan_backward(NetPlan *plan, float *gradient, gsize row_stride) {
  g_assert(!plan->trains);
  run(plan, plan->backward);
  net_input_backward(&plan->graph->input, plan->images * plan->height, plan->width,
                     net_plan_at(plan, plan->gradients[0]), gradient, row_stride);
}

void net_plan_backward_parameters(NetPlan *plan, float *gradient) {
  g_assert(plan->trains);
  plan->parameter_gradients = gradient;
  run(plan, plan->backward);
}

double net_plan_macs(const NetPlan *plan) {
  double macs = 0;
  for (int i = 0; i < plan->graph->n_nodes; i++) {
    const NetNode *node = &plan->graph->nodes[i];
    if (plan->needed[i] && (node->op == NET_CONV || node->op == NET_DENSE))
      macs += (double)plan->images * (double)node->n_weights * plan->shapes[i].height * plan->shapes[i].width;
  }
  return macs;
}

gsize net_plan_bytes(const NetPlan *plan) { return plan->total_floats * sizeof(float); }
