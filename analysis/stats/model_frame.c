#include "analysis/stats/model_frame.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

/* A variable over the complete rows. */
typedef struct {
  double *values; /* (n) of a numeric one, else NULL */
  guint32 *level; /* (n) of a factor, else NULL */
  gsize n_levels;
  char **levels; /* (n_levels + 1) NULL-terminated */
} Variable;

typedef struct {
  const Formula *formula;
  const Table *table;
  gsize *columns;      /* (n_variables + 1) the last is the response's */
  gsize n;             /* complete rows */
  gsize *rows;         /* (n) */
  Variable *variables; /* (n_variables) */
} Reader;

static void reader_clear(Reader *reader) {
  for (gsize v = 0; reader->variables != NULL && v < reader->formula->n_variables; v++) {
    g_free(reader->variables[v].values);
    g_free(reader->variables[v].level);
    g_strfreev(reader->variables[v].levels);
  }
  g_free(reader->variables);
  g_free(reader->columns);
  g_free(reader->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static bool is_missing(const Table *table, gsize row, gsize column) {
  if (table_is_missing(table, row, column))
    return true;
  const char *cell = table_get(table, row, column);
  return strcmp(cell, "NA") == 0 || g_ascii_strcasecmp(cell, "nan") == 0;
}

static bool fail_column(const Reader *reader, gsize column, const char *what, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: column '%s': %s", table_name(reader->table),
              table_column_name(reader->table, column), what);
  return false;
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

static bool is_numeric(const Table *table, gsize column) {
  double value;
  for (gsize row = 0; row < table_n_rows(table); row++)
    if (!is_missing(table, row, column) && !number_parse_double(table_get(table, row, column), &value))
      return false;
  return true;
}

static bool transform(const Reader *reader, gsize column, FormulaFunction function, double *values, GError **error) {
  double mean = 0, sd = 1;
  if (function == FORMULA_SCALE) {
    mean = descriptive_mean(values, reader->n);
    sd = descriptive_sd(values, reader->n);
    if (!(sd > 0))
      return fail_column(reader, column, "scale() of a column that is the same in every row", error);
  }
  for (gsize i = 0; i < reader->n; i++) {
    double value = values[i];
    values[i] = function == FORMULA_LOG ? log(value) : function == FORMULA_SQRT ? sqrt(value) : (value - mean) / sd;
    if (!isfinite(values[i])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s: %s of %s is not a number",
                  table_name(reader->table), reader->rows[i] + 2, table_column_name(reader->table, column),
                  function == FORMULA_LOG ? "log()" : "sqrt()", table_get(reader->table, reader->rows[i], column));
      return false;
    }
  }
  return true;
}

static double *read_numbers(const Reader *reader, gsize column, FormulaFunction function, GError **error) {
  g_autofree double *values = memory_doubles(reader->n, 1, error);
  if (values == NULL)
    return NULL;
  for (gsize i = 0; i < reader->n; i++)
    if (!table_get_double(reader->table, reader->rows[i], column, &values[i], error))
      return NULL;
  if (function != FORMULA_AS_IS && !transform(reader, column, function, values, error))
    return NULL;
  return g_steal_pointer(&values);
}

static gint by_bytes(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static gint by_value(gconstpointer a, gconstpointer b) {
  double x = 0, y = 0;
  number_parse_double(*(char *const *)a, &x);
  number_parse_double(*(char *const *)b, &y);
  return x < y ? -1 : x > y ? 1 : by_bytes(a, b);
}

static bool read_factor(const Reader *reader, gsize column, bool numeric, Variable *variable, GError **error) {
  if ((variable->level = memory_items(reader->n, sizeof(guint32), error)) == NULL)
    return false;
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) levels = g_ptr_array_new();
  for (gsize i = 0; i < reader->n; i++) {
    char *text = (char *)table_get(reader->table, reader->rows[i], column);
    if (g_hash_table_add(known, text))
      g_ptr_array_add(levels, text);
  }
  g_ptr_array_sort(levels, numeric ? by_value : by_bytes);
  variable->n_levels = levels->len;
  variable->levels = g_new0(char *, levels->len + 1);
  g_hash_table_remove_all(known);
  for (gsize l = 0; l < levels->len; l++) {
    variable->levels[l] = g_strdup(levels->pdata[l]);
    g_hash_table_insert(known, levels->pdata[l], GSIZE_TO_POINTER(l));
  }
  for (gsize i = 0; i < reader->n; i++) {
    const char *text = table_get(reader->table, reader->rows[i], column);
    variable->level[i] = (guint32)GPOINTER_TO_SIZE(g_hash_table_lookup(known, text));
  }
  return true;
}

/* Variables of the effects as the columns have it; those that only group are factors whatever they hold. */
static bool read_variables(Reader *reader, GError **error) {
  const Formula *formula = reader->formula;
  guint64 effects = 0;
  for (gsize t = 0; t < formula->fixed.terms->len; t++)
    effects |= g_array_index(formula->fixed.terms, guint64, t);
  for (gsize r = 0; r < formula->n_random; r++)
    for (gsize t = 0; t < formula->random[r].effects.terms->len; t++)
      effects |= g_array_index(formula->random[r].effects.terms, guint64, t);
  reader->variables = g_new0(Variable, MAX(formula->n_variables, 1));
  for (gsize v = 0; v < formula->n_variables; v++) {
    FormulaFunction function = formula->variables[v].function;
    gsize column = reader->columns[v];
    bool numeric = is_numeric(reader->table, column), grouping = !(effects >> v & 1);
    if (function == FORMULA_FACTOR || grouping || !numeric) {
      if (function > FORMULA_FACTOR)
        return fail_column(reader, column, "holds text, and only numbers can be transformed", error);
      if (!read_factor(reader, column, numeric, &reader->variables[v], error))
        return false;
    } else if ((reader->variables[v].values = read_numbers(reader, column, function, error)) == NULL) {
      return false;
    }
  }
  return true;
}

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
static gsize coded_columns(const Reader *reader, const FormulaSum *sum, gsize term, gsize v, bool *full_due,
                           gsize *first) {
  const Variable *variable = &reader->variables[v];
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

static double coded_value(const Reader *reader, const Coding *coding, gsize column, gsize i) {
  const Variable *variable = &reader->variables[coding->v];
  return variable->level == NULL ? variable->values[i] : variable->level[i] == coding->first + column ? 1 : 0;
}

static bool build_columns(const Reader *reader, const FormulaSum *sum, ModelColumns *columns, GError **error) {
  g_autoptr(GArray) codings = g_array_new(FALSE, FALSE, sizeof(Coding));
  g_autofree gsize *starts = g_new0(gsize, sum->terms->len + 1);
  g_autofree gsize *widths = g_new0(gsize, sum->terms->len + 1);
  gsize p = sum->intercept;
  bool full_due = !sum->intercept;
  for (gsize t = 0; t < sum->terms->len; t++) {
    starts[t] = codings->len;
    widths[t] = 1;
    for (gsize v = 0; v < reader->formula->n_variables; v++) {
      if (!(g_array_index(sum->terms, guint64, t) >> v & 1))
        continue;
      Coding coding = {.v = v};
      coding.n = coded_columns(reader, sum, t, v, &full_due, &coding.first);
      widths[t] *= coding.n;
      g_array_append_val(codings, coding);
    }
    p += widths[t];
    if (p > 10000) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s: the formula's effects make more than 10000 columns; is a column of numbers read as text?",
                  table_name(reader->table));
      return false;
    }
  }
  starts[sum->terms->len] = codings->len;
  columns->n_columns = p;
  columns->names = g_new0(char *, p + 1);
  columns->terms = g_new0(gsize, p + 1);
  if ((columns->values = memory_doubles(reader->n, p, error)) == NULL)
    return false;
  gsize column = 0;
  if (sum->intercept) {
    columns->names[column] = g_strdup("(Intercept)");
    columns->terms[column++] = MODEL_NO_TERM;
    for (gsize i = 0; i < reader->n; i++)
      columns->values[i] = 1;
  }
  for (gsize t = 0; t < sum->terms->len; t++)
    for (gsize w = 0; w < widths[t]; w++, column++) {
      g_autoptr(GString) name = g_string_new(NULL);
      double *values = columns->values + column * reader->n;
      gsize rest = w;
      for (gsize c = starts[t]; c < starts[t + 1]; c++) {
        const Coding *coding = &g_array_index(codings, Coding, c);
        gsize k = rest % coding->n; /* the first variable varies fastest */
        rest /= coding->n;
        const Variable *variable = &reader->variables[coding->v];
        g_string_append_printf(name, "%s%s%s", name->len > 0 ? ":" : "", reader->formula->variables[coding->v].name,
                               variable->level != NULL ? variable->levels[coding->first + k] : "");
        for (gsize i = 0; i < reader->n; i++)
          values[i] = (c == starts[t] ? 1 : values[i]) * coded_value(reader, coding, k, i);
      }
      columns->names[column] = g_strdup(name->str);
      columns->terms[column] = t;
    }
  return true;
}

