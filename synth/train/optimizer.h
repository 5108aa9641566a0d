/* Gradient descent on a flat vector of parameters. */
#ifndef DREAMRIG_TRAIN_OPTIMIZER_H
#define DREAMRIG_TRAIN_OPTIMIZER_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  OPTIMIZER_SGD, /* v = momentum v + g; w -= rate (v + weight_decay w) */
  /* Source: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1, with decoupled decay: Loshchilov & Hutter 2019,
   * arXiv:1711.05101. */
  OPTIMIZER_ADAM,
  OPTIMIZER_N_KINDS
} OptimizerKind;
extern const char *const optimizer_names[]; /* "sgd", "adam", NULL */

typedef struct {
  OptimizerKind kind;
  double momentum;     /* SGD: 0..1; Adam's beta1 */
  double beta2;        /* Adam */
  double epsilon;      /* Adam */
  double weight_decay; /* per step, times the rate; not for biases */
} OptimizerSettings;

typedef struct {
  OptimizerSettings settings;
  gsize n;
  float *first, *second; /* moments, n each; owned. SGD has no second (NULL) */
  guint64 steps;         /* done so far */
} Optimizer;

Optimizer *optimizer_new(const OptimizerSettings *settings, gsize n_parameters);
void optimizer_free(Optimizer *optimizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Optimizer, optimizer_free)

/* Starts a step: call once, then optimizer_update for each run of parameters. */
void optimizer_begin_step(Optimizer *optimizer);
/* Updates weights[count], which are parameters [offset, offset + count), along -gradient; decay: the part of itself
 * that each weight loses. */
void optimizer_update(Optimizer *optimizer, gsize offset, gsize count, float *weights, const float *gradient,
                      double rate, double decay);

/* The learning rate at a step: a linear rise over `warmup` steps to `peak`, then half a cosine down to 0 at `total`.
 * Source: Loshchilov & Hutter 2017, arXiv:1608.03983. */
double optimizer_rate(guint64 step, guint64 warmup, guint64 total, double peak);

#endif
