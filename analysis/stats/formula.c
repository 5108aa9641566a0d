#include "analysis/stats/formula_private.h"

#include <string.h>

#include "stimuli/base/error.h"

#define MAX_BYTES 10000
#define MAX_DEPTH 50
#define MAX_TERMS 1000
#define MAX_PRODUCTS 100000 /* powers of powers come to the same few terms by ever more ways */

/* A value while parsing: terms, and whether 1 or 0 stood among them. */
typedef enum { INTERCEPT_UNSAID, INTERCEPT_ADDED, INTERCEPT_REMOVED } Intercept;
typedef struct {
  GArray *terms; /* guint64, unique, in order of appearance */
  Intercept intercept;
  bool bar; /* was "(... | ...)": noted already, and no terms */
} Value;

static void clear_random(gpointer data) {
  FormulaRandom *random = data;
  if (random->effects.terms != NULL)
    g_array_unref(random->effects.terms);
  g_free(random->group_name);
  g_clear_pointer(&random->group_order, g_array_unref);
}

static Value value_new(void) { return (Value){.terms = g_array_new(FALSE, FALSE, sizeof(guint64))}; }

static void value_clear(Value *value) {
  if (value->terms != NULL)
    g_array_unref(value->terms);
  value->terms = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Value, value_clear)

static guint64 term_at(const GArray *terms, gsize i) { return g_array_index(terms, guint64, i); }

