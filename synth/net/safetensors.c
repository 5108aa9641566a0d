#include "synth/net/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "synth/net/message.h"

static const char *const type_names[] = {"F32", "F16", "BF16"};
static const gsize type_sizes[] = {4, 2, 2};

/* A JSON array of at most max non-negative integers. */
static bool read_integers(JsonObject *object, const char *member, gsize max, gint64 *values, gsize *n) {
  JsonNode *node = json_object_get_member(object, member);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
    return false;
  JsonArray *array = json_node_get_array(node);
  *n = json_array_get_length(array);
  if (*n > max)
    return false;
  for (guint i = 0; i < *n; i++) {
    JsonNode *element = json_array_get_element(array, i);
    if (!JSON_NODE_HOLDS_VALUE(element) || json_node_get_value_type(element) != G_TYPE_INT64)
      return false;
    values[i] = json_node_get_int(element);
    if (values[i] < 0)
      return false;
  }
  return true;
}

static bool read_type(JsonObject *object, SafetensorsType *type) {
  JsonNode *node = json_object_get_member(object, "dtype");
  if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS(type_names); i++)
    if (strcmp(json_node_get_string(node), type_names[i]) == 0) {
      *type = (SafetensorsType)i;
      return true;
    }
  return false;
}

static bool read_tensor(const char *file, const char *name, JsonNode *node, const guint8 *buffer, gsize buffer_size,
                        SafetensorsTensor *tensor, GError **error) {
  if (!message_check_name(file, "tensor", name, error))
    return false;
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return message_fail(error, file, "tensor", name, "an object expected");
  JsonObject *object = json_node_get_object(node);
  if (!read_type(object, &tensor->type))
    return message_fail(error, file, "tensor", name, "dtype must be F32, F16 or BF16");
  if (!read_integers(object, "shape", G_N_ELEMENTS(tensor->dims), tensor->dims, &tensor->n_dims) ||
      !message_count(tensor->dims, tensor->n_dims, &tensor->count))
    return message_fail(error, file, "tensor", name, "shape must be at most 4 positive sizes that fit in memory");
  gint64 offsets[2];
  gsize n_offsets = 0;
  if (!read_integers(object, "data_offsets", 2, offsets, &n_offsets) || n_offsets != 2 || offsets[0] > offsets[1] ||
      (guint64)offsets[1] > buffer_size)
    return message_fail(error, file, "tensor", name,
                        "data_offsets must be [begin, end) within the file's %" G_GSIZE_FORMAT
                        " bytes of data; the file may be truncated",
                        buffer_size);
  gsize bytes = (gsize)(offsets[1] - offsets[0]);
  if (bytes != tensor->count * type_sizes[tensor->type])
    return message_fail(error, file, "tensor", name,
                        "%" G_GSIZE_FORMAT " bytes expected for its shape, found %" G_GSIZE_FORMAT,
                        tensor->count * type_sizes[tensor->type], bytes);
  tensor->bytes = buffer + offsets[0];
  tensor->name = g_strdup(name);
  return true;
}

static bool read_metadata(const char *file, JsonNode *node, JsonObject **metadata, GError **error) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return message_fail(error, file, NULL, NULL, "__metadata__ must be an object of strings");
  JsonObject *object = json_node_get_object(node);
  JsonObjectIter iter;
  const char *key = NULL;
  JsonNode *value = NULL;
  json_object_iter_init_ordered(&iter, object);
  while (json_object_iter_next_ordered(&iter, &key, &value))
    if (!JSON_NODE_HOLDS_VALUE(value) || json_node_get_value_type(value) != G_TYPE_STRING)
      return message_fail(error, file, NULL, NULL, "__metadata__ must be an object of strings");
  json_object_unref(*metadata);
  *metadata = json_object_ref(object);
  return true;
}

