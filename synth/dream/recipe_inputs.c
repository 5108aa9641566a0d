#include "synth/dream/recipe_inputs.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/dream/layers.h"
#include "synth/dream/start.h"
#include "synth/net/import.h"

void recipe_inputs_free(RecipeInputs *inputs) {
  if (!inputs)
    return;
  net_graph_free(inputs->graph);
  g_free(inputs->nodes);
  image_free(inputs->start);
  recipe_free(inputs->recipe);
  g_free(inputs);
}

static bool check_digest(const char *what, const char *file, const char *wanted, const char *got, GError **error) {
  if (!wanted || g_strcmp0(wanted, got) == 0)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: this %s has SHA-256 %s; the recipe wants %s", file, what,
              got ? got : "(none)", wanted);
  return false;
}

static bool open_network(const Recipe *wanted, RecipeInputs *inputs, GError **error) {
  if (!wanted->network) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "--network is missing: a network's file, or mini for the bundled one");
    return false;
  }
  if (!net_open(wanted->network, &inputs->graph, error) ||
      !check_digest("network", wanted->network, wanted->network_sha256, inputs->graph->digest, error))
    return false;
  inputs->recipe->network = g_path_get_basename(wanted->network);
  inputs->recipe->network_sha256 = g_strdup(inputs->graph->digest);
  return true;
}

static bool select_layers(const Recipe *wanted, RecipeInputs *inputs, GError **error) {
  if (!wanted->layers[0]) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE,
                "--layers is missing: names, patterns such as 'mixed4*' (comma-separated), or all");
    return false;
  }
  if (!layers_select(inputs->graph, (const char *const *)wanted->layers, &inputs->nodes, &inputs->n_nodes, error))
    return false;
  g_strfreev(inputs->recipe->layers);
  inputs->recipe->layers = g_new0(char *, inputs->n_nodes + 1);
  for (gsize i = 0; i < inputs->n_nodes; i++)
    inputs->recipe->layers[i] = g_strdup(inputs->graph->nodes[inputs->nodes[i]].name);
  return true;
}

static bool open_start(const Recipe *wanted, RecipeInputs *inputs, GError **error) {
  Recipe *recipe = inputs->recipe;
  recipe->width = wanted->width;
  recipe->height = wanted->height;
  if (!wanted->start) {
    if (!recipe->width)
      recipe->width = recipe->height = RECIPE_DEFAULT_SIDE;
    return true;
  }
  if (!start_read(wanted->start, recipe->width, recipe->height, &inputs->start, error) ||
      !files_sha256(wanted->start, &recipe->start_sha256, error) ||
      !check_digest("start image", wanted->start, wanted->start_sha256, recipe->start_sha256, error))
    return false;
  recipe->width = inputs->start->width;
  recipe->height = inputs->start->height;
  recipe->start = g_path_get_basename(wanted->start);
  return true;
}

bool recipe_inputs_open(const Recipe *wanted, RecipeInputs **inputs, GError **error) {
  g_autoptr(RecipeInputs) open = g_new0(RecipeInputs, 1);
  open->recipe = recipe_new();
  open->recipe->seeds = wanted->seeds;
  open->recipe->ascent = wanted->ascent;
  if (!ascent_settings_check(&wanted->ascent, error) || !open_network(wanted, open, error) ||
      !select_layers(wanted, open, error) || !open_start(wanted, open, error))
    return false;
  for (gsize i = 0; i < open->n_nodes; i++)
    if (!ascent_check_size(open->graph, open->nodes[i], &wanted->ascent, open->recipe->width, open->recipe->height,
                           error))
      return false;
  *inputs = g_steal_pointer(&open);
  return true;
}

Image *recipe_inputs_start(const RecipeInputs *inputs, guint32 seed, GError **error) {
  return inputs->start ? image_copy(inputs->start, error)
                       : start_noise(seed, inputs->recipe->width, inputs->recipe->height, error);
}
