/* Nodes to steps: which nodes are needed, which may share memory, what runs when. */
#include "synth/net/plan_internal.h"

typedef struct {
  NetPlan *plan;
  const NetGraph *graph;
  int *consumers; /* needed edges that read a node */
  int *seeds;     /* targets that are this node */
  bool *fused;    /* a bias or relu that its product's step does */
  bool *written;  /* a gradient that a backward step emitted so far has written */
} Lowering;

static const NetNode *node_at(const Lowering *l, int i) { return &l->graph->nodes[i]; }

static int add_buffer(NetPlan *plan, gsize floats) {
  NetBuffer buffer = {.floats = floats, .first = G_MAXINT, .last = -1};
  g_array_append_val(plan->buffers, buffer);
  return (int)plan->buffers->len - 1;
}

static void use(NetPlan *plan, NetPlace place, int time) {
  NetBuffer *buffer = &g_array_index(plan->buffers, NetBuffer, place.buffer);
  buffer->first = MIN(buffer->first, time);
  buffer->last = MAX(buffer->last, time);
}

static bool same_place(NetPlace a, NetPlace b) { return a.buffer == b.buffer && a.offset == b.offset; }

static void find_needed(Lowering *l) {
  NetPlan *plan = l->plan;
  for (int t = 0; t < plan->n_targets; t++) {
    plan->needed[plan->targets[t]] = true;
    l->seeds[plan->targets[t]]++;
  }
  for (int i = l->graph->n_nodes - 1; i >= 0; i--)
    for (int k = 0; plan->needed[i] && k < node_at(l, i)->n_inputs; k++) {
      plan->needed[node_at(l, i)->inputs[k]] = true;
      l->consumers[node_at(l, i)->inputs[k]]++;
    }
}

static bool is_identity(const Lowering *l, const NetNode *node) {
  return node->op == NET_DROPOUT || (node->op == NET_RESHAPE && node->order == NET_ORDER_CHW && l->plan->images == 1);
}

/* Whether node i may overwrite its input: nothing else reads it, nobody asked for it, and its producer's backward pass
 * does not need it as it was. */
static bool works_in_place(const Lowering *l, int i) {
  const NetNode *node = node_at(l, i);
  if (node->op != NET_BIAS && node->op != NET_RELU && !is_identity(l, node))
    return false;
  int input = node->inputs[0];
  if (l->consumers[input] != 1 || l->seeds[input])
    return false;
  switch (node_at(l, input)->op) {
  case NET_CONV:
  case NET_DENSE:
  case NET_BIAS:
  case NET_MAXPOOL:
  case NET_AVGPOOL:
  case NET_LRN:
    return true;
  case NET_RELU:
  case NET_SOFTMAX:
  case NET_DROPOUT:
    return is_identity(l, node);
  default:
    return false;
  }
}

/* Offers each input of concat i its part of the concat's memory. `eligible` says which may take it. */
static void share_concat(const Lowering *l, int i, NetPlace *places, bool (*eligible)(const Lowering *, int)) {
  const NetNode *node = node_at(l, i);
  NetPlace part = places[i];
  for (int k = 0; k < node->n_inputs; k++) {
    int input = node->inputs[k];
    if (places[input].buffer < 0 && eligible(l, input))
      places[input] = part;
    part.offset += net_plan_floats(l->plan, l->plan->shapes[input]);
  }
}

static bool may_join_concat(const Lowering *l, int i) { return node_at(l, i)->op != NET_INPUT; }
static bool has_one_gradient(const Lowering *l, int i) { return l->consumers[i] == 1 && !l->seeds[i]; }

/* Consumers come after what they read, so going backwards each place is settled before it is handed on. */
static void place_activations(Lowering *l) {
  NetPlan *plan = l->plan;
  for (int i = l->graph->n_nodes - 1; i >= 0; i--) {
    if (!plan->needed[i])
      continue;
    NetPlace *place = &plan->activations[i];
    if (place->buffer < 0)
      *place = (NetPlace){add_buffer(plan, net_plan_floats(plan, plan->shapes[i])), 0};
    if (node_at(l, i)->op == NET_CONCAT)
      share_concat(l, i, plan->activations, may_join_concat);
    else if (works_in_place(l, i))
      plan->activations[node_at(l, i)->inputs[0]] = *place;
  }
}

