#include "analysis/stats/formula.h"

#include <string.h>

#include "stimuli/base/error.h"

#define MAX_BYTES 10000
#define MAX_DEPTH 50
#define MAX_TERMS 1000

/* A value while parsing: terms, and whether 1 or 0 stood among them. */
typedef enum { INTERCEPT_UNSAID, INTERCEPT_ADDED, INTERCEPT_REMOVED } Intercept;
typedef struct {
  GArray *terms; /* guint64, unique, in order of appearance */
  Intercept intercept;
  bool bar; /* was "(... | ...)": noted already, and no terms */
} Value;

typedef struct {
  const char *text, *at;
  GArray *variables; /* FormulaVariable */
  GArray *random;    /* FormulaRandom */
  int depth;
} Parser;

static void clear_variable(gpointer data) {
  FormulaVariable *variable = data;
  g_free(variable->name);
  g_free(variable->column);
}

static void clear_random(gpointer data) {
  FormulaRandom *random = data;
  if (random->effects.terms != NULL)
    g_array_unref(random->effects.terms);
  g_free(random->group_name);
}

static Value value_new(void) { return (Value){.terms = g_array_new(FALSE, FALSE, sizeof(guint64))}; }

static void value_clear(Value *value) {
  if (value->terms != NULL)
    g_array_unref(value->terms);
  value->terms = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Value, value_clear)

static guint64 term_at(const GArray *terms, gsize i) { return g_array_index(terms, guint64, i); }

static bool fail(const Parser *parser, const char *at, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "formula '%s': %s at character %ld%s%.20s%s", parser->text, what,
              g_utf8_pointer_to_offset(parser->text, at) + 1, *at != '\0' ? ", '" : ", its end", at,
              *at != '\0' ? "'" : "");
  return false;
}

static bool add_term(const Parser *parser, GArray *terms, guint64 term, GError **error) {
  for (gsize i = 0; i < terms->len; i++)
    if (term_at(terms, i) == term)
      return true;
  if (terms->len >= MAX_TERMS)
    return fail(parser, parser->at, "more than 1000 terms", error);
  g_array_append_val(terms, term);
  return true;
}

static void remove_term(GArray *terms, guint64 term) {
  for (gsize i = 0; i < terms->len; i++)
    if (term_at(terms, i) == term) {
      g_array_remove_index(terms, (guint)i);
      return;
    }
}

static void skip_blanks(Parser *parser) {
  while (g_ascii_isspace(*parser->at))
    parser->at++;
}

static bool take(Parser *parser, char c) {
  skip_blanks(parser);
  if (*parser->at != c)
    return false;
  parser->at++;
  return true;
}

static bool is_name_start(const char *at) {
  return g_ascii_isalpha(*at) || (guchar)*at >= 0x80 || *at == '_' || (*at == '.' && !g_ascii_isdigit(at[1]));
}

static bool is_name_part(char c) { return g_ascii_isalnum(c) || (guchar)c >= 0x80 || c == '_' || c == '.'; }

/* A plain or backquoted name; NULL with error set where there is none. */
static char *parse_name(Parser *parser, GError **error) {
  skip_blanks(parser);
  const char *start = parser->at;
  if (*start == '`') {
    const char *end = strchr(start + 1, '`');
    if (end == NULL || end == start + 1) {
      fail(parser, start, end == NULL ? "a backquote is not closed" : "an empty name", error);
      return NULL;
    }
    parser->at = end + 1;
    return g_strndup(start + 1, (gsize)(end - start - 1));
  }
  if (!is_name_start(start)) {
    fail(parser, start, "a variable expected", error);
    return NULL;
  }
  while (is_name_part(*parser->at))
    parser->at++;
  return g_strndup(start, (gsize)(parser->at - start));
}

static bool parse_variable(Parser *parser, FormulaVariable *variable, GError **error) {
  static const char *const functions[] = {"factor", "scale", "log", "sqrt"};
  skip_blanks(parser);
  const char *start = parser->at;
  g_autofree char *name = parse_name(parser, error), *inner = NULL;
  if (name == NULL)
    return false;
  if (strcmp(name, ".") == 0 && *start != '`')
    return fail(parser, start, "'.' for all columns is not known here; name them", error);
  if (*start == '`' || !take(parser, '(')) {
    *variable = (FormulaVariable){g_strdup(name), g_steal_pointer(&name), FORMULA_AS_IS};
    return true;
  }
  gsize f = 0;
  while (f < G_N_ELEMENTS(functions) && strcmp(name, functions[f]) != 0)
    f++;
  if (f == G_N_ELEMENTS(functions))
    return fail(parser, start, "a function that is not factor(), scale(), log() or sqrt()", error);
  if ((inner = parse_name(parser, error)) == NULL)
    return false;
  if (!take(parser, ')'))
    return fail(parser, parser->at, "')' expected", error);
  *variable = (FormulaVariable){g_strdup_printf("%s(%s)", functions[f], inner), NULL, FORMULA_FACTOR + f};
  variable->column = g_steal_pointer(&inner);
  return true;
}

