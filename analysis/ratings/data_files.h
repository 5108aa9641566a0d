/* The files that a rating study's data are in: a folder of session data (BIDS), a folder of tables, or one table. */
#ifndef DREAMRIG_RATINGS_DATA_FILES_H
#define DREAMRIG_RATINGS_DATA_FILES_H

#include <glib.h>
#include <stdbool.h>

/* Whether the path is a folder without session data (no sub-LABEL and no dataset_description.json) that has tables. */
bool data_files_is_table_folder(const char *path);
/* The tables (*.csv, *.tsv, *.txt) of a folder by name, or the one file; the array owns the paths (char *). Fails with
 * RIG_ERROR_INPUT where the folder cannot be read or has none. */
bool data_files_tables(const char *path, GPtrArray **paths, GError **error);
/* All files that hold data, so that none is overwritten: the one file, or a folder's tables; of session data also the
 * other files of the folder, and those in the folders sub-LABEL, phenotype and sourcedata. Empty where the path cannot
 * be read. Free with g_ptr_array_unref. */
GPtrArray *data_files_all(const char *path);

#endif
