#include "analysis/stats/model_variables.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

typedef struct {
  const Formula *formula;
  const Table *table;
  gsize *columns; /* (n_variables + 1) the last is the response's */
  gsize n;        /* complete rows */
  gsize *rows;    /* (n) */
} Reader;

static void reader_clear(Reader *reader) {
  g_free(reader->columns);
  g_free(reader->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static bool fail_column(const Reader *reader, gsize column, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: column '%s': %s", table_name(reader->table),
              table_column_name(reader->table, column), what);
  return false;
}

static bool is_missing(const Table *table, gsize row, gsize column) {
  if (table_is_missing(table, row, column))
    return true;
  const char *cell = table_get(table, row, column);
  return strcmp(cell, "NA") == 0 || g_ascii_strcasecmp(cell, "nan") == 0;
}

static bool find_rows(Reader *reader, GError **error) {
  gsize n_columns = reader->formula->n_variables + 1, n_rows = table_n_rows(reader->table);
  if ((reader->columns = memory_items(n_columns, sizeof(gsize), error)) == NULL ||
      (reader->rows = memory_items(n_rows, sizeof(gsize), error)) == NULL)
    return false;
  for (gsize c = 0; c < n_columns; c++) {
    const FormulaVariable *variable = c + 1 < n_columns ? &reader->formula->variables[c] : &reader->formula->response;
    if (!table_require_column(reader->table, variable->column, &reader->columns[c], error))
      return false;
    bool any = n_rows == 0;
    for (gsize row = 0; row < n_rows && !any; row++)
      any = !is_missing(reader->table, row, reader->columns[c]);
    if (!any)
      return fail_column(reader, reader->columns[c], "has no values", error);
  }
  for (gsize row = 0; row < n_rows; row++) {
    bool complete = true;
    for (gsize c = 0; c < n_columns && complete; c++)
      complete = !is_missing(reader->table, row, reader->columns[c]);
    if (complete)
      reader->rows[reader->n++] = row;
  }
  if (reader->n >= 2 && reader->n <= G_MAXINT32)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
              " rows have a value in every column of the formula; a model needs at least 2",
              table_name(reader->table), reader->n, n_rows);
  return false;
}

typedef struct {
  gsize numbers, words; /* cells that are one, and neither one nor missing */
  gsize first_word;     /* the row of the first of these */
} CellCounts;

static CellCounts count_cells(const Table *table, gsize column) {
  CellCounts counts = {0, 0, 0};
  double value;
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (is_missing(table, row, column))
      continue;
    if (number_parse_double(table_get(table, row, column), &value))
      counts.numbers++;
    else if (counts.words++ == 0)
      counts.first_word = row;
  }
  return counts;
}

/* A few cells of a column of numbers that are none are rather slips than names of categories. */
static void note_words(const Reader *reader, gsize column, const CellCounts *counts, GPtrArray *notes) {
  if (counts->numbers <= counts->words)
    return;
  g_ptr_array_add(notes, g_strdup_printf("%s is taken as categories because of \"%s\" in line %" G_GSIZE_FORMAT
                                         " (of its %" G_GSIZE_FORMAT " cells %" G_GSIZE_FORMAT
                                         " are numbers). Correct a slip; write a missing value as n/a.",
                                         table_column_name(reader->table, column),
                                         table_get(reader->table, counts->first_word, column), counts->first_word + 2,
                                         counts->words + counts->numbers, counts->numbers));
}

static bool fail_word(const Reader *reader, gsize column, const CellCounts *counts, const char *rule, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": column '%s': '%s' is no number, and %s",
              table_name(reader->table), counts->first_word + 2, table_column_name(reader->table, column),
              table_get(reader->table, counts->first_word, column), rule);
  return false;
}

static double operate(const FormulaVariable *variable, double value) {
  switch (variable->operation) {
  case '+':
    return value + variable->operand;
  case '-':
    return value - variable->operand;
  case '*':
    return value * variable->operand;
  case '/':
    return value / variable->operand;
  case '^':
    return pow(value, variable->operand);
  default:
    return value;
  }
}

/* Of one value; scale() needs all of them. */
static double apply(FormulaFunction function, double value) {
  switch (function) {
  case FORMULA_LOG:
    return log(value);
  case FORMULA_LOG2:
    return log2(value);
  case FORMULA_LOG10:
    return log10(value);
  case FORMULA_SQRT:
    return sqrt(value);
  case FORMULA_EXP:
    return exp(value);
  case FORMULA_AS_IS:
  case FORMULA_FACTOR:
  case FORMULA_SCALE:
  case FORMULA_IDENTITY:
  default:
    return value;
  }
}

static bool fail_value(const Reader *reader, gsize row, gsize column, const FormulaVariable *variable, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s: %s of %s is not a finite number",
              table_name(reader->table), row + 2, variable->column, variable->name,
              table_get(reader->table, row, column));
  return false;
}

