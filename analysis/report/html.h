/* Pieces of an HTML page, appended to a string; texts are plain UTF-8 and are escaped here. */
#ifndef DREAMRIG_REPORT_HTML_H
#define DREAMRIG_REPORT_HTML_H

#include <glib.h>

#include "stimuli/base/table.h"

void html_text(GString *html, const char *text);
/* As html_text, but with places where a line may break after _ / and -, for long names. */
void html_breakable(GString *html, const char *text);
/* <name class="class">text</name>; class may be NULL. */
void html_element(GString *html, const char *name, const char *class_name, const char *text);
/* A paragraph from a printf format. */
void html_paragraph(GString *html, const char *class_name, const char *format, ...) G_GNUC_PRINTF(3, 4);

typedef enum {
  CELL_TEXT,
  CELL_PROSE,    /* a sentence, which may take several lines */
  CELL_VARIABLE, /* a scale or feature: its label, and its name in small type */
  CELL_MARK,     /* as CELL_TEXT; a missing one stays empty */
  CELL_COUNT,    /* a whole number */
  CELL_FIXED_1,  /* one decimal */
  CELL_FIXED_2,
  CELL_FIXED_3,
  CELL_COMPACT, /* four significant digits */
  CELL_P
} CellKind;

/* A column of a table that the page shows. */
typedef struct {
  const char *column;  /* of the table; one that it lacks is left out of the page */
  const char *heading; /* as read */
  CellKind kind;
} HtmlColumn;

/* These n columns of the table's rows, in order, as an HTML table that scrolls sideways where the screen is narrow. */
void html_table(GString *html, const Table *table, const HtmlColumn *columns, gsize n);

#endif
