/* The data of a folder for other programs: one long table of ratings with its data dictionary, and the questionnaires,
 * as TSV or as a Psych-DS dataset. Made from the journals, so that a folder needs no derived files.
 *
 * The long table has a row for each rating: participant, session, run, the trial's columns as in the BIDS files, then
 * `scale`, `rating` and what is known of its slider. A trial that was broken off has rows without ratings. */
#ifndef DREAMRIG_EXPORT_H
#define DREAMRIG_EXPORT_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  EXPORT_TSV, /* ratings, participants and phenotype/QUESTION, each .tsv with its dictionary as .json; missing: n/a */
  /* dataset_description.json (schema.org Dataset with variableMeasured), README.md and data/KEYWORDS_data.csv (RFC
   * 4180, UTF-8); missing: NA. Source: Psych-DS schema model 1.5.0, https://psych-ds.github.io. */
  EXPORT_PSYCH_DS,
} ExportFormat;

/* Writes a new folder (0700, files 0600), which appears whole or not at all. Fails where it is there and not empty,
 * where the data folder has no journals, and on the first journal that can't be read. */
bool export_data(const char *data, const char *folder, ExportFormat format, GError **error);
/* The same, but journals that can't be read are left out, unless that holds for all: the table "skipped" names them,
 * and *left_out are the messages, one a journal, none where all could be read. Free it with g_strfreev. */
bool export_readable(const char *data, const char *folder, ExportFormat format, char ***left_out, GError **error);

#endif
