#include "protocols/locales.h"

#include <string.h>

#include "stimuli/base/error.h"

static void add_locale(GPtrArray *locales, const char *key) {
  const char *open = strchr(key, '[');
  if (open == NULL || !g_str_has_suffix(open, "]"))
    return;
  g_autofree char *locale = g_strndup(open + 1, strlen(open) - 2);
  if (!g_ptr_array_find_with_equal_func(locales, locale, g_str_equal, NULL))
    g_ptr_array_add(locales, g_steal_pointer(&locale));
}

bool protocol_locales(const char *path, char ***locales, GError **error) {
  g_autoptr(GKeyFile) keys = g_key_file_new();
  g_autoptr(GError) fault = NULL;
  if (!g_key_file_load_from_file(keys, path, G_KEY_FILE_KEEP_TRANSLATIONS, &fault)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", path, fault->message);
    return false;
  }
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
  for (gsize i = 0; groups[i] != NULL; i++) {
    g_auto(GStrv) names = g_key_file_get_keys(keys, groups[i], NULL, NULL);
    for (gsize j = 0; names != NULL && names[j] != NULL; j++)
      add_locale(found, names[j]);
  }
  g_ptr_array_add(found, NULL);
  g_ptr_array_set_free_func(found, NULL);
  *locales = (char **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
  return true;
}
