/* What an ascent climbs: a scalar of a network's activations, with its gradient.
 *
 * An objective names the nodes that a plan must compute and turns their activations into one number. Now: the mean of a
 * whole layer, as in the study. Other kinds (channels, neurons, weighted sums) become further constructors; tiles.h and
 * ascent.h use nothing but the functions below. */
#ifndef DREAMRIG_DREAM_OBJECTIVE_H
#define DREAMRIG_DREAM_OBJECTIVE_H

#include "synth/net/plan.h"

typedef struct Objective Objective;

/* The mean of all activations of the node, over channels, rows and columns. */
Objective *objective_layer_mean_new(const NetGraph *graph, int node);
void objective_free(Objective *objective);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Objective, objective_free)

/* The nodes whose activations the objective reads, in the order in which a plan must have them as targets. */
const int *objective_targets(const Objective *objective, int *n_targets);
/* The value on the plan's last forward pass. */
double objective_value(const Objective *objective, const NetPlan *plan);
/* Fills the plan's target gradients with d objective / d activation, ready for net_plan_backward. */
void objective_gradient(const Objective *objective, NetPlan *plan);

#endif
