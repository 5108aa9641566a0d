#include "synth/train/checkpoint.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/net/safetensors.h"

#define FORMAT "dreamrig-checkpoint-2"
#define MAX_BYTES ((gsize)1 << 31)
#define POINT_VALUES (sizeof(TrainPoint) / sizeof(double))

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

static const char *const tensor_names[] = {"weights", "first_moment", "second_moment"};

/* SHA-256 over the tensors' values: a byte that changed on the disk would otherwise train on unseen. */
static char *values_digest(const float *const *tensors, gsize n_tensors, gsize n) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  for (gsize k = 0; k < n_tensors; k++)
    g_checksum_update(checksum, (const guchar *)tensors[k], (gssize)(n * sizeof(float)));
  return g_strdup(g_checksum_get_string(checksum));
}

/* Where the curve stands: the sums since its last point, then its points, a line each. */
static char *curve_text(const TrainState *state) {
  GString *text = g_string_new(NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const double since[POINT_VALUES] = {state->since_loss, state->since_accuracy, (double)state->since_steps};
  for (guint row = 0; row <= state->curve->len; row++) {
    const double *values = row == 0 ? since : (const double *)&g_array_index(state->curve, TrainPoint, row - 1);
    for (gsize k = 0; k < POINT_VALUES; k++)
      g_string_append_printf(text, "%s%c", g_ascii_dtostr(number, sizeof number, values[k]),
                             k + 1 < POINT_VALUES ? ' ' : '\n');
  }
  return g_string_free(text, FALSE);
}

static bool read_curve(TrainState *state, const char *text) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  guint n = g_strv_length(lines);
  if (n < 2 || *lines[n - 1] != '\0')
    return false;
  g_array_set_size(state->curve, n - 2);
  for (guint row = 0; row + 1 < n; row++) {
    double values[POINT_VALUES];
    char *at = lines[row];
    for (gsize k = 0; k < POINT_VALUES; k++) {
      char *end;
      values[k] = g_ascii_strtod(at, &end);
      if (end == at || !isfinite(values[k]) || values[k] < 0)
        return false;
      at = end;
    }
    if (row == 0) {
      state->since_loss = values[0];
      state->since_accuracy = values[1];
      state->since_steps = (guint64)values[2];
    } else {
      memcpy(&g_array_index(state->curve, TrainPoint, row - 1), values, sizeof(TrainPoint));
    }
  }
  return true;
}

bool checkpoint_write(const TrainState *state, const char *path, GError **error) {
  g_autofree float *weights = gather_weights(state->graph);
  const float *const values[] = {weights, state->optimizer->first, state->optimizer->second};
  gsize n = state->optimizer->n, n_tensors = state->optimizer->second != NULL ? 3 : 2;
  SafetensorsStore tensors[3];
  for (gsize k = 0; k < n_tensors; k++)
    tensors[k] = (SafetensorsStore){
        .name = tensor_names[k], .type = SAFETENSORS_F32, .dims = {(gint64)n}, .n_dims = 1, .values = values[k]};
  g_autofree char *settings = train_settings_text(&state->settings), *curve = curve_text(state);
  g_autofree char *steps = g_strdup_printf("%" G_GUINT64_FORMAT, state->optimizer->steps);
  g_autofree char *digest = values_digest(values, n_tensors, n);
  JsonObject *metadata = json_object_new();
  json_object_set_string_member(metadata, "format", FORMAT);
  json_object_set_string_member(metadata, "settings", settings);
  json_object_set_string_member(metadata, "steps", steps);
  json_object_set_string_member(metadata, "curve", curve);
  json_object_set_string_member(metadata, "sha256", digest);
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
  gsize n = optimizer->n, n_tensors = optimizer->second != NULL ? 3 : 2;
  g_autofree float *all = g_new(float, 3 * n);
  const float *const values[] = {all, all + n, all + 2 * n};
  for (gsize k = 0; k < n_tensors; k++) {
    const SafetensorsTensor *tensor = safetensors_find(file, tensor_names[k]);
    if (tensor == NULL || tensor->count != n)
      return fault(error, path, "a checkpoint of another network");
    safetensors_floats(tensor, all + k * n);
  }
  g_autofree char *digest = values_digest(values, n_tensors, n);
  guint64 steps = 0;
  if (strcmp(digest, text_of(file, "sha256")) != 0 ||
      !g_ascii_string_to_unsigned(text_of(file, "steps"), 10, 0, state->settings.steps, &steps, NULL) ||
      !read_curve(state, text_of(file, "curve")))
    return fault(error, path, "damaged: its values are not those that were written");
  scatter_weights(state->graph, values[0]);
  memcpy(optimizer->first, values[1], n * sizeof(float));
  if (optimizer->second != NULL)
    memcpy(optimizer->second, values[2], n * sizeof(float));
  optimizer->steps = steps;
  return true;
}
