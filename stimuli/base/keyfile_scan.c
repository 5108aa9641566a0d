#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/keyfile_private.h"

#define MAX_KEYS 20000

bool keyfile_set_line_error(const KeyFile *keyfile, int line, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%d: %s", keyfile->name, line, what);
  return false;
}

/* "[group]" without its brackets, or NULL. GLib takes no control characters there. */
static char *scan_group(const char *line) {
  gsize length = strlen(line);
  for (const char *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl(*c))
      return NULL;
  if (length < 3 || line[length - 1] != ']' || strcspn(line + 1, "[]") != length - 2)
    return NULL;
  return g_strndup(line + 1, length - 2);
}

/* The "key" or "key[locale]" of "key = value"; NULL where it is not of that form. `base` gets the key of a localised
 * one, or NULL. */
static char *scan_key(const char *line, char **base) {
  const char *equals = strchr(line, '=');
  if (equals == NULL)
    return NULL;
  char *key = g_strchomp(g_strndup(line, (gsize)(equals - line)));
  const char *bracket = strchr(key, '[');
  gsize length = strlen(key), name = bracket != NULL ? (gsize)(bracket - key) : length;
  bool ok = name > 0 && strcspn(key, " \t]") >= name;
  if (ok && bracket != NULL) {
    const char *locale = bracket + 1;
    gsize n = strspn(locale, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@");
    ok = n > 0 && strcmp(locale + n, "]") == 0;
  }
  if (!ok) {
    g_free(key);
    return NULL;
  }
  *base = bracket != NULL ? g_strndup(key, name) : NULL;
  return key;
}

static void record_group(KeyFile *keyfile, char *group, int line) {
  int first = keyfile_line(keyfile, group, NULL);
  if (first > 0) {
    keyfile_add_fault(keyfile, line, group, NULL, g_strdup_printf("this group was already there at line %d", first));
    g_free(group);
    return;
  }
  g_hash_table_insert(keyfile->lines, g_strdup(group), GINT_TO_POINTER(line));
  g_ptr_array_add(keyfile->groups, group);
}

/* Takes key and base. */
static void record_key(KeyFile *keyfile, const char *group, char *key, char *base, int line) {
  int first = keyfile_line(keyfile, group, key);
  if (first > 0) {
    keyfile_add_fault(keyfile, line, group, key, g_strdup_printf("this key was already set at line %d", first));
    g_free(key);
    g_free(base);
    return;
  }
  Entry *entry = g_new(Entry, 1);
  *entry = (Entry){.group = g_strdup(group), .key = key, .base = base, .line = line};
  g_hash_table_insert(keyfile->lines, keyfile_join(group, key), GINT_TO_POINTER(line));
  g_ptr_array_add(keyfile->entries, entry);
}

/* Notes every group's and key's line; `group` is the one that the line is in, and changes at a group's line. */
static bool scan_line(KeyFile *keyfile, char *text, int line, char **group, GError **error) {
  g_strstrip(text);
  if (*text == '\0' || *text == '#')
    return true;
  if (*text == '[') {
    char *name = scan_group(text);
    if (name == NULL)
      return keyfile_set_line_error(keyfile, line, "a group is written [name], alone on its line", error);
    g_free(*group);
    *group = g_strdup(name);
    record_group(keyfile, name, line);
    return true;
  }
  char *base = NULL, *key = scan_key(text, &base);
  if (key == NULL)
    return keyfile_set_line_error(keyfile, line, "is neither [group], key=value, # comment nor blank", error);
  if (*group == NULL) {
    g_free(key);
    g_free(base);
    return keyfile_set_line_error(keyfile, line, "a key stands before the first [group]", error);
  }
  if (keyfile->entries->len == MAX_KEYS) {
    g_free(key);
    g_free(base);
    return keyfile_set_line_error(keyfile, line, "there are more than 20000 keys", error);
  }
  record_key(keyfile, *group, key, base, line);
  return true;
}

bool keyfile_scan(KeyFile *keyfile, const char *text, GError **error) {
  g_autofree char *group = NULL;
  int line = 1;
  for (const char *start = text; *start != '\0'; line++) {
    gsize length = strcspn(start, "\n");
    g_autofree char *copy = g_strndup(start, length);
    if (!scan_line(keyfile, copy, line, &group, error))
      return false;
    start += length + (start[length] == '\n' ? 1 : 0);
  }
  g_ptr_array_add(keyfile->groups, NULL);
  return true;
}
