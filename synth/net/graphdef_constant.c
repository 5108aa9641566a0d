#include "synth/net/graphdef.h"

#include <string.h>

#include "synth/net/message.h"

enum { DT_FLOAT = 1, DT_INT32 = 3, DT_INT64 = 9, DT_HALF = 19 };

bool graphdef_constant(const char *file, const Tensorflow__Node *node, GraphdefConstant *constant, GError **error) {
  const Tensorflow__Tensor *tensor = NULL;
  for (gsize i = 0; i < node->n_attr; i++)
    if (node->attr[i]->key != NULL && strcmp(node->attr[i]->key, "value") == 0 && node->attr[i]->value != NULL)
      tensor = node->attr[i]->value->tensor;
  if (tensor == NULL)
    return message_fail(error, file, "node", node->name, "this constant has no value");
  GraphdefConstant result = {.name = node->name, .message = tensor};
  if (tensor->shape != NULL)
    result.n_dims = tensor->shape->n_dim;
  if (result.n_dims > G_N_ELEMENTS(result.dims))
    return message_fail(error, file, "node", node->name,
                        "a constant of %" G_GSIZE_FORMAT " dimensions; at most 4 expected", result.n_dims);
  for (gsize i = 0; i < result.n_dims; i++)
    result.dims[i] = tensor->shape->dim[i]->size;
  if (!message_count(result.dims, result.n_dims, &result.count))
    return message_fail(error, file, "node", node->name, "a constant's sizes must be positive and fit in memory");
  *constant = result;
  return true;
}

/* Fills values with the constant's: at(i) for i below n_given, the last given one from there on. */
static gsize given_index(gsize i, gsize n_given) { return MIN(i, n_given - 1); }

static bool check_content(const char *file, const GraphdefConstant *constant, gsize item, GError **error) {
  if (constant->message->content.len / item == constant->count && constant->message->content.len % item == 0)
    return true;
  return message_fail(error, file, "node", constant->name,
                      "%" G_GSIZE_FORMAT " values of %" G_GSIZE_FORMAT
                      " bytes expected, tensor_content has %" G_GSIZE_FORMAT " bytes",
                      constant->count, item, constant->message->content.len);
}

static bool check_given(const char *file, const GraphdefConstant *constant, gsize n_given, GError **error) {
  if (n_given >= 1 && n_given <= constant->count)
    return true;
  return message_fail(error, file, "node", constant->name,
                      "%" G_GSIZE_FORMAT
                      " values expected (or fewer, the last one filling the shape), found %" G_GSIZE_FORMAT,
                      constant->count, n_given);
}

bool graphdef_floats(const char *file, const GraphdefConstant *constant, float *values, GError **error) {
  const Tensorflow__Tensor *tensor = constant->message;
  const guint8 *content = tensor->content.data;
  if (tensor->dtype != DT_FLOAT && tensor->dtype != DT_HALF)
    return message_fail(error, file, "node", constant->name, "weights of float or half type expected, found type %d",
                        tensor->dtype);
  bool half = tensor->dtype == DT_HALF;
  if (tensor->content.len > 0) {
    gsize item = half ? 2 : 4;
    if (!check_content(file, constant, item, error))
      return false;
    for (gsize i = 0; i < constant->count; i++) {
      guint32 word = (guint32)message_little_endian(content + i * item, item);
      if (half)
        values[i] = message_half((guint16)word);
      else
        memcpy(&values[i], &word, sizeof word);
    }
    return true;
  }
  gsize n_given = half ? tensor->n_half_val : tensor->n_float_val;
  if (!check_given(file, constant, n_given, error))
    return false;
  for (gsize i = 0; i < constant->count; i++) {
    gsize from = given_index(i, n_given);
    values[i] = half ? message_half((guint16)tensor->half_val[from]) : tensor->float_val[from];
  }
  return true;
}

bool graphdef_ints(const char *file, const GraphdefConstant *constant, gint64 *values, gsize max, GError **error) {
  const Tensorflow__Tensor *tensor = constant->message;
  if (tensor->dtype != DT_INT32 && tensor->dtype != DT_INT64)
    return message_fail(error, file, "node", constant->name, "integers expected, found type %d", tensor->dtype);
  if (constant->count > max)
    return message_fail(error, file, "node", constant->name,
                        "at most %" G_GSIZE_FORMAT " values expected, found %" G_GSIZE_FORMAT, max, constant->count);
  bool wide = tensor->dtype == DT_INT64;
  if (tensor->content.len > 0) {
    gsize item = wide ? 8 : 4;
    if (!check_content(file, constant, item, error))
      return false;
    for (gsize i = 0; i < constant->count; i++) {
      guint64 word = message_little_endian(tensor->content.data + i * item, item);
      values[i] = wide ? (gint64)word : (gint32)(guint32)word;
    }
    return true;
  }
  gsize n_given = wide ? tensor->n_int64_val : tensor->n_int_val;
  if (!check_given(file, constant, n_given, error))
    return false;
  for (gsize i = 0; i < constant->count; i++) {
    gsize from = given_index(i, n_given);
    values[i] = wide ? tensor->int64_val[from] : tensor->int_val[from];
  }
  return true;
}
