#include "analysis/report/report_intervals.h"

#include <math.h>
#include <string.h>

#include "analysis/report/report_tests_private.h"

#define SIGNIFICANT 0.05
#define ONE_COLUMN 24 /* rows that a figure shows in one column */
#define COLUMNS 3     /* of a figure with more */

static bool has_cell(const Table *table, gsize row, const char *column, const char *text) {
  if (column == NULL)
    return true;
  int at = table_column(table, column);
  return at >= 0 && strcmp(table_get(table, row, (gsize)at), text) == 0;
}

static double number(const Table *table, gsize row, const char *column) {
  return column != NULL ? report_cell(table, row, column) : NAN;
}

/* Free with g_free. */
static char *row_name(const Table *table, gsize row, const ReportIntervals *what) {
  const char *first = table_get(table, row, (gsize)table_column(table, what->label));
  g_autofree char *label = what->variables ? report_label(first) : g_strdup(first);
  if (what->label_2 == NULL)
    return g_steal_pointer(&label);
  return g_strconcat(label, what->between != NULL ? what->between : ", ",
                     table_get(table, row, (gsize)table_column(table, what->label_2)), NULL);
}

static IntervalMark mark_of(const Table *table, gsize row, const ReportIntervals *what) {
  if (what->filled == NULL || number(table, row, what->filled) < SIGNIFICANT)
    return INTERVAL_FILLED;
  return number(table, row, what->half) < SIGNIFICANT ? INTERVAL_HALF : INTERVAL_HOLLOW;
}

static int by_estimate(gconstpointer a, gconstpointer b) {
  double x = ((const IntervalRow *)a)->estimate, y = ((const IntervalRow *)b)->estimate;
  if (isnan(x) || isnan(y))
    return (isnan(x) ? 1 : 0) - (isnan(y) ? 1 : 0);
  return (x > y) - (x < y);
}

void report_interval_rows(Report *report, const IntervalRow *rows, gsize n, const ReportIntervals *what,
                          const char *name, const char *x_title, const char *caption) {
  bool any = false;
  for (gsize i = 0; i < n; i++)
    any = any || isfinite(rows[i].estimate);
  if (!any)
    return;
  bool around = what->axis_low == 0 && what->axis_high == 0;
  const Intervals intervals = {.title = caption,
                               .x_title = x_title,
                               .rows = rows,
                               .n_rows = n,
                               .per_column = n <= ONE_COLUMN ? n : (n + COLUMNS - 1) / COLUMNS,
                               .reference = what->reference,
                               .low = around ? NAN : what->axis_low,
                               .high = around ? NAN : what->axis_high};
  if (n <= ONE_COLUMN)
    report_figure(report, name, caption, intervals_plot(&intervals));
  else
    report_wide_figure(report, name, caption, intervals_plot(&intervals));
}

void report_intervals(Report *report, const Table *table, const ReportIntervals *what, const char *name,
                      const char *x_title, const char *caption) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(IntervalRow));
  for (gsize row = 0; row < table_n_rows(table); row++) {
    if (!has_cell(table, row, what->where, what->only) || !has_cell(table, row, what->where_2, what->only_2) ||
        table_is_missing(table, row, (gsize)table_column(table, what->label)))
      continue;
    char *text = row_name(table, row, what);
    g_ptr_array_add(names, text);
    const IntervalRow made = {text,
                              number(table, row, what->estimate),
                              number(table, row, what->low),
                              number(table, row, what->high),
                              number(table, row, what->other),
                              mark_of(table, row, what)};
    g_array_append_val(rows, made);
  }
  if (what->sorted)
    g_array_sort(rows, by_estimate);
  report_interval_rows(report, (const IntervalRow *)rows->data, rows->len, what, name, x_title, caption);
}
