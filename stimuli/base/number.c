#include "stimuli/base/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

bool number_parse_double(const char *text, double *value) {
  if (*text == '\0' || strspn(text, "0123456789+-.eE") != strlen(text))
    return false;
  char *end = NULL;
  double parsed = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(parsed))
    return false;
  *value = parsed;
  return true;
}

bool number_parse_int(const char *text, gint64 *value) {
  if (*text == '\0' || strspn(text, "0123456789+-") != strlen(text))
    return false;
  char *end = NULL;
  errno = 0;
  gint64 parsed = g_ascii_strtoll(text, &end, 10);
  if (end == text || *end != '\0' || errno == ERANGE)
    return false;
  *value = parsed;
  return true;
}
