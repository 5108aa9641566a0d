#include "synth/train/optimizer.h"

#include <math.h>

const char *const optimizer_names[] = {"sgd", "adam", NULL};

Optimizer *optimizer_new(const OptimizerSettings *settings, gsize n_parameters) {
  Optimizer *optimizer = g_new0(Optimizer, 1);
  optimizer->settings = *settings;
  optimizer->n = n_parameters;
  optimizer->first = g_new0(float, n_parameters);
  if (settings->kind == OPTIMIZER_ADAM)
    optimizer->second = g_new0(float, n_parameters);
  return optimizer;
}

void optimizer_free(Optimizer *optimizer) {
  if (optimizer == NULL)
    return;
  g_free(optimizer->first);
  g_free(optimizer->second);
  g_free(optimizer);
}

void optimizer_begin_step(Optimizer *optimizer) { optimizer->steps++; }

void optimizer_update(Optimizer *optimizer, gsize offset, gsize count, float *weights, const float *gradient,
                      double rate, double decay) {
  const OptimizerSettings *s = &optimizer->settings;
  float *m = optimizer->first + offset, momentum = (float)s->momentum;
  if (s->kind == OPTIMIZER_SGD) {
    for (gsize k = 0; k < count; k++) {
      m[k] = momentum * m[k] + gradient[k];
      weights[k] -= (float)rate * m[k] + (float)decay * weights[k];
    }
    return;
  }
  float *v = optimizer->second + offset, beta2 = (float)s->beta2, epsilon = (float)s->epsilon;
  double first_bias = 1 - pow(s->momentum, (double)optimizer->steps);
  double second_bias = 1 - pow(s->beta2, (double)optimizer->steps);
  float step = (float)(rate / first_bias), scale = (float)(1 / sqrt(second_bias));
  for (gsize k = 0; k < count; k++) {
    m[k] = momentum * m[k] + (1 - momentum) * gradient[k];
    v[k] = beta2 * v[k] + (1 - beta2) * gradient[k] * gradient[k];
    weights[k] -= step * m[k] / (sqrtf(v[k]) * scale + epsilon) + (float)decay * weights[k];
  }
}

double optimizer_rate(guint64 step, guint64 warmup, guint64 total, double peak) {
  if (step < warmup)
    return peak * (double)(step + 1) / (double)warmup;
  if (step >= total)
    return 0;
  return peak * .5 * (1 + cos(G_PI * (double)(step - warmup) / (double)(total - warmup)));
}
