/* The folder of a set before its first dream: settings that agree, start images, record. */
#ifndef DREAMRIG_DREAM_SET_FOLDER_H
#define DREAMRIG_DREAM_SET_FOLDER_H

#include "synth/dream/recipe_inputs.h"
#include "synth/dream/set_table.h"

/* Makes the folder ready for this recipe, or checks that the set in it is of this recipe and this version of the
 * program. Writes set.recipe, the start images, stimuli.json and an empty stimuli.tsv where they are missing. Leaves a
 * folder alone that is refused: where it has no set.recipe, one with a table, a record, or a file of the name of one of
 * the set's own. */
bool set_folder_prepare(const RecipeInputs *inputs, const char *folder, const SetRow *rows, gsize n_rows,
                        SetTable *table, GError **error);

#endif
