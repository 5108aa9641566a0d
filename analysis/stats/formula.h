/* R's formula notation for models: "arousal ~ cfc * type + (1 + cfc | participant) + (1 | layer/image)".
 *
 * Fixed terms know + - : * / ^ ( ) 0 and 1, as in R; random terms are (terms | group), (terms || group) for effects
 * without correlations, and nested groups a/b, which stand for a and b within a, as in lme4. A variable is a column's
 * name, in backquotes where it is not of letters, digits, '.' and '_' alone, or a function of one: factor(), scale(),
 * log(), log2(), log10(), sqrt(), exp() and I(). Within each but factor() the name may be followed by one of
 * + - * / ^ and a number without sign and exponent, for ^ a whole one from 2 to 9: "I(x^2)", "log(x + 1)". Expressions
 * of several columns, functions of functions, '.', poly(), offset() and %in% are refused.
 *
 * Source: Wilkinson & Rogers 1973, doi:10.2307/2346786; R 4.2, help(formula); Bates et al. 2015,
 * doi:10.18637/jss.v067.i01, table 2. */
#ifndef DREAMRIG_STATS_FORMULA_H
#define DREAMRIG_STATS_FORMULA_H

#include <glib.h>
#include <stdbool.h>

/* Terms are sets of variables, one bit each. */
#define FORMULA_MAX_VARIABLES 64

typedef enum {
  FORMULA_AS_IS,
  FORMULA_FACTOR, /* categories, also where the column holds numbers */
  FORMULA_SCALE,  /* centred and divided by the standard deviation, over all cells with a value */
  FORMULA_LOG,    /* natural logarithm */
  FORMULA_LOG2,
  FORMULA_LOG10,
  FORMULA_SQRT,
  FORMULA_EXP,
  FORMULA_IDENTITY, /* I(): arithmetic alone */
} FormulaFunction;

typedef struct {
  char *name;   /* without backquotes, and with R's blanks: "scale(cfc)", "I(cfc^2)", "log(cfc + 1)" */
  char *column; /* "cfc" */
  FormulaFunction function;
  char operation; /* one of + - * / ^ with the operand, before the function is taken; '\0' for none */
  double operand;
} FormulaVariable;

/* A sum of terms, by degree and within a degree in order of appearance, as R orders them. */
typedef struct {
  bool intercept;
  GArray *terms; /* guint64: bit v is variables[v]; no empty sets */
} FormulaSum;

typedef struct {
  FormulaSum effects;  /* what varies */
  guint64 group;       /* the variables whose combinations are the levels */
  char *group_name;    /* as lme4 has it: "image:layer" */
  GArray *group_order; /* gsize: the group's variables in the order of its name */
} FormulaRandom;

typedef struct {
  char *text;
  FormulaVariable response;
  FormulaVariable *variables; /* (n_variables) all but the response */
  gsize n_variables;
  FormulaSum fixed;
  FormulaRandom *random; /* (n_random), in the order written; nested groups the finest first */
  gsize n_random;
} Formula;

/* Fails with RIG_ERROR_USAGE, quoting the formula and the place. Free with formula_free. */
bool formula_parse(const char *text, Formula **formula, GError **error);
void formula_free(Formula *formula);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Formula, formula_free)

/* A column's name as a formula has it: in backquotes where it needs them. A name that holds one cannot be written. Free
 * with g_free. */
char *formula_quote(const char *column);
/* "a:b" for the set of a and b; "(Intercept)" for none. Free with g_free. */
char *formula_term_name(const Formula *formula, guint64 term);
/* The fixed terms that no other fixed term holds (those that may be left out on their own), as indices of fixed.terms.
 * Free with g_array_unref. */
GArray *formula_droppable(const Formula *formula);
/* The formula without the i-th fixed term, or without the i-th random term; for comparisons of models. */
Formula *formula_without_fixed(const Formula *formula, gsize i);
Formula *formula_without_random(const Formula *formula, gsize i);

#endif