static bool add_term(const FormulaParser *parser, GArray *terms, guint64 term, GError **error) {
  for (gsize i = 0; i < terms->len; i++)
    if (term_at(terms, i) == term)
      return true;
  if (terms->len >= MAX_TERMS)
    return formula_fail(parser, parser->at, "more than 1000 terms", error);
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

static bool parse_sum(FormulaParser *parser, bool top, Value *value, GError **error);

/* a:b of groups; part of a/b. */
static bool parse_group_part(FormulaParser *parser, guint64 *group, GString *name, GArray *order, GError **error) {
  *group = 0;
  do {
    guint64 bit;
    if (!formula_note_variable(parser, &bit, error))
      return false;
    *group |= bit;
    gsize last = 0;
    for (guint64 rest = bit; rest > 1; rest >>= 1)
      last++;
    g_string_append_printf(name, "%s%s", name->len > 0 ? ":" : "",
                           g_array_index(parser->variables, FormulaVariable, last).name);
    g_array_append_val(order, last);
  } while (formula_take(parser, ':'));
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

static void note_random(FormulaParser *parser, const FormulaSum *effects, bool apart, guint64 group, const char *name,
                        const GArray *order) {
  gsize n_parts = apart ? effects->terms->len + effects->intercept : 1;
  for (gsize part = 0; part < n_parts; part++) {
    FormulaRandom random = {.group = group, .group_name = g_strdup(name), .group_order = g_array_copy((GArray *)order)};
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
static bool parse_bar(FormulaParser *parser, const Value *effects, GError **error) {
  bool apart = *parser->at == '|';
  parser->at += apart;
  FormulaSum sum = sum_of(effects);
  bool done = false;
  g_autoptr(GArray) groups = g_array_new(FALSE, FALSE, sizeof(guint64));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  if (!sum.intercept && sum.terms->len == 0) {
    formula_fail(parser, parser->at, "a random term without effects", error);
    goto out;
  }
  do {
    g_autoptr(GString) name = g_string_new(NULL);
    GArray *order = g_array_new(FALSE, FALSE, sizeof(gsize));
    g_ptr_array_add(orders, order);
    guint64 group;
    if (!parse_group_part(parser, &group, name, order, error))
      goto out;
    if (groups->len > 0) {
      const GArray *outer = orders->pdata[groups->len - 1];
      g_array_append_vals(order, outer->data, outer->len);
      group |= term_at(groups, groups->len - 1);
      g_string_append_printf(name, ":%s", (const char *)names->pdata[names->len - 1]);
    }
    g_array_append_val(groups, group);
    g_ptr_array_add(names, g_strdup(name->str));
  } while (formula_take(parser, '/'));
  formula_skip_blanks(parser);
  if (*parser->at != ')') {
    formula_fail(parser, parser->at, "':', '/' or ')' expected", error);
    goto out;
  }
  for (gsize g = groups->len; g-- > 0;)
    note_random(parser, &sum, apart, term_at(groups, g), names->pdata[g], orders->pdata[g]);
  done = true;
out:
  g_array_unref(sum.terms);
  return done;
}

static bool parse_primary(FormulaParser *parser, bool bar_allowed, Value *value, GError **error) {
  formula_skip_blanks(parser);
  const char *start = parser->at;
  if (formula_take(parser, '(')) {
    if (++parser->depth > MAX_DEPTH)
      return formula_fail(parser, start, "parentheses nested too deeply", error);
    if (!parse_sum(parser, false, value, error))
      return false;
    if (formula_take(parser, '|')) {
      if (!bar_allowed)
        return formula_fail(parser, start, "a random term can only be added to the others", error);
      if (!parse_bar(parser, value, error))
        return false;
      g_array_set_size(value->terms, 0);
      value->intercept = INTERCEPT_UNSAID;
      value->bar = true;
    }
    if (!formula_take(parser, ')'))
      return formula_fail(parser, parser->at, "')' expected", error);
    parser->depth--;
    return true;
  }
  if ((*start == '0' || *start == '1') && !formula_is_name_part(start[1])) {
    parser->at++;
    value->intercept = *start == '1' ? INTERCEPT_ADDED : INTERCEPT_REMOVED;
    return true;
  }
  guint64 bit;
  if (!formula_note_variable(parser, &bit, error))
    return false;
  g_array_append_val(value->terms, bit);
  return true;
}

/* into := every term of a joined with every one of b. */
static bool cross(FormulaParser *parser, const GArray *a, const GArray *b, GArray *into, GError **error) {
  parser->products += (gsize)a->len * b->len;
  if (parser->products > MAX_PRODUCTS)
    return formula_fail(parser, parser->at, "too many terms are multiplied", error);
  for (gsize i = 0; i < a->len; i++)
    for (gsize j = 0; j < b->len; j++)
      if (!add_term(parser, into, term_at(a, i) | term_at(b, j), error))
        return false;
  return true;
}

static bool join(const FormulaParser *parser, const GArray *from, GArray *into, GError **error) {
  for (gsize i = 0; i < from->len; i++)
    if (!add_term(parser, into, term_at(from, i), error))
      return false;
  return true;
}

/* value := value OPERATOR right, for the operators that multiply. */
static bool combine(FormulaParser *parser, char symbol, Value *value, const Value *right, const char *at,
                    GError **error) {
  if (value->bar || right->bar)
    return formula_fail(parser, at, "a random term can only be added to the others", error);
  if (value->intercept != INTERCEPT_UNSAID || right->intercept != INTERCEPT_UNSAID)
    return formula_fail(parser, at, "0 and 1 can only be added or taken away, not combined", error);
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

static bool parse_power(FormulaParser *parser, bool bar_allowed, Value *value, GError **error) {
  if (!parse_primary(parser, bar_allowed, value, error))
    return false;
  const char *at = parser->at;
  if (!formula_take(parser, '^'))
    return true;
  formula_skip_blanks(parser);
  if (!g_ascii_isdigit(*parser->at) || *parser->at == '0' || formula_is_name_part(parser->at[1]))
    return formula_fail(parser, parser->at, "a power from 1 to 9 expected", error);
  g_autoptr(GArray) base = g_array_copy(value->terms);
  const Value factor = {base, value->intercept, value->bar};
  for (int power = *parser->at++ - '0'; power > 1; power--)
    if (!combine(parser, '*', value, &factor, at, error))
      return false;
  return true;
}

/* Left-associative chains: ':' binds closer than '*' and '/'. */
static bool parse_product(FormulaParser *parser, bool bar_allowed, bool interactions_only, Value *value,
                          GError **error) {
  bool parsed = interactions_only ? parse_power(parser, bar_allowed, value, error)
                                  : parse_product(parser, bar_allowed, true, value, error);
  if (!parsed)
    return false;
  for (;;) {
    formula_skip_blanks(parser);
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

static bool parse_sum(FormulaParser *parser, bool top, Value *value, GError **error) {
  bool minus = formula_take(parser, '-');
  if (!minus)
    formula_take(parser, '+');
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
    formula_skip_blanks(parser);
    if (*parser->at != '+' && *parser->at != '-')
      return true;
    minus = *parser->at++ == '-';
  }
}

static Formula *finish(FormulaParser *parser, FormulaVariable *response, const Value *fixed) {
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
static bool parse_whole(FormulaParser *parser, FormulaVariable *response, Value *fixed, GError **error) {
  if (!formula_parse_variable(parser, response, error))
    return false;
  if (response->function == FORMULA_FACTOR)
    return formula_fail(parser, parser->text, "the response cannot be a factor", error);
  if (!formula_take(parser, '~'))
    return formula_fail(parser, parser->at, "'~' expected", error);
  if (!parse_sum(parser, true, fixed, error))
    return false;
  formula_skip_blanks(parser);
  if (*parser->at != '\0')
    return formula_fail(parser, parser->at,
                        *parser->at == '|' ? "a random term belongs in parentheses" : "an operator expected", error);
  for (gsize v = 0; v < parser->variables->len; v++)
    if (strcmp(g_array_index(parser->variables, FormulaVariable, v).column, response->column) == 0)
      return formula_fail(parser, parser->text, "the response stands on both sides", error);
  return true;
}

bool formula_parse(const char *text, Formula **formula, GError **error) {
  if (strlen(text) > MAX_BYTES || !g_utf8_validate(text, -1, NULL)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "the formula is not UTF-8, or has more than %d characters",
                MAX_BYTES);
    return false;
  }
  FormulaParser parser = {.text = text, .at = text};
  parser.variables = g_array_new(FALSE, TRUE, sizeof(FormulaVariable));
  g_array_set_clear_func(parser.variables, formula_clear_variable);
  parser.random = g_array_new(FALSE, TRUE, sizeof(FormulaRandom));
  g_array_set_clear_func(parser.random, clear_random);
  FormulaVariable response = {0};
  g_auto(Value) fixed = value_new();
  bool parsed = parse_whole(&parser, &response, &fixed, error);
  if (parsed)
    *formula = finish(&parser, &response, &fixed);
  formula_clear_variable(&response);
  g_clear_pointer(&parser.variables, g_array_unref);
  g_clear_pointer(&parser.random, g_array_unref);
  return parsed;
}

void formula_free(Formula *formula) {
  if (formula == NULL)
    return;
  for (gsize v = 0; v < formula->n_variables; v++)
    formula_clear_variable(&formula->variables[v]);
  for (gsize r = 0; r < formula->n_random; r++)
    clear_random(&formula->random[r]);
  formula_clear_variable(&formula->response);
  g_array_unref(formula->fixed.terms);
  g_free(formula->variables);
  g_free(formula->random);
  g_free(formula->text);
  g_free(formula);
}