static void place_gradients(Lowering *l) {
  NetPlan *plan = l->plan;
  for (int i = l->graph->n_nodes - 1; i >= 0; i--) {
    if (!plan->needed[i])
      continue;
    const NetNode *node = node_at(l, i);
    NetPlace *place = &plan->gradients[i];
    if (place->buffer < 0)
      *place = (NetPlace){add_buffer(plan, net_plan_floats(plan, plan->shapes[i])), 0};
    bool passes = node->op == NET_BIAS || node->op == NET_RELU || is_identity(l, node);
    if (node->op == NET_CONCAT)
      share_concat(l, i, plan->gradients, has_one_gradient);
    else if (passes && has_one_gradient(l, node->inputs[0]))
      plan->gradients[node->inputs[0]] = *place;
  }
  for (int t = 0; t < plan->n_targets; t++) {
    int i = plan->targets[t];
    /* The caller may write straight into the gradient where nothing else adds to it. */
    bool alone = l->consumers[i] == 0 && l->seeds[i] == 1;
    plan->seeds[t] =
        alone ? plan->gradients[i] : (NetPlace){add_buffer(plan, net_plan_floats(plan, plan->shapes[i])), 0};
    use(plan, plan->seeds[t], l->graph->n_nodes);
  }
}

static NetStep step_of(const Lowering *l, int i, int input) {
  const NetNode *node = node_at(l, i);
  NetShape in = l->plan->shapes[input], out = l->plan->shapes[i];
  NetStep step = {.node = node, .in = in, .out = out, .kept = {-1, 0}, .floats = net_plan_floats(l->plan, in)};
  if (node->op == NET_CONV || node->op == NET_MAXPOOL || node->op == NET_AVGPOOL)
    step.conv = (NetConv){.geometry = net_geometry(&node->window, l->plan->images, in.height, in.width),
                          .channels_in = in.channels,
                          .channels_out = out.channels,
                          .groups = node->groups};
  return step;
}

static void emit(NetPlan *plan, GArray *steps, NetStep step, int time) {
  use(plan, step.from, time);
  use(plan, step.to, time);
  if (step.kept.buffer >= 0)
    use(plan, step.kept, time);
  plan->scratch_floats = MAX(plan->scratch_floats, net_step_scratch(&step));
  g_array_append_val(steps, step);
}

/* The bias and relu that lie in place on product i become part of its step. */
static void fuse(Lowering *l, int i, NetStep *step) {
  NetPlace place = l->plan->activations[i];
  for (int next = i + 1, at = i; next < l->graph->n_nodes; next++) {
    const NetNode *node = node_at(l, next);
    if (!l->plan->needed[next] || node->n_inputs != 1 || node->inputs[0] != at)
      continue;
    bool in_place = works_in_place(l, next) && same_place(place, l->plan->activations[next]);
    if (!in_place || step->relu || !(node->op == NET_RELU || (node->op == NET_BIAS && !step->bias)))
      return;
    if (node->op == NET_BIAS)
      step->bias = node->weights;
    else
      step->relu = true;
    l->fused[next] = true;
    at = next;
  }
}

static void lower_forward(Lowering *l) {
  NetPlan *plan = l->plan;
  use(plan, plan->activations[0], 0);
  for (int i = 1; i < l->graph->n_nodes; i++) {
    const NetNode *node = node_at(l, i);
    if (!plan->needed[i] || l->fused[i])
      continue;
    NetPlace to = plan->activations[i];
    if (node->op == NET_CONCAT) {
      for (int k = 0; k < node->n_inputs; k++) {
        NetStep step = step_of(l, i, node->inputs[k]);
        step.run = net_step_copy;
        step.from = plan->activations[node->inputs[k]];
        step.to = to;
        if (!same_place(step.from, step.to))
          emit(plan, plan->forward, step, i);
        to.offset += step.floats;
      }
      use(plan, plan->activations[i], i);
      continue;
    }
    NetStep step = step_of(l, i, node->inputs[0]);
    step.run = net_step_forward(node);
    step.from = plan->activations[node->inputs[0]];
    step.to = to;
    if (node->op == NET_CONV || node->op == NET_DENSE)
      fuse(l, i, &step);
    if (node->op == NET_MAXPOOL) {
      step.kept =
          (NetPlace){add_buffer(plan, (net_plan_floats(plan, step.out) + sizeof(float) - 1) / sizeof(float)), 0};
      use(plan, step.kept, 2 * l->graph->n_nodes - i);
    }
    if (!(is_identity(l, node) && same_place(step.from, step.to)))
      emit(plan, plan->forward, step, i);
  }
  for (int t = 0; t < plan->n_targets; t++)
    use(plan, plan->activations[plan->targets[t]], net_plan_end(plan));
}

