#include "stimuli/base/keyfile.h"

#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/keyfile_private.h"
#include "stimuli/base/number.h"
#include "stimuli/base/utf8.h"

#define MAX_BYTES ((gsize)4 << 20)
#define MAX_FAULTS 1000 /* a file of another kind may have one on every line */
#define MAX_ITEMS 10000 /* of a list */

static void entry_free(gpointer data) {
  Entry *entry = data;
  g_free(entry->group);
  g_free(entry->key);
  g_free(entry->base);
  g_free(entry);
}

static void clear_fault(gpointer data) {
  KeyFileFault *fault = data;
  g_free(fault->group);
  g_free(fault->key);
  g_free(fault->message);
}

char *keyfile_join(const char *group, const char *key) {
  return key != NULL ? g_strconcat(group, "\n", key, NULL) : g_strdup(group);
}

int keyfile_line(const KeyFile *keyfile, const char *group, const char *key) {
  g_autofree char *name = keyfile_join(group, key);
  return GPOINTER_TO_INT(g_hash_table_lookup(keyfile->lines, name));
}

static void mark(const KeyFile *keyfile, const char *group, const char *key) {
  g_hash_table_add(keyfile->asked, g_strdup(group));
  if (key != NULL)
    g_hash_table_add(keyfile->asked, keyfile_join(group, key));
}

static bool is_marked(const KeyFile *keyfile, const char *group, const char *key) {
  g_autofree char *name = keyfile_join(group, key);
  return g_hash_table_contains(keyfile->asked, name);
}

/* Takes `message`. */
static KeyFileFault make_fault(int line, const char *group, const char *key, char *message) {
  KeyFileFault fault = {.line = line, .message = rig_one_line(message)};
  fault.group = group != NULL ? rig_one_line(group) : NULL;
  fault.key = key != NULL ? rig_one_line(key) : NULL;
  g_free(message);
  return fault;
}

void keyfile_add_fault(KeyFile *keyfile, int line, const char *group, const char *key, char *message) {
  if (keyfile->faults->len == MAX_FAULTS) {
    g_free(message);
    return;
  }
  KeyFileFault fault = make_fault(line, group, key, message);
  for (guint i = 0; i < keyfile->faults->len; i++) {
    const KeyFileFault *other = &g_array_index(keyfile->faults, KeyFileFault, i);
    if (other->line == line && g_strcmp0(other->group, fault.group) == 0 && g_strcmp0(other->key, fault.key) == 0 &&
        strcmp(other->message, fault.message) == 0) {
      clear_fault(&fault);
      return;
    }
  }
  guint place = keyfile->faults->len;
  while (place > 0 && g_array_index(keyfile->faults, KeyFileFault, place - 1).line > line)
    place--;
  g_array_insert_val(keyfile->faults, place, fault);
}

void keyfile_fault(KeyFile *keyfile, const char *group, const char *key, const char *format, ...) {
  va_list list;
  va_start(list, format);
  char *message = g_strdup_vprintf(format, list);
  va_end(list);
  int line = group != NULL && key != NULL ? keyfile_line(keyfile, group, key) : 0;
  if (line == 0 && group != NULL)
    line = keyfile_line(keyfile, group, NULL);
  keyfile_add_fault(keyfile, line, group, key, message);
}

/* GKeyFile knows only LF and takes a byte-order mark for text. The lines keep their numbers. */
static char *normalise(const char *text, gsize size) {
  const char *start = g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text;
  g_autoptr(GString) clean = g_string_sized_new(size + 1);
  for (const char *c = start; *c != '\0'; c++) {
    if (*c == '\r' && c[1] == '\n')
      continue;
    g_string_append_c(clean, *c == '\r' ? '\n' : *c);
  }
  return g_string_free(g_steal_pointer(&clean), FALSE);
}

static KeyFile *new_empty(const char *name) {
  KeyFile *keyfile = g_new0(KeyFile, 1);
  keyfile->name = g_strdup(name);
  keyfile->values = g_key_file_new();
  keyfile->groups = g_ptr_array_new_with_free_func(g_free);
  keyfile->entries = g_ptr_array_new_with_free_func(entry_free);
  keyfile->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  keyfile->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  keyfile->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  keyfile->faults = g_array_new(FALSE, FALSE, sizeof(KeyFileFault));
  g_array_set_clear_func(keyfile->faults, clear_fault);
  return keyfile;
}

