/* A published correlation matrix, read from a table. */
#ifndef DREAMRIG_ANALYSIS_CORRELATION_TABLE_H
#define DREAMRIG_ANALYSIS_CORRELATION_TABLE_H

#include "stimuli/base/table.h"

/* The correlations among predictors (p, p) and with the outcome (p). */
typedef struct {
  gsize p;
  char **names; /* (p + 1) NULL-terminated */
  double *predictors, *outcome;
} CorrelationTable;

/* The table's first column names each row's variable, and every other column is named after one: a square, or one half
 * of it, whose other cells (and the diagonal) are missing. predictors: the wanted ones, NULL-terminated; NULL: all but
 * the outcome, in the order of the columns. Fails with RIG_ERROR_INPUT, naming file and variables, on a variable that
 * is not there, twice there, or wanted twice, on a cell that is no number from -1 to 1, on a pair without a
 * correlation, and on a pair whose two cells differ; with RIG_ERROR_MEMORY. Free with correlation_table_clear. */
bool correlation_table_read(const Table *table, const char *outcome, const char *const *predictors,
                            CorrelationTable *correlations, GError **error);
void correlation_table_clear(CorrelationTable *correlations);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CorrelationTable, correlation_table_clear)

#endif
