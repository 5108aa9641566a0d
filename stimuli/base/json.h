/* JSON from strangers: json-glib behind size, depth and number checks (it crashes on deep nesting, and writes NaN
 * and 1e+20.0). */
#ifndef DREAMRIG_BASE_JSON_H
#define DREAMRIG_BASE_JSON_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Parses text of `size` bytes: UTF-8, at most 64 levels deep, no duplicate members in one object. `name` is for
 * messages. Free *root with json_node_unref. */
bool json_read(const char *name, const char *text, gsize size, JsonNode **root, GError **error);
/* Pretty-printed text with a final line end; members in insertion order; a non-finite number is written as null. Free
 * with g_free. */
char *json_write(JsonNode *root, gsize *size);
/* As json_write, but without any line end or blank between tokens. */
char *json_write_line(JsonNode *root);

/* A text member; `fallback`, which may be NULL, where it is missing or of another kind. Owned by the object. */
const char *json_text(JsonObject *object, const char *member, const char *fallback);
/* Appends a number to an array; null where it is not finite. */
void json_add_number(JsonArray *array, double value);

#endif
