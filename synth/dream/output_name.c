#include "synth/dream/output_name.h"

#include <glib.h>
#include <string.h>

bool output_has_suffix(const char *name, const char *suffix) {
  const gsize length = strlen(name), suffix_length = strlen(suffix);
  return length >= suffix_length && g_ascii_strcasecmp(name + length - suffix_length, suffix) == 0;
}
