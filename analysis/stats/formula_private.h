/* Where a formula's parser stands, and the names it reads: for formula.c, which knows what the operators mean. */
#ifndef DREAMRIG_STATS_FORMULA_PRIVATE_H
#define DREAMRIG_STATS_FORMULA_PRIVATE_H

#include "analysis/stats/formula.h"

typedef struct {
  const char *text, *at;
  GArray *variables; /* FormulaVariable */
  GArray *random;    /* FormulaRandom */
  int depth;
  gsize products; /* pairs of terms that were multiplied so far */
} FormulaParser;

void formula_clear_variable(gpointer variable);
/* Sets error to `what` at a place of the text; returns false. */
bool formula_fail(const FormulaParser *parser, const char *at, const char *what, GError **error);
void formula_skip_blanks(FormulaParser *parser);
/* Whether c is next, which is then passed. */
bool formula_take(FormulaParser *parser, char c);
bool formula_is_name_part(char c);
/* A column's name, or a function of one; free with formula_clear_variable. */
bool formula_parse_variable(FormulaParser *parser, FormulaVariable *variable, GError **error);
/* The bit of the variable that is next, which is noted where it is new. */
bool formula_note_variable(FormulaParser *parser, guint64 *bit, GError **error);

#endif
