/* The parts of the derivation: one journal's behaviour files, and the files of the whole study. Internal to bids. */
#ifndef DREAMRIG_BIDS_FILES_H
#define DREAMRIG_BIDS_FILES_H

#include "present/journal/journal.h"
#include "stimuli/base/table.h"

/* Writes a private file below a data folder, making its folder; leaves it alone where its bytes are right already. */
bool bids_write(const char *data, const char *relative, const char *text, gsize size, GError **error);
bool bids_write_table(const char *data, const char *relative, const Table *table, GError **error);
bool bids_write_json(const char *data, const char *relative, JsonObject *object, GError **error);
/* A column's entry in a sidecar: {"Description":...} with "Units" where given. Owned by the sidecar; NULL units: none.
 */
JsonObject *bids_describe(JsonObject *sidecar, const char *column, const char *description, const char *units);

/* A time or duration to the nanosecond; n/a where it is not known. */
char *bids_seconds(double seconds); /* g_free it */
void bids_set_seconds(Table *table, gsize row, gsize column, double seconds);

/* A table with its columns' data dictionary; `stem` is its place without an extension: "phenotype/mood". */
typedef bool (*BidsPut)(gpointer context, const char *stem, const Table *table, JsonObject *columns, GError **error);
/* Writes ROOT/STEM.tsv and .json, missing values as n/a. A BidsPut with the root's path as its context. */
bool bids_put_tsv(gpointer root, const char *stem, const Table *table, JsonObject *columns, GError **error);

/* "sub-ID/[ses-S/]beh/sub-ID[_ses-S]_task-T_run-N" of a journal. Free with g_free. */
char *bids_stem(const JournalContents *contents);
/* The trials' table and what its columns mean. Fails on names that make no columns. */
bool bids_behaviour_table(const JournalContents *contents, Table **table, JsonObject **columns, GError **error);
/* StimulusPresentation: operating system, software and screen. Unref it. */
JsonObject *bids_presentation(const JournalPart *part);
/* What holds for a whole session: task, end, protocol, its displays. Each is a member of the sidecar. */
void bids_describe_session(JsonObject *sidecar, const JournalContents *contents);
/* bids_stem_beh.tsv and .json. */
bool bids_write_behaviour(const char *data, const JournalContents *contents, GError **error);

/* bids_stem_events.tsv and .json where the session sent markers: everything with its time, for the recording that ran
 * alongside. */
bool bids_write_events(const char *data, const JournalContents *contents, GError **error);

/* Describes the column "simulated". */
void bids_describe_simulated(JsonObject *sidecar);

/* What accumulates over the journals. */
typedef struct BidsStudy BidsStudy;
BidsStudy *bids_study_new(void);
void bids_study_free(BidsStudy *study);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BidsStudy, bids_study_free)
/* Takes up a journal; fails where its questions are not such as a protocol can have. */
bool bids_study_add(BidsStudy *study, const JournalContents *contents, GError **error);
/* Notes a journal that is left out, and why; its participant is listed. `data` is the folder it lies in. */
void bids_study_add_unreadable(BidsStudy *study, const char *data, const char *path, const char *reason);
/* A row for each journal that was left out: journal (below the data folder), reason. The study's own. */
const Table *bids_study_left_out(const BidsStudy *study, JsonObject *columns);
/* "participants", "phenotype/pages" and "phenotype/QUESTION", in this order. */
bool bids_study_tables(const BidsStudy *study, BidsPut put, gpointer context, GError **error);
/* The title of the first journal's protocol; "" for none. */
const char *bids_study_title(const BidsStudy *study);
/* That data are simulated, in a sentence; NULL where all participants are human. Free with g_free. */
char *bids_study_simulated(const BidsStudy *study);
/* dataset_description.json, README, participants and phenotypes. */
bool bids_study_write(BidsStudy *study, const char *data, GError **error);

/* The objects of an array member of the journal's design; an empty array where there is none. Unref it. */
JsonArray *bids_design_list(const JournalHeader *header, const char *name);

#endif
