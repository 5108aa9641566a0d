/* From the terms of a formula to columns of numbers. For model_frame.h.
 *
 * Categories get treatment contrasts against the first one, or one column each where R does so (a term whose margin is
 * not in the model), and the columns have R's names and order.
 *
 * Source: Chambers & Hastie 1992, Statistical Models in S, p. 38; R 4.2, terms.formula, model.matrix. */
#ifndef DREAMRIG_STATS_MODEL_COLUMNS_H
#define DREAMRIG_STATS_MODEL_COLUMNS_H

#include "analysis/stats/model_variables.h"

#define MODEL_NO_TERM G_MAXSIZE

typedef struct {
  gsize n_columns;
  char **names;   /* (n_columns) "(Intercept)", "cfc", "typepool" */
  gsize *terms;   /* (n_columns) index of the formula's term; MODEL_NO_TERM for the intercept */
  double *values; /* (n_columns, n) */
} ModelColumns;

/* Fails with RIG_ERROR_INPUT on more than 10000 columns, and with RIG_ERROR_MEMORY; clear with model_columns_clear in
 * any case. */
bool model_columns_build(const ModelVariables *variables, const FormulaSum *sum, ModelColumns *columns, GError **error);
void model_columns_clear(ModelColumns *columns);

#endif
