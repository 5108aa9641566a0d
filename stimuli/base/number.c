#include "stimuli/base/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define WHOLE_MAX 9007199254740992.0 /* 2^53: beyond, not every whole number is a double */

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

char *number_format(double value, char text[NUMBER_SIZE]) {
  if (fabs(value) <= WHOLE_MAX && value == trunc(value))
    return g_ascii_formatd(text, NUMBER_SIZE, "%.0f", value + 0.0); /* minus nought is 0 */
  for (int digits = 15; digits <= 17; digits++) {
    const char format[] = {'%', '.', '1', (char)('0' + digits - 10), 'g', '\0'};
    g_ascii_formatd(text, NUMBER_SIZE, format, value);
    if (g_ascii_strtod(text, NULL) == value)
      break;
  }
  return text;
}
