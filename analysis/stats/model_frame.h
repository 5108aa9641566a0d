/* From a formula and a table to what a fit needs: the response, the columns of the fixed effects, the groups and
 * columns of the random effects, over the complete rows
 * (model_variables.h says what is a category, model_columns.h how categories are coded). */
#ifndef DREAMRIG_STATS_MODEL_FRAME_H
#define DREAMRIG_STATS_MODEL_FRAME_H

#include "analysis/stats/model_columns.h"

/* All random effects of one grouping factor. Effects of different blocks have no correlation. */
typedef struct {
  char *name; /* "image:layer" */
  gsize n_levels;
  guint32 *level;    /* (n) 0..n_levels-1, in order of appearance */
  gsize *example;    /* (n_levels) the first row of each */
  GArray *variables; /* gsize: of the formula, in the order of the name */
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
  gsize *rows;        /* (n) the table's row of each; NULL where they were gathered */
  GPtrArray *notes;    /* char: of the columns, as ModelVariables has them; NULL where there is no table */
} ModelFrame;

/* Fails with RIG_ERROR_INPUT, naming file and column, on a column that is missing or all missing, a response that is
 * not numeric, a function of a value that has no finite one, a random effect given twice, fewer than two complete rows;
 * with RIG_ERROR_MEMORY. Free with model_frame_free. */
bool model_frame_new(const Formula *formula, const Table *table, ModelFrame **frame, GError **error);
/* The same of variables that are read already; n_incomplete and n_duplicates are 0. */
bool model_frame_build(const ModelVariables *variables, ModelFrame **frame, GError **error);
void model_frame_free(ModelFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModelFrame, model_frame_free)

#endif
