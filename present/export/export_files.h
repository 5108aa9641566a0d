/* The parts of the export: reshaping, and one writer a format. Internal to export. */
#ifndef DREAMRIG_EXPORT_FILES_H
#define DREAMRIG_EXPORT_FILES_H

#include "present/bids/bids_files.h"

/* The long table under construction. */
typedef struct {
  Table *table;
  JsonObject *columns; /* the data dictionary, as bids_describe makes it */
} LongTable;

LongTable long_table_new(void);
void long_table_clear(LongTable *table);
/* Adds a row for each rating of a journal. */
bool long_table_add(LongTable *table, const JournalContents *contents, GError **error);

/* A Psych-DS dataset: CSV files as they come, then what describes them all. */
typedef struct PsychDs PsychDs;
PsychDs *psych_ds_new(const char *root, const char *task);
void psych_ds_free(PsychDs *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PsychDs, psych_ds_free)
/* Writes data/[task-T_]description-STEM_data.csv. A BidsPut with the PsychDs as its context. */
bool psych_ds_put(gpointer dataset, const char *stem, const Table *table, JsonObject *columns, GError **error);
/* Writes dataset_description.json and README.md. `simulated` may be NULL. */
bool psych_ds_finish(PsychDs *dataset, const char *title, const char *simulated, GError **error);

#endif
