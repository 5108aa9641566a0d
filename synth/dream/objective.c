#include "synth/dream/objective.h"

struct Objective {
  int node;
};

Objective *objective_layer_mean_new(const NetGraph *graph, int node) {
  g_assert(node > 0 && node < graph->n_nodes);
  Objective *objective = g_new(Objective, 1);
  objective->node = node;
  return objective;
}

void objective_free(Objective *objective) { g_free(objective); }

const int *objective_targets(const Objective *objective, int *n_targets) {
  *n_targets = 1;
  return &objective->node;
}

static gsize count(const NetShape *shape) {
  return (gsize)shape->channels * (gsize)shape->height * (gsize)shape->width;
}

double objective_value(const Objective *objective, const NetPlan *plan) {
  (void)objective;
  NetShape shape;
  const float *activation = net_plan_activation(plan, 0, &shape);
  gsize n = count(&shape);
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)activation[i];
  return sum / (double)n;
}

void objective_gradient(const Objective *objective, NetPlan *plan) {
  (void)objective;
  NetShape shape;
  net_plan_activation(plan, 0, &shape);
  gsize n = count(&shape);
  float *gradient = net_plan_gradient(plan, 0);
  const float each = 1.0f / (float)n;
  for (gsize i = 0; i < n; i++)
    gradient[i] = each;
}
