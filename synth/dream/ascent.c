#include "synth/dream/ascent.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "synth/dream/octaves.h"
#include "synth/dream/tiles.h"

struct Ascent {
  AscentSettings settings;
  const char *layer;
  Octaves *octaves;
  Objective *objective;
  Tiles *tiles;
  Image *gradient; /* of the largest octave; smaller ones use its front */
};

AscentSettings ascent_settings_default(void) {
  return (AscentSettings){.iterations = 50, .step = 2.0, .octaves = 5, .octave_scale = 1.4, .tile = 512};
}

bool ascent_settings_check(const AscentSettings *settings, GError **error) {
  const char *fault = NULL;
  if (settings->iterations < 0 || settings->iterations > ASCENT_MAX_ITERATIONS)
    fault = "--iterations must be 0 to " G_STRINGIFY(ASCENT_MAX_ITERATIONS);
  else if (!(settings->step >= ASCENT_MIN_STEP && settings->step <= ASCENT_MAX_STEP))
    fault = "--step must be " G_STRINGIFY(ASCENT_MIN_STEP) " to " G_STRINGIFY(ASCENT_MAX_STEP);
  else if (settings->octaves < 1 || settings->octaves > OCTAVES_MAX)
    fault = "--octaves must be 1 to " G_STRINGIFY(OCTAVES_MAX);
  else if (!(settings->octave_scale >= ASCENT_MIN_SCALE && settings->octave_scale <= ASCENT_MAX_SCALE))
    fault = "--octave-scale must be " G_STRINGIFY(ASCENT_MIN_SCALE) " to " G_STRINGIFY(ASCENT_MAX_SCALE);
  else if (settings->tile < 1 || settings->tile > IMAGE_MAX_SIDE)
    fault = "--tile must be 1 to " G_STRINGIFY(IMAGE_MAX_SIDE) " pixels";
  if (fault)
    g_set_error_literal(error, RIG_ERROR, RIG_ERROR_USAGE, fault);
  return !fault;
}

/* Whether every tile of an image of this size can be computed; the first that cannot goes to *tile_w, *tile_h. */
static bool tiles_fit(const NetGraph *graph, int node, int tile, int width, int height, int *tile_w, int *tile_h) {
  const int columns = tiles_count(width, tile), rows = tiles_count(height, tile);
  /* Only the first and the last tile of an axis differ in length. */
  for (int j = 0; j < rows; j += MAX(rows - 1, 1))
    for (int i = 0; i < columns; i += MAX(columns - 1, 1)) {
      *tile_w = tiles_length(width, tile, i);
      *tile_h = tiles_length(height, tile, j);
      NetShape shape;
      if (!net_graph_check_size(graph, node, *tile_h, *tile_w, &shape, NULL))
        return false;
    }
  return true;
}

bool ascent_check_size(const NetGraph *graph, int node, const AscentSettings *settings, int width, int height,
                       GError **error) {
  int tile_w = width, tile_h = height, w = width, h = height;
  for (int k = 0; k < settings->octaves; k++) {
    if (w >= 1 && h >= 1 && tiles_fit(graph, node, settings->tile, w, h, &tile_w, &tile_h)) {
      w = octaves_smaller_side(w, settings->octave_scale);
      h = octaves_smaller_side(h, settings->octave_scale);
      continue;
    }
    if (k > 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "layer '%s' is too deep for octave %d of an image of %dx%d (%dx%d pixels): use --octaves %d%s or a "
                  "larger --size",
                  graph->nodes[node].name, k + 1, width, height, w, h, k, k > 1 ? " or fewer" : "");
      return false;
    }
    NetShape shape;
    g_autoptr(GError) cause = NULL;
    net_graph_check_size(graph, node, tile_h, tile_w, &shape, &cause);
    if (tile_w < width || tile_h < height)
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "--tile %d is too small for layer '%s': %s", settings->tile,
                  graph->nodes[node].name, cause->message);
    else
      g_propagate_error(error, g_steal_pointer(&cause));
    return false;
  }
  return true;
}

