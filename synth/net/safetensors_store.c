#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "synth/net/safetensors.h"

#define PREFIX 8 /* the header's length */
#define ALIGNMENT 8

static gsize value_bytes(SafetensorsType type) { return type == SAFETENSORS_F32 ? 4 : 2; }

static gsize count_of(const SafetensorsStore *tensor) {
  gsize count = 1;
  for (gsize k = 0; k < tensor->n_dims; k++)
    count *= (gsize)tensor->dims[k];
  return count;
}

static JsonObject *entry(const SafetensorsStore *tensor, gsize begin) {
  static const char *const names[] = {"F32", "F16", "BF16"};
  JsonObject *object = json_object_new();
  JsonArray *shape = json_array_new(), *offsets = json_array_new();
  for (gsize k = 0; k < tensor->n_dims; k++)
    json_array_add_int_element(shape, tensor->dims[k]);
  json_array_add_int_element(offsets, (gint64)begin);
  json_array_add_int_element(offsets, (gint64)(begin + count_of(tensor) * value_bytes(tensor->type)));
  json_object_set_string_member(object, "dtype", names[tensor->type]);
  json_object_set_array_member(object, "shape", shape);
  json_object_set_array_member(object, "data_offsets", offsets);
  return object;
}

/* IEEE 754 binary16, to nearest, ties to even; what is too large becomes infinite. */
static guint16 half_of(guint32 bits) {
  guint32 sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return (guint16)(sign | 0x7e00);
  if (magnitude >= 0x47800000)
    return (guint16)(sign | 0x7c00);
  guint32 exponent = magnitude >> 23, fraction = (magnitude & 0x7fffff) | 0x800000;
  if (exponent < 102)
    return (guint16)sign;
  /* Below 2^-14 halves are subnormal: the fraction is shifted further. */
  guint32 shift = exponent < 113 ? 126 - exponent : 13;
  guint32 kept = fraction >> shift, lost = fraction & ((1u << shift) - 1), middle = 1u << (shift - 1);
  kept += lost > middle || (lost == middle && (kept & 1));
  return (guint16)(sign | (exponent < 113 ? kept : kept + ((exponent - 113) << 10)));
}

static guint8 *put(const SafetensorsStore *tensor, guint8 *to) {
  gsize count = count_of(tensor);
  for (gsize k = 0; k < count; k++) {
    guint32 bits;
    memcpy(&bits, &tensor->values[k], sizeof bits);
    if (tensor->type == SAFETENSORS_F32) {
      bits = GUINT32_TO_LE(bits);
      memcpy(to, &bits, 4);
      to += 4;
    } else {
      guint16 half = GUINT16_TO_LE(tensor->type == SAFETENSORS_F16 ? half_of(bits) : (guint16)(bits >> 16));
      memcpy(to, &half, 2);
      to += 2;
    }
  }
  return to;
}

bool safetensors_store(const char *path, const SafetensorsStore *tensors, gsize n_tensors, JsonObject *metadata,
                       GError **error) {
  JsonObject *header = json_object_new();
  json_object_set_object_member(header, "__metadata__", json_object_ref(metadata));
  gsize bytes = 0;
  for (gsize k = 0; k < n_tensors; k++) {
    json_object_set_object_member(header, tensors[k].name, entry(&tensors[k], bytes));
    bytes += count_of(&tensors[k]) * value_bytes(tensors[k].type);
  }
  JsonNode *root = json_node_new(JSON_NODE_OBJECT);
  json_node_take_object(root, header);
  gsize length = 0, total = 0;
  g_autofree char *text = json_write(root, &length);
  json_node_unref(root);
  gsize padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  g_autofree guint8 *file = NULL;
  if (g_size_checked_add(&total, bytes, PREFIX + padded))
    file = g_try_malloc(total);
  if (file == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "%s: not enough memory to write it", path);
    return false;
  }
  guint64 stored = GUINT64_TO_LE((guint64)padded);
  memcpy(file, &stored, PREFIX);
  memcpy(file + PREFIX, text, length);
  memset(file + PREFIX + length, ' ', padded - length);
  guint8 *to = file + PREFIX + padded;
  for (gsize k = 0; k < n_tensors; k++)
    to = put(&tensors[k], to);
  return files_write(path, file, total, FILES_PUBLIC, error);
}
