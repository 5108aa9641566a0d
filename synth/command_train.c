#include <math.h>
#include <stdio.h>

#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/stop.h"
#include "synth/commands.h"
#include "synth/net/import.h"
#include "synth/train/checkpoint.h"
#include "synth/train/curves.h"
#include "synth/train/pattern.h"

#define CHECKPOINT "checkpoint.safetensors"
#define NETWORK "network.safetensors"

typedef struct {
  TrainSettings settings;
  char *folder;
  double checkpoint_minutes;
  gsize n_workers;
} Run;

static bool choose(TrainSettings *s, const char *optimizer, GError **error) {
  for (int kind = 0; kind < OPTIMIZER_N_KINDS; kind++)
    if (optimizer == NULL || g_str_equal(optimizer, optimizer_names[kind])) {
      if (optimizer != NULL)
        s->optimizer.kind = (OptimizerKind)kind;
      return true;
    }
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "--optimizer %s: sgd or adam expected", optimizer);
  return false;
}

static bool check_range(const char *option, gint64 value, gint64 low, gint64 high, GError **error) {
  if (value >= low && value <= high)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
              "%s %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " expected", option, value,
              MAX(low, 0), high);
  return false;
}

static bool check(const TrainSettings *s, GError **error) {
  const struct {
    bool good;
    const char *what;
  } checks[] = {
      {s->width > 0 && s->width <= 1, "--width: more than 0, at most 1 expected"},
      {s->size >= 64 && s->size <= 1024, "--size: 64 to 1024 expected"},
      {s->batch >= TRAIN_CHUNK && s->batch % TRAIN_CHUNK == 0 && s->batch <= 4096,
       "--batch: a multiple of 16, 16 to 4096, expected"},
      {s->rate > 0 && isfinite(s->rate), "--rate: a number above 0 expected"},
      {s->optimizer.momentum >= 0 && s->optimizer.momentum < 1, "--momentum: 0 to below 1 expected"},
      {s->optimizer.weight_decay >= 0 && isfinite(s->optimizer.weight_decay), "--weight-decay: 0 or more expected"},
      {s->auxiliary >= 0 && isfinite(s->auxiliary), "--auxiliary: 0 or more expected"},
  };
  for (gsize k = 0; k < G_N_ELEMENTS(checks); k++)
    if (!checks[k].good) {
      g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, checks[k].what);
      return false;
    }
  return true;
}

/* Checkpoint, curves and the network itself, each whole or not at all. */
static bool save(const Run *run, const TrainState *state, GError **error) {
  g_autofree char *checkpoint = g_build_filename(run->folder, CHECKPOINT, NULL);
  g_autofree char *network = g_build_filename(run->folder, NETWORK, NULL);
  return checkpoint_write(state, checkpoint, error) && curves_write(state, run->folder, error) &&
         net_write_safetensors(state->graph, network, error);
}

static void add_point(const Run *run, Trainer *trainer, TrainState *state) {
  TrainScore held_out;
  double n = (double)state->since_steps;
  trainer_evaluate(trainer, run->settings.held_out_images, &held_out);
  const TrainSettings *s = &run->settings;
  TrainPoint point = {(double)state->optimizer->steps, state->since_loss / n, state->since_accuracy / n,
                      held_out.accuracy[0], optimizer_rate(state->optimizer->steps, s->warmup, s->steps, s->rate)};
  g_array_append_val(state->curve, point);
  g_print("step %.0f  loss %.4f  accuracy %.3f  held out %.3f  rate %.2e\n", point.step, point.loss, point.accuracy,
          point.held_out, point.rate);
  fflush(stdout);
  state->since_loss = state->since_accuracy = 0;
  state->since_steps = 0;
}

/* Until the last step, a stop by signal, or a fault; whatever the end, the last good checkpoint stays. */
static bool descend(const Run *run, Trainer *trainer, TrainState *state, GError **error) {
  g_autoptr(Progress) progress = progress_new("training", run->settings.steps - state->optimizer->steps);
  gint64 saved = g_get_monotonic_time();
  TrainScore score;
  while (state->optimizer->steps < run->settings.steps) {
    if (stop_requested() != NULL) {
      if (!save(run, state, error))
        return false;
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                  "stopped at step %" G_GUINT64_FORMAT "; the same command goes on from there",
                  state->optimizer->steps);
      return false;
    }
    if (!trainer_step(trainer, &score, error))
      return false;
    progress_step(progress, 1);
    state->since_loss += score.loss;
    state->since_accuracy += score.accuracy[0];
    state->since_steps++;
    if (state->optimizer->steps % run->settings.report_steps == 0 || state->optimizer->steps == run->settings.steps)
      add_point(run, trainer, state);
    if ((double)(g_get_monotonic_time() - saved) >= run->checkpoint_minutes * 60e6) {
      if (!save(run, state, error))
        return false;
      saved = g_get_monotonic_time();
    }
  }
  return save(run, state, error);
}

/* What a run writes and did not begin with may be another's. */
static bool check_folder(const Run *run, GError **error) {
  static const char *const files[] = {NETWORK, "curves.tsv", "curves.png"};
  for (gsize k = 0; k < G_N_ELEMENTS(files); k++) {
    g_autofree char *path = g_build_filename(run->folder, files[k], NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE,
                  "%s is there without a " CHECKPOINT ": choose another folder, or move it away", path);
      return false;
    }
  }
  return true;
}

