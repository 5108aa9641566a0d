#include "analysis/report/number_text.h"

#include <math.h>
#include <string.h>

#define NONE "n/a"
#define MINUS "\u2212"

static char *formatted(double value, const char *format) {
  if (isnan(value))
    return g_strdup(NONE);
  if (isinf(value))
    return g_strdup(value < 0 ? MINUS "\u221e" : "\u221e");
  char text[G_ASCII_DTOSTR_BUF_SIZE + 320];
  g_ascii_formatd(text, sizeof text, format, value);
  if (text[0] != '-')
    return g_strdup(text);
  /* A negative value that rounds to zero is shown as zero. */
  return g_strconcat(strpbrk(text, "123456789") != NULL ? MINUS : "", text + 1, NULL);
}

char *number_fixed(double value, int decimals) {
  char format[8];
  g_assert(decimals >= 0 && decimals < 10);
  g_snprintf(format, sizeof format, "%%.%df", decimals);
  return formatted(value, format);
}

char *number_compact(double value, int digits) {
  double size = fabs(value);
  if (isfinite(value) && size >= pow(10, digits) && size < 1e9)
    return number_fixed(value, 0);
  char format[8];
  g_assert(digits > 0 && digits <= 15);
  g_snprintf(format, sizeof format, "%%.%dg", digits);
  return formatted(value, format);
}

char *number_p(double p) {
  if (isnan(p))
    return g_strdup(NONE);
  if (p < 0.001)
    return g_strdup("<\u00a0.001");
  g_autofree char *text = number_fixed(p, 3);
  return g_strdup(text[0] == '0' ? text + 1 : text);
}

char *number_p_statement(double p) {
  g_autofree char *text = number_p(p);
  if (text[0] == '<' || isnan(p))
    return g_strconcat("p\u00a0", text, NULL);
  return g_strconcat("p\u00a0=\u00a0", text, NULL);
}
