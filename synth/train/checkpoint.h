/* A training run on disk: everything that the next step depends on, in one safetensors file written atomically, so that
 * a run killed at any moment goes on from the last checkpoint as if it had not been stopped. */
#ifndef DREAMRIG_TRAIN_CHECKPOINT_H
#define DREAMRIG_TRAIN_CHECKPOINT_H

#include "synth/train/trainer.h"

bool checkpoint_write(const TrainState *state, const char *path, GError **error);
/* Reads into a state made with the same settings; fails, leaving it as it was, on a damaged file or one of other
 * settings (naming the first that differs) or another network. */
bool checkpoint_read(TrainState *state, const char *path, GError **error);

#endif