/* Numbers the combinations of the group's variables in order of appearance. */
static bool number_levels(const Reader *reader, guint64 variables, ModelGroup *group, GError **error) {
  if ((group->level = memory_items(reader->n, sizeof(guint32), error)) == NULL)
    return false;
  for (gsize v = 0; v < reader->formula->n_variables; v++) {
    const Variable *variable = &reader->variables[v];
    if (!(variables >> v & 1))
      continue;
    if (variable->level == NULL)
      return fail_column(reader, reader->columns[v],
                         "is a numeric effect and a group at once; write factor() where it groups", error);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    guint32 n_levels = 0;
    for (gsize i = 0; i < reader->n; i++) {
      gint64 pair = (gint64)group->level[i] << 32 | variable->level[i];
      gpointer number;
      if (!g_hash_table_lookup_extended(known, &pair, NULL, &number)) {
        number = GUINT_TO_POINTER(n_levels++);
        g_hash_table_insert(known, g_memdup2(&pair, sizeof pair), number);
      }
      group->level[i] = GPOINTER_TO_UINT(number);
    }
    group->n_levels = n_levels;
  }
  return true;
}

static void free_columns(ModelColumns *columns) {
  for (gsize c = 0; columns->names != NULL && c < columns->n_columns; c++)
    g_free(columns->names[c]);
  g_free(columns->names);
  g_free(columns->terms);
  g_free(columns->values);
}

