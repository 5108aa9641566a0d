/* The command-line options that set a recipe's values, for the commands that dream. */
#ifndef DREAMRIG_DREAM_RECIPE_OPTIONS_H
#define DREAMRIG_DREAM_RECIPE_OPTIONS_H

#include "synth/dream/recipe.h"

/* What was given; start from recipe_options_none. Strings belong to the options. */
typedef struct {
  char *network, *start, *size;
  int iterations, octaves, tile;
  double step, octave_scale;
} RecipeOptions;

RecipeOptions recipe_options_none(void);
void recipe_options_clear(RecipeOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RecipeOptions, recipe_options_clear)

/* Entries for a GOptionEntry array, parsed into the RecipeOptions `o`. */
#define RECIPE_OPTIONS_ENTRIES(o)                                                                                      \
  {"network", 0, 0, G_OPTION_ARG_FILENAME, &(o).network, "The network: a file, or mini for the bundled one", "FILE"},  \
      {"start", 0, 0, G_OPTION_ARG_FILENAME, &(o).start, "Start from this image instead of seeded noise", "IMAGE"},    \
      {"size",    0,                                                                                                   \
       0,         G_OPTION_ARG_STRING,                                                                                 \
       &(o).size, "Width and height (default 800x800); with --start, take the top left",                               \
       "WxH"},                                                                                                         \
      {"iterations", 0, 0, G_OPTION_ARG_INT, &(o).iterations, "Outer iterations (default 50)", "N"},                   \
      {"step", 0, 0, G_OPTION_ARG_DOUBLE, &(o).step, "Mean change of a pixel per step, in 0..255 (default 2)", "S"},   \
      {"octaves", 0, 0, G_OPTION_ARG_INT, &(o).octaves, "Number of sizes (default 5)", "N"},                           \
      {"octave-scale", 0, 0, G_OPTION_ARG_DOUBLE, &(o).octave_scale, "Ratio of sizes (default 1.4)", "R"}, {           \
    "tile", 0, 0, G_OPTION_ARG_INT, &(o).tile, "Largest side that the network sees at once (default 512)", "PX"        \
  }

/* Overrides the recipe with what was given. */
bool recipe_options_apply(const RecipeOptions *options, Recipe *recipe, GError **error);

#endif
