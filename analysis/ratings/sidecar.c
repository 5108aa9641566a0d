#include "analysis/ratings/sidecar.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define MAX_BYTES ((gsize)4 << 20)

bool sidecar_read(const char *folder, const BehFile *file, JsonObject **sidecar, GError **error) {
  g_autofree char *stem = g_strndup(file->path, strlen(file->path) - strlen(".tsv"));
  g_autofree char *own_name = g_strconcat(stem, ".json", NULL);
  g_autofree char *top_name = g_strconcat(file->task, "_beh.json", NULL);
  g_autofree char *own = g_build_filename(folder, own_name, NULL);
  g_autofree char *top = g_build_filename(folder, top_name, NULL);
  const char *path = g_file_test(own, G_FILE_TEST_EXISTS) ? own : g_file_test(top, G_FILE_TEST_EXISTS) ? top : NULL;
  if (path == NULL) {
    *sidecar = json_object_new();
    return true;
  }
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autoptr(JsonNode) root = NULL;
  if (!files_read(path, MAX_BYTES, &text, &size, error) || !json_read(path, text, size, &root, error))
    return false;
  if (!JSON_NODE_HOLDS_OBJECT(root)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: expected an object that describes the columns", path);
    return false;
  }
  *sidecar = json_object_ref(json_node_get_object(root));
  return true;
}

/* A number member; true with *found false where it is absent. */
static bool number_member(JsonObject *column, const char *member, bool *found, double *value) {
  JsonNode *node = json_object_get_member(column, member);
  *found = node != NULL;
  if (node == NULL)
    return true;
  GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return false;
  *value = json_node_get_double(node);
  return true;
}

bool sidecar_range(JsonObject *sidecar, const char *folder, const BehFile *file, const char *column, double *low,
                   double *high, GError **error) {
  JsonNode *node = json_object_get_member(sidecar, column);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node))
    return true;
  JsonObject *description = json_node_get_object(node);
  double minimum = *low, maximum = *high;
  bool has_minimum, has_maximum;
  if (number_member(description, "Minimum", &has_minimum, &minimum) &&
      number_member(description, "Maximum", &has_maximum, &maximum) && minimum < maximum) {
    *low = minimum;
    *high = maximum;
    return true;
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s%c%s: sidecar: %s: Minimum and Maximum: expected two numbers in ascending order", folder,
              G_DIR_SEPARATOR, file->path, column);
  return false;
}
