#include "synth/dream/recipe_inputs.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/manifest.h"
#include "synth/dream/dream_record.h"
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

/* Names go into recipes, records and tables, which are lines of UTF-8 text. */
static bool check_name(const char *what, const char *name, GError **error) {
  bool good = g_utf8_validate(name, -1, NULL);
  for (const char *c = name; good && *c; c++)
    good = !g_ascii_iscntrl(*c);
  if (good)
    return true;
  g_autofree char *shown = g_strescape(name, NULL);
  g_set_error(
      error, RIG_ERROR, RIG_ERROR_INPUT,
      "the name of the %s, '%s', has a line end, another control character or a byte that is not UTF-8: rename it",
      what, shown);
  return false;
}

/* The file's name without its folder; NULL with error set where a recipe cannot hold it. */
static char *settled_name(const char *what, const char *path, GError **error) {
  g_autofree char *name = g_path_get_basename(path);
  if (!check_name(what, name, error))
    return NULL;
  /* A file that is named as a bundled network, or as the noise, stays a file. */
  const bool reserved = net_is_bundled(name) || strcmp(name, RECIPE_NOISE) == 0;
  return reserved ? g_strconcat("./", name, NULL) : g_steal_pointer(&name);
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
  inputs->recipe->network =
      net_is_bundled(wanted->network) ? g_strdup(wanted->network) : settled_name("network", wanted->network, error);
  inputs->recipe->network_sha256 = g_strdup(inputs->graph->digest);
  return inputs->recipe->network != NULL;
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
  for (gsize i = 0; i < inputs->n_nodes; i++) {
    inputs->recipe->layers[i] = g_strdup(inputs->graph->nodes[inputs->nodes[i]].name);
    if (!check_name("layer", inputs->recipe->layers[i], error))
      return false;
  }
  return true;
}

/* A set's record states the digest of the start image that it keeps. */
static bool check_kept(const char *path, GError **error) {
  g_autofree char *start_folder = g_path_get_dirname(path), *folder = g_path_get_dirname(start_folder);
  g_autoptr(JsonObject) record = NULL;
  g_autofree char *digest = NULL;
  if (!stimulus_record_read(folder, &record, error) || !files_sha256(path, &digest, error))
    return false;
  if (dream_record_has_start(record, RECIPE_KEPT_START, digest))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is not the start image that the set's record states", path);
  return false;
}

/* The image is dreamed from as a set keeps it, in 8 bit. */
static bool open_start(const Recipe *wanted, RecipeInputs *inputs, GError **error) {
  Recipe *recipe = inputs->recipe;
  recipe->width = wanted->width;
  recipe->height = wanted->height;
  if (!wanted->start) {
    if (!recipe->width)
      recipe->width = recipe->height = RECIPE_DEFAULT_SIDE;
    return true;
  }
  const bool kept = wanted->start_kept && wanted->start_sha256 && !g_file_test(wanted->start, G_FILE_TEST_EXISTS);
  const char *path = kept ? wanted->start_kept : wanted->start;
  recipe->start = settled_name("start image", wanted->start, error);
  if (!recipe->start || (kept && !check_kept(path, error)) ||
      !start_read(path, recipe->width, recipe->height, &inputs->start, error))
    return false;
  image_quantise(inputs->start);
  recipe->width = inputs->start->width;
  recipe->height = inputs->start->height;
  if (kept) {
    recipe->start_sha256 = g_strdup(wanted->start_sha256);
    return true;
  }
  return files_sha256(path, &recipe->start_sha256, error) &&
         check_digest("start image", path, wanted->start_sha256, recipe->start_sha256, error);
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