static bool train_locked(const Run *run, GError **error) {
  g_autoptr(TrainState) state = NULL;
  g_autoptr(Trainer) trainer = NULL;
  g_autofree char *checkpoint = g_build_filename(run->folder, CHECKPOINT, NULL);
  if (!train_state_new(&run->settings, &state, error))
    return false;
  if (g_file_test(checkpoint, G_FILE_TEST_EXISTS)) {
    if (!checkpoint_read(state, checkpoint, error))
      return false;
    g_print("going on from step %" G_GUINT64_FORMAT "\n", state->optimizer->steps);
  } else if (!check_folder(run, error)) {
    return false;
  }
  StopHandlers old;
  stop_begin(&old);
  bool done = trainer_new(state, run->n_workers, &trainer, error) && descend(run, trainer, state, error);
  stop_end(&old);
  return done;
}

static bool train(const Run *run, GError **error) {
  g_autofree char *path = g_build_filename(run->folder, ".train.lock", NULL);
  int lock;
  if (!files_make_folder(run->folder, 0755, error) || !files_lock(path, &lock, error))
    return false;
  bool done = train_locked(run, error);
  files_unlock(lock);
  return done;
}

static bool run_train(int argc, char **argv, GError **error) {
  TrainSettings s = train_settings_default();
  g_autofree char *optimizer = NULL, *folder = NULL;
  gint64 steps = (gint64)s.steps, warmup = -1, seed = (gint64)s.seed, report = (gint64)s.report_steps,
         held_out = (gint64)s.held_out_images;
  int jobs = 0;
  double minutes = 3;
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "Where checkpoint, curves and network go", "FOLDER"},
      {"width", 0, 0, G_OPTION_ARG_DOUBLE, &s.width, "Channels, as a part of inception5h's (0.25)", "PART"},
      {"size", 0, 0, G_OPTION_ARG_INT, &s.size, "Side of the images in pixels (96)", "PX"},
      {"batch", 0, 0, G_OPTION_ARG_INT, &s.batch, "Images a step, a multiple of 16 (64)", "N"},
      {"steps", 0, 0, G_OPTION_ARG_INT64, &steps, "Steps in all (20000)", "N"},
      {"warmup", 0, 0, G_OPTION_ARG_INT64, &warmup, "Steps of rising learning rate (a tenth of all, at most 500)", "N"},
      {"optimizer", 0, 0, G_OPTION_ARG_STRING, &optimizer, "adam or sgd (adam)", "NAME"},
      {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &s.rate, "Peak of the learning rate (0.001)", "RATE"},
      {"momentum", 0, 0, G_OPTION_ARG_DOUBLE, &s.optimizer.momentum, "SGD's momentum, Adam's beta1 (0.9)", "M"},
      {"weight-decay", 0, 0, G_OPTION_ARG_DOUBLE, &s.optimizer.weight_decay, "Decoupled weight decay (0.02)", "D"},
      {"auxiliary", 0, 0, G_OPTION_ARG_DOUBLE, &s.auxiliary, "Weight of each auxiliary head's loss (0.3)", "W"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of weights and images (1)", "N"},
      {"report-steps", 0, 0, G_OPTION_ARG_INT64, &report, "Steps between points of the curves (250)", "N"},
      {"held-out", 0, 0, G_OPTION_ARG_INT64, &held_out, "Images that each point's held-out accuracy is of (1024)", "N"},
      {"checkpoint-minutes", 0, 0, G_OPTION_ARG_DOUBLE, &minutes, "Time between checkpoints (3)", "MIN"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Worker threads (one a processor)", "N"},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  if (!command_parse(&command_train, entries, 0, 0, &argc, &argv, error))
    return error == NULL || *error == NULL;
  if (folder == NULL || *folder == '\0') {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, "-o FOLDER is missing");
    return false;
  }
  if (!check_range("--steps", steps, 1, 1000000000, error) || !check_range("--warmup", warmup, -1, steps, error) ||
      !check_range("--seed", seed, 0, G_MAXINT64, error) ||
      !check_range("--report-steps", report, 1, 1000000000, error) ||
      !check_range("--held-out", held_out, 1, 1000000, error) || !check_range("-j", jobs, 0, 1024, error))
    return false;
  if (!(minutes >= 0)) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, "--checkpoint-minutes: 0 or more expected");
    return false;
  }
  s.steps = (guint64)steps;
  s.warmup = warmup >= 0 ? (guint64)warmup : MIN((guint64)steps / 10, 500);
  s.seed = (guint64)seed;
  s.report_steps = (guint64)report;
  s.held_out_images = (guint64)held_out;
  if (!choose(&s, optimizer, error) || !check(&s, error))
    return false;
  BatchOptions workers = {.n_workers = (gsize)jobs};
  Run run = {s, folder, minutes, batch_workers(&workers, G_MAXSIZE)};
  return train(&run, error);
}

const Command command_train = {"train", "", "Train a network on procedural patterns made on the fly", run_train};