/* The bit of a variable, which is noted where it is new. */
static bool note_variable(Parser *parser, guint64 *bit, GError **error) {
  const char *start = parser->at;
  FormulaVariable variable;
  if (!parse_variable(parser, &variable, error))
    return false;
  for (gsize v = 0; v < parser->variables->len; v++)
    if (strcmp(g_array_index(parser->variables, FormulaVariable, v).name, variable.name) == 0) {
      clear_variable(&variable);
      *bit = (guint64)1 << v;
      return true;
    }
  if (parser->variables->len == FORMULA_MAX_VARIABLES) {
    clear_variable(&variable);
    return fail(parser, start, "more than 64 variables", error);
  }
  *bit = (guint64)1 << parser->variables->len;
  g_array_append_val(parser->variables, variable);
  return true;
}

static bool parse_sum(Parser *parser, bool top, Value *value, GError **error);

/* a:b of groups; part of a/b. */
static bool parse_group_part(Parser *parser, guint64 *group, GString *name, GError **error) {
  *group = 0;
  do {
    guint64 bit;
    if (!note_variable(parser, &bit, error))
      return false;
    *group |= bit;
    guint64 last = 0;
    for (guint64 rest = bit; rest > 1; rest >>= 1)
      last++;
    g_string_append_printf(name, "%s%s", name->len > 0 ? ":" : "",
                           g_array_index(parser->variables, FormulaVariable, last).name);
  } while (take(parser, ':'));
  return true;
}

static int degree(guint64 term) { return __builtin_popcountll(term); }

static gint by_degree(gconstpointer a, gconstpointer b) {
  return degree(*(const guint64 *)a) - degree(*(const guint64 *)b);
}

static FormulaSum sum_of(const Value *value) {
  FormulaSum sum = {value->intercept != INTERCEPT_REMOVED, g_array_copy(value->terms)};
  g_array_sort(sum.terms, by_degree); /* stable */
  return sum;
}

static void note_random(Parser *parser, const FormulaSum *effects, bool apart, guint64 group, const char *name) {
  gsize n_parts = apart ? effects->terms->len + effects->intercept : 1;
  for (gsize part = 0; part < n_parts; part++) {
    FormulaRandom random = {.group = group, .group_name = g_strdup(name)};
    if (!apart) {
      random.effects = (FormulaSum){effects->intercept, g_array_copy(effects->terms)};
    } else {
      random.effects.intercept = effects->intercept && part == 0;
      random.effects.terms = g_array_new(FALSE, FALSE, sizeof(guint64));
      if (!random.effects.intercept)
        g_array_append_val(random.effects.terms, g_array_index(effects->terms, guint64, part - effects->intercept));
    }
    g_array_append_val(parser->random, random);
  }
}

/* After "(terms": "| group)" or "|| group)". */
static bool parse_bar(Parser *parser, const Value *effects, GError **error) {
  bool apart = *parser->at == '|';
  parser->at += apart;
  FormulaSum sum = sum_of(effects);
  bool done = false;
  g_autoptr(GArray) groups = g_array_new(FALSE, FALSE, sizeof(guint64));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  if (!sum.intercept && sum.terms->len == 0) {
    fail(parser, parser->at, "a random term without effects", error);
    goto out;
  }
  do {
    g_autoptr(GString) name = g_string_new(NULL);
    guint64 group;
    if (!parse_group_part(parser, &group, name, error))
      goto out;
    if (groups->len > 0) {
      group |= term_at(groups, groups->len - 1);
      g_string_append_printf(name, ":%s", (const char *)names->pdata[names->len - 1]);
    }
    g_array_append_val(groups, group);
    g_ptr_array_add(names, g_strdup(name->str));
  } while (take(parser, '/'));
  skip_blanks(parser);
  if (*parser->at != ')') {
    fail(parser, parser->at, "':', '/' or ')' expected", error);
    goto out;
  }
  for (gsize g = groups->len; g-- > 0;)
    note_random(parser, &sum, apart, term_at(groups, g), names->pdata[g]);
  done = true;
out:
  g_array_unref(sum.terms);
  return done;
}

