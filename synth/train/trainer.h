/* Training a classifier on procedural patterns made on the fly.
 *
 * A step draws a minibatch, which is always cut into chunks of TRAIN_CHUNK images with a stream of their own each;
 * gradients are added in the order of the chunks. So the result is the same bytes for any number of workers. */
#ifndef DREAMRIG_TRAIN_TRAINER_H
#define DREAMRIG_TRAIN_TRAINER_H

#include "synth/net/graph.h"
#include "synth/train/optimizer.h"

#define TRAIN_CHUNK 16
/* The classifier and the two auxiliary ones, in this order; train_heads has the names of their layers. */
#define TRAIN_HEADS 3
extern const char *const train_heads[TRAIN_HEADS];

typedef struct {
  double width;     /* of the inception5h topology, 0..1 */
  int size;         /* images are size x size, 64 or more */
  int batch;        /* images a step, a multiple of TRAIN_CHUNK */
  guint64 steps;    /* in all; the learning rate falls to 0 at the last */
  guint64 warmup;   /* steps of linear rise */
  double rate;      /* the learning rate's peak */
  double auxiliary; /* the auxiliary heads' share in the loss */
  OptimizerSettings optimizer;
  guint64 seed;
  guint64 report_steps;    /* between points of the curve */
  guint64 held_out_images; /* that a point's accuracy is of */
} TrainSettings;

/* The defaults; every field valid. */
TrainSettings train_settings_default(void);
/* "key=value" lines in a fixed order, for the record and to compare runs; numbers with as few digits as tell them
 * apart. Free with g_free. */
char *train_settings_text(const TrainSettings *settings);

/* One row of the learning curve. */
typedef struct {
  double step, loss, accuracy, held_out, rate; /* loss and accuracy: means over the steps since the last row */
} TrainPoint;

typedef struct {
  double loss;                  /* of the main head, mean over the images */
  double accuracy[TRAIN_HEADS]; /* top-1, 0..1 */
} TrainScore;

typedef struct {
  TrainSettings settings;
  NetGraph *graph;
  Optimizer *optimizer;
  GArray *curve;                     /* TrainPoint */
  double since_loss, since_accuracy; /* of the main head: sums over the steps since the curve's last point */
  guint64 since_steps;               /* and their number */
} TrainState;

/* A fresh network with its classifiers at zero, so that the first predictions are even. */
bool train_state_new(const TrainSettings *settings, TrainState **state, GError **error);
/* A network as it is, to be evaluated and not trained (optimizer is NULL); owns the graph, also on failure. Fails,
 * naming what is missing, on a network without the three classifiers for the patterns' classes. */
bool train_state_of_network(const TrainSettings *settings, NetGraph *graph, TrainState **state, GError **error);
void train_state_free(TrainState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrainState, train_state_free)

/* The workers' memory and threads. */
typedef struct Trainer Trainer;
bool trainer_new(TrainState *state, gsize n_workers, Trainer **trainer, GError **error);
void trainer_free(Trainer *trainer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trainer, trainer_free)

/* One step of descent. Fails, leaving the state as it was before the step, when the loss or a gradient is not finite;
 * the message names the step and the node. */
bool trainer_step(Trainer *trainer, TrainScore *score, GError **error);
/* Scores n_images (rounded up to whole batches) of patterns that training never draws: stream "held out". */
void trainer_evaluate(Trainer *trainer, gsize n_images, TrainScore *score);

#endif
