/* The record of a synthesis, as JSON: everything a methods section needs, and nothing of this machine but its BLAS. */
#ifndef DREAMRIG_DREAM_RECORD_H
#define DREAMRIG_DREAM_RECORD_H

#include "stimuli/base/json.h"
#include "synth/dream/recipe_inputs.h"

#define DREAM_PROGRAM "dreamrig-synth"

/* Members: program, network {name, file, sha256, note}, blas (list), generator, objective (what the numbers before and
 * after are), and recipe (the settled recipe, grouped as in its file). Free with json_object_unref. */
JsonObject *dream_record_new(const RecipeInputs *inputs);
/* Appends a start image to the record's "starts": the seed it is for, its file and digest; "noise" recipes say how the
 * noise was drawn. `file` may be NULL where none was written. */
void dream_record_add_start(JsonObject *record, const RecipeInputs *inputs, gint64 seed, const char *file,
                            const char *sha256);
/* Whether "starts" has this file with this digest. */
bool dream_record_has_start(JsonObject *record, const char *file, const char *sha256);
/* Adds the BLAS descriptions of an older record of the same set that this one lacks. */
void dream_record_merge_blas(JsonObject *record, JsonObject *older);

#endif
