/* From a formula and a table to what a fit needs: the response, the columns of the fixed effects, the groups and
 * columns of the random effects, over the complete rows.
 *
 * A column is numeric when each of its cells is a number or missing ("n/a", "NA", "NaN" or empty); otherwise, and
 * within factor(), it holds categories, in ascending order of their bytes (numbers, in factor(), by value). Categories
 * get treatment contrasts against the first one, or one column each where R does so (a term whose margin is not in the
 * model), and the columns have R's names and order.
 *
 * Source: Chambers & Hastie 1992, Statistical Models in S, p. 38; R 4.2, terms.formula, model.matrix. */
#ifndef DREAMRIG_STATS_MODEL_FRAME_H
#define DREAMRIG_STATS_MODEL_FRAME_H

#include "analysis/stats/formula.h"
#include "stimuli/base/table.h"

#define MODEL_NO_TERM G_MAXSIZE

typedef struct {
  gsize n_columns;
  char **names;   /* (n_columns) "(Intercept)", "cfc", "typepool" */
  gsize *terms;   /* (n_columns) index of the formula's term; MODEL_NO_TERM for the intercept */
  double *values; /* (n_columns, n) */
} ModelColumns;

/* All random effects of one grouping factor. Effects of different blocks have no correlation. */
typedef struct {
  char *name; /* "image:layer" */
  gsize n_levels;
  guint32 *level; /* (n) 0..n_levels-1, in order of appearance */
  ModelColumns effects;
  gsize *block; /* (n_columns), ascending */
} ModelGroup;

typedef struct {
  gsize n;             /* complete rows */
  gsize n_incomplete;  /* rows left out for a missing value */
  gsize n_duplicates;  /* rows used that equal an earlier one in every cell of the table */
  gsize duplicate_row; /* the table's index of the first of them */
  char *response;
  double *y; /* (n) */
  ModelColumns fixed;
  gsize n_groups;
  ModelGroup *groups; /* (n_groups), in order of appearance */
  gsize *rows;        /* (n) the table's row of each */
} ModelFrame;

/* Fails with RIG_ERROR_INPUT, naming file and column, on a column that is missing or all missing, a response that is
 * not numeric, log() or sqrt() of what has none, a random effect given twice, fewer than two complete rows; with
 * RIG_ERROR_MEMORY. Free with model_frame_free. */
bool model_frame_new(const Formula *formula, const Table *table, ModelFrame **frame, GError **error);
void model_frame_free(ModelFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModelFrame, model_frame_free)

#endif
