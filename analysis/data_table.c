#include "analysis/data_table.h"

#include <string.h>

#include "stimuli/base/delimited.h"
#include "stimuli/base/error.h"
#include "stimuli/base/number.h"

static bool check_names(const Delimited *csv, GError **error) {
  for (gsize column = 0; column < delimited_n_columns(csv); column++) {
    const char *name = delimited_column_name(csv, column);
    gsize only;
    if (*name == '\0') {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: column %" G_GSIZE_FORMAT " has no name", delimited_name(csv),
                  column + 1);
      return false;
    }
    if (!delimited_require_column(csv, name, &only, error)) /* two have it */
      return false;
  }
  return true;
}

static bool check_lines(const Delimited *csv, GError **error) {
  for (gsize row = 0; row < delimited_n_rows(csv); row++)
    if (delimited_line(csv, row) != row + 2) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                  "%s:%" G_GSIZE_FORMAT ": comes after an empty line or a cell of several lines; remove those",
                  delimited_name(csv), delimited_line(csv, row));
      return false;
    }
  return true;
}

/* Whether a cell is a number when its comma is read as a point. */
static bool has_decimal_comma(const char *cell) {
  double number;
  if (strchr(cell, ',') == NULL)
    return false;
  g_autofree char *point = g_strdelimit(g_strdup(cell), ",", '.');
  return number_parse_double(point, &number);
}

static bool is_missing(const char *cell) {
  return *cell == '\0' || strcmp(cell, "n/a") == 0 || strcmp(cell, "NA") == 0 || strcmp(cell, "NaN") == 0;
}

static bool check_decimals(const Delimited *csv, gsize column, GError **error) {
  g_autofree char *example = NULL;
  gsize line = 0;
  for (gsize row = 0; row < delimited_n_rows(csv); row++) {
    g_autofree char *cell = g_strstrip(g_strdup(delimited_get(csv, row, column)));
    double number;
    if (is_missing(cell) || number_parse_double(cell, &number))
      continue;
    if (!has_decimal_comma(cell))
      return true; /* words */
    if (example == NULL) {
      line = delimited_line(csv, row);
      example = g_steal_pointer(&cell);
    }
  }
  if (example == NULL)
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s:%" G_GSIZE_FORMAT ": %s: '%s' has a decimal comma; write the table with decimal points",
              delimited_name(csv), line, delimited_column_name(csv, column), example);
  return false;
}

static bool read_csv(const char *path, Table **table, GError **error) {
  g_autoptr(Delimited) csv = NULL;
  if (!delimited_read(path, NULL, &csv, error) || !check_names(csv, error) || !check_lines(csv, error))
    return false;
  gsize n_columns = delimited_n_columns(csv);
  for (gsize column = 0; column < n_columns; column++)
    if (!check_decimals(csv, column, error))
      return false;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (gsize column = 0; column < n_columns; column++)
    g_ptr_array_add(names, (char *)delimited_column_name(csv, column));
  g_autoptr(Table) read = table_new((const char *const *)names->pdata, n_columns);
  table_set_name(read, path);
  for (gsize row = 0; row < delimited_n_rows(csv); row++) {
    gsize to = table_add_row(read);
    for (gsize column = 0; column < n_columns; column++)
      table_set(read, to, column, delimited_get(csv, row, column));
  }
  *table = g_steal_pointer(&read);
  return true;
}

/* Other programs align numbers with blanks. */
static void strip_cells(Table *table) {
  for (gsize row = 0; row < table_n_rows(table); row++)
    for (gsize column = 0; column < table_n_columns(table); column++) {
      const char *cell = table_get(table, row, column);
      gsize length = strlen(cell);
      if (length == 0 || (!g_ascii_isspace(cell[0]) && !g_ascii_isspace(cell[length - 1])))
        continue;
      g_autofree char *stripped = g_strstrip(g_strdup(cell));
      table_set(table, row, column, stripped);
    }
}

bool data_table_read(const char *path, Table **table, GError **error) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  if (!(g_str_has_suffix(lower, ".csv") ? read_csv(path, table, error) : table_read(path, table, error)))
    return false;
  strip_cells(*table);
  return true;
}
