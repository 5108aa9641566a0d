/* The variables of a formula over the complete rows of a table: numbers and categories. For model_frame.h.
 *
 * A column is numeric when each of its cells is a number or missing ("n/a", "NA", "NaN" or empty); otherwise, within
 * factor(), and where it only groups, it holds categories, in ascending order of their bytes. Where
 * every cell of such a column is a number, the order is that of their values, and numbers that are the same to 15 digits
 * are one category, as in R, with a note of two spellings; within factor() it has R's name of the number, else the
 * spelling that comes first. scale() is over all cells of the column that have a
 * value, as in R, also those of rows that are left out for a missing value elsewhere. */
#ifndef DREAMRIG_STATS_MODEL_VARIABLES_H
#define DREAMRIG_STATS_MODEL_VARIABLES_H

#include "analysis/stats/formula.h"
#include "stimuli/base/table.h"

typedef struct {
  double *values; /* (n) of a numeric one, else NULL */
  guint32 *level; /* (n) of a factor, else NULL */
  gsize n_levels;
  char *const *levels; /* (n_levels) their names */
  char **own_levels;   /* NULL where the names are another's */
} ModelVariable;

typedef struct {
  const Formula *formula;   /* borrowed */
  char *source;             /* the table's name, for messages */
  gsize n;                  /* complete rows */
  gsize *rows;              /* (n) the table's row of each; NULL where they were gathered */
  double *y;                /* (n) */
  ModelVariable *variables; /* (formula->n_variables) */
  GPtrArray *notes;         /* char: what a reader must be told of the columns, a sentence each */
} ModelVariables;

/* The formula must outlive the variables. Fails as model_frame_new. Free with model_variables_free. */
bool model_variables_new(const Formula *formula, const Table *table, ModelVariables **variables, GError **error);
/* n rows in which variable v has the value of row rows[v][i] of `from`, which must outlive the result; y is 0. Fails
 * with RIG_ERROR_MEMORY. */
bool model_variables_gather(const ModelVariables *from, gsize n, const gsize *const *rows, ModelVariables **variables,
                            GError **error);
void model_variables_free(ModelVariables *variables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModelVariables, model_variables_free)

/* Appends the notes on the columns to the message of an error (NULL, or none set: nothing is done), for what cannot be
 * fitted may be so because of what they tell. */
void model_variables_explain(const GPtrArray *notes, GError **error);

/* The variables that are part of an effect, as bits; the others only group. */
guint64 model_variables_effects(const Formula *formula);

#endif