static bool read_number(const Reader *reader, gsize row, gsize column, const FormulaVariable *variable, double *value,
                        GError **error) {
  if (!table_get_double(reader->table, row, column, value, error))
    return false;
  *value = apply(variable->function, operate(variable, *value));
  return isfinite(*value) || fail_value(reader, row, column, variable, error);
}

/* Over all cells with a value: R evaluates scale() before it leaves out incomplete rows. */
static bool find_scale(const Reader *reader, gsize column, const FormulaVariable *variable, double *mean, double *sd,
                       GError **error) {
  g_autofree double *values = memory_doubles(table_n_rows(reader->table), 1, error);
  gsize n = 0;
  if (values == NULL)
    return false;
  for (gsize row = 0; row < table_n_rows(reader->table); row++)
    if (!is_missing(reader->table, row, column) && !read_number(reader, row, column, variable, &values[n++], error))
      return false;
  *mean = descriptive_mean(values, n);
  *sd = descriptive_sd(values, n);
  return *sd > 0 || fail_column(reader, column, "scale() of a column that is the same in every row", error);
}

static double *read_numbers(const Reader *reader, gsize column, const FormulaVariable *variable, GError **error) {
  g_autofree double *values = memory_doubles(reader->n, 1, error);
  double mean = 0, sd = 1;
  if (values == NULL ||
      (variable->function == FORMULA_SCALE && !find_scale(reader, column, variable, &mean, &sd, error)))
    return NULL;
  for (gsize i = 0; i < reader->n; i++) {
    if (!read_number(reader, reader->rows[i], column, variable, &values[i], error))
      return NULL;
    if (variable->function == FORMULA_SCALE)
      values[i] = (values[i] - mean) / sd;
    if (!isfinite(values[i])) {
      fail_value(reader, reader->rows[i], column, variable, error);
      return NULL;
    }
  }
  return g_steal_pointer(&values);
}

static gint by_bytes(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static gint by_value(gconstpointer a, gconstpointer b) {
  double x = 0, y = 0;
  number_parse_double(*(char *const *)a, &x);
  number_parse_double(*(char *const *)b, &y);
  return x < y ? -1 : x > y ? 1 : by_bytes(a, b);
}

/* R's name of a number as a category: "2.5" for 2.50. */
static const char *number_name(GStringChunk *names, const char *cell) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double value = 0;
  number_parse_double(cell, &value);
  return g_string_chunk_insert_const(names, g_ascii_formatd(text, sizeof text, "%.15g", value == 0 ? 0 : value));
}

/* What is one number may be two names to whoever wrote the table. */
static void note_spellings(const Reader *reader, gsize column, const char *first, const char *other, GPtrArray *notes) {
  g_autofree char *note =
      g_strdup_printf("%s: \"%s\" and \"%s\" are one category, because they are the same number. If "
                      "they are two, put a letter before each.",
                      table_column_name(reader->table, column), first, other);
  if (!g_ptr_array_find_with_equal_func(notes, note, g_str_equal, NULL))
    g_ptr_array_add(notes, g_steal_pointer(&note));
}

/* Numbers, where all are: by their value. Levels have R's names of them within factor(), else the first spelling. */
static bool read_factor(const Reader *reader, gsize column, bool numeric, bool named_as_numbers,
                        ModelVariable *variable, GPtrArray *notes, GError **error) {
  if ((variable->level = memory_items(reader->n, sizeof(guint32), error)) == NULL)
    return false;
  g_autoptr(GStringChunk) names = g_string_chunk_new(1024);
  g_autofree const char **cells = memory_items(reader->n, sizeof *cells, error);
  if (cells == NULL)
    return false;
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) levels = g_ptr_array_new();
  bool noted = false;
  for (gsize i = 0; i < reader->n; i++) {
    const char *cell = table_get(reader->table, reader->rows[i], column);
    const char *value = numeric ? number_name(names, cell) : cell, *first = g_hash_table_lookup(known, value);
    if (first == NULL) {
      g_hash_table_insert(known, (char *)value, (char *)cell);
      g_ptr_array_add(levels, (char *)(named_as_numbers ? value : cell));
      first = cell;
    } else if (!noted && strcmp(first, cell) != 0) {
      note_spellings(reader, column, first, cell, notes);
      noted = true;
    }
    cells[i] = named_as_numbers ? value : first;
  }
  g_ptr_array_sort(levels, numeric ? by_value : by_bytes);
  variable->n_levels = levels->len;
  variable->own_levels = g_new0(char *, levels->len + 1);
  variable->levels = variable->own_levels;
  g_hash_table_remove_all(known);
  for (gsize l = 0; l < levels->len; l++) {
    variable->own_levels[l] = g_strdup(levels->pdata[l]);
    g_hash_table_insert(known, levels->pdata[l], GSIZE_TO_POINTER(l));
  }
  for (gsize i = 0; i < reader->n; i++)
    variable->level[i] = (guint32)GPOINTER_TO_SIZE(g_hash_table_lookup(known, cells[i]));
  return true;
}

