#include "stimuli/base/table.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/number.h"
#include "stimuli/base/utf8.h"

#define MISSING "n/a"
#define MAX_BYTES ((gsize)1 << 31)

typedef struct {
  char *name;
  GPtrArray *cells; /* NULL where missing; either inside Table.text or owned */
} Column;

struct Table {
  char *name;
  char *text; /* the file read, cut into cells in place; NULL for a table made in memory */
  gsize text_size;
  gsize n_rows;
  GArray *columns;     /* Column */
  GHashTable *indices; /* column name -> index + 1 */
};

static Column *column_at(const Table *table, gsize column) {
  g_assert(column < table->columns->len);
  return &g_array_index(table->columns, Column, column);
}

static void free_cell(const Table *table, char *cell) {
  bool inside = table->text != NULL && cell >= table->text && cell <= table->text + table->text_size;
  if (!inside)
    g_free(cell);
}

static void append_column(Table *table, const char *name) {
  Column column = {.name = g_strdup(name), .cells = g_ptr_array_new()};
  g_ptr_array_set_size(column.cells, (gint)table->n_rows);
  g_array_append_val(table->columns, column);
  g_hash_table_insert(table->indices, column.name, GUINT_TO_POINTER(table->columns->len));
}

static Table *new_empty(const char *name) {
  Table *table = g_new0(Table, 1);
  table->name = g_strdup(name);
  table->columns = g_array_new(FALSE, FALSE, sizeof(Column));
  table->indices = g_hash_table_new(g_str_hash, g_str_equal);
  return table;
}

Table *table_new(const char *const *columns, gsize n_columns) {
  Table *table = new_empty("table");
  for (gsize i = 0; i < n_columns; i++) {
    g_assert(table_column(table, columns[i]) < 0);
    append_column(table, columns[i]);
  }
  return table;
}

void table_free(Table *table) {
  if (table == NULL)
    return;
  for (gsize c = 0; c < table->columns->len; c++) {
    Column *column = column_at(table, c);
    for (gsize r = 0; r < table->n_rows; r++)
      free_cell(table, column->cells->pdata[r]);
    g_ptr_array_free(column->cells, TRUE);
    g_free(column->name);
  }
  g_array_free(table->columns, TRUE);
  g_hash_table_destroy(table->indices);
  g_free(table->text);
  g_free(table->name);
  g_free(table);
}

gsize table_n_rows(const Table *table) { return table->n_rows; }
gsize table_n_columns(const Table *table) { return table->columns->len; }
const char *table_column_name(const Table *table, gsize column) { return column_at(table, column)->name; }
const char *table_name(const Table *table) { return table->name; }

void table_set_name(Table *table, const char *path) {
  g_free(table->name);
  table->name = g_strdup(path);
}

int table_column(const Table *table, const char *name) {
  return (int)GPOINTER_TO_UINT(g_hash_table_lookup(table->indices, name)) - 1;
}

