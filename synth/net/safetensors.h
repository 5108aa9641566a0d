/* The safetensors container: a JSON header, then the tensors' bytes. Internal to the native file's reader and writer.
 *
 * u64 little-endian header length; the header {name: {dtype, shape, data_offsets [begin, end)}}, where `__metadata__`
 * maps strings to strings; the rest of the file, which the tensors tile without hole or overlap. */
#ifndef DREAMRIG_NET_SAFETENSORS_H
#define DREAMRIG_NET_SAFETENSORS_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/json.h"

/* The longest header, as the format's own reader has it. */
#define SAFETENSORS_MAX_HEADER ((gsize)100 << 20)

typedef enum { SAFETENSORS_F32, SAFETENSORS_F16, SAFETENSORS_BF16 } SafetensorsType;

typedef struct {
  char *name;
  SafetensorsType type;
  gint64 dims[4];
  gsize n_dims, count;
  const guint8 *bytes; /* borrowed from the file's data */
} SafetensorsTensor;

typedef struct {
  SafetensorsTensor *tensors; /* in the order of their bytes */
  gsize n_tensors;
  JsonObject *metadata; /* strings only; empty where the file has none */
} SafetensorsFile;

/* Parses a file in memory and checks all of it: header length, types, shapes, offsets that tile the buffer. The data
 * must outlive the result. `name` is for messages. */
bool safetensors_parse(const char *name, const void *data, gsize size, SafetensorsFile **file, GError **error);
void safetensors_free(SafetensorsFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SafetensorsFile, safetensors_free)

/* A tensor to be written: values[product of dims], stored as `type` (rounded to nearest for F16). */
typedef struct {
  const char *name;
  SafetensorsType type;
  gint64 dims[4];
  gsize n_dims;
  const float *values;
} SafetensorsStore;
/* Writes the tensors in this order, with metadata of strings only; atomic. */
bool safetensors_store(const char *path, const SafetensorsStore *tensors, gsize n_tensors, JsonObject *metadata,
                       GError **error);

/* The tensor of this name, or NULL. */
const SafetensorsTensor *safetensors_find(const SafetensorsFile *file, const char *name);
/* Its values as float32 into values[count]. */
void safetensors_floats(const SafetensorsTensor *tensor, float *values);

#endif
