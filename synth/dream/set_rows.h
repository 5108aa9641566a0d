/* The rows that a recipe's set has, before any image is made. */
#ifndef DREAMRIG_DREAM_SET_ROWS_H
#define DREAMRIG_DREAM_SET_ROWS_H

#include "stimuli/base/table.h"
#include "synth/dream/recipe_inputs.h"

/* A row of stimuli.tsv. Strings belong to the array that the row is of, or to whoever made the row. */
typedef struct {
  const char *id, *file, *sha256, *network, *layer, *layer_type;
  int depth;
  gint64 seed;
  double objective_before, objective_after;
} SetRow;

/* What the recipe says of every stimulus, layer by layer, seed by seed: all but digest and objectives. The inputs must
 * outlive it. */
SetRow *set_rows_new(const RecipeInputs *inputs, gsize *n_rows);
void set_rows_free(SetRow *rows, gsize n_rows);

/* Writes the row's cells, adding the columns that are missing. */
void set_row_fill(const SetRow *row, Table *table, gsize at);
/* Whether the table's cells say what the recipe says, and a digest and numbers (or n/a) where the recipe says nothing.
 */
bool set_row_agrees(const SetRow *row, const Table *table, gsize at);

/* The ids of a set's stimuli in their order; NULL-terminated. Free with g_strfreev. */
char **set_ids(const Recipe *recipe);

#endif