static bool parse_primary(Parser *parser, bool bar_allowed, Value *value, GError **error) {
  skip_blanks(parser);
  const char *start = parser->at;
  if (take(parser, '(')) {
    if (++parser->depth > MAX_DEPTH)
      return fail(parser, start, "parentheses nested too deeply", error);
    if (!parse_sum(parser, false, value, error))
      return false;
    if (take(parser, '|')) {
      if (!bar_allowed)
        return fail(parser, start, "a random term can only be added to the others", error);
      if (!parse_bar(parser, value, error))
        return false;
      g_array_set_size(value->terms, 0);
      value->intercept = INTERCEPT_UNSAID;
      value->bar = true;
    }
    if (!take(parser, ')'))
      return fail(parser, parser->at, "')' expected", error);
    parser->depth--;
    return true;
  }
  if ((*start == '0' || *start == '1') && !is_name_part(start[1])) {
    parser->at++;
    value->intercept = *start == '1' ? INTERCEPT_ADDED : INTERCEPT_REMOVED;
    return true;
  }
  guint64 bit;
  if (!note_variable(parser, &bit, error))
    return false;
  g_array_append_val(value->terms, bit);
  return true;
}

/* into := every term of a joined with every one of b. */
static bool cross(const Parser *parser, const GArray *a, const GArray *b, GArray *into, GError **error) {
  for (gsize i = 0; i < a->len; i++)
    for (gsize j = 0; j < b->len; j++)
      if (!add_term(parser, into, term_at(a, i) | term_at(b, j), error))
        return false;
  return true;
}

static bool join(const Parser *parser, const GArray *from, GArray *into, GError **error) {
  for (gsize i = 0; i < from->len; i++)
    if (!add_term(parser, into, term_at(from, i), error))
      return false;
  return true;
}

/* value := value OPERATOR right, for the operators that multiply. */
static bool combine(const Parser *parser, char symbol, Value *value, const Value *right, const char *at,
                    GError **error) {
  if (value->bar || right->bar)
    return fail(parser, at, "a random term can only be added to the others", error);
  if (value->intercept != INTERCEPT_UNSAID || right->intercept != INTERCEPT_UNSAID)
    return fail(parser, at, "0 and 1 can only be added or taken away, not combined", error);
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(guint64));
  if (symbol == '*' && (!join(parser, value->terms, terms, error) || !join(parser, right->terms, terms, error)))
    return false;
  if (symbol == '/') {
    guint64 all = 0;
    for (gsize i = 0; i < value->terms->len; i++)
      all |= term_at(value->terms, i);
    if (!join(parser, value->terms, terms, error))
      return false;
    g_array_set_size(value->terms, 0);
    g_array_append_val(value->terms, all);
  }
  if (!cross(parser, value->terms, right->terms, terms, error))
    return false;
  g_array_unref(value->terms);
  value->terms = g_steal_pointer(&terms);
  return true;
}

static bool parse_power(Parser *parser, bool bar_allowed, Value *value, GError **error) {
  if (!parse_primary(parser, bar_allowed, value, error))
    return false;
  const char *at = parser->at;
  if (!take(parser, '^'))
    return true;
  skip_blanks(parser);
  if (!g_ascii_isdigit(*parser->at) || *parser->at == '0' || is_name_part(parser->at[1]))
    return fail(parser, parser->at, "a power from 1 to 9 expected", error);
  g_autoptr(GArray) base = g_array_copy(value->terms);
  const Value factor = {base, value->intercept, value->bar};
  for (int power = *parser->at++ - '0'; power > 1; power--)
    if (!combine(parser, '*', value, &factor, at, error))
      return false;
  return true;
}

/* Left-associative chains: ':' binds closer than '*' and '/'. */
static bool parse_product(Parser *parser, bool bar_allowed, bool interactions_only, Value *value, GError **error) {
  bool parsed = interactions_only ? parse_power(parser, bar_allowed, value, error)
                                  : parse_product(parser, bar_allowed, true, value, error);
  if (!parsed)
    return false;
  for (;;) {
    skip_blanks(parser);
    const char *at = parser->at;
    char symbol = *at;
    if (symbol != '\0' && strchr(interactions_only ? ":" : "*/", symbol) != NULL)
      parser->at++;
    else
      return true;
    g_auto(Value) right = value_new();
    parsed = interactions_only ? parse_power(parser, bar_allowed, &right, error)
                               : parse_product(parser, bar_allowed, true, &right, error);
    if (!parsed || !combine(parser, symbol, value, &right, at, error))
      return false;
  }
}

