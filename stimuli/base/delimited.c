#include "stimuli/base/delimited.h"

#include <string.h>

#include "stimuli/base/command.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"

#define MAX_BYTES ((gsize)1 << 31)
#define COLUMNS_NAMED 20 /* in messages */
#define UTF8_MARK "\xEF\xBB\xBF"

struct Delimited {
  char *name;
  char *text;       /* cut into cells in place */
  GPtrArray *cells; /* char *, inside text: the header's, then row by row */
  GArray *lines;    /* gsize: of each row, the header's first */
  gsize n_columns;
};

/* A position in the text. */
typedef struct {
  Delimited *own;
  char *at;
  gsize line;
  char separator;
} Cursor;

void delimited_free(Delimited *delimited) {
  if (delimited == NULL)
    return;
  g_free(delimited->name);
  g_free(delimited->text);
  g_ptr_array_free(delimited->cells, TRUE);
  g_array_free(delimited->lines, TRUE);
  g_free(delimited);
}

gsize delimited_n_rows(const Delimited *delimited) { return delimited->lines->len - 1; }
gsize delimited_n_columns(const Delimited *delimited) { return delimited->n_columns; }
const char *delimited_name(const Delimited *delimited) { return delimited->name; }

const char *delimited_column_name(const Delimited *delimited, gsize column) {
  g_assert(column < delimited->n_columns);
  return delimited->cells->pdata[column];
}

const char *delimited_get(const Delimited *delimited, gsize row, gsize column) {
  g_assert(row < delimited_n_rows(delimited) && column < delimited->n_columns);
  return delimited->cells->pdata[(row + 1) * delimited->n_columns + column];
}

gsize delimited_line(const Delimited *delimited, gsize row) { return g_array_index(delimited->lines, gsize, row + 1); }

bool delimited_require_column(const Delimited *delimited, const char *name, gsize *column, GError **error) {
  gsize found = 0, n_found = 0;
  for (gsize i = 0; i < delimited->n_columns; i++)
    if (strcmp(delimited_column_name(delimited, i), name) == 0 && n_found++ == 0)
      found = i;
  if (n_found == 1) {
    *column = found;
    return true;
  }
  if (n_found > 1) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %zu columns are named '%s'", delimited->name, n_found, name);
    return false;
  }
  g_autoptr(GString) names = g_string_new(NULL);
  for (gsize i = 0; i < MIN(delimited->n_columns, COLUMNS_NAMED); i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", delimited_column_name(delimited, i));
  const char *near = command_nearest(name, (const char *const *)delimited->cells->pdata, delimited->n_columns);
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: no column '%s'; %s%s%s%s%s", delimited->name, name,
              near != NULL ? "did you mean '" : "it has ", near != NULL ? near : names->str, near != NULL ? "'" : "",
              near != NULL ? "?" : "", near == NULL && delimited->n_columns > COLUMNS_NAMED ? ", ..." : "");
  return false;
}

static const char *guess_encoding(const char *data, gsize size) {
  if (size >= 2 && memcmp(data, "\xFF\xFE", 2) == 0)
    return "UTF-16LE";
  if (size >= 2 && memcmp(data, "\xFE\xFF", 2) == 0)
    return "UTF-16BE";
  /* Without a mark: a header's first letter is ASCII. */
  if (size >= 2 && size % 2 == 0 && (data[0] == '\0') != (data[1] == '\0'))
    return data[1] == '\0' ? "UTF-16LE" : "UTF-16BE";
  return NULL;
}

static bool to_utf8(const char *path, const char *encoding, char **text, gsize *size, GError **error) {
  if (encoding == NULL)
    encoding = guess_encoding(*text, *size);
  if (encoding != NULL && g_ascii_strcasecmp(encoding, "UTF-8") != 0) {
    GError *cause = NULL;
    gsize written;
    char *converted = g_convert(*text, (gssize)*size, "UTF-8", encoding, NULL, &written, &cause);
    if (converted == NULL) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: the text is not %s: %s", path, encoding, cause->message);
      g_error_free(cause);
      return false;
    }
    g_free(*text);
    *text = converted;
    *size = written;
  }
  const char *invalid;
  if (g_utf8_validate(*text, (gssize)*size, &invalid))
    return true;
  gsize line = 1;
  for (const char *c = *text; c < invalid; c++)
    line += *c == '\n' || (*c == '\r' && c[1] != '\n');
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s:%zu: the text is not UTF-8; where it is in another encoding, that must be named", path, line);
  return false;
}

static bool at_line_end(const Cursor *cursor) { return *cursor->at == '\n' || *cursor->at == '\r'; }

static void skip_line_end(Cursor *cursor) {
  cursor->at += cursor->at[0] == '\r' && cursor->at[1] == '\n' ? 2 : 1;
  cursor->line++;
}

/* Takes a quoted cell's text together, over the quotes; the cursor then stands behind the closing one. */
static bool cut_quoted(Cursor *cursor, char **end, GError **error) {
  gsize opened = cursor->line;
  char *to = cursor->at++;
  for (;; cursor->at++) {
    char c = *cursor->at;
    if (c == '\0') {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: a quote is not closed", cursor->own->name, opened);
      return false;
    }
    if (c == '"' && *++cursor->at != '"')
      break;
    cursor->line += c == '\n' || (c == '\r' && cursor->at[1] != '\n');
    *to++ = c;
  }
  *end = to;
  if (*cursor->at == '\0' || *cursor->at == cursor->separator || at_line_end(cursor))
    return true;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: text after a closing quote (a quote inside one is doubled)",
              cursor->own->name, cursor->line);
  return false;
}