void keyfile_free(KeyFile *keyfile) {
  if (keyfile == NULL)
    return;
  g_free(keyfile->name);
  g_key_file_free(keyfile->values);
  g_ptr_array_free(keyfile->groups, TRUE);
  g_ptr_array_free(keyfile->entries, TRUE);
  g_hash_table_destroy(keyfile->lines);
  g_hash_table_destroy(keyfile->asked);
  g_hash_table_destroy(keyfile->texts);
  g_array_free(keyfile->faults, TRUE);
  g_free(keyfile);
}

bool keyfile_parse(const char *name, const char *text, gsize size, KeyFile **keyfile, GError **error) {
  g_autoptr(KeyFile) parsed = new_empty(name);
  const char *encoding;
  gsize line;
  if (!utf8_check(text, size, &line, &encoding))
    return keyfile_set_line_error(parsed, (int)line, encoding, error);
  g_autofree char *copy = g_strndup(text, size), *clean = normalise(copy, size);
  if (!keyfile_scan(parsed, clean, error))
    return false;
  g_autoptr(GError) fault = NULL;
  if (*clean != '\0' &&
      !g_key_file_load_from_data(parsed->values, clean, strlen(clean), G_KEY_FILE_KEEP_TRANSLATIONS, &fault)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", name, fault->message);
    return false;
  }
  *keyfile = g_steal_pointer(&parsed);
  return true;
}

bool keyfile_open(const char *path, KeyFile **keyfile, GError **error) {
  g_autofree char *text = NULL;
  gsize size;
  return files_read(path, MAX_BYTES, &text, &size, error) && keyfile_parse(path, text, size, keyfile, error);
}

const char *const *keyfile_groups(const KeyFile *keyfile) { return (const char *const *)keyfile->groups->pdata; }
bool keyfile_has_group(const KeyFile *keyfile, const char *group) { return keyfile_line(keyfile, group, NULL) > 0; }

bool keyfile_has(const KeyFile *keyfile, const char *group, const char *key) {
  mark(keyfile, group, key);
  return keyfile_line(keyfile, group, key) > 0;
}

void keyfile_know_group(KeyFile *keyfile, const char *group) { mark(keyfile, group, NULL); }

void keyfile_require(KeyFile *keyfile, const char *group, const char *key) {
  if (!keyfile_has(keyfile, group, key))
    keyfile_fault(keyfile, group, key, "is missing");
}

/* "pl" of "text[pl]". */
static char *locale_of(const Entry *entry) {
  const char *locale = entry->key + strlen(entry->base) + 1;
  return g_strndup(locale, strlen(locale) - 1);
}

char **keyfile_locales(const KeyFile *keyfile, const char *group, const char *key) {
  g_autoptr(GPtrArray) locales = g_ptr_array_new();
  for (guint i = 0; i < keyfile->entries->len; i++) {
    const Entry *entry = keyfile->entries->pdata[i];
    if (entry->base != NULL && strcmp(entry->group, group) == 0 && strcmp(entry->base, key) == 0)
      g_ptr_array_add(locales, locale_of(entry));
  }
  g_ptr_array_add(locales, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&locales), FALSE);
}

char **keyfile_all_locales(const KeyFile *keyfile) {
  g_autoptr(GPtrArray) locales = g_ptr_array_new();
  for (guint i = 0; i < keyfile->entries->len; i++) {
    const Entry *entry = keyfile->entries->pdata[i];
    g_autofree char *locale = entry->base != NULL ? locale_of(entry) : NULL;
    if (locale != NULL && !g_ptr_array_find_with_equal_func(locales, locale, g_str_equal, NULL))
      g_ptr_array_add(locales, g_steal_pointer(&locale));
  }
  g_ptr_array_add(locales, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&locales), FALSE);
}

/* Whether GLib undoes every escape; it warns on its own where a value has two that it does not know. */
static bool check_escapes(KeyFile *keyfile, const char *group, const char *key, const char *known) {
  g_autofree char *raw = g_key_file_get_value(keyfile->values, group, key, NULL);
  for (const char *c = raw; c != NULL && *c != '\0'; c++) {
    if (*c != '\\')
      continue;
    c++;
    if (*c == '\0' || strchr(known, *c) == NULL) {
      keyfile_fault(keyfile, group, key, "has an unknown escape; a backslash is written \\\\");
      return false;
    }
  }
  return true;
}