bool table_require_column(const Table *table, const char *name, gsize *column, GError **error) {
  int found = table_column(table, name);
  if (found >= 0) {
    *column = (gsize)found;
    return true;
  }
  g_autoptr(GString) names = g_string_new(NULL);
  gsize shown = MIN(table_n_columns(table), 20);
  for (gsize i = 0; i < shown; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", table_column_name(table, i));
  if (shown < table_n_columns(table))
    g_string_append(names, ", ...");
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no column '%s'; it has %s", table->name, name, names->str);
  return false;
}

gsize table_add_column(Table *table, const char *name) {
  int found = table_column(table, name);
  if (found >= 0)
    return (gsize)found;
  append_column(table, name);
  return table->columns->len - 1;
}

gsize table_add_row(Table *table) {
  for (gsize c = 0; c < table->columns->len; c++)
    g_ptr_array_add(column_at(table, c)->cells, NULL);
  return table->n_rows++;
}

const char *table_get(const Table *table, gsize row, gsize column) {
  g_assert(row < table->n_rows);
  const char *cell = column_at(table, column)->cells->pdata[row];
  return cell != NULL ? cell : MISSING;
}

bool table_is_missing(const Table *table, gsize row, gsize column) {
  const char *cell = table_get(table, row, column);
  return *cell == '\0' || strcmp(cell, MISSING) == 0;
}

void table_set(Table *table, gsize row, gsize column, const char *text) {
  g_assert(row < table->n_rows);
  char *cell = NULL;
  if (text != NULL && *text != '\0' && strcmp(text, MISSING) != 0)
    cell = g_strdelimit(g_utf8_make_valid(text, -1), "\t\r\n", ' ');
  gpointer *place = &column_at(table, column)->cells->pdata[row];
  free_cell(table, *place);
  *place = cell;
}

void table_set_double(Table *table, gsize row, gsize column, double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (value == trunc(value)) /* a count or an identifier keeps its digits */
    table_set_exact(table, row, column, value);
  else
    table_set(table, row, column, isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.10g", value) : NULL);
}

void table_set_exact(Table *table, gsize row, gsize column, double value) {
  char text[NUMBER_SIZE];
  table_set(table, row, column, isfinite(value) ? number_format(value, text) : NULL);
}

void table_set_doubles(Table *table, gsize row, gsize column, const double *values, gsize n) {
  for (gsize i = 0; i < n; i++)
    table_set_double(table, row, column + i, values[i]);
}

void table_set_int(Table *table, gsize row, gsize column, gint64 value) {
  char text[32];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  table_set(table, row, column, text);
}

bool table_get_double(const Table *table, gsize row, gsize column, double *value, GError **error) {
  const char *cell = table_get(table, row, column);
  if (table_is_missing(table, row, column)) {
    *value = NAN;
    return true;
  }
  if (number_parse_double(cell, value))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s: '%s' is not a number", table->name,
              row + 2, table_column_name(table, column), cell);
  return false;
}

GString *table_format(const Table *table) {
  GString *text = g_string_new(NULL);
  gsize n_columns = table_n_columns(table);
  for (gsize c = 0; c < n_columns; c++)
    g_string_append_printf(text, "%s%c", table_column_name(table, c), c + 1 < n_columns ? '\t' : '\n');
  for (gsize r = 0; r < table->n_rows; r++)
    for (gsize c = 0; c < n_columns; c++) {
      g_string_append(text, table_is_missing(table, r, c) ? MISSING : table_get(table, r, c));
      g_string_append_c(text, c + 1 < n_columns ? '\t' : '\n');
    }
  return text;
}

bool table_write(const Table *table, const char *path, int mode, GError **error) {
  g_autoptr(GString) text = table_format(table);
  return files_write(path, text->str, text->len, mode, error);
}

/* Ends the line that starts at `line` with a NUL and gives the next one's start, or NULL after the last. */
static char *cut_line(char *line) {
  char *end = line + strcspn(line, "\r\n");
  if (*end == '\0')
    return NULL;
  char *next = end[0] == '\r' && end[1] == '\n' ? end + 2 : end + 1;
  *end = '\0';
  return *next != '\0' ? next : NULL;
}

/* As cut_line for the cells of a line. */
static char *cut_cell(char *cell) {
  char *tab = strchr(cell, '\t');
  if (tab == NULL)
    return NULL;
  *tab = '\0';
  return tab + 1;
}

static bool parse_header(Table *table, char *line, GError **error) {
  for (char *cell = line, *next; cell != NULL; cell = next) {
    next = cut_cell(cell);
    const char *fault = *cell == '\0'                    ? "a column has no name"
                        : table_column(table, cell) >= 0 ? "two columns have this name"
                                                         : NULL;
    if (fault != NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:1: %s%s%s%s", table->name, *cell != '\0' ? "'" : "", cell,
                  *cell != '\0' ? "': " : "", fault);
      return false;
    }
    append_column(table, cell);
  }
  return true;
}

static bool parse_row(Table *table, char *line, GError **error) {
  gsize row = table_add_row(table), n = 0, n_columns = table_n_columns(table);
  for (char *cell = line, *next; cell != NULL; cell = next, n++) {
    next = cut_cell(cell);
    if (n < n_columns)
      column_at(table, n)->cells->pdata[row] = cell;
  }
  if (n != n_columns)
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s:%" G_GSIZE_FORMAT ": has %" G_GSIZE_FORMAT " cells; the header has %" G_GSIZE_FORMAT, table->name,
                row + 2, n, n_columns);
  return n == n_columns;
}

bool table_read(const char *path, Table **table, GError **error) {
  g_autoptr(Table) read = new_empty(path);
  if (!files_read(path, MAX_BYTES, &read->text, &read->text_size, error))
    return false;
  const char *fault;
  gsize bad_line;
  if (!utf8_check(read->text, read->text_size, &bad_line, &fault)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%" G_GSIZE_FORMAT ": %s", path, bad_line, fault);
    return false;
  }
  char *line = read->text + (g_str_has_prefix(read->text, "\xEF\xBB\xBF") ? 3 : 0);
  if (*line == '\0') {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: is empty; a table starts with a line of column names", path);
    return false;
  }
  for (gsize end = read->text_size; end > 0 && strchr("\r\n", read->text[end - 1]) != NULL;)
    read->text[--end] = '\0';
  char *next = cut_line(line);
  if (!parse_header(read, line, error))
    return false;
  while ((line = next) != NULL) {
    next = cut_line(line);
    if (!parse_row(read, line, error))
      return false;
  }
  *table = g_steal_pointer(&read);
  return true;
}
