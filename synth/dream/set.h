/* Dreams a stimulus set: every layer of a recipe with every seed, into a folder that a kill at any moment leaves in a
 * state from which the same call goes on.
 *
 * The folder holds set.recipe (written first), stimuli.json and stimuli.tsv (manifest.h), start/ (the start image of
 * each seed) and one PNG a stimulus, LAYER_seedK.png with every character of the layer's name outside [A-Za-z0-9._] as
 * '-'. An image's row enters the table once the image is whole. Images with the right digest and a row that says what
 * the recipe says are kept, other rows of the recipe are made again. A file of an image's name that neither the table
 * nor a killed run of the set accounts for (set_image.h) is not replaced: the set is refused. Several shards of one set
 * may work in the folder at the same time. */
#ifndef DREAMRIG_DREAM_SET_H
#define DREAMRIG_DREAM_SET_H

#include "stimuli/base/batch.h"
#include "synth/dream/recipe_inputs.h"

#define SET_RECIPE "set.recipe"
#define START_FOLDER "start" /* of the start images */

typedef struct {
  const char *folder;
  Shard shard;     /* {0, 1}: all of it */
  gsize n_workers; /* 0: one per processor; the files do not depend on it */
  bool progress;   /* on stderr */
} SetOptions;

typedef struct {
  gsize n_stimuli; /* of the whole set */
  gsize n_missing; /* of the whole set, on return; other shards have still to make them */
  gsize n_kept, n_made;
  gsize n_unmoved; /* made, but without a gradient at any step: the same as their start image */
} SetOutcome;

/* Makes what is missing. Fails with RIG_ERROR_STATE where the folder holds a set made with other settings (named) or a
 * file in the way, where another program works on the same shard, or after SIGINT or SIGTERM. What it calls complete,
 * stimulus_set_open takes. */
bool set_make(const RecipeInputs *inputs, const SetOptions *options, SetOutcome *outcome, GError **error);

#endif
