/* Numbers in text files: C locale, decimal, finite, nothing before or after. Every reader of user text goes through
 * these, because strtod takes hexadecimal, "inf", "nan" and leading blanks. */
#ifndef DREAMRIG_BASE_NUMBER_H
#define DREAMRIG_BASE_NUMBER_H

#include <glib.h>
#include <stdbool.h>

/* A decimal number with optional fraction and exponent. False on other text and where it overflows. */
bool number_parse_double(const char *text, double *value);
/* A decimal integer in the range of gint64. False on other text and where it overflows. */
bool number_parse_int(const char *text, gint64 *value);

/* Room for any number and its NUL. */
#define NUMBER_SIZE 40
/* The number in at most 17 digits that read back as the same double, fewer where they do; a whole number up to 2^53
 * without an exponent. Not finite: "nan", "inf", "-inf", which no reader here takes. Returns text. */
char *number_format(double value, char text[NUMBER_SIZE]);

#endif
