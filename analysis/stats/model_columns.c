#include "analysis/stats/model_columns.h"

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

/* Whether R codes the variable of this term by contrasts: what is left of the term without it stands before the term,
 * alone or inside another. */
static bool by_contrasts(const FormulaSum *sum, gsize term, guint64 bit) {
  guint64 rest = g_array_index(sum->terms, guint64, term) & ~bit;
  for (gsize t = 0; t < term && rest != 0; t++)
    if ((rest & ~g_array_index(sum->terms, guint64, t)) == 0)
      return true;
  return rest == 0;
}

/* How many columns the variable contributes to the term; *first: the first level that has one. */
static gsize coded_columns(const ModelVariables *variables, const FormulaSum *sum, gsize term, gsize v, bool *full_due,
                           gsize *first) {
  const ModelVariable *variable = &variables->variables[v];
  *first = 0;
  if (variable->level == NULL)
    return 1;
  /* Without an intercept the first factor met gets a column a level. */
  bool contrasts = by_contrasts(sum, term, (guint64)1 << v) && !*full_due;
  *full_due = false;
  *first = contrasts ? 1 : 0;
  return variable->n_levels - *first;
}

typedef struct {
  gsize v, first, n;
} Coding;

static double coded_value(const ModelVariables *variables, const Coding *coding, gsize column, gsize i) {
  const ModelVariable *variable = &variables->variables[coding->v];
  return variable->level == NULL ? variable->values[i] : variable->level[i] == coding->first + column ? 1 : 0;
}

bool model_columns_build(const ModelVariables *variables, const FormulaSum *sum, ModelColumns *columns,
                         GError **error) {
  g_autoptr(GArray) codings = g_array_new(FALSE, FALSE, sizeof(Coding));
  g_autofree gsize *starts = g_new0(gsize, sum->terms->len + 1);
  g_autofree gsize *widths = g_new0(gsize, sum->terms->len + 1);
  gsize p = sum->intercept;
  bool full_due = !sum->intercept;
  for (gsize t = 0; t < sum->terms->len; t++) {
    starts[t] = codings->len;
    widths[t] = 1;
    for (gsize v = 0; v < variables->formula->n_variables; v++) {
      if (!(g_array_index(sum->terms, guint64, t) >> v & 1))
        continue;
      Coding coding = {.v = v};
      coding.n = coded_columns(variables, sum, t, v, &full_due, &coding.first);
      widths[t] *= coding.n;
      g_array_append_val(codings, coding);
    }
    p += widths[t];
    if (p > 10000) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s: the formula's effects make more than 10000 columns; is a column of numbers read as text?",
                  variables->source);
      return false;
    }
  }
  starts[sum->terms->len] = codings->len;
  columns->n_columns = p;
  columns->names = g_new0(char *, p + 1);
  columns->terms = g_new0(gsize, p + 1);
  if ((columns->values = memory_doubles(variables->n, p, error)) == NULL)
    return false;
  gsize column = 0;
  if (sum->intercept) {
    columns->names[column] = g_strdup("(Intercept)");
    columns->terms[column++] = MODEL_NO_TERM;
    for (gsize i = 0; i < variables->n; i++)
      columns->values[i] = 1;
  }
  for (gsize t = 0; t < sum->terms->len; t++)
    for (gsize w = 0; w < widths[t]; w++, column++) {
      g_autoptr(GString) name = g_string_new(NULL);
      double *values = columns->values + column * variables->n;
      gsize rest = w;
      for (gsize c = starts[t]; c < starts[t + 1]; c++) {
        const Coding *coding = &g_array_index(codings, Coding, c);
        gsize k = rest % coding->n; /* the first variable varies fastest */
        rest /= coding->n;
        const ModelVariable *variable = &variables->variables[coding->v];
        g_string_append_printf(name, "%s%s%s", name->len > 0 ? ":" : "", variables->formula->variables[coding->v].name,
                               variable->level != NULL ? variable->levels[coding->first + k] : "");
        for (gsize i = 0; i < variables->n; i++)
          values[i] = (c == starts[t] ? 1 : values[i]) * coded_value(variables, coding, k, i);
      }
      columns->names[column] = g_strdup(name->str);
      columns->terms[column] = t;
    }
  return true;
}

void model_columns_clear(ModelColumns *columns) {
  for (gsize c = 0; columns->names != NULL && c < columns->n_columns; c++)
    g_free(columns->names[c]);
  g_free(columns->names);
  g_free(columns->terms);
  g_free(columns->values);
}
