#include "synth/train/trainer.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/net/architectures.h"
#include "synth/net/plan.h"
#include "synth/train/first_layer.h"
#include "synth/train/loss.h"
#include "synth/train/pattern.h"

const char *const train_heads[TRAIN_HEADS] = {"softmax2_pre_activation", "softmax0_pre_activation",
                                              "softmax1_pre_activation"};

typedef struct {
  NetWorkspace *workspace;
  NetPlan *plan;
  Image *images; /* TRAIN_CHUNK of them, one under the other */
  Image *image;
} Worker;

/* What one chunk of a step leaves behind. */
typedef struct {
  float *gradient;
  double loss[TRAIN_HEADS];
  gsize n_correct[TRAIN_HEADS];
  guint32 labels[TRAIN_CHUNK];
} Chunk;

struct Trainer {
  TrainState *state;
  gsize n_parameters, n_classes, n_workers, n_chunks;
  Worker *workers;
  Chunk *chunks;
  GThreadPool *pool;
  GMutex mutex; /* guards pending and idle */
  GCond done;
  gsize pending;
  GPtrArray *idle;    /* workers */
  const char *stream; /* of the step under way, with its number */
  guint64 number;
  bool learns;
};

TrainSettings train_settings_default(void) {
  return (TrainSettings){
      .width = .25,
      .size = 96,
      .batch = 64,
      .steps = 20000,
      .warmup = 500,
      .rate = 1e-3,
      .auxiliary = .3,
      .optimizer = {.kind = OPTIMIZER_ADAM, .momentum = .9, .beta2 = .999, .epsilon = 1e-8, .weight_decay = .02},
      .seed = 1,
      .report_steps = 250,
      .held_out_images = 1024};
}

