/* What the importers share: protobuf messages from strangers, checked shapes, and one form of error message. */
#ifndef DREAMRIG_NET_MESSAGE_H
#define DREAMRIG_NET_MESSAGE_H

#include <glib.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* The most nodes a file may have: building a graph looks each name up among all. */
#define MESSAGE_MAX_NODES 16384

/* Sets RIG_ERROR_INPUT to "FILE: KIND 'NAME': MESSAGE" (kind "node", "layer", "tensor"; NULL for none) and returns
 * false. */
bool message_fail(GError **error, const char *file, const char *kind, const char *name, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* Unpacks a message; its memory is limited to a small multiple of `size`, because a message of two bytes may unpack to
 * a structure of a hundred. Free with message_free. `format` names the file's format in the message of a failure. */
bool message_unpack(const char *file, const char *format, const ProtobufCMessageDescriptor *descriptor,
                    const void *data, gsize size, ProtobufCMessage **message, GError **error);
void message_free(ProtobufCMessage *message);

/* Steps over one field of a message in its wire format: *at is moved behind it. For a length-delimited field (wire type
 * 2) *content and *content_size are its bytes. Returns false at a malformed or truncated field. */
bool message_next_field(const guint8 *data, gsize size, gsize *at, guint *field, guint *wire_type,
                        const guint8 **content, gsize *content_size);

/* The product of n_dims sizes, each of which must be 1..G_MAXINT; false when one is not or the product (times 8 bytes)
 * overflows. No dims: 1. */
bool message_count(const gint64 *dims, gsize n_dims, gsize *count);

/* A node's name: 1 to 512 bytes of UTF-8 without control characters. */
bool message_check_name(const char *file, const char *kind, const char *name, GError **error);

/* An unsigned integer of n bytes, at most 8. */
guint64 message_little_endian(const guint8 *bytes, gsize n);
/* IEEE 754 binary16 and bfloat16 to float32, exact. */
float message_half(guint16 bits);
float message_bfloat16(guint16 bits);

#endif
