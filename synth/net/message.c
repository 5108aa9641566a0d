#include "synth/net/message.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stimuli/base/error.h"

bool message_fail(GError **error, const char *file, const char *kind, const char *name, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  if (kind == NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", file, text);
  else
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s '%s': %s", file, kind, name, text);
  return false;
}

typedef struct {
  gsize left;
  bool spent;
} Budget;

static void *budget_alloc(void *data, size_t size) {
  Budget *budget = data;
  if (size > budget->left) {
    budget->spent = true;
    return NULL;
  }
  void *block = malloc(size);
  if (block == NULL)
    budget->spent = true;
  else
    budget->left -= MIN(budget->left, malloc_usable_size(block));
  return block;
}

static void budget_free(void *data, void *block) {
  Budget *budget = data;
  if (block != NULL)
    budget->left += malloc_usable_size(block);
  free(block);
}

bool message_unpack(const char *file, const char *format, const ProtobufCMessageDescriptor *descriptor,
                    const void *data, gsize size, ProtobufCMessage **message, GError **error) {
  /* An unpacked float is 5 bytes in the file and 36 while protobuf-c scans its message. */
  const gsize overhead = (gsize)64 << 20;
  gsize limit = 0;
  if (!g_size_checked_mul(&limit, size, 10) || !g_size_checked_add(&limit, limit, overhead))
    limit = G_MAXSIZE;
  Budget budget = {.left = limit};
  ProtobufCAllocator allocator = {budget_alloc, budget_free, &budget};
  *message = protobuf_c_message_unpack(descriptor, &allocator, size, data);
  if (*message != NULL)
    return true;
  if (budget.spent) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY,
                "%s: not enough memory to read this %s of %" G_GSIZE_FORMAT " bytes", file, format, size);
    return false;
  }
  return message_fail(error, file, NULL, NULL,
                      "not a whole %s: the file is damaged or truncated (%" G_GSIZE_FORMAT " bytes)", format, size);
}

void message_free(ProtobufCMessage *message) {
  if (message != NULL)
    protobuf_c_message_free_unpacked(message, NULL);
}

static bool next_varint(const guint8 *data, gsize size, gsize *at, guint64 *value) {
  *value = 0;
  for (guint shift = 0; shift < 64; shift += 7) {
    if (*at >= size)
      return false;
    guint8 byte = data[(*at)++];
    *value |= (guint64)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return true;
  }
  return false;
}

bool message_next_field(const guint8 *data, gsize size, gsize *at, guint *field, guint *wire_type,
                        const guint8 **content, gsize *content_size) {
  guint64 tag = 0, length = 0;
  if (!next_varint(data, size, at, &tag) || tag > G_MAXUINT32 || tag >> 3 == 0)
    return false;
  *field = (guint)(tag >> 3);
  *wire_type = (guint)(tag & 7);
  *content = NULL;
  *content_size = 0;
  switch (*wire_type) {
  case 0:
    return next_varint(data, size, at, &length);
  case 1:
    length = 8;
    break;
  case 2:
    if (!next_varint(data, size, at, &length))
      return false;
    *content = data + *at;
    break;
  case 5:
    length = 4;
    break;
  default:
    return false;
  }
  if (length > size - *at)
    return false;
  *content_size = (gsize)length;
  *at += (gsize)length;
  return true;
}

bool message_count(const gint64 *dims, gsize n_dims, gsize *count) {
  gsize product = 1, bytes = 0;
  for (gsize i = 0; i < n_dims; i++)
    if (dims[i] < 1 || dims[i] > G_MAXINT || !g_size_checked_mul(&product, product, (gsize)dims[i]))
      return false;
  if (!g_size_checked_mul(&bytes, product, 8))
    return false;
  *count = product;
  return true;
}

bool message_check_name(const char *file, const char *kind, const char *name, GError **error) {
  const gsize longest = 512;
  if (name == NULL || *name == '\0')
    return message_fail(error, file, NULL, NULL, "a %s has no name", kind);
  bool good = g_utf8_validate(name, -1, NULL) && strlen(name) <= longest;
  for (const char *c = name; good && *c != '\0'; c++)
    good = !g_ascii_iscntrl(*c);
  if (good)
    return true;
  g_autofree char *start = g_strndup(name, 60);
  g_autofree char *shown = g_strescape(start, NULL);
  return message_fail(error, file, kind, shown, "a name must be 1 to %d bytes of UTF-8 text", (int)longest);
}

guint64 message_little_endian(const guint8 *bytes, gsize n) {
  guint64 value = 0;
  for (gsize i = n; i-- > 0;)
    value = value << 8 | bytes[i];
  return value;
}

float message_half(guint16 bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude;
  if (exponent == 31)
    magnitude = fraction == 0 ? INFINITY : NAN;
  else if (exponent == 0)
    magnitude = ldexpf((float)fraction, -24);
  else
    magnitude = ldexpf((float)(fraction + 1024), exponent - 25);
  return bits >> 15 != 0 ? -magnitude : magnitude;
}

float message_bfloat16(guint16 bits) {
  guint32 word = (guint32)bits << 16;
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}
