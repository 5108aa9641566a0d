#include "stimuli/base/json_check.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/number.h"
#include "stimuli/base/utf8.h"

#define MAX_BYTES ((gsize)256 << 20)

typedef struct {
  const char *start, *next; /* NUL-terminated */
  const char *fault;        /* what is wrong at next; NULL while all is well */
  int depth;
} Scanner;

static bool fail(Scanner *scanner, const char *fault) {
  if (scanner->fault == NULL)
    scanner->fault = fault;
  return false;
}

static void skip_blanks(Scanner *scanner) { scanner->next += strspn(scanner->next, " \t\r\n"); }

static bool take(Scanner *scanner, char wanted) {
  skip_blanks(scanner);
  if (*scanner->next != wanted)
    return false;
  scanner->next++;
  return true;
}

static bool check_value(Scanner *scanner);

/* Four hexadecimal digits at text, or -1. */
static int hex_unit(const char *text) {
  int unit = 0;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value(text[i]);
    if (digit < 0)
      return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

/* \uXXXX, or a surrogate pair of them; NUL is refused because C strings end there. */
static bool check_unicode(Scanner *scanner, GString *out) {
  int unit = hex_unit(scanner->next + 1);
  if (unit < 0)
    return fail(scanner, "\\u is followed by four hexadecimal digits");
  scanner->next += 5;
  if (unit >= 0xD800 && unit < 0xDC00) {
    int low = scanner->next[0] == '\\' && scanner->next[1] == 'u' ? hex_unit(scanner->next + 2) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
      return fail(scanner, "half a surrogate pair");
    scanner->next += 6;
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  } else if (unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
    return fail(scanner, unit == 0 ? "\\u0000 in a string" : "half a surrogate pair");
  }
  g_string_append_unichar(out, (gunichar)unit);
  return true;
}

static bool check_escape(Scanner *scanner, GString *out) {
  static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  scanner->next++;
  if (*scanner->next == 'u')
    return check_unicode(scanner, out);
  const char *escape = *scanner->next != '\0' ? strchr(escapes, *scanner->next) : NULL;
  if (escape == NULL)
    return fail(scanner, "unknown escape");
  g_string_append_c(out, meanings[escape - escapes]);
  scanner->next++;
  return true;
}

/* Appends the text that the string stands for. */
static bool check_string(Scanner *scanner, GString *out) {
  if (!take(scanner, '"'))
    return fail(scanner, "a string is expected");
  while (*scanner->next != '"') {
    if ((guchar)*scanner->next < 0x20)
      return fail(scanner,
                  *scanner->next == '\0' ? "the text ends inside a string" : "a control character in a string");
    if (*scanner->next == '\\') {
      if (!check_escape(scanner, out))
        return false;
    } else {
      g_string_append_c(out, *scanner->next++);
    }
  }
  scanner->next++;
  return true;
}

static bool skip_digits(Scanner *scanner) {
  gsize n = strspn(scanner->next, "0123456789");
  scanner->next += n;
  return n > 0;
}

static bool check_number(Scanner *scanner) {
  const char *start = scanner->next;
  bool integer = true;
  if (*scanner->next == '-')
    scanner->next++;
  if (*scanner->next == '0')
    scanner->next++;
  else if (!skip_digits(scanner))
    return fail(scanner, "a value is expected");
  if (*scanner->next == '.') {
    integer = false;
    scanner->next++;
    if (!skip_digits(scanner))
      return fail(scanner, "digits are expected after the point");
  }
  if (*scanner->next == 'e' || *scanner->next == 'E') {
    integer = false;
    scanner->next++;
    if (*scanner->next == '+' || *scanner->next == '-')
      scanner->next++;
    if (!skip_digits(scanner))
      return fail(scanner, "digits are expected in the exponent");
  }
  g_autofree char *text = g_strndup(start, (gsize)(scanner->next - start));
  gint64 whole;
  double value;
  bool fits = integer ? number_parse_int(text, &whole) : number_parse_double(text, &value);
  return fits || fail(scanner, "a number is out of range");
}

static bool check_member(Scanner *scanner, GHashTable *names) {
  g_autoptr(GString) name = g_string_new(NULL);
  if (!check_string(scanner, name))
    return false;
  if (!g_hash_table_add(names, g_strdup(name->str)))
    return fail(scanner, "an object has two members of this name");
  if (!take(scanner, ':'))
    return fail(scanner, "':' is expected after a member's name");
  return check_value(scanner);
}

static bool check_object(Scanner *scanner) {
  if (take(scanner, '}'))
    return true;
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  do
    if (!check_member(scanner, names))
      return false;
  while (take(scanner, ','));
  return take(scanner, '}') || fail(scanner, "',' or '}' is expected in an object");
}

static bool check_array(Scanner *scanner) {
  if (take(scanner, ']'))
    return true;
  do
    if (!check_value(scanner))
      return false;
  while (take(scanner, ','));
  return take(scanner, ']') || fail(scanner, "',' or ']' is expected in an array");
}

static bool check_literal(Scanner *scanner) {
  static const char *const literals[] = {"true", "false", "null"};
  for (gsize i = 0; i < G_N_ELEMENTS(literals); i++)
    if (g_str_has_prefix(scanner->next, literals[i])) {
      scanner->next += strlen(literals[i]);
      return true;
    }
  return check_number(scanner);
}

static bool check_value(Scanner *scanner) {
  if (++scanner->depth > JSON_MAX_DEPTH)
    return fail(scanner, "it is nested more than 64 levels deep");
  skip_blanks(scanner);
  bool ok;
  if (take(scanner, '{')) {
    ok = check_object(scanner);
  } else if (take(scanner, '[')) {
    ok = check_array(scanner);
  } else if (*scanner->next == '"') {
    g_autoptr(GString) text = g_string_new(NULL);
    ok = check_string(scanner, text);
  } else {
    ok = check_literal(scanner);
  }
  scanner->depth--;
  return ok;
}

bool json_check(const char *name, const char *text, gsize size, GError **error) {
  const char *fault = NULL, *place = text;
  g_autofree char *copy = NULL;
  if (size > MAX_BYTES) {
    fault = "it has more than 256 MiB";
  } else if (!g_utf8_validate_len(text, size, &place)) {
    fault = utf8_fault(place);
  } else {
    copy = g_strndup(text, size);
    Scanner scanner = {.start = copy, .next = copy};
    if (check_value(&scanner)) {
      skip_blanks(&scanner);
      if (*scanner.next != '\0')
        fail(&scanner, "more text after the value");
    }
    fault = scanner.fault;
    place = text + (scanner.next - scanner.start);
  }
  if (fault == NULL)
    return true;
  int line = 1;
  for (const char *c = text; c < place; c++)
    line += *c == '\n';
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%d: %s", name, line, fault);
  return false;
}