guint64 model_variables_effects(const Formula *formula) {
  guint64 effects = 0;
  for (gsize t = 0; t < formula->fixed.terms->len; t++)
    effects |= g_array_index(formula->fixed.terms, guint64, t);
  for (gsize r = 0; r < formula->n_random; r++)
    for (gsize t = 0; t < formula->random[r].effects.terms->len; t++)
      effects |= g_array_index(formula->random[r].effects.terms, guint64, t);
  return effects;
}

static guint64 groups_of(const Formula *formula) {
  guint64 groups = 0;
  for (gsize r = 0; r < formula->n_random; r++)
    groups |= formula->random[r].group;
  return groups;
}

/* Variables of the effects, and those of terms that were taken away, as the columns have it; those that only group are
 * factors whatever they hold. */
static bool read_variables(const Reader *reader, ModelVariable *variables, GPtrArray *notes, GError **error) {
  const Formula *formula = reader->formula;
  guint64 only_groups = groups_of(formula) & ~model_variables_effects(formula);
  for (gsize v = 0; v < formula->n_variables; v++) {
    FormulaFunction function = formula->variables[v].function;
    gsize column = reader->columns[v];
    CellCounts counts = count_cells(reader->table, column);
    bool numeric = counts.words == 0, grouping = only_groups >> v & 1;
    if (function == FORMULA_FACTOR || grouping || !numeric) {
      if (function > FORMULA_FACTOR && !numeric)
        return fail_word(reader, column, &counts, "only numbers can be transformed", error);
      if (function > FORMULA_FACTOR)
        return fail_column(reader, column, "only groups, and what groups cannot be transformed", error);
      if (!read_factor(reader, column, numeric, numeric && function == FORMULA_FACTOR, &variables[v], notes, error))
        return false;
      if (function != FORMULA_FACTOR && !grouping)
        note_words(reader, column, &counts, notes);
    } else if ((variables[v].values = read_numbers(reader, column, &formula->variables[v], error)) == NULL) {
      return false;
    }
  }
  return true;
}

static ModelVariables *variables_new(const Formula *formula, gsize n) {
  ModelVariables *made = g_new0(ModelVariables, 1);
  made->formula = formula;
  made->n = n;
  made->variables = g_new0(ModelVariable, MAX(formula->n_variables, 1));
  made->notes = g_ptr_array_new_with_free_func(g_free);
  return made;
}

bool model_variables_new(const Formula *formula, const Table *table, ModelVariables **variables, GError **error) {
  g_auto(Reader) reader = {.formula = formula, .table = table};
  if (!find_rows(&reader, error))
    return false;
  g_autoptr(ModelVariables) made = variables_new(formula, reader.n);
  made->source = g_strdup(table_name(table));
  if (!read_variables(&reader, made->variables, made->notes, error))
    return false;
  gsize column = reader.columns[formula->n_variables];
  CellCounts counts = count_cells(table, column);
  if (counts.words > 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s:%" G_GSIZE_FORMAT ": column '%s': is the response, but '%s' is no number", table_name(table),
                counts.first_word + 2, formula->response.column, table_get(table, counts.first_word, column));
    return false;
  }
  if ((made->y = read_numbers(&reader, column, &formula->response, error)) == NULL)
    return false;
  made->rows = g_steal_pointer(&reader.rows);
  *variables = g_steal_pointer(&made);
  return true;
}

void model_variables_explain(const GPtrArray *notes, GError **error) {
  for (guint k = 0; error != NULL && *error != NULL && k < notes->len; k++) {
    g_autofree char *message = (*error)->message;
    (*error)->message = g_strdup_printf("%s; %s", message, (const char *)notes->pdata[k]);
  }
}

bool model_variables_gather(const ModelVariables *from, gsize n, const gsize *const *rows, ModelVariables **variables,
                            GError **error) {
  g_autoptr(ModelVariables) made = variables_new(from->formula, n);
  made->source = g_strdup(from->source);
  if ((made->y = memory_doubles(n, 1, error)) == NULL)
    return false;
  for (gsize v = 0; v < from->formula->n_variables; v++) {
    const ModelVariable *source = &from->variables[v];
    ModelVariable *variable = &made->variables[v];
    variable->n_levels = source->n_levels;
    variable->levels = source->levels;
    if (source->level != NULL ? (variable->level = memory_items(n, sizeof(guint32), error)) == NULL
                              : (variable->values = memory_doubles(n, 1, error)) == NULL)
      return false;
    for (gsize i = 0; i < n; i++)
      if (source->level != NULL)
        variable->level[i] = source->level[rows[v][i]];
      else
        variable->values[i] = source->values[rows[v][i]];
  }
  *variables = g_steal_pointer(&made);
  return true;
}

void model_variables_free(ModelVariables *variables) {
  if (variables == NULL)
    return;
  for (gsize v = 0; v < variables->formula->n_variables; v++) {
    g_free(variables->variables[v].values);
    g_free(variables->variables[v].level);
    g_strfreev(variables->variables[v].own_levels);
  }
  g_free(variables->variables);
  g_ptr_array_unref(variables->notes);
  g_free(variables->source);
  g_free(variables->rows);
  g_free(variables->y);
  g_free(variables);
}
