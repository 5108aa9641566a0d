/* The list of its own files that a report holds, and what follows from it. For report_folder.c. */
#ifndef DREAMRIG_REPORT_FOLDER_LIST_H
#define DREAMRIG_REPORT_FOLDER_LIST_H

#include "analysis/report/report_folder.h"

/* A set of relative paths; free with g_hash_table_unref. NULL where the folder holds no valid list. */
GHashTable *report_folder_list_read(const char *folder);
bool report_folder_list_write(const char *folder, GHashTable *paths, GError **error);
/* The paths of the files, and of `earlier` where not NULL. */
GHashTable *report_folder_list_of(const ReportFiles *files, GHashTable *earlier);

/* Removes the listed files, then the folders and the list as far as nothing else is in them. */
void report_folder_list_remove(const char *folder, GHashTable *paths);
/* Whether an entry of `parent` is a temporary folder for a report called `base` that no running program holds. */
bool report_folder_is_leftover(const char *parent, const char *entry, const char *base);
/* Removes such folders. */
void report_folder_remove_leftovers(const char *parent, const char *base);
/* An empty temporary folder in `parent`, and a lock on it that lasts until close(*lock): while it is held, the folder
 * is no leftover. Free the path with g_free. */
bool report_folder_temporary(const char *parent, const char *base, char **path, int *lock, GError **error);

#endif
