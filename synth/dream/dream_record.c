#include "synth/dream/dream_record.h"

#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/random.h"
#include "synth/dream/start.h"
#include "synth/net/plan.h"

#define OBJECTIVE_TEXT                                                                                                 \
  "mean of all activations of the layer on the whole image, before: the start image, after: as saved; the mean over "  \
  "the tiles of the full size, without a roll, each weighted by its number of pixels"

static JsonObject *recipe_json(const Recipe *recipe) {
  JsonObject *json = json_object_new();
  JsonArray *layers = json_array_new();
  for (char **layer = recipe->layers; *layer; layer++)
    json_array_add_string_element(layers, *layer);
  json_object_set_array_member(json, "layers", layers);
  json_object_set_int_member(json, "seeds", recipe->seeds);
  json_object_set_int_member(json, "width", recipe->width);
  json_object_set_int_member(json, "height", recipe->height);
  json_object_set_string_member(json, "start", recipe->start ? recipe->start : "noise");
  if (recipe->start)
    json_object_set_string_member(json, "start_sha256", recipe->start_sha256);
  json_object_set_int_member(json, "iterations", recipe->ascent.iterations);
  json_object_set_double_member(json, "step", recipe->ascent.step);
  json_object_set_int_member(json, "octaves", recipe->ascent.octaves);
  json_object_set_double_member(json, "octave_scale", recipe->ascent.octave_scale);
  json_object_set_int_member(json, "tile", recipe->ascent.tile);
  return json;
}

JsonObject *dream_record_new(const RecipeInputs *inputs) {
  JsonObject *record = json_object_new();
  json_object_set_string_member(record, "program", DREAM_PROGRAM " " RIG_VERSION);
  JsonObject *network = json_object_new();
  json_object_set_string_member(network, "name", inputs->graph->name);
  json_object_set_string_member(network, "file", inputs->recipe->network);
  if (inputs->graph->digest)
    json_object_set_string_member(network, "sha256", inputs->graph->digest);
  if (inputs->graph->note)
    json_object_set_string_member(network, "note", inputs->graph->note);
  json_object_set_object_member(record, "network", network);
  JsonArray *blas = json_array_new();
  json_array_add_string_element(blas, net_blas_description());
  json_object_set_array_member(record, "blas", blas);
  json_object_set_string_member(record, "generator", RANDOM_ALGORITHM);
  json_object_set_string_member(record, "objective", OBJECTIVE_TEXT);
  json_object_set_object_member(record, "recipe", recipe_json(inputs->recipe));
  if (!inputs->start) {
    JsonObject *noise = json_object_new();
    json_object_set_string_member(noise, "distribution", "floor(normal), clipped to 0..255, independent per channel");
    json_object_set_double_member(noise, "mean", START_NOISE_MEAN);
    json_object_set_double_member(noise, "sd", START_NOISE_SD);
    json_object_set_string_member(noise, "stream", "SEED/" START_NOISE_STREAM);
    json_object_set_object_member(record, "noise", noise);
  }
  json_object_set_array_member(record, "starts", json_array_new());
  return record;
}

void dream_record_add_start(JsonObject *record, const RecipeInputs *inputs, gint64 seed, const char *file,
                            const char *sha256) {
  JsonObject *start = json_object_new();
  json_object_set_int_member(start, "seed", seed);
  if (inputs->start)
    json_object_set_string_member(start, "top_left_of", inputs->recipe->start);
  if (file)
    json_object_set_string_member(start, "file", file);
  if (sha256)
    json_object_set_string_member(start, "sha256", sha256);
  json_array_add_object_element(json_object_get_array_member(record, "starts"), start);
}

bool dream_record_has_start(JsonObject *record, const char *file, const char *sha256) {
  JsonNode *node = json_object_get_member(record, "starts");
  JsonArray *starts = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  for (guint i = 0; starts && i < json_array_get_length(starts); i++) {
    JsonNode *element = json_array_get_element(starts, i);
    JsonObject *start = JSON_NODE_HOLDS_OBJECT(element) ? json_node_get_object(element) : NULL;
    if (start && g_strcmp0(json_text(start, "file", NULL), file) == 0 &&
        g_strcmp0(json_text(start, "sha256", NULL), sha256) == 0)
      return true;
  }
  return false;
}

static bool has_string(JsonArray *array, const char *text) {
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (g_strcmp0(json_array_get_string_element(array, i), text) == 0)
      return true;
  return false;
}

void dream_record_merge_blas(JsonObject *record, JsonObject *older) {
  JsonNode *node = json_object_get_member(older, "blas");
  if (!node || !JSON_NODE_HOLDS_ARRAY(node))
    return;
  JsonArray *old = json_node_get_array(node), *new = json_object_get_array_member(record, "blas");
  g_autoptr(JsonArray) merged = json_array_new();
  for (guint i = 0; i < json_array_get_length(old); i++) {
    JsonNode *element = json_array_get_element(old, i);
    if (json_node_get_value_type(element) == G_TYPE_STRING)
      json_array_add_string_element(merged, json_node_get_string(element));
  }
  for (guint i = 0; i < json_array_get_length(new); i++)
    if (!has_string(merged, json_array_get_string_element(new, i)))
      json_array_add_string_element(merged, json_array_get_string_element(new, i));
  json_object_set_array_member(record, "blas", g_steal_pointer(&merged));
}
