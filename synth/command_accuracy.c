#include <stdio.h>

#include "stimuli/base/batch.h"
#include "stimuli/base/error.h"
#include "synth/commands.h"
#include "synth/net/import.h"
#include "synth/train/trainer.h"

static bool evaluate(TrainState *state, gsize n_workers, gint64 n_images, GError **error) {
  static const char *const names[TRAIN_HEADS] = {"main", "auxiliary", "auxiliary"};
  g_autoptr(Trainer) trainer = NULL;
  if (!trainer_new(state, n_workers, &trainer, error))
    return false;
  gint64 batch = state->settings.batch, n = (n_images + batch - 1) / batch * batch;
  TrainScore score;
  trainer_evaluate(trainer, (gsize)n, &score);
  printf("head\tlayer\timages\tcorrect\taccuracy\n");
  for (int head = 0; head < TRAIN_HEADS; head++)
    printf("%s\t%s\t%" G_GINT64_FORMAT "\t%.0f\t%.4f\n", names[head], train_heads[head], n,
           score.accuracy[head] * (double)n, score.accuracy[head]);
  return true;
}

static bool run_accuracy(int argc, char **argv, GError **error) {
  TrainSettings settings = train_settings_default();
  gint64 images = 4096, seed = (gint64)settings.seed;
  int jobs = 0;
  const GOptionEntry entries[] = {
      {"images", 0, 0, G_OPTION_ARG_INT64, &images, "Images, rounded up to a multiple of 64 (4096)", "N"},
      {"size", 0, 0, G_OPTION_ARG_INT, &settings.size, "Side of the images, as the network was trained (96)", "PX"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of the images (1)", "N"},
      {"jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Worker threads (one a processor)", "N"},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  if (!command_parse(&command_accuracy, entries, 1, 1, &argc, &argv, error))
    return error == NULL || *error == NULL;
  if (images < 1 || images > 1000000 || settings.size < 64 || settings.size > 1024 || seed < 0 || jobs < 0) {
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE,
                        images < 1 || images > 1000000               ? "--images: 1 to 1000000 expected"
                        : settings.size < 64 || settings.size > 1024 ? "--size: 64 to 1024 expected"
                                                                     : "--seed and -j: 0 or more expected");
    return false;
  }
  settings.seed = (guint64)seed;
  NetGraph *graph = NULL;
  g_autoptr(TrainState) state = NULL;
  BatchOptions workers = {.n_workers = (gsize)jobs};
  return net_open(argv[1], &graph, error) && train_state_of_network(&settings, graph, &state, error) &&
         evaluate(state, batch_workers(&workers, G_MAXSIZE), images, error);
}

const Command command_accuracy = {"accuracy", "NETWORK", "Measure a trained network on patterns that it has not seen",
                                  run_accuracy};
