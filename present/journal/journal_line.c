#include "present/journal/journal_line.h"

#include <string.h>

#include "stimuli/base/error.h"

#define DIGEST_START ",\"sha256\":\""
#define TAIL (sizeof DIGEST_START - 1 + 64 + 2) /* ,"sha256":"HEX"} */

static void chain_digest(const char *previous, const char *text, gsize size, char digest[JOURNAL_DIGEST_SIZE]) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)previous, (gssize)strlen(previous));
  g_checksum_update(checksum, (const guchar *)text, (gssize)size);
  g_strlcpy(digest, g_checksum_get_string(checksum), JOURNAL_DIGEST_SIZE);
}

GString *journal_line_format(gsize sequence, const char *type, JsonObject *data, char digest[JOURNAL_DIGEST_SIZE]) {
  g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
  json_node_set_object(node, data);
  g_autofree char *text = json_write_line(node);
  GString *line = g_string_new(NULL);
  g_string_append_printf(line, "{\"sequence\":%zu,\"type\":\"%s\",\"data\":%s", sequence, type, text);
  char own[JOURNAL_DIGEST_SIZE];
  chain_digest(digest, line->str, line->len, own);
  memcpy(digest, own, sizeof own);
  g_string_append_printf(line, DIGEST_START "%s\"}\n", digest);
  return line;
}

bool journal_line_intact(const char *line, gsize size, const char digest[JOURNAL_DIGEST_SIZE]) {
  if (size < TAIL || memcmp(line + size - TAIL, DIGEST_START, sizeof DIGEST_START - 1) != 0 ||
      memcmp(line + size - 2, "\"}", 2) != 0)
    return false;
  char own[JOURNAL_DIGEST_SIZE];
  chain_digest(digest, line, size - TAIL, own);
  return memcmp(own, line + size - 2 - 64, 64) == 0;
}

/* Earlier versions wrote some doubles as "1e+20.0", which is no JSON. The digest stands for the text as it is, so
 * what was written so is read without the ".0". */
static char *mend_exponents(const char *line, gsize size) {
  GString *text = g_string_sized_new(size);
  bool quoted = false;
  for (gsize i = 0; i < size; i++) {
    g_string_append_c(text, line[i]);
    if (line[i] == '\\' && quoted && i + 1 < size)
      g_string_append_c(text, line[++i]);
    else if (line[i] == '"')
      quoted = !quoted;
    if (quoted || line[i] != 'e' || i == 0 || !g_ascii_isdigit(line[i - 1]))
      continue;
    while (i + 1 < size && strchr("+-0123456789", line[i + 1]) != NULL)
      g_string_append_c(text, line[++i]);
    if (i + 2 < size && line[i + 1] == '.' && line[i + 2] == '0')
      i += 2;
  }
  return g_string_free(text, FALSE);
}

static bool read_line(const char *name, const char *line, gsize size, JsonNode **root, GError **error) {
  g_autoptr(GError) fault = NULL;
  if (json_read(name, line, size, root, &fault))
    return true;
  g_autofree char *mended = mend_exponents(line, size);
  if (json_read(name, mended, strlen(mended), root, NULL))
    return true;
  g_propagate_error(error, g_steal_pointer(&fault));
  return false;
}

bool journal_line_parse(const char *name, const char *line, gsize size, gsize sequence,
                        char digest[JOURNAL_DIGEST_SIZE], char **type, JsonObject **data, GError **error) {
  if (!journal_line_intact(line, size, digest)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: the record is damaged: its checksum does not fit its text and the line before", name);
    return false;
  }
  g_autoptr(JsonNode) root = NULL;
  if (!read_line(name, line, size, &root, error))
    return false;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
  JsonNode *number = object != NULL ? json_object_get_member(object, "sequence") : NULL;
  JsonNode *kind = object != NULL ? json_object_get_member(object, "type") : NULL;
  JsonNode *content = object != NULL ? json_object_get_member(object, "data") : NULL;
  if (number == NULL || !JSON_NODE_HOLDS_VALUE(number) || json_node_get_int(number) != (gint64)sequence ||
      kind == NULL || !JSON_NODE_HOLDS_VALUE(kind) || json_node_get_value_type(kind) != G_TYPE_STRING ||
      content == NULL || !JSON_NODE_HOLDS_OBJECT(content)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is not record %zu of a journal", name, sequence);
    return false;
  }
  memcpy(digest, line + size - 2 - 64, 64);
  digest[64] = '\0';
  *type = g_strdup(json_node_get_string(kind));
  *data = json_object_ref(json_node_get_object(content));
  return true;
}
