#include "analysis/stats/formula.h"

static guint64 term_at(const GArray *terms, gsize i) { return g_array_index(terms, guint64, i); }

char *formula_term_name(const Formula *formula, guint64 term) {
  if (term == 0)
    return g_strdup("(Intercept)");
  GString *name = g_string_new(NULL);
  for (gsize v = 0; v < formula->n_variables; v++)
    if (term >> v & 1)
      g_string_append_printf(name, "%s%s", name->len > 0 ? ":" : "", formula->variables[v].name);
  return g_string_free(name, FALSE);
}

GArray *formula_droppable(const Formula *formula) {
  GArray *indices = g_array_new(FALSE, FALSE, sizeof(gsize));
  const GArray *terms = formula->fixed.terms;
  for (gsize i = 0; i < terms->len; i++) {
    bool held = false;
    for (gsize j = 0; j < terms->len; j++)
      held = held || (j != i && (term_at(terms, i) & ~term_at(terms, j)) == 0);
    if (!held)
      g_array_append_val(indices, i);
  }
  return indices;
}

static FormulaVariable copy_variable(const FormulaVariable *variable) {
  FormulaVariable copy = *variable;
  copy.name = g_strdup(variable->name);
  copy.column = g_strdup(variable->column);
  return copy;
}

static Formula *copy_without(const Formula *formula, gsize fixed, gsize random) {
  Formula *copy = g_new0(Formula, 1);
  copy->text = g_strdup(formula->text);
  copy->response = copy_variable(&formula->response);
  copy->n_variables = formula->n_variables;
  copy->variables = g_new0(FormulaVariable, MAX(formula->n_variables, 1));
  for (gsize v = 0; v < formula->n_variables; v++)
    copy->variables[v] = copy_variable(&formula->variables[v]);
  copy->fixed = (FormulaSum){formula->fixed.intercept, g_array_copy(formula->fixed.terms)};
  if (fixed < copy->fixed.terms->len)
    g_array_remove_index(copy->fixed.terms, (guint)fixed);
  copy->random = g_new0(FormulaRandom, MAX(formula->n_random, 1));
  for (gsize r = 0; r < formula->n_random; r++) {
    if (r == random)
      continue;
    const FormulaRandom *from = &formula->random[r];
    copy->random[copy->n_random++] = (FormulaRandom){{from->effects.intercept, g_array_copy(from->effects.terms)},
                                                     from->group,
                                                     g_strdup(from->group_name),
                                                     g_array_ref(from->group_order)};
  }
  return copy;
}

Formula *formula_without_fixed(const Formula *formula, gsize i) {
  g_assert(i < formula->fixed.terms->len);
  return copy_without(formula, i, G_MAXSIZE);
}

Formula *formula_without_random(const Formula *formula, gsize i) {
  g_assert(i < formula->n_random);
  return copy_without(formula, G_MAXSIZE, i);
}
