/* One line of a journal: its text, its place in the chain of digests. Internal to the journal. */
#ifndef DREAMRIG_JOURNAL_LINE_H
#define DREAMRIG_JOURNAL_LINE_H

#include "present/journal/journal.h"

#define JOURNAL_DIGEST_SIZE 65 /* hex and a NUL; "" before the first line */
#define JOURNAL_MAX_SIZE ((gsize)1 << 30)

/* The line with its line end; `digest` holds the line before's and gets this one's. Free with g_string_free. */
GString *journal_line_format(gsize sequence, const char *type, JsonObject *data, char digest[JOURNAL_DIGEST_SIZE]);
/* Checks the digest (of `size` bytes without the line end), then the JSON and the sequence number. `name` is for
 * messages ("FILE:LINE"). Free *type with g_free and *data with json_object_unref; `digest` as above. */
bool journal_line_parse(const char *name, const char *line, gsize size, gsize sequence,
                        char digest[JOURNAL_DIGEST_SIZE], char **type, JsonObject **data, GError **error);
/* Whether the digest fits: false is damage. */
bool journal_line_intact(const char *line, gsize size, const char digest[JOURNAL_DIGEST_SIZE]);

/* Where a part's clock stands: members of the header and of every resumption. */
void journal_put_clocks(JsonObject *object, const JournalHeader *header);
JsonObject *journal_header_to_json(const JournalHeader *header);
bool journal_header_from_json(JsonObject *object, JournalHeader **header, GError **error);

/* DATA/sourcedata/sub-ID/[ses-S]; session may be NULL. Free with g_free. */
char *journal_folder(const char *data, const char *participant, const char *session);
/* "sub-ID[_ses-S]_task-T". Free with g_free. */
char *journal_prefix(const char *participant, const char *session, const char *task);
/* The run of a file "PREFIX_run-N_journal.jsonl", or 0 for other names. */
gsize journal_file_run(const char *file, const char *prefix);
/* The highest run in a folder; 0 for none. */
gsize journal_highest_run(const char *folder, const char *prefix);

#endif
