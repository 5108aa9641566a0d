#include "synth/dream/recipe_options.h"

/* Not given; nan and inf would be answers of a user. */
#define NO_DOUBLE (-G_MAXDOUBLE)

RecipeOptions recipe_options_none(void) {
  return (RecipeOptions){
      .iterations = G_MININT, .octaves = G_MININT, .tile = G_MININT, .step = NO_DOUBLE, .octave_scale = NO_DOUBLE};
}

void recipe_options_clear(RecipeOptions *options) {
  g_free(options->network);
  g_free(options->start);
  g_free(options->size);
}

static void replace(char **value, const char *given) {
  if (!given)
    return;
  g_free(*value);
  *value = g_strdup(given);
}

bool recipe_options_apply(const RecipeOptions *options, Recipe *recipe, GError **error) {
  replace(&recipe->network, options->network);
  if (options->start) {
    replace(&recipe->start, options->start);
    g_clear_pointer(&recipe->start_sha256, g_free);
    g_clear_pointer(&recipe->start_kept, g_free);
  }
  AscentSettings *ascent = &recipe->ascent;
  ascent->iterations = options->iterations == G_MININT ? ascent->iterations : options->iterations;
  ascent->octaves = options->octaves == G_MININT ? ascent->octaves : options->octaves;
  ascent->tile = options->tile == G_MININT ? ascent->tile : options->tile;
  ascent->step = options->step == NO_DOUBLE ? ascent->step : options->step;
  ascent->octave_scale = options->octave_scale == NO_DOUBLE ? ascent->octave_scale : options->octave_scale;
  return (!options->size || recipe_parse_size(options->size, &recipe->width, &recipe->height, error)) &&
         ascent_settings_check(ascent, error);
}
