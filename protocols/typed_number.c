#include "protocols/typed_number.h"

#include <math.h>
#include <string.h>

char *typed_number_text(gsize decimals, double number) {
  char digits[400]; /* any double as %.6f */
  g_autofree char *format = g_strdup_printf("%%.%" G_GSIZE_FORMAT "f", decimals);
  char *text = g_strdup(g_ascii_formatd(digits, sizeof digits, format, number));
  gsize length = strlen(text);
  while (decimals > 0 && text[length - 1] == '0')
    length--;
  text[text[length - 1] == '.' ? length - 1 : length] = '\0';
  return text;
}

/* By way of the text, which is right at any size; a product of a whole number and a unit is not. */
static double as_typed(double value, gsize decimals) {
  g_autofree char *text = typed_number_text(decimals, value);
  return g_ascii_strtod(text, NULL);
}

bool typed_number_near(gsize decimals, double low, double high, double wanted, double *number) {
  double unit = pow(10, -(double)decimals), near = CLAMP(wanted, low, high);
  const double candidates[] = {near, near + unit, near - unit, low, low + unit, high, high - unit};
  for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
    *number = as_typed(candidates[i], decimals);
    if (*number >= low && *number <= high)
      return true;
  }
  return false;
}