/* Takes node i's gradient to its input `input`; `from` is where node i's (or its part for that input) lies. */
static void lower_gradient(Lowering *l, int i, int input, NetPlace from, NetPlace kept) {
  NetPlan *plan = l->plan;
  const NetNode *node = node_at(l, i);
  NetStep step = step_of(l, i, input);
  step.run = node->op == NET_CONCAT || is_identity(l, node) ? net_step_copy : net_step_backward(node);
  step.from = from;
  step.to = plan->gradients[input];
  step.kept = kept;
  bool passed_on = same_place(from, step.to);
  if (passed_on && step.run == net_step_copy)
    return;
  step.accumulate = !passed_on && l->written[input];
  l->written[input] = true;
  emit(plan, plan->backward, step, 2 * l->graph->n_nodes - i);
}

static NetPlace kept_of(const Lowering *l, int i) {
  const NetPlan *plan = l->plan;
  const NetNode *node = node_at(l, i);
  switch (node->op) {
  case NET_RELU:
  case NET_SOFTMAX:
    return plan->activations[i];
  case NET_LRN:
    return plan->activations[node->inputs[0]];
  case NET_MAXPOOL:
    for (guint s = 0; s < plan->forward->len; s++)
      if (g_array_index(plan->forward, NetStep, s).node == node)
        return g_array_index(plan->forward, NetStep, s).kept;
    g_assert_not_reached();
  default:
    return (NetPlace){-1, 0};
  }
}

/* Node i's gradient to its parameters. */
static void lower_parameters(Lowering *l, int i, NetPlace from, gsize parameters) {
  const NetNode *node = node_at(l, i);
  NetStep step = step_of(l, i, node->inputs[0]);
  step.run = net_step_weights(node);
  step.from = step.to = from;
  step.parameters = parameters;
  if (node->op != NET_BIAS)
    step.kept = l->plan->activations[node->inputs[0]];
  emit(l->plan, l->plan->backward, step, 2 * l->graph->n_nodes - i);
}

static void lower_backward(Lowering *l) {
  NetPlan *plan = l->plan;
  int n = l->graph->n_nodes;
  gsize parameters = net_graph_n_parameters(l->graph);
  for (int i = n - 1; i >= 0; i--) {
    parameters -= node_at(l, i)->n_weights;
    if (!plan->needed[i])
      continue;
    const NetNode *node = node_at(l, i);
    NetPlace from = plan->gradients[i];
    if (!plan->trains || i > 0)
      use(plan, from, 2 * n - i);
    for (int t = 0; t < plan->n_targets; t++) {
      if (plan->targets[t] != i || same_place(plan->seeds[t], from))
        continue;
      NetStep step = {.run = net_step_copy,
                      .node = &l->graph->nodes[0],
                      .from = plan->seeds[t],
                      .to = from,
                      .kept = {-1, 0},
                      .accumulate = l->written[i],
                      .floats = net_plan_floats(plan, plan->shapes[i])};
      l->written[i] = true;
      emit(plan, plan->backward, step, 2 * n - i);
    }
    if (plan->trains && net_step_weights(node) != NULL)
      lower_parameters(l, i, from, parameters);
    for (int k = 0; k < node->n_inputs; k++) {
      if (plan->trains && node->inputs[k] == 0)
        continue;
      lower_gradient(l, i, node->inputs[k], from, kept_of(l, i));
      from.offset += net_plan_floats(plan, plan->shapes[node->inputs[k]]);
    }
  }
  if (!plan->trains)
    use(plan, plan->gradients[0], net_plan_end(plan));
}

void net_plan_lower(NetPlan *plan) {
  gsize n = (gsize)plan->graph->n_nodes;
  g_autofree int *consumers = g_new0(int, n), *seeds = g_new0(int, n);
  g_autofree bool *fused = g_new0(bool, n), *written = g_new0(bool, n);
  Lowering l = {plan, plan->graph, consumers, seeds, fused, written};
  for (gsize i = 0; i < n; i++)
    plan->activations[i] = plan->gradients[i] = (NetPlace){-1, 0};
  find_needed(&l);
  place_activations(&l);
  lower_forward(&l);
  place_gradients(&l);
  lower_backward(&l);
}
