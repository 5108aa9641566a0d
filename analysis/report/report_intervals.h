/* Figures of estimates with their intervals, drawn from the rows of a table that the report shows. */
#ifndef DREAMRIG_REPORT_INTERVALS_H
#define DREAMRIG_REPORT_INTERVALS_H

#include "analysis/plot/intervals.h"
#include "analysis/report/report_private.h"

/* Which rows and columns are drawn, and how. Columns that are NULL are left out. */
typedef struct {
  const char *label, *label_2;       /* columns of a row's name; two are joined by `between` */
  const char *between;               /* NULL: ", " */
  bool variables;                    /* names of scales and features, to be read as labels */
  const char *estimate, *low, *high; /* columns */
  const char *other;                 /* of the cross beside the dot */
  const char *filled, *half;         /* columns of p: below .05 a dot is filled, else half; none: all are filled */
  const char *where, *only;          /* rows whose cell of column `where` is `only`; */
  const char *where_2, *only_2;      /* likewise */
  bool sorted;                       /* by estimate, ascending */
  double reference;                  /* a dashed line; NaN: none */
  double axis_low, axis_high;        /* the axis's range; both 0: around the values */
} ReportIntervals;

/* Draws the rows as the figure `name`; nothing where no row has an estimate. */
void report_intervals(Report *report, const Table *table, const ReportIntervals *what, const char *name,
                      const char *x_title, const char *caption);
/* The same of rows made by the caller. */
void report_interval_rows(Report *report, const IntervalRow *rows, gsize n, const ReportIntervals *what,
                          const char *name, const char *x_title, const char *caption);

#endif
