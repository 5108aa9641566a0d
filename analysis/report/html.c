#include "analysis/report/html.h"

#include "analysis/report/labels.h"
#include "analysis/report/number_text.h"

#include <string.h>

void html_text(GString *html, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  g_string_append(html, escaped);
}

void html_breakable(GString *html, const char *text) {
  for (const char *start = text; *start != '\0';) {
    gsize length = strcspn(start, "_/-");
    length += start[length] != '\0';
    g_autofree char *part = g_strndup(start, length);
    html_text(html, part);
    start += length;
    if (*start != '\0')
      g_string_append(html, "<wbr>");
  }
}

static void open_tag(GString *html, const char *name, const char *class_name) {
  if (class_name != NULL)
    g_string_append_printf(html, "<%s class=\"%s\">", name, class_name);
  else
    g_string_append_printf(html, "<%s>", name);
}

void html_element(GString *html, const char *name, const char *class_name, const char *text) {
  open_tag(html, name, class_name);
  html_text(html, text);
  g_string_append_printf(html, "</%s>\n", name);
}

void html_paragraph(GString *html, const char *class_name, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *text = g_strdup_vprintf(format, list);
  va_end(list);
  html_element(html, "p", class_name, text);
}

static char *cell_text(const Table *table, gsize row, gsize column, CellKind kind) {
  const char *text = table_get(table, row, column);
  if (kind == CELL_MARK)
    return g_strdup(table_is_missing(table, row, column) ? "" : text);
  if (kind == CELL_TEXT || kind == CELL_PROSE || kind == CELL_VARIABLE || table_is_missing(table, row, column))
    return g_strdup(text);
  char *end;
  double value = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0')
    return g_strdup(text);
  switch (kind) {
  case CELL_COUNT:
    return number_fixed(value, 0);
  case CELL_FIXED_1:
    return number_fixed(value, 1);
  case CELL_FIXED_2:
    return number_fixed(value, 2);
  case CELL_FIXED_3:
    return number_fixed(value, 3);
  case CELL_P:
    return number_p(value);
  default:
    return number_compact(value, 4);
  }
}

/* "(intercept)" has no other name. */
static void variable_cell(GString *html, const char *name) {
  g_autofree char *label = report_label(name);
  g_string_append(html, "<td class=\"text\">");
  html_text(html, label);
  if (g_ascii_strcasecmp(label, name) != 0)
    html_element(html, "span", "name", name);
  g_string_append(html, "</td>\n");
}

#define NARROW_COLUMNS 5 /* that a phone shows at once */
#define MANY_COLUMNS 10  /* more than this need small type on paper */

void html_table(GString *html, const Table *table, const HtmlColumn *columns, gsize n) {
  g_string_append_printf(html, "<div class=\"scroll%s\">", n > NARROW_COLUMNS ? " hint" : "");
  g_string_append_printf(html, "<table%s>\n<thead><tr>", n > MANY_COLUMNS ? " class=\"many\"" : "");
  for (gsize i = 0; i < n; i++) {
    const HtmlColumn *column = &columns[i];
    if (table_column(table, column->column) >= 0)
      html_element(html, "th", column->kind <= CELL_MARK ? "text" : NULL, column->heading);
  }
  g_string_append(html, "</tr></thead>\n<tbody>\n");
  for (gsize row = 0; row < table_n_rows(table); row++) {
    g_string_append(html, "<tr>");
    for (gsize i = 0; i < n; i++) {
      const HtmlColumn *column = &columns[i];
      int at = table_column(table, column->column);
      if (at < 0)
        continue;
      g_autofree char *text = cell_text(table, row, (gsize)at, column->kind);
      const char *class_name = strcmp(text, "n/a") == 0     ? "none"
                               : column->kind == CELL_PROSE ? "text prose"
                               : column->kind <= CELL_MARK  ? "text"
                                                            : NULL;
      if (column->kind == CELL_VARIABLE)
        variable_cell(html, text);
      else
        html_element(html, "td", class_name, text);
    }
    g_string_append(html, "</tr>\n");
  }
  g_string_append(html, "</tbody></table></div>\n");
}