/* The shortest text that reads back as the value: 0.1, not 0.10000000000000001. */
static void append_number(GString *text, double value) {
  char number[G_ASCII_DTOSTR_BUF_SIZE], format[8];
  int digits = 6;
  do {
    g_snprintf(format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd(number, sizeof number, format, value);
  } while (++digits <= 17 && g_ascii_strtod(number, NULL) != value);
  g_string_append(text, number);
}

char *train_settings_text(const TrainSettings *s) {
  GString *text = g_string_new(NULL);
  const struct {
    const char *key;
    double value;
  } rows[] = {{"width", s->width},
              {"size", s->size},
              {"batch", s->batch},
              {"steps", (double)s->steps},
              {"warmup", (double)s->warmup},
              {"rate", s->rate},
              {"auxiliary", s->auxiliary},
              {"momentum", s->optimizer.momentum},
              {"beta2", s->optimizer.beta2},
              {"epsilon", s->optimizer.epsilon},
              {"weight_decay", s->optimizer.weight_decay},
              {"seed", (double)s->seed},
              {"classes", (double)pattern_n_classes()},
              {"report_steps", (double)s->report_steps},
              {"held_out", (double)s->held_out_images}};
  g_string_append_printf(text, "optimizer=%s\n", optimizer_names[s->optimizer.kind]);
  for (gsize k = 0; k < G_N_ELEMENTS(rows); k++) {
    g_string_append_printf(text, "%s=", rows[k].key);
    append_number(text, rows[k].value);
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

/* The dense layer that a head's bias node reads. */
static NetNode *classifier(NetGraph *graph, int head) {
  int bias = net_graph_find(graph, train_heads[head]);
  return &graph->nodes[graph->nodes[bias].inputs[0]];
}

bool train_state_new(const TrainSettings *settings, TrainState **state, GError **error) {
  NetGraph *graph = net_inception5h_for_size("own network (procedural images)", settings->width,
                                             (int)pattern_n_classes(), settings->size, settings->seed, error);
  if (graph == NULL)
    return false;
  graph->note =
      g_strdup("this network was trained on patterns that the rig draws itself: it shows what the rig does, and is no "
               "network for a study");
  for (int head = 0; head < TRAIN_HEADS; head++) {
    NetNode *node = classifier(graph, head);
    memset(node->weights, 0, node->n_weights * sizeof(float));
  }
  first_layer_start(graph);
  TrainState *fresh = g_new0(TrainState, 1);
  fresh->settings = *settings;
  fresh->graph = graph;
  fresh->optimizer = optimizer_new(&settings->optimizer, net_graph_n_parameters(graph));
  fresh->curve = g_array_new(FALSE, FALSE, sizeof(TrainPoint));
  *state = fresh;
  return true;
}

bool train_state_of_network(const TrainSettings *settings, NetGraph *graph, TrainState **state, GError **error) {
  for (int head = 0; head < TRAIN_HEADS; head++) {
    int node = net_graph_find(graph, train_heads[head]);
    if (node < 0 || graph->nodes[node].channels != (int)pattern_n_classes()) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no layer %s with the patterns' %zu classes", graph->name,
                  train_heads[head], pattern_n_classes());
      net_graph_free(graph);
      return false;
    }
  }
  *state = g_new0(TrainState, 1);
  (*state)->settings = *settings;
  (*state)->graph = graph;
  return true;
}

void train_state_free(TrainState *state) {
  if (state == NULL)
    return;
  net_graph_free(state->graph);
  optimizer_free(state->optimizer);
  if (state->curve != NULL)
    g_array_free(state->curve, TRUE);
  g_free(state);
}

static void render(Trainer *trainer, Worker *worker, Chunk *chunk, gsize index) {
  g_autofree char *label =
      g_strdup_printf("%s %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT, trainer->stream, trainer->number, index);
  Random random;
  random_init_stream(&random, trainer->state->settings.seed, label);
  gsize floats = (gsize)worker->image->width * (gsize)worker->image->height * 3;
  for (gsize i = 0; i < TRAIN_CHUNK; i++) {
    chunk->labels[i] = random_below(&random, (guint32)trainer->n_classes);
    pattern_render(chunk->labels[i], &random, worker->image);
    memcpy(worker->images->pixels + i * floats, worker->image->pixels, floats * sizeof(float));
  }
}

static void run_chunk(Trainer *trainer, Worker *worker, gsize index) {
  Chunk *chunk = &trainer->chunks[index];
  render(trainer, worker, chunk, index);
  net_plan_forward(worker->plan, worker->images->pixels, (gsize)worker->images->width * 3);
  for (int head = 0; head < TRAIN_HEADS; head++) {
    double scale = (head == 0 ? 1 : trainer->state->settings.auxiliary) / trainer->state->settings.batch;
    Loss loss = loss_cross_entropy(trainer->n_classes, TRAIN_CHUNK, net_plan_activation(worker->plan, head, NULL),
                                   chunk->labels, scale, net_plan_gradient(worker->plan, head));
    chunk->loss[head] = loss.loss;
    chunk->n_correct[head] = loss.n_correct;
  }
  if (!trainer->learns)
    return;
  memset(chunk->gradient, 0, trainer->n_parameters * sizeof(float));
  net_plan_backward_parameters(worker->plan, chunk->gradient);
}

static void pool_work(gpointer item, gpointer data) {
  Trainer *trainer = data;
  g_mutex_lock(&trainer->mutex);
  Worker *worker = g_ptr_array_steal_index(trainer->idle, trainer->idle->len - 1);
  g_mutex_unlock(&trainer->mutex);
  run_chunk(trainer, worker, GPOINTER_TO_SIZE(item) - 1);
  g_mutex_lock(&trainer->mutex);
  g_ptr_array_add(trainer->idle, worker);
  if (--trainer->pending == 0)
    g_cond_signal(&trainer->done);
  g_mutex_unlock(&trainer->mutex);
}

bool trainer_new(TrainState *state, gsize n_workers, Trainer **out, GError **error) {
  g_autoptr(Trainer) trainer = g_new0(Trainer, 1);
  trainer->state = state;
  trainer->n_parameters = net_graph_n_parameters(state->graph);
  trainer->n_classes = pattern_n_classes();
  trainer->n_chunks = (gsize)state->settings.batch / TRAIN_CHUNK;
  trainer->n_workers = CLAMP(n_workers, 1, trainer->n_chunks);
  trainer->workers = g_new0(Worker, trainer->n_workers);
  trainer->chunks = g_new0(Chunk, trainer->n_chunks);
  trainer->idle = g_ptr_array_new();
  g_mutex_init(&trainer->mutex);
  g_cond_init(&trainer->done);
  int targets[TRAIN_HEADS], size = state->settings.size;
  for (int head = 0; head < TRAIN_HEADS; head++)
    targets[head] = net_graph_find(state->graph, train_heads[head]);
  for (gsize k = 0; k < trainer->n_chunks; k++)
    trainer->chunks[k].gradient = g_new(float, trainer->n_parameters);
  for (gsize k = 0; k < trainer->n_workers; k++) {
    Worker *worker = &trainer->workers[k];
    worker->workspace = net_workspace_new();
    worker->plan =
        net_plan_new_training(state->graph, TRAIN_CHUNK, size, size, targets, TRAIN_HEADS, worker->workspace, error);
    worker->images = image_new(size, size * TRAIN_CHUNK, error != NULL && *error != NULL ? NULL : error);
    worker->image = image_new(size, size, error != NULL && *error != NULL ? NULL : error);
    if (worker->plan == NULL || worker->images == NULL || worker->image == NULL)
      return false;
    g_ptr_array_add(trainer->idle, worker);
  }
  trainer->pool = g_thread_pool_new(pool_work, trainer, (int)trainer->n_workers, TRUE, error);
  if (trainer->pool == NULL)
    return false;
  *out = g_steal_pointer(&trainer);
  return true;
}

void trainer_free(Trainer *trainer) {
  if (trainer == NULL)
    return;
  if (trainer->pool != NULL)
    g_thread_pool_free(trainer->pool, FALSE, TRUE);
  for (gsize k = 0; k < trainer->n_workers; k++) {
    net_plan_free(trainer->workers[k].plan);
    net_workspace_free(trainer->workers[k].workspace);
    image_free(trainer->workers[k].images);
    image_free(trainer->workers[k].image);
  }
  for (gsize k = 0; k < trainer->n_chunks; k++)
    g_free(trainer->chunks[k].gradient);
  g_mutex_clear(&trainer->mutex);
  g_cond_clear(&trainer->done);
  g_ptr_array_free(trainer->idle, TRUE);
  g_free(trainer->workers);
  g_free(trainer->chunks);
  g_free(trainer);
}

/* Runs all chunks of a batch and waits. */
static void run_batch(Trainer *trainer, const char *stream, guint64 number, bool learns) {
  trainer->stream = stream;
  trainer->number = number;
  trainer->learns = learns;
  trainer->pending = trainer->n_chunks;
  for (gsize k = 0; k < trainer->n_chunks; k++)
    g_thread_pool_push(trainer->pool, GSIZE_TO_POINTER(k + 1), NULL);
  g_mutex_lock(&trainer->mutex);
  while (trainer->pending > 0)
    g_cond_wait(&trainer->done, &trainer->mutex);
  g_mutex_unlock(&trainer->mutex);
}

/* Adds the chunks' gradients into the first one's, in order. */
static const float *sum_gradients(Trainer *trainer) {
  float *total = trainer->chunks[0].gradient;
  for (gsize k = 1; k < trainer->n_chunks; k++)
    for (gsize i = 0; i < trainer->n_parameters; i++)
      total[i] += trainer->chunks[k].gradient[i];
  return total;
}

static bool is_finite(const float *values, gsize n) {
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)values[i] * (double)values[i];
  return isfinite(sum);
}

static bool check(const Trainer *trainer, double loss, const float *gradient, GError **error) {
  guint64 step = trainer->state->optimizer->steps;
  if (!isfinite(loss)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                "step %" G_GUINT64_FORMAT ": the loss is not finite; try a lower --rate", step);
    return false;
  }
  gsize offset = 0;
  for (int i = 0; i < trainer->state->graph->n_nodes; i++) {
    const NetNode *node = &trainer->state->graph->nodes[i];
    if (!is_finite(gradient + offset, node->n_weights)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                  "step %" G_GUINT64_FORMAT ": the gradient of %s is not finite; try a lower --rate", step, node->name);
      return false;
    }
    offset += node->n_weights;
  }
  return true;
}