static int by_position(const void *a, const void *b) {
  const SafetensorsTensor *left = a, *right = b;
  return (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

static bool check_tiling(const char *file, const SafetensorsFile *result, const guint8 *buffer, gsize size,
                         GError **error) {
  const guint8 *expected = buffer;
  for (gsize i = 0; i < result->n_tensors; i++) {
    const SafetensorsTensor *tensor = &result->tensors[i];
    if (tensor->bytes != expected)
      return message_fail(error, file, "tensor", tensor->name, "its bytes %s",
                          tensor->bytes < expected ? "overlap another tensor's" : "come after a hole");
    expected += tensor->count * type_sizes[tensor->type];
  }
  if (expected != buffer + size)
    return message_fail(error, file, NULL, NULL,
                        "%" G_GSIZE_FORMAT " bytes of tensors expected, found %" G_GSIZE_FORMAT,
                        (gsize)(expected - buffer), size);
  return true;
}

bool safetensors_parse(const char *name, const void *data, gsize size, SafetensorsFile **file, GError **error) {
  const gsize prefix = 8;
  const guint8 *bytes = data;
  if (size < prefix)
    return message_fail(error, name, NULL, NULL,
                        "a safetensors file starts with 8 bytes of header length, found %" G_GSIZE_FORMAT, size);
  guint64 header = message_little_endian(bytes, prefix);
  if (header > SAFETENSORS_MAX_HEADER || header > size - prefix)
    return message_fail(error, name, NULL, NULL,
                        "a safetensors header of at most %" G_GSIZE_FORMAT " bytes expected, found %" G_GUINT64_FORMAT
                        "; the file may be truncated",
                        MIN(SAFETENSORS_MAX_HEADER, size - prefix), header);
  JsonNode *root = NULL;
  if (!json_read(name, (const char *)bytes + prefix, (gsize)header, &root, error))
    return false;
  const guint8 *buffer = bytes + prefix + header;
  gsize buffer_size = size - prefix - (gsize)header;
  g_autoptr(SafetensorsFile) result = g_new0(SafetensorsFile, 1);
  result->metadata = json_object_new();
  bool ok =
      JSON_NODE_HOLDS_OBJECT(root) || message_fail(error, name, NULL, NULL, "a safetensors header must be an object");
  if (ok) {
    JsonObject *object = json_node_get_object(root);
    gsize n_members = json_object_get_size(object);
    if (n_members > MESSAGE_MAX_NODES)
      ok = message_fail(error, name, NULL, NULL, "at most %d tensors expected, found %" G_GSIZE_FORMAT,
                        MESSAGE_MAX_NODES, n_members);
    result->tensors = g_new0(SafetensorsTensor, MAX(n_members, 1));
    JsonObjectIter iter;
    const char *key = NULL;
    JsonNode *value = NULL;
    json_object_iter_init_ordered(&iter, object);
    while (ok && json_object_iter_next_ordered(&iter, &key, &value)) {
      if (strcmp(key, "__metadata__") == 0)
        ok = read_metadata(name, value, &result->metadata, error);
      else if ((ok = read_tensor(name, key, value, buffer, buffer_size, &result->tensors[result->n_tensors], error)))
        result->n_tensors++;
    }
  }
  json_node_unref(root);
  if (!ok)
    return false;
  qsort(result->tensors, result->n_tensors, sizeof *result->tensors, by_position);
  if (!check_tiling(name, result, buffer, buffer_size, error))
    return false;
  *file = g_steal_pointer(&result);
  return true;
}

void safetensors_free(SafetensorsFile *file) {
  if (file == NULL)
    return;
  for (gsize i = 0; i < file->n_tensors; i++)
    g_free(file->tensors[i].name);
  g_free(file->tensors);
  json_object_unref(file->metadata);
  g_free(file);
}

const SafetensorsTensor *safetensors_find(const SafetensorsFile *file, const char *name) {
  for (gsize i = 0; i < file->n_tensors; i++)
    if (strcmp(file->tensors[i].name, name) == 0)
      return &file->tensors[i];
  return NULL;
}

void safetensors_floats(const SafetensorsTensor *tensor, float *values) {
  gsize item = type_sizes[tensor->type];
  for (gsize i = 0; i < tensor->count; i++) {
    guint32 word = (guint32)message_little_endian(tensor->bytes + i * item, item);
    if (tensor->type == SAFETENSORS_F32)
      memcpy(&values[i], &word, sizeof word);
    else
      values[i] = tensor->type == SAFETENSORS_F16 ? message_half((guint16)word) : message_bfloat16((guint16)word);
  }
}
