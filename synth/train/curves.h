/* The learning curves of a run, as a table and as a figure. */
#ifndef DREAMRIG_TRAIN_CURVES_H
#define DREAMRIG_TRAIN_CURVES_H

#include "synth/train/trainer.h"

/* Writes FOLDER/curves.tsv (step, loss, accuracy, held_out_accuracy, learning_rate) and FOLDER/curves.png: loss above,
 * accuracy in training and held out below. */
bool curves_write(const TrainState *state, const char *folder, GError **error);

#endif
