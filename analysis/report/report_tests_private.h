/* What the sections of further tests share. */
#ifndef DREAMRIG_REPORT_TESTS_PRIVATE_H
#define DREAMRIG_REPORT_TESTS_PRIVATE_H

#include "analysis/ratings/tables_tests.h"
#include "analysis/report/report_private.h"

typedef struct {
  const char *column, *heading;
  CellKind kind;
} ReportColumn;

/* Shows these columns of a table and adds the whole of it to the files; takes the table over. summary: the line to
 * click where the table is folded away; NULL: it is not. */
void report_test_table(Report *report, const char *name, Table *table, const ReportColumn *columns, gsize n,
                       const char *summary);
/* The rows in which the column's number is below the bound (and cell `where` is `only`, where that is not NULL). */
gsize report_count_below(const Table *table, const char *column, double bound, gsize where, const char *only);
/* A cell's number; NaN where it has none. */
double report_cell(const Table *table, gsize row, const char *column);

#endif
