#include "stimuli/base/json.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/json_check.h"
#include "stimuli/base/number.h"

#define ONE_LINE (-1) /* a depth */

bool json_read(const char *name, const char *text, gsize size, JsonNode **root, GError **error) {
  if (!json_check(name, text, size, error))
    return false;
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) fault = NULL;
  if (!json_parser_load_from_data(parser, text, (gssize)size, &fault)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", name, fault->message);
    return false;
  }
  *root = json_parser_steal_root(parser);
  return true;
}

static void write_node(GString *out, JsonNode *node, int depth);

static void write_line(GString *out, int depth) {
  if (depth != ONE_LINE)
    g_string_append_printf(out, "\n%*s", 2 * depth, "");
}

static int deeper(int depth) { return depth == ONE_LINE ? ONE_LINE : depth + 1; }

static void write_string(GString *out, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
  g_string_append_c(out, '"');
  for (const char *c = valid; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_printf(out, "\\%c", *c);
    else if (*c == '\n')
      g_string_append(out, "\\n");
    else if ((guchar)*c < 0x20 || *c == 0x7F)
      g_string_append_printf(out, "\\u%04x", (guint)(guchar)*c);
    else
      g_string_append_c(out, *c);
  }
  g_string_append_c(out, '"');
}

/* A point or exponent keeps it a double for the next reader. */
static void write_double(GString *out, double value) {
  if (!isfinite(value)) {
    g_string_append(out, "null");
    return;
  }
  char text[NUMBER_SIZE];
  g_string_append(out, number_format(value, text));
  if (strpbrk(text, ".e") == NULL)
    g_string_append(out, ".0");
}

static void write_value(GString *out, JsonNode *node) {
  GType type = json_node_get_value_type(node);
  if (type == G_TYPE_STRING)
    write_string(out, json_node_get_string(node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append(out, json_node_get_boolean(node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE || type == G_TYPE_FLOAT)
    write_double(out, json_node_get_double(node));
  else
    g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)json_node_get_int(node));
}

static void write_object(GString *out, JsonObject *object, int depth) {
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  const char *separator = "{";
  json_object_iter_init_ordered(&iter, object);
  while (json_object_iter_next_ordered(&iter, &name, &member)) {
    g_string_append(out, separator);
    write_line(out, deeper(depth));
    write_string(out, name);
    g_string_append(out, depth == ONE_LINE ? ":" : ": ");
    write_node(out, member, deeper(depth));
    separator = ",";
  }
  if (*separator == '{')
    g_string_append(out, "{");
  else
    write_line(out, depth);
  g_string_append_c(out, '}');
}

static void write_array(GString *out, JsonArray *array, int depth) {
  guint n = json_array_get_length(array);
  g_string_append_c(out, '[');
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c(out, ',');
    write_line(out, deeper(depth));
    write_node(out, json_array_get_element(array, i), deeper(depth));
  }
  if (n > 0)
    write_line(out, depth);
  g_string_append_c(out, ']');
}

static void write_node(GString *out, JsonNode *node, int depth) {
  switch (json_node_get_node_type(node)) {
  case JSON_NODE_OBJECT:
    write_object(out, json_node_get_object(node), depth);
    break;
  case JSON_NODE_ARRAY:
    write_array(out, json_node_get_array(node), depth);
    break;
  case JSON_NODE_VALUE:
    write_value(out, node);
    break;
  case JSON_NODE_NULL:
    g_string_append(out, "null");
    break;
  }
}

char *json_write(JsonNode *root, gsize *size) {
  GString *out = g_string_new(NULL);
  write_node(out, root, 0);
  g_string_append_c(out, '\n');
  if (size != NULL)
    *size = out->len;
  return g_string_free(out, FALSE);
}

char *json_write_line(JsonNode *root) {
  GString *out = g_string_new(NULL);
  write_node(out, root, ONE_LINE);
  return g_string_free(out, FALSE);
}

const char *json_text(JsonObject *object, const char *member, const char *fallback) {
  JsonNode *node = json_object_get_member(object, member);
  bool text = node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
  return text ? json_node_get_string(node) : fallback;
}

void json_add_number(JsonArray *array, double value) {
  if (isfinite(value))
    json_array_add_double_element(array, value);
  else
    json_array_add_null_element(array);
}