static TrainScore score_of(const Trainer *trainer) {
  TrainScore score = {0, {0}};
  double n = trainer->state->settings.batch;
  for (gsize k = 0; k < trainer->n_chunks; k++) {
    score.loss += trainer->chunks[k].loss[0] / n;
    for (int head = 0; head < TRAIN_HEADS; head++)
      score.accuracy[head] += (double)trainer->chunks[k].n_correct[head] / n;
  }
  return score;
}

bool trainer_step(Trainer *trainer, TrainScore *score, GError **error) {
  TrainState *state = trainer->state;
  const TrainSettings *s = &state->settings;
  run_batch(trainer, "train", state->optimizer->steps, true);
  *score = score_of(trainer);
  const float *gradient = sum_gradients(trainer);
  if (!check(trainer, score->loss, gradient, error))
    return false;
  double rate = optimizer_rate(state->optimizer->steps, s->warmup, s->steps, s->rate);
  optimizer_begin_step(state->optimizer);
  gsize offset = 0;
  for (int i = 0; i < state->graph->n_nodes; i++) {
    NetNode *node = &state->graph->nodes[i];
    optimizer_update(state->optimizer, offset, node->n_weights, node->weights, gradient + offset,
                     first_layer_is(state->graph, node) ? rate * first_layer_rate() : rate,
                     node->op != NET_BIAS ? rate * s->optimizer.weight_decay : 0);
    offset += node->n_weights;
  }
  net_graph_refresh(state->graph);
  return true;
}

void trainer_evaluate(Trainer *trainer, gsize n_images, TrainScore *score) {
  gsize batch = (gsize)trainer->state->settings.batch, n_batches = (n_images + batch - 1) / batch;
  *score = (TrainScore){0, {0}};
  for (gsize b = 0; b < n_batches; b++) {
    run_batch(trainer, "held out", b, false);
    TrainScore one = score_of(trainer);
    score->loss += one.loss / (double)n_batches;
    for (int head = 0; head < TRAIN_HEADS; head++)
      score->accuracy[head] += one.accuracy[head] / (double)n_batches;
  }
}
