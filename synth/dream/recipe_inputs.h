/* What a recipe names: the network and the start image, opened and checked, and the recipe with everything settled. */
#ifndef DREAMRIG_DREAM_RECIPE_INPUTS_H
#define DREAMRIG_DREAM_RECIPE_INPUTS_H

#include "stimuli/image.h"
#include "synth/dream/recipe.h"
#include "synth/net/graph.h"

#define RECIPE_DEFAULT_SIDE 800 /* the study's noise images */

typedef struct {
  NetGraph *graph;
  int *nodes; /* one for each of recipe->layers */
  gsize n_nodes;
  Image *start; /* in 8 bit, as image_quantise leaves it; NULL: noise of each seed */
  /* As wanted, but with every layer by name, the size, both digests, and files by name only, so that nothing of this
   * machine is left in it. */
  Recipe *recipe;
} RecipeInputs;

/* Opens everything and checks that every layer can be dreamed with these settings, before any work is done. The message
 * names the option, file or layer at fault. */
bool recipe_inputs_open(const Recipe *wanted, RecipeInputs **inputs, GError **error);
void recipe_inputs_free(RecipeInputs *inputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecipeInputs, recipe_inputs_free)

/* The start image of a seed: a copy of the start, or its noise. */
Image *recipe_inputs_start(const RecipeInputs *inputs, guint32 seed, GError **error);

#endif
