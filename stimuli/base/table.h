/* A table of text cells with named columns, read from and written to TSV: tab-separated, one header line, UTF-8,
 * dot decimals, "n/a" for a missing value (as BIDS wants). Cells never hold tabs or line ends. */
#ifndef DREAMRIG_BASE_TABLE_H
#define DREAMRIG_BASE_TABLE_H

#include <glib.h>
#include <stdbool.h>

typedef struct Table Table;

/* A table with these columns (copied, unique) and no rows. Free with table_free. */
Table *table_new(const char *const *columns, gsize n_columns);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)

/* Reads a TSV file; accepts LF, CRLF and CR line ends and a byte-order mark. Fails, naming file and line, on a row with
 * another number of cells than the header, a duplicate or empty column name, or text that is not UTF-8. */
bool table_read(const char *path, Table **table, GError **error);
/* Writes atomically (files.h). Mode as for files_write. */
bool table_write(const Table *table, const char *path, int mode, GError **error);
/* The TSV text, header first. Free with g_string_free. */
GString *table_format(const Table *table);

gsize table_n_rows(const Table *table);
gsize table_n_columns(const Table *table);
const char *table_column_name(const Table *table, gsize column);
/* The column's index, or -1. */
int table_column(const Table *table, const char *name);
/* As table_column, but fails with a message that names the table's file and the columns it has. */
bool table_require_column(const Table *table, const char *name, gsize *column, GError **error);
/* The column's index; adds it at the right, filled with "n/a", where it is missing. */
gsize table_add_column(Table *table, const char *name);

/* Appends a row of "n/a"; returns its index. */
gsize table_add_row(Table *table);
const char *table_get(const Table *table, gsize row, gsize column);
void table_set(Table *table, gsize row, gsize column, const char *text);
/* In ten digits (%.10g), but a whole number as table_set_exact; NaN and Inf become n/a. */
void table_set_double(Table *table, gsize row, gsize column, double value);
/* As number_format writes it: what is read back is equal. NaN and Inf become n/a. */
void table_set_exact(Table *table, gsize row, gsize column, double value);
/* The row's n cells from `column` on, as table_set_double. */
void table_set_doubles(Table *table, gsize row, gsize column, const double *values, gsize n);
void table_set_int(Table *table, gsize row, gsize column, gint64 value);
bool table_is_missing(const Table *table, gsize row, gsize column); /* "n/a" or empty */
/* The cell as a number; "n/a" and "" give NaN. Fails, naming file, line and column, on other text and on "inf", "nan".
 */
bool table_get_double(const Table *table, gsize row, gsize column, double *value, GError **error);
/* The file's path where the table was read from one, else "table". For messages. */
const char *table_name(const Table *table);
/* Names a table that was made from a file by other means. */
void table_set_name(Table *table, const char *path);

#endif
