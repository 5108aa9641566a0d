/* Delimited text as other programs export it: tabs, commas or semicolons between cells, cells in quotes that may hold
 * separators and line ends, LF, CRLF and CR line ends (also mixed), a byte-order mark, UTF-8, UTF-16 or another named
 * encoding. table.h is the strict reader of our own files.
 *
 * Quotes are those of RFC 4180: a cell is in quotes when it starts with one; a doubled quote in it is one quote. */
#ifndef DREAMRIG_BASE_DELIMITED_H
#define DREAMRIG_BASE_DELIMITED_H

#include <glib.h>
#include <stdbool.h>

typedef struct Delimited Delimited;

typedef struct {
  char separator;       /* '\t', ',' or ';'; 0: the one that the header has most of (a line "sep=;" above it counts) */
  const char *encoding; /* as iconv names it; NULL: by the byte-order mark, else UTF-8 */
  gsize header_row;     /* 1-based, rows before it are skipped; 0: 1 */
  gsize rows_after;     /* rows between the header and the data, skipped (Qualtrics has two) */
} DelimitedOptions;

/* Reads a file; options may be NULL. Empty lines are skipped. Fails with RIG_ERROR_INPUT, naming file and line, on text
 * in another encoding, a quote that is not closed or not followed by a separator, a row with another number of cells
 * than the header, and a file without a header. Columns may lack a name, and names may repeat. Free with
 * delimited_free. */
bool delimited_read(const char *path, const DelimitedOptions *options, Delimited **delimited, GError **error);
void delimited_free(Delimited *delimited);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delimited, delimited_free)

gsize delimited_n_rows(const Delimited *delimited);
gsize delimited_n_columns(const Delimited *delimited);
const char *delimited_column_name(const Delimited *delimited, gsize column);
const char *delimited_get(const Delimited *delimited, gsize row, gsize column);
/* The 1-based line of the file on which the row starts: rows may take several. */
gsize delimited_line(const Delimited *delimited, gsize row);
const char *delimited_name(const Delimited *delimited); /* the path */
/* Fails, naming the file and the columns it has, where no column or more than one has this name. */
bool delimited_require_column(const Delimited *delimited, const char *name, gsize *column, GError **error);

#endif