static bool parse_sum(Parser *parser, bool top, Value *value, GError **error) {
  bool minus = take(parser, '-');
  if (!minus)
    take(parser, '+');
  for (;;) {
    g_auto(Value) part = value_new();
    if (!parse_product(parser, top && !minus, false, &part, error))
      return false;
    if (part.intercept != INTERCEPT_UNSAID)
      value->intercept = (part.intercept == INTERCEPT_ADDED) != minus ? INTERCEPT_ADDED : INTERCEPT_REMOVED;
    if (!minus && !join(parser, part.terms, value->terms, error))
      return false;
    for (gsize i = 0; minus && i < part.terms->len; i++)
      remove_term(value->terms, term_at(part.terms, i));
    skip_blanks(parser);
    if (*parser->at != '+' && *parser->at != '-')
      return true;
    minus = *parser->at++ == '-';
  }
}

static Formula *finish(Parser *parser, FormulaVariable *response, const Value *fixed) {
  Formula *formula = g_new0(Formula, 1);
  formula->text = g_strdup(parser->text);
  formula->response = *response;
  *response = (FormulaVariable){0};
  formula->fixed = sum_of(fixed);
  formula->n_variables = parser->variables->len;
  formula->variables = (FormulaVariable *)(gpointer)g_array_free(g_steal_pointer(&parser->variables), FALSE);
  formula->n_random = parser->random->len;
  formula->random = (FormulaRandom *)(gpointer)g_array_free(g_steal_pointer(&parser->random), FALSE);
  return formula;
}

/* A variable named only in what was taken away again ("- x") still counts as one, as in R. */
static bool parse_whole(Parser *parser, FormulaVariable *response, Value *fixed, GError **error) {
  if (!parse_variable(parser, response, error))
    return false;
  if (response->function == FORMULA_FACTOR)
    return fail(parser, parser->text, "the response cannot be a factor", error);
  if (!take(parser, '~'))
    return fail(parser, parser->at, "'~' expected", error);
  if (!parse_sum(parser, true, fixed, error))
    return false;
  skip_blanks(parser);
  if (*parser->at != '\0')
    return fail(parser, parser->at,
                *parser->at == '|' ? "a random term belongs in parentheses" : "an operator expected", error);
  for (gsize v = 0; v < parser->variables->len; v++)
    if (strcmp(g_array_index(parser->variables, FormulaVariable, v).column, response->column) == 0)
      return fail(parser, parser->text, "the response stands on both sides", error);
  return true;
}

bool formula_parse(const char *text, Formula **formula, GError **error) {
  if (strlen(text) > MAX_BYTES || !g_utf8_validate(text, -1, NULL)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "the formula is not UTF-8, or has more than %d characters",
                MAX_BYTES);
    return false;
  }
  Parser parser = {.text = text, .at = text};
  parser.variables = g_array_new(FALSE, TRUE, sizeof(FormulaVariable));
  g_array_set_clear_func(parser.variables, clear_variable);
  parser.random = g_array_new(FALSE, TRUE, sizeof(FormulaRandom));
  g_array_set_clear_func(parser.random, clear_random);
  FormulaVariable response = {0};
  g_auto(Value) fixed = value_new();
  bool parsed = parse_whole(&parser, &response, &fixed, error);
  if (parsed)
    *formula = finish(&parser, &response, &fixed);
  clear_variable(&response);
  g_clear_pointer(&parser.variables, g_array_unref);
  g_clear_pointer(&parser.random, g_array_unref);
  return parsed;
}

void formula_free(Formula *formula) {
  if (formula == NULL)
    return;
  for (gsize v = 0; v < formula->n_variables; v++)
    clear_variable(&formula->variables[v]);
  for (gsize r = 0; r < formula->n_random; r++)
    clear_random(&formula->random[r]);
  clear_variable(&formula->response);
  g_array_unref(formula->fixed.terms);
  g_free(formula->variables);
  g_free(formula->random);
  g_free(formula->text);
  g_free(formula);
}
