#include "analysis/stats/formula_private.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* In the order of FormulaFunction, from FORMULA_FACTOR. */
static const char *const functions[] = {"factor", "scale", "log", "log2", "log10", "sqrt", "exp", "I"};

void formula_clear_variable(gpointer data) {
  FormulaVariable *variable = data;
  g_free(variable->name);
  g_free(variable->column);
}

bool formula_fail(const FormulaParser *parser, const char *at, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "formula '%s': %s at character %ld%s%.20s%s", parser->text, what,
              g_utf8_pointer_to_offset(parser->text, at) + 1, *at != '\0' ? ", '" : ", its end", at,
              *at != '\0' ? "'" : "");
  return false;
}

void formula_skip_blanks(FormulaParser *parser) {
  while (g_ascii_isspace(*parser->at))
    parser->at++;
}

bool formula_take(FormulaParser *parser, char c) {
  formula_skip_blanks(parser);
  if (*parser->at != c)
    return false;
  parser->at++;
  return true;
}

static bool is_name_start(const char *at) {
  return g_ascii_isalpha(*at) || (guchar)*at >= 0x80 || *at == '_' || (*at == '.' && !g_ascii_isdigit(at[1]));
}

bool formula_is_name_part(char c) { return g_ascii_isalnum(c) || (guchar)c >= 0x80 || c == '_' || c == '.'; }

char *formula_quote(const char *column) {
  bool plain = is_name_start(column);
  for (const char *c = column; plain && *c != '\0'; c++)
    plain = formula_is_name_part(*c);
  return plain ? g_strdup(column) : g_strdup_printf("`%s`", column);
}

/* A plain or backquoted name; NULL with error set where there is none. */
static char *parse_name(FormulaParser *parser, GError **error) {
  formula_skip_blanks(parser);
  const char *start = parser->at;
  if (*start == '`') {
    const char *end = strchr(start + 1, '`');
    if (end == NULL || end == start + 1) {
      formula_fail(parser, start, end == NULL ? "a backquote is not closed" : "an empty name", error);
      return NULL;
    }
    parser->at = end + 1;
    return g_strndup(start + 1, (gsize)(end - start - 1));
  }
  if (!is_name_start(start)) {
    formula_fail(parser, start, "a variable expected", error);
    return NULL;
  }
  while (formula_is_name_part(*parser->at))
    parser->at++;
  return g_strndup(start, (gsize)(parser->at - start));
}

/* What may follow the column's name within a function: an operator and a number, or nothing. */
static bool parse_operation(FormulaParser *parser, FormulaVariable *variable, GError **error) {
  formula_skip_blanks(parser);
  if (*parser->at == '\0' || strchr("+-*/^", *parser->at) == NULL)
    return true;
  variable->operation = *parser->at++;
  formula_skip_blanks(parser);
  gsize length = strspn(parser->at, "0123456789.");
  g_autofree char *number = g_strndup(parser->at, length);
  if (!number_parse_double(number, &variable->operand) || formula_is_name_part(parser->at[length]))
    return formula_fail(parser, parser->at, "a number without sign and exponent expected", error);
  if (variable->operation == '^' && (length != 1 || variable->operand < 2))
    return formula_fail(parser, parser->at, "a power from 2 to 9 expected", error);
  parser->at += length;
  return true;
}

/* The name that R's deparse() gives the call, except that R writes numbers as 100000 and 0.0001 with an exponent. */
static char *call_name(const char *function, const FormulaVariable *variable) {
  if (variable->operation == '\0')
    return g_strdup_printf("%s(%s)", function, variable->column);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const char *blank = strchr("/^", variable->operation) != NULL ? "" : " ";
  g_ascii_formatd(number, sizeof number, "%.15g", variable->operand);
  return g_strdup_printf("%s(%s%s%c%s%s)", function, variable->column, blank, variable->operation, blank, number);
}

/* After "FUNCTION(". */
static bool parse_call(FormulaParser *parser, gsize function, FormulaVariable *variable, GError **error) {
  FormulaVariable parsed = {.function = FORMULA_FACTOR + function};
  g_autofree char *column = parse_name(parser, error);
  if (column == NULL || (parsed.function != FORMULA_FACTOR && !parse_operation(parser, &parsed, error)))
    return false;
  if (!formula_take(parser, ')'))
    return formula_fail(parser, parser->at,
                        parsed.function == FORMULA_FACTOR || parsed.operation != '\0'
                            ? "')' expected"
                            : "')', or one of + - * / ^ and a number expected",
                        error);
  parsed.column = g_steal_pointer(&column);
  parsed.name = call_name(functions[function], &parsed);
  *variable = parsed;
  return true;
}

bool formula_parse_variable(FormulaParser *parser, FormulaVariable *variable, GError **error) {
  formula_skip_blanks(parser);
  const char *start = parser->at;
  g_autofree char *name = parse_name(parser, error);
  if (name == NULL)
    return false;
  if (strcmp(name, ".") == 0 && *start != '`')
    return formula_fail(parser, start, "'.' for all columns is not known here; name them", error);
  if (*start == '`' || !formula_take(parser, '(')) {
    *variable = (FormulaVariable){.column = g_strdup(name), .function = FORMULA_AS_IS};
    variable->name = g_steal_pointer(&name);
    return true;
  }
  for (gsize f = 0; f < G_N_ELEMENTS(functions); f++)
    if (strcmp(name, functions[f]) == 0)
      return parse_call(parser, f, variable, error);
  return formula_fail(parser, start,
                      "a function that is not factor(), scale(), log(), log2(), log10(), sqrt(), exp() or I()", error);
}

/* The bit of a variable, which is noted where it is new. */
bool formula_note_variable(FormulaParser *parser, guint64 *bit, GError **error) {
  const char *start = parser->at;
  FormulaVariable variable;
  if (!formula_parse_variable(parser, &variable, error))
    return false;
  for (gsize v = 0; v < parser->variables->len; v++)
    if (strcmp(g_array_index(parser->variables, FormulaVariable, v).name, variable.name) == 0) {
      formula_clear_variable(&variable);
      *bit = (guint64)1 << v;
      return true;
    }
  if (parser->variables->len == FORMULA_MAX_VARIABLES) {
    formula_clear_variable(&variable);
    return formula_fail(parser, start, "more than 64 variables", error);
  }
  *bit = (guint64)1 << parser->variables->len;
  g_array_append_val(parser->variables, variable);
  return true;
}
