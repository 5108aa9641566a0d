/* What the sections of further tests share. */
#ifndef DREAMRIG_REPORT_TESTS_PRIVATE_H
#define DREAMRIG_REPORT_TESTS_PRIVATE_H

#include "analysis/ratings/tables_tests.h"
#include "analysis/report/report_private.h"

/* The rows in which the column's number is below the bound (and cell `where` is `only`, where that is not NULL). */
gsize report_count_below(const Table *table, const char *column, double bound, gsize where, const char *only);
/* A cell's number; NaN where it has none. */
double report_cell(const Table *table, gsize row, const char *column);

#endif
