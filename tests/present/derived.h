/* Reading what a study's commands write: the derived files of a data folder, and exports. A file that is not there or
 * cannot be read ends the test. */
#ifndef DREAMRIG_TESTS_PRESENT_DERIVED_H
#define DREAMRIG_TESTS_PRESENT_DERIVED_H

#include "stimuli/base/json.h"
#include "stimuli/base/table.h"

/* Of the first run of participant 01 of journal_fixture.h: the table of trials with .tsv, its sidecar with .json. */
#define DERIVED_BEHAVIOUR "sub-01/beh/sub-01_task-rating_run-1_beh"

/* bids_derive, without a fault. */
void derived_make(const char *data);

/* The UTF-8 text of FOLDER/RELATIVE; g_free it. */
char *derived_text(const char *folder, const char *relative);
Table *derived_table(const char *folder, const char *relative);
JsonNode *derived_json(const char *folder, const char *relative);

const char *derived_cell(const Table *table, gsize row, const char *column);
/* What a sidecar says of a column, which must have an entry, and of one of its values. */
JsonObject *derived_entry(const JsonNode *sidecar, const char *column);
const char *derived_level(const JsonNode *sidecar, const char *column, const char *value);
/* Fails unless every column has its entry with a description. */
void derived_check_described(const Table *table, const JsonNode *sidecar);

/* Fails unless the path, and all below it, is readable by its owner alone (files 0600, folders 0700). Returns how many
 * of the files have a name that ends so. */
gsize derived_check_private(const char *path, const char *ending);

#endif