/* The value with its escapes undone; NULL where it is missing or malformed (then with a fault). */
static char *value_of(KeyFile *keyfile, const char *group, const char *key) {
  if (!keyfile_has(keyfile, group, key) || !check_escapes(keyfile, group, key, "sntr\\"))
    return NULL;
  g_autoptr(GError) fault = NULL;
  char *value = g_key_file_get_string(keyfile->values, group, key, &fault);
  if (fault != NULL) {
    keyfile_fault(keyfile, group, key, "has an unknown escape; a backslash is written \\\\");
    g_clear_pointer(&value, g_free);
  }
  return value;
}

char *keyfile_string(KeyFile *keyfile, const char *group, const char *key, const char *fallback) {
  char *value = value_of(keyfile, group, key);
  return value != NULL ? value : g_strdup(fallback);
}

char *keyfile_text(KeyFile *keyfile, const char *group, const char *key, const char *locale, const char *fallback) {
  mark(keyfile, group, key);
  g_hash_table_add(keyfile->texts, keyfile_join(group, key));
  if (locale != NULL && *locale != '\0') {
    g_autofree char *language = g_strndup(locale, strcspn(locale, "_-.@"));
    const char *wanted[] = {locale, language};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
      g_autofree char *localised = g_strdup_printf("%s[%s]", key, wanted[i]);
      if (keyfile_line(keyfile, group, localised) > 0)
        return keyfile_string(keyfile, group, localised, fallback);
    }
  }
  return keyfile_string(keyfile, group, key, fallback);
}

char **keyfile_list(KeyFile *keyfile, const char *group, const char *key) {
  if (!keyfile_has(keyfile, group, key) || !check_escapes(keyfile, group, key, "sntr\\;"))
    return g_new0(char *, 1);
  g_autoptr(GError) fault = NULL;
  char **values = g_key_file_get_string_list(keyfile->values, group, key, NULL, &fault);
  if (values == NULL) {
    if (fault != NULL)
      keyfile_fault(keyfile, group, key, "has an unknown escape; a backslash is written \\\\");
    return g_new0(char *, 1);
  }
  if (g_strv_length(values) > MAX_ITEMS) {
    keyfile_fault(keyfile, group, key, "has %u entries; at most %d are possible", g_strv_length(values), MAX_ITEMS);
    g_strfreev(values);
    return g_new0(char *, 1);
  }
  for (char **value = values; *value != NULL; value++)
    g_strstrip(*value);
  return values;
}

gint64 keyfile_int(KeyFile *keyfile, const char *group, const char *key, gint64 fallback, gint64 min, gint64 max) {
  g_autofree char *text = value_of(keyfile, group, key);
  gint64 value;
  if (text == NULL)
    return fallback;
  if (number_parse_int(g_strchomp(text), &value) && value >= min && value <= max)
    return value;
  if (max == G_MAXINT64 && min == G_MININT64)
    keyfile_fault(keyfile, group, key, "'%s' is not a whole number", text);
  else if (max == G_MAXINT64)
    keyfile_fault(keyfile, group, key, "'%s' is not a whole number from %" G_GINT64_FORMAT " up", text, min);
  else
    keyfile_fault(keyfile, group, key, "'%s' is not a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                  text, min, max);
  return fallback;
}

double keyfile_double(KeyFile *keyfile, const char *group, const char *key, double fallback, double min, double max) {
  g_autofree char *text = value_of(keyfile, group, key);
  double value;
  if (text == NULL)
    return fallback;
  if (number_parse_double(g_strchomp(text), &value) && value >= min && value <= max)
    return value;
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(low, sizeof low, "%.7g", min); /* 3600000 rather than 3.6e+06 */
  g_ascii_formatd(high, sizeof high, "%.7g", max);
  if (max >= G_MAXDOUBLE && min <= -G_MAXDOUBLE)
    keyfile_fault(keyfile, group, key, "'%s' is not a number", text);
  else if (max >= G_MAXDOUBLE)
    keyfile_fault(keyfile, group, key, "'%s' is not a number from %s up", text, low);
  else
    keyfile_fault(keyfile, group, key, "'%s' is not a number from %s to %s", text, low, high);
  return fallback;
}

bool keyfile_bool(KeyFile *keyfile, const char *group, const char *key, bool fallback) {
  static const char *const names[] = {"false", "true", NULL};
  return keyfile_choice(keyfile, group, key, names, fallback ? 1 : 0) == 1;
}

int keyfile_choice(KeyFile *keyfile, const char *group, const char *key, const char *const *names, int fallback) {
  g_autofree char *text = value_of(keyfile, group, key);
  if (text == NULL)
    return fallback;
  g_strchomp(text);
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], text) == 0)
      return i;
  g_autofree char *list = g_strjoinv(", ", (char **)names);
  keyfile_fault(keyfile, group, key, "'%s' is not one of %s", text, list);
  return fallback;
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The name nearest to `wanted` among those asked for: groups where group is NULL, else keys of this group. Free it. */
static char *nearest_asked(const KeyFile *keyfile, const char *group, const char *wanted) {
  g_autofree char *prefix = group != NULL ? g_strconcat(group, "\n", NULL) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init(&iter, keyfile->asked);
  while (g_hash_table_iter_next(&iter, &name, NULL)) {
    if (prefix == NULL && strchr(name, '\n') == NULL)
      g_ptr_array_add(names, name);
    if (prefix != NULL && g_str_has_prefix(name, prefix))
      g_ptr_array_add(names, (char *)name + strlen(prefix));
  }
  g_ptr_array_sort(names, compare_names); /* a hash table's order is not to decide between equals */
  return g_strdup(command_nearest(wanted, (const char *const *)names->pdata, names->len));
}

