#include "analysis/correlation_table.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/memory.h"
#include "stimuli/base/error.h"

static bool fail(const Table *table, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool fail(const Table *table, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", table_name(table), message);
  return false;
}

/* Row and column of a variable; -1 where it has none. */
typedef struct {
  int row, column;
} Place;

static bool find(const Table *table, const char *name, Place *place, GError **error) {
  *place = (Place){-1, table_column(table, name)};
  if (place->column == 0)
    place->column = -1; /* the column of names */
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (strcmp(table_get(table, row, 0), name) != 0)
      continue;
    if (place->row >= 0)
      return fail(table, error, "two rows are named '%s'", name);
    place->row = (int)row;
  }
  if (place->row >= 0 || place->column >= 0)
    return true;
  return fail(table, error, "no row and no column is named '%s'", name);
}

/* NaN where the cell is missing or there is none. */
static bool read_cell(const Table *table, int row, int column, double *r, GError **error) {
  *r = NAN;
  if (row < 0 || column < 0 || table_is_missing(table, (gsize)row, (gsize)column))
    return true;
  if (!table_get_double(table, (gsize)row, (gsize)column, r, error))
    return false;
  return (*r >= -1 && *r <= 1) || fail(table, error, "line %d, column '%s': %g, expected a correlation from -1 to 1",
                                       row + 2, table_column_name(table, (gsize)column), *r);
}

/* The correlation of two variables, from whichever of the two cells is there. */
static bool read_pair(const Table *table, const char *a, const char *b, double *r, GError **error) {
  Place one, other;
  double above, below;
  if (!find(table, a, &one, error) || !find(table, b, &other, error) ||
      !read_cell(table, one.row, other.column, &above, error) ||
      !read_cell(table, other.row, one.column, &below, error))
    return false;
  if (isnan(above) && isnan(below))
    return fail(table, error, "no correlation of %s and %s", a, b);
  if (!isnan(above) && !isnan(below) && above != below)
    return fail(table, error, "the correlation of %s and %s is %g in one cell and %g in the other", a, b, above, below);
  *r = isnan(above) ? below : above;
  return true;
}

static bool read_diagonal(const Table *table, const char *name, GError **error) {
  Place place;
  double r;
  if (!find(table, name, &place, error) || !read_cell(table, place.row, place.column, &r, error))
    return false;
  return isnan(r) || r == 1 || fail(table, error, "the correlation of %s with itself is %g", name, r);
}

/* All variables but the outcome: the columns, then rows that are no columns. */
static char **all_but(const Table *table, const char *outcome) {
  g_autoptr(GStrvBuilder) names = g_strv_builder_new();
  for (gsize column = 1; column < table_n_columns(table); column++)
    if (strcmp(table_column_name(table, column), outcome) != 0)
      g_strv_builder_add(names, table_column_name(table, column));
  for (gsize row = 0; row < table_n_rows(table); row++) {
    const char *name = table_get(table, row, 0);
    if (strcmp(name, outcome) != 0 && table_column(table, name) <= 0)
      g_strv_builder_add(names, name);
  }
  return g_strv_builder_end(names);
}

static bool check_names(const Table *table, const char *outcome, char **names, GError **error) {
  for (gsize i = 0; names[i] != NULL; i++) {
    if (strcmp(names[i], outcome) == 0)
      return fail(table, error, "'%s' is the outcome and a predictor at once", outcome);
    for (gsize j = 0; j < i; j++)
      if (strcmp(names[i], names[j]) == 0)
        return fail(table, error, "the predictor '%s' twice", names[i]);
  }
  return names[0] != NULL || fail(table, error, "no predictors beside '%s'", outcome);
}

bool correlation_table_read(const Table *table, const char *outcome, const char *const *predictors,
                            CorrelationTable *correlations, GError **error) {
  g_auto(CorrelationTable) made = {0};
  made.names = predictors != NULL ? g_strdupv((char **)predictors) : all_but(table, outcome);
  gsize p = made.p = g_strv_length(made.names);
  if (!check_names(table, outcome, made.names, error) || !read_diagonal(table, outcome, error) ||
      (made.predictors = memory_doubles(p, p, error)) == NULL || (made.outcome = memory_doubles(p, 1, error)) == NULL)
    return false;
  for (gsize i = 0; i < p; i++) {
    if (!read_diagonal(table, made.names[i], error) ||
        !read_pair(table, made.names[i], outcome, &made.outcome[i], error))
      return false;
    made.predictors[i * p + i] = 1;
    for (gsize j = 0; j < i; j++) {
      double r = 0;
      if (!read_pair(table, made.names[i], made.names[j], &r, error))
        return false;
      made.predictors[i * p + j] = made.predictors[j * p + i] = r;
    }
  }
  *correlations = made;
  made = (CorrelationTable){0};
  return true;
}

void correlation_table_clear(CorrelationTable *correlations) {
  g_strfreev(correlations->names);
  g_free(correlations->predictors);
  g_free(correlations->outcome);
  *correlations = (CorrelationTable){0};
}
