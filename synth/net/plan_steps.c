/* From steps to kernels. */
#include "synth/net/plan_internal.h"

static gsize pixels(const NetPlan *plan, NetShape shape) {
  return (gsize)plan->images * (gsize)shape.height * (gsize)shape.width;
}
static const float *from(const NetPlan *plan, const NetStep *step) { return net_plan_at(plan, step->from); }
static float *to(const NetPlan *plan, const NetStep *step) { return net_plan_at(plan, step->to); }
static float *kept(const NetPlan *plan, const NetStep *step) { return net_plan_at(plan, step->kept); }

void net_step_copy(const NetPlan *plan, const NetStep *step) {
  net_copy(step->floats, from(plan, step), to(plan, step), step->accumulate);
}

static void conv_forward(const NetPlan *plan, const NetStep *step) {
  net_conv_forward(&step->conv, step->node->weights, step->bias, step->relu, from(plan, step), to(plan, step),
                   net_plan_scratch(plan));
}
static void conv_backward(const NetPlan *plan, const NetStep *step) {
  net_conv_backward(&step->conv, step->node->weights, step->node->turned_weights, from(plan, step), to(plan, step),
                    step->accumulate, net_plan_scratch(plan));
}

static void dense_forward(const NetPlan *plan, const NetStep *step) {
  net_dense_forward(step->in.channels, step->out.channels, plan->images, step->node->weights, step->bias, step->relu,
                    from(plan, step), to(plan, step));
}
static void dense_backward(const NetPlan *plan, const NetStep *step) {
  net_dense_backward(step->in.channels, step->out.channels, plan->images, step->node->weights, from(plan, step),
                     to(plan, step), step->accumulate);
}

static void conv_weights(const NetPlan *plan, const NetStep *step) {
  net_conv_weights(&step->conv, kept(plan, step), from(plan, step), plan->parameter_gradients + step->parameters,
                   net_plan_scratch(plan));
}
static void dense_weights(const NetPlan *plan, const NetStep *step) {
  net_dense_weights(step->in.channels, step->out.channels, plan->images, kept(plan, step), from(plan, step),
                    plan->parameter_gradients + step->parameters);
}
static void bias_weights(const NetPlan *plan, const NetStep *step) {
  net_bias_weights(step->out.channels, pixels(plan, step->out), from(plan, step),
                   plan->parameter_gradients + step->parameters);
}

static void bias_forward(const NetPlan *plan, const NetStep *step) {
  net_bias_forward(step->out.channels, pixels(plan, step->out), step->node->weights, from(plan, step), to(plan, step));
}

static void relu_forward(const NetPlan *plan, const NetStep *step) {
  net_relu_forward(step->floats, from(plan, step), to(plan, step));
}
static void relu_backward(const NetPlan *plan, const NetStep *step) {
  net_relu_backward(step->floats, kept(plan, step), from(plan, step), to(plan, step), step->accumulate);
}

static void maxpool_forward(const NetPlan *plan, const NetStep *step) {
  net_maxpool_forward(&step->conv.geometry, plan->images * step->out.channels, from(plan, step), to(plan, step),
                      (guint8 *)kept(plan, step));
}
static void maxpool_backward(const NetPlan *plan, const NetStep *step) {
  net_maxpool_backward(&step->conv.geometry, plan->images * step->out.channels, (const guint8 *)kept(plan, step),
                       from(plan, step), to(plan, step), step->accumulate);
}

static void avgpool_forward(const NetPlan *plan, const NetStep *step) {
  net_avgpool_forward(&step->conv.geometry, plan->images * step->out.channels, step->node->average_counts_padding,
                      from(plan, step), to(plan, step));
}
static void avgpool_backward(const NetPlan *plan, const NetStep *step) {
  net_avgpool_backward(&step->conv.geometry, plan->images * step->out.channels, step->node->average_counts_padding,
                       from(plan, step), to(plan, step), step->accumulate);
}

static void lrn_forward(const NetPlan *plan, const NetStep *step) {
  net_lrn_forward(&step->node->lrn, step->in.channels, pixels(plan, step->in), from(plan, step), to(plan, step));
}
static void lrn_backward(const NetPlan *plan, const NetStep *step) {
  net_lrn_backward(&step->node->lrn, step->in.channels, pixels(plan, step->in), kept(plan, step), from(plan, step),
                   to(plan, step), step->accumulate, net_plan_scratch(plan));
}

static void softmax_forward(const NetPlan *plan, const NetStep *step) {
  net_softmax_forward(step->in.channels, pixels(plan, step->in), from(plan, step), to(plan, step));
}
static void softmax_backward(const NetPlan *plan, const NetStep *step) {
  net_softmax_backward(step->in.channels, pixels(plan, step->in), kept(plan, step), from(plan, step), to(plan, step),
                       step->accumulate);
}

static void reshape_forward(const NetPlan *plan, const NetStep *step) {
  net_reshape_forward(step->node->order, step->in, plan->images, from(plan, step), to(plan, step));
}
static void reshape_backward(const NetPlan *plan, const NetStep *step) {
  net_reshape_backward(step->node->order, step->in, plan->images, from(plan, step), to(plan, step), step->accumulate);
}

static const struct {
  NetKernel forward, backward;
} kernels[NET_N_OPS] = {
    [NET_CONV] = {conv_forward, conv_backward},          [NET_BIAS] = {bias_forward, net_step_copy},
    [NET_RELU] = {relu_forward, relu_backward},          [NET_MAXPOOL] = {maxpool_forward, maxpool_backward},
    [NET_AVGPOOL] = {avgpool_forward, avgpool_backward}, [NET_LRN] = {lrn_forward, lrn_backward},
    [NET_DENSE] = {dense_forward, dense_backward},       [NET_RESHAPE] = {reshape_forward, reshape_backward},
    [NET_SOFTMAX] = {softmax_forward, softmax_backward}, [NET_DROPOUT] = {net_step_copy, net_step_copy},
};

NetKernel net_step_forward(const NetNode *node) { return kernels[node->op].forward; }
NetKernel net_step_backward(const NetNode *node) { return kernels[node->op].backward; }
NetKernel net_step_weights(const NetNode *node) {
  return node->op == NET_CONV    ? conv_weights
         : node->op == NET_DENSE ? dense_weights
         : node->op == NET_BIAS  ? bias_weights
                                 : NULL;
}

gsize net_step_scratch(const NetStep *step) {
  switch (step->node->op) {
  case NET_CONV:
    return net_conv_scratch(&step->conv);
  case NET_LRN:
    return net_lrn_scratch(step->in.channels);
  default:
    return 0;
  }
}
