/* Whether bytes from a file are text. */
#ifndef DREAMRIG_BASE_UTF8_H
#define DREAMRIG_BASE_UTF8_H

#include <glib.h>
#include <stdbool.h>

/* UTF-8 without a NUL byte. Otherwise *fault says which of the two it is (a constant), and *line is where, from 1;
 * lines end in LF, CR or both. */
bool utf8_check(const char *text, gsize size, gsize *line, const char **fault);
/* What is wrong where g_utf8_validate_len stopped: either of these constants. */
const char *utf8_fault(const char *invalid);

#endif