/* Appends the columns of one random term to its group. */
static bool extend_group(const Reader *reader, const ModelColumns *more, ModelGroup *group, GError **error) {
  ModelColumns *effects = &group->effects;
  gsize old = effects->n_columns, total = old + more->n_columns, block = old > 0 ? group->block[old - 1] + 1 : 0;
  for (gsize c = 0; c < more->n_columns; c++)
    for (gsize k = 0; k < old; k++)
      if (strcmp(effects->names[k], more->names[c]) == 0) {
        g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "the formula gives the random effect %s of %s twice",
                    more->names[c], group->name);
        return false;
      }
  double *values = memory_doubles(reader->n, total, error);
  if (values == NULL)
    return false;
  if (old > 0)
    memcpy(values, effects->values, old * reader->n * sizeof(double));
  memcpy(values + old * reader->n, more->values, more->n_columns * reader->n * sizeof(double));
  g_free(effects->values);
  effects->values = values;
  effects->names = g_renew(char *, effects->names, total + 1);
  effects->terms = g_renew(gsize, effects->terms, total + 1);
  group->block = g_renew(gsize, group->block, total + 1);
  for (gsize c = 0; c < more->n_columns; c++) {
    effects->names[old + c] = g_strdup(more->names[c]);
    effects->terms[old + c] = more->terms[c];
    group->block[old + c] = block;
  }
  effects->n_columns = total;
  return true;
}