static void add_unknown(KeyFile *keyfile, int line, const char *group, const char *key, const char *nearest) {
  g_autofree char *hint = nearest != NULL ? g_strdup_printf("; did you mean '%s'?", nearest) : g_strdup("");
  keyfile_add_fault(keyfile, line, group, key, g_strdup_printf("unknown %s%s", key != NULL ? "key" : "group", hint));
}

static void find_unknown(KeyFile *keyfile) {
  for (const char *const *group = keyfile_groups(keyfile); *group != NULL; group++) {
    if (is_marked(keyfile, *group, NULL))
      continue;
    g_autofree char *nearest = nearest_asked(keyfile, NULL, *group);
    add_unknown(keyfile, keyfile_line(keyfile, *group, NULL), *group, NULL, nearest);
  }
  for (guint i = 0; i < keyfile->entries->len; i++) {
    const Entry *entry = keyfile->entries->pdata[i];
    const char *key = entry->base != NULL ? entry->base : entry->key;
    if (!is_marked(keyfile, entry->group, NULL))
      continue;
    if (is_marked(keyfile, entry->group, key)) {
      g_autofree char *name = keyfile_join(entry->group, key);
      if (entry->base != NULL && !g_hash_table_contains(keyfile->texts, name))
        keyfile_add_fault(keyfile, entry->line, entry->group, entry->key,
                          g_strdup_printf("%s is the same in every language", key));
      continue;
    }
    g_autofree char *nearest = nearest_asked(keyfile, entry->group, key);
    add_unknown(keyfile, entry->line, entry->group, entry->key, nearest);
  }
}

bool keyfile_finish(KeyFile *keyfile, GError **error) {
  if (!keyfile->finished)
    find_unknown(keyfile);
  keyfile->finished = true;
  if (keyfile->faults->len == 0)
    return true;
  const KeyFileFault *fault = &g_array_index(keyfile->faults, KeyFileFault, 0);
  g_autoptr(GString) text = g_string_new(keyfile->name);
  if (fault->line > 0)
    g_string_append_printf(text, ":%d", fault->line);
  g_string_append(text, ": ");
  if (fault->group != NULL)
    g_string_append_printf(text, "[%s] ", fault->group);
  if (fault->key != NULL)
    g_string_append_printf(text, "%s: ", fault->key);
  g_string_append(text, fault->message);
  guint others = keyfile->faults->len - 1;
  if (others > 0)
    g_string_append_printf(text, " (and %u other %s)", others, others == 1 ? "fault" : "faults");
  g_set_error_literal(error, RIG_ERROR, RIG_ERROR_INPUT, text->str);
  return false;
}

const KeyFileFault *keyfile_faults(const KeyFile *keyfile, gsize *n_faults) {
  *n_faults = keyfile->faults->len;
  return (const KeyFileFault *)(gpointer)keyfile->faults->data;
}
