#include "protocols/locales.h"

#include "stimuli/base/keyfile.h"

bool protocol_locales(const char *path, char ***locales, GError **error) {
  g_autoptr(KeyFile) keys = NULL;
  if (!keyfile_open(path, &keys, error))
    return false;
  *locales = keyfile_all_locales(keys);
  return true;
}
