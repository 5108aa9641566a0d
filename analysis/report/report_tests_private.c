#include "analysis/report/report_tests_private.h"

#include <math.h>
#include <string.h>

double report_cell(const Table *table, gsize row, const char *column) {
  double value;
  int at = table_column(table, column);
  return at >= 0 && table_get_double(table, row, (gsize)at, &value, NULL) ? value : NAN;
}

gsize report_count_below(const Table *table, const char *column, double bound, gsize where, const char *only) {
  gsize count = 0;
  for (gsize row = 0; row < table_n_rows(table); row++)
    if ((only == NULL || strcmp(table_get(table, row, where), only) == 0) && report_cell(table, row, column) < bound)
      count++;
  return count;
}
