#include "stimuli/base/utf8.h"

const char *utf8_fault(const char *invalid) {
  return *invalid == '\0' ? "there is a NUL byte; a text file has none" : "the text is not UTF-8";
}

bool utf8_check(const char *text, gsize size, gsize *line, const char **fault) {
  const char *invalid;
  if (g_utf8_validate_len(text, size, &invalid))
    return true;
  *line = 1;
  for (const char *c = text; c < invalid; c++)
    *line += *c == '\n' || (*c == '\r' && c[1] != '\n');
  *fault = utf8_fault(invalid);
  return false;
}