static bool build_groups(const Reader *reader, ModelFrame *frame, GError **error) {
  const Formula *formula = reader->formula;
  frame->groups = g_new0(ModelGroup, MAX(formula->n_random, 1));
  for (gsize r = 0; r < formula->n_random; r++) {
    const FormulaRandom *random = &formula->random[r];
    gsize g = 0;
    while (g < frame->n_groups && strcmp(frame->groups[g].name, random->group_name) != 0)
      g++;
    ModelGroup *group = &frame->groups[g];
    if (g == frame->n_groups) {
      frame->n_groups++;
      group->name = g_strdup(random->group_name);
      if (!number_levels(reader, random->group, group, error))
        return false;
    }
    ModelColumns columns = {0};
    bool extended =
        build_columns(reader, &random->effects, &columns, error) && extend_group(reader, &columns, group, error);
    free_columns(&columns);
    if (!extended)
      return false;
  }
  return true;
}

typedef struct {
  const Table *table;
  gsize row;
} RowKey;

static guint row_hash(gconstpointer data) {
  const RowKey *key = data;
  guint hash = 17;
  for (gsize c = 0; c < table_n_columns(key->table); c++)
    hash = hash * 31 + g_str_hash(table_get(key->table, key->row, c));
  return hash;
}

static gboolean row_equal(gconstpointer a, gconstpointer b) {
  const RowKey *x = a, *y = b;
  for (gsize c = 0; c < table_n_columns(x->table); c++)
    if (strcmp(table_get(x->table, x->row, c), table_get(y->table, y->row, c)) != 0)
      return FALSE;
  return TRUE;
}

static bool count_duplicates(const Reader *reader, ModelFrame *frame, GError **error) {
  g_autofree RowKey *keys = memory_items(reader->n, sizeof *keys, error);
  if (keys == NULL)
    return false;
  g_autoptr(GHashTable) seen = g_hash_table_new(row_hash, row_equal);
  for (gsize i = 0; i < reader->n; i++) {
    keys[i] = (RowKey){reader->table, reader->rows[i]};
    if (g_hash_table_contains(seen, &keys[i])) {
      if (frame->n_duplicates++ == 0)
        frame->duplicate_row = reader->rows[i];
    } else {
      g_hash_table_add(seen, &keys[i]);
    }
  }
  return true;
}

bool model_frame_new(const Formula *formula, const Table *table, ModelFrame **frame, GError **error) {
  g_auto(Reader) reader = {.formula = formula, .table = table};
  if (!find_rows(&reader, error) || !read_variables(&reader, error))
    return false;
  gsize column = reader.columns[formula->n_variables];
  if (!is_numeric(table, column))
    return fail_column(&reader, column, "is the response, but not all of its cells are numbers", error);
  g_autoptr(ModelFrame) made = g_new0(ModelFrame, 1);
  made->n = reader.n;
  made->n_incomplete = table_n_rows(table) - reader.n;
  made->response = g_strdup(formula->response.name);
  if ((made->y = read_numbers(&reader, column, formula->response.function, error)) == NULL ||
      !build_columns(&reader, &formula->fixed, &made->fixed, error) || !build_groups(&reader, made, error) ||
      !count_duplicates(&reader, made, error))
    return false;
  made->rows = g_steal_pointer(&reader.rows);
  *frame = g_steal_pointer(&made);
  return true;
}

void model_frame_free(ModelFrame *frame) {
  if (frame == NULL)
    return;
  free_columns(&frame->fixed);
  for (gsize g = 0; frame->groups != NULL && g < frame->n_groups; g++) {
    g_free(frame->groups[g].name);
    g_free(frame->groups[g].level);
    g_free(frame->groups[g].block);
    free_columns(&frame->groups[g].effects);
  }
  g_free(frame->groups);
  g_free(frame->response);
  g_free(frame->y);
  g_free(frame->rows);
  g_free(frame);
}