/* Appends a row's cells; *n_cells: how many. */
static bool cut_row(Cursor *cursor, gsize *n_cells, GError **error) {
  *n_cells = 0;
  for (bool more = true; more;) {
    char *start = cursor->at, *end;
    if (*start == '"') {
      if (!cut_quoted(cursor, &end, error))
        return false;
    } else {
      while (*cursor->at != '\0' && *cursor->at != cursor->separator && !at_line_end(cursor))
        cursor->at++;
      end = cursor->at;
    }
    g_ptr_array_add(cursor->own->cells, start);
    ++*n_cells;
    more = *cursor->at != '\0' && *cursor->at == cursor->separator;
    if (more)
      cursor->at++;
    else if (*cursor->at != '\0')
      skip_line_end(cursor);
    *end = '\0'; /* last: it may be the separator's or the line end's place */
  }
  return true;
}

/* The separator that the row has most of, outside quotes. */
static char guess_separator(const char *row) {
  static const char candidates[] = {'\t', ';', ','};
  gsize counts[G_N_ELEMENTS(candidates)] = {0}, best = 0;
  bool quoted = false;
  for (; *row != '\0' && (quoted || (*row != '\n' && *row != '\r')); row++) {
    quoted = quoted != (*row == '"');
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++)
      counts[i] += !quoted && *row == candidates[i];
  }
  for (gsize i = 1; i < G_N_ELEMENTS(candidates); i++)
    if (counts[i] > counts[best])
      best = i;
  return counts[best] > 0 ? candidates[best] : ',';
}

/* "sep=;", which Excel takes as its own. */
static void read_separator_line(Cursor *cursor, bool wanted) {
  if (g_ascii_strncasecmp(cursor->at, "sep=", 4) != 0 || cursor->at[4] == '\0' || strchr("\t;,", cursor->at[4]) == NULL)
    return;
  char separator = cursor->at[4];
  if (cursor->at[5] != '\r' && cursor->at[5] != '\n')
    return;
  cursor->at += 5;
  skip_line_end(cursor);
  if (wanted)
    cursor->separator = separator;
}

static void skip_empty_lines(Cursor *cursor) {
  while (at_line_end(cursor))
    skip_line_end(cursor);
}

static bool skip_rows(Cursor *cursor, gsize n, GError **error) {
  GPtrArray *cells = cursor->own->cells;
  for (gsize i = 0, n_cells; i < n; i++) {
    guint kept = cells->len;
    skip_empty_lines(cursor);
    if (*cursor->at != '\0' && !cut_row(cursor, &n_cells, error))
      return false;
    g_ptr_array_set_size(cells, (gint)kept);
  }
  return true;
}

static bool cut_header(Cursor *cursor, const DelimitedOptions *options, GError **error) {
  bool guess = cursor->separator == '\0';
  read_separator_line(cursor, guess);
  for (gsize i = 1; i < options->header_row; i++) {
    skip_empty_lines(cursor);
    if (cursor->separator == '\0')
      cursor->separator = guess_separator(cursor->at);
    if (!skip_rows(cursor, 1, error))
      return false;
    if (guess)
      cursor->separator = '\0';
  }
  skip_empty_lines(cursor);
  if (*cursor->at == '\0') {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: has no line of column names", cursor->own->name);
    return false;
  }
  if (cursor->separator == '\0')
    cursor->separator = guess_separator(cursor->at);
  g_array_append_val(cursor->own->lines, cursor->line);
  return cut_row(cursor, &cursor->own->n_columns, error);
}

static bool cut_rows(Cursor *cursor, GError **error) {
  Delimited *own = cursor->own;
  for (skip_empty_lines(cursor); *cursor->at != '\0'; skip_empty_lines(cursor)) {
    gsize line = cursor->line, n_cells;
    if (!cut_row(cursor, &n_cells, error))
      return false;
    if (n_cells != own->n_columns) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s:%zu: has %zu cells; the header has %zu", own->name, line,
                  n_cells, own->n_columns);
      return false;
    }
    g_array_append_val(own->lines, line);
  }
  return true;
}

bool delimited_read(const char *path, const DelimitedOptions *options, Delimited **delimited, GError **error) {
  static const DelimitedOptions defaults = {0};
  if (options == NULL)
    options = &defaults;
  g_autoptr(Delimited) read = g_new0(Delimited, 1);
  read->name = g_strdup(path);
  read->cells = g_ptr_array_new();
  read->lines = g_array_new(FALSE, FALSE, sizeof(gsize));
  gsize size;
  if (!files_read(path, MAX_BYTES, &read->text, &size, error) ||
      !to_utf8(path, options->encoding, &read->text, &size, error))
    return false;
  Cursor cursor = {read, read->text, 1, options->separator};
  if (g_str_has_prefix(cursor.at, UTF8_MARK))
    cursor.at += strlen(UTF8_MARK);
  if (!cut_header(&cursor, options, error) || !skip_rows(&cursor, options->rows_after, error) ||
      !cut_rows(&cursor, error))
    return false;
  *delimited = g_steal_pointer(&read);
  return true;
}
