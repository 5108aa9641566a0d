/* The checks that stand before json-glib's parser. For json.c. */
#ifndef DREAMRIG_BASE_JSON_CHECK_H
#define DREAMRIG_BASE_JSON_CHECK_H

#include <glib.h>
#include <stdbool.h>

enum { JSON_MAX_DEPTH = 64 };

/* True when the text is one JSON value as RFC 8259 has it, UTF-8, at most JSON_MAX_DEPTH levels deep, with no member
 * twice in one object and with numbers that fit gint64 or a finite double. The message is "NAME:LINE: what". */
bool json_check(const char *name, const char *text, gsize size, GError **error);

#endif
