#include "synth/train/checkpoint.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/net/safetensors.h"

#define FORMAT "dreamrig-checkpoint-1"
#define MAX_BYTES ((gsize)1 << 31)
#define POINT_FLOATS (sizeof(TrainPoint) / sizeof(double))

static float *gather_weights(const NetGraph *graph) {
  float *flat = g_new(float, net_graph_n_parameters(graph)), *to = flat;
  for (int i = 0; i < graph->n_nodes; i++) {
    if (graph->nodes[i].n_weights > 0)
      memcpy(to, graph->nodes[i].weights, graph->nodes[i].n_weights * sizeof(float));
    to += graph->nodes[i].n_weights;
  }
  return flat;
}

static void scatter_weights(NetGraph *graph, const float *flat) {
  for (int i = 0; i < graph->n_nodes; i++) {
    if (graph->nodes[i].n_weights > 0)
      memcpy(graph->nodes[i].weights, flat, graph->nodes[i].n_weights * sizeof(float));
    flat += graph->nodes[i].n_weights;
  }
  net_graph_refresh(graph);
}

static SafetensorsStore vector(const char *name, const float *values, gint64 n) {
  return (SafetensorsStore){.name = name, .type = SAFETENSORS_F32, .dims = {n}, .n_dims = 1, .values = values};
}

bool checkpoint_write(const TrainState *state, const char *path, GError **error) {
  g_autofree float *weights = gather_weights(state->graph);
  g_autofree float *curve = g_new(float, state->curve->len *POINT_FLOATS + 1);
  for (gsize k = 0; k < state->curve->len * POINT_FLOATS; k++)
    curve[k] = (float)((const double *)(const void *)state->curve->data)[k];
  gint64 n = (gint64)state->optimizer->n, points = (gint64)(state->curve->len * POINT_FLOATS);
  SafetensorsStore tensors[4];
  gsize n_tensors = 0;
  tensors[n_tensors++] = vector("weights", weights, n);
  tensors[n_tensors++] = vector("first_moment", state->optimizer->first, n);
  if (state->optimizer->second != NULL)
    tensors[n_tensors++] = vector("second_moment", state->optimizer->second, n);
  if (points > 0)
    tensors[n_tensors++] = vector("curve", curve, points);
  g_autofree char *settings = train_settings_text(&state->settings);
  g_autofree char *steps = g_strdup_printf("%" G_GUINT64_FORMAT, state->optimizer->steps);
  JsonObject *metadata = json_object_new();
  json_object_set_string_member(metadata, "format", FORMAT);
  json_object_set_string_member(metadata, "settings", settings);
  json_object_set_string_member(metadata, "steps", steps);
  bool done = safetensors_store(path, tensors, n_tensors, metadata, error);
  json_object_unref(metadata);
  return done;
}

static bool fault(GError **error, const char *path, const char *what) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", path, what);
  return false;
}

static const char *text_of(const SafetensorsFile *file, const char *key) {
  return json_object_has_member(file->metadata, key) ? json_object_get_string_member(file->metadata, key) : "";
}

/* The first line of `wanted` that `found` does not have. */
static bool check_settings(const char *path, const char *found, const char *wanted, GError **error) {
  g_auto(GStrv) a = g_strsplit(found, "\n", -1), b = g_strsplit(wanted, "\n", -1);
  for (gsize k = 0; b[k] != NULL; k++)
    if (a[k] == NULL || strcmp(a[k], b[k]) != 0) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: a run with other settings: it has %s, this run %s", path,
                  a[k] != NULL && *a[k] != '\0' ? a[k] : "fewer settings", b[k]);
      return false;
    }
  return true;
}

static const SafetensorsTensor *sized(const SafetensorsFile *file, const char *name, gsize count) {
  const SafetensorsTensor *tensor = safetensors_find(file, name);
  return tensor != NULL && tensor->count == count ? tensor : NULL;
}

bool checkpoint_read(TrainState *state, const char *path, GError **error) {
  g_autofree char *data = NULL;
  gsize size = 0;
  if (!files_read(path, MAX_BYTES, &data, &size, error))
    return false;
  g_autoptr(SafetensorsFile) file = NULL;
  if (!safetensors_parse(path, data, size, &file, error))
    return false;
  if (strcmp(text_of(file, "format"), FORMAT) != 0)
    return fault(error, path, "not a checkpoint of dreamrig-synth train");
  g_autofree char *wanted = train_settings_text(&state->settings);
  if (!check_settings(path, text_of(file, "settings"), wanted, error))
    return false;
  Optimizer *optimizer = state->optimizer;
  const SafetensorsTensor *weights = sized(file, "weights", optimizer->n),
                          *first = sized(file, "first_moment", optimizer->n);
  const SafetensorsTensor *second = optimizer->second != NULL ? sized(file, "second_moment", optimizer->n) : first;
  const SafetensorsTensor *curve = safetensors_find(file, "curve");
  gsize n_values = curve != NULL ? curve->count : 0;
  guint64 steps = 0;
  if (weights == NULL || first == NULL || second == NULL || n_values % POINT_FLOATS != 0 ||
      !g_ascii_string_to_unsigned(text_of(file, "steps"), 10, 0, state->settings.steps, &steps, NULL))
    return fault(error, path, "a checkpoint of another network, or a damaged one");
  g_autofree float *flat = g_new(float, optimizer->n);
  safetensors_floats(weights, flat);
  scatter_weights(state->graph, flat);
  safetensors_floats(first, optimizer->first);
  if (optimizer->second != NULL)
    safetensors_floats(second, optimizer->second);
  optimizer->steps = steps;
  g_autofree float *points = g_new(float, n_values + 1);
  if (curve != NULL)
    safetensors_floats(curve, points);
  g_array_set_size(state->curve, (guint)(n_values / POINT_FLOATS));
  for (gsize k = 0; k < n_values; k++)
    ((double *)(void *)state->curve->data)[k] = (double)points[k];
  return true;
}