Ascent *ascent_new(const NetGraph *graph, int node, const AscentSettings *settings, int width, int height,
                   NetWorkspace *workspace, GError **error) {
  if (!ascent_settings_check(settings, error) || !ascent_check_size(graph, node, settings, width, height, error))
    return NULL;
  g_autoptr(Ascent) ascent = g_new0(Ascent, 1);
  ascent->settings = *settings;
  ascent->layer = graph->nodes[node].name;
  ascent->octaves = octaves_new(width, height, settings->octaves, settings->octave_scale, error);
  ascent->gradient = ascent->octaves ? image_new(width, height, error) : NULL;
  if (!ascent->gradient)
    return NULL;
  ascent->objective = objective_layer_mean_new(graph, node);
  ascent->tiles = tiles_new(graph, ascent->objective, settings->tile, workspace);
  for (int k = 0; k < settings->octaves; k++) {
    const Image *level = octaves_level(ascent->octaves, k);
    if (!tiles_prepare(ascent->tiles, level->width, level->height, error))
      return NULL;
  }
  return g_steal_pointer(&ascent);
}

void ascent_free(Ascent *ascent) {
  if (!ascent)
    return;
  tiles_free(ascent->tiles);
  objective_free(ascent->objective);
  octaves_free(ascent->octaves);
  image_free(ascent->gradient);
  g_free(ascent);
}

/* One step on one octave; gives mean|g|. */
static float take_step(Ascent *ascent, Random *random, Image *image) {
  const guint32 tile = (guint32)ascent->settings.tile;
  const int shift_x = (int)random_below(random, tile), shift_y = (int)random_below(random, tile);
  float *gradient = ascent->gradient->pixels;
  tiles_gradient(ascent->tiles, image, shift_x, shift_y, gradient);
  const gsize n = (gsize)image->width * (gsize)image->height * 3;
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += (double)fabsf(gradient[i]);
  const float mean = (float)(sum / (double)n);
  if (!isfinite(mean))
    return mean;
  const float factor = (float)(ascent->settings.step / ((double)mean + 1e-7));
  for (gsize i = 0; i < n; i++)
    image->pixels[i] += gradient[i] * factor;
  return mean;
}

bool ascent_run(Ascent *ascent, Random *random, Image *image, AscentProgress progress, gpointer context,
                AscentOutcome *outcome, GError **error) {
  Image *state = octaves_level(ascent->octaves, 0);
  g_assert(image->width == state->width && image->height == state->height);
  const gsize bytes = (gsize)image->width * (gsize)image->height * 3 * sizeof(float);
  memcpy(state->pixels, image->pixels, bytes);
  bool moved = false;
  for (int iteration = 0; iteration < ascent->settings.iterations; iteration++) {
    octaves_split(ascent->octaves);
    for (int k = ascent->settings.octaves - 1; k >= 0; k--) {
      if (k < ascent->settings.octaves - 1)
        octaves_merge(ascent->octaves, k);
      float mean = take_step(ascent, random, octaves_level(ascent->octaves, k));
      if (!isfinite(mean)) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                    "the gradient of layer '%s' is not finite at iteration %d, octave %d: the network's activations "
                    "overflow; use a smaller --step",
                    ascent->layer, iteration + 1, k + 1);
        return false;
      }
      moved = moved || mean > 0;
    }
    if (progress)
      progress(context, iteration + 1);
  }
  memcpy(image->pixels, state->pixels, bytes);
  outcome->moved = moved;
  return true;
}

double ascent_objective(Ascent *ascent, const Image *image) {
  const Image *state = octaves_level(ascent->octaves, 0);
  g_assert(image->width == state->width && image->height == state->height);
  return tiles_objective(ascent->tiles, image);
}
