/* A report's folder on disk: written as a whole or not at all, and only ever over an earlier report's own files.
 *
 * A report holds a list of its files (REPORT_FOLDER_LIST). A folder without that list is no report of ours, and files
 * in tables/ or figures/ that are not on it are somebody else's: both are refused. Files beside them stay. */
#ifndef DREAMRIG_REPORT_FOLDER_H
#define DREAMRIG_REPORT_FOLDER_H

#include "analysis/report/report_files.h"

#define REPORT_FOLDER_LIST ".dreamrig-report"

/* Fails where report_folder_write would, before the work: RIG_ERROR_INPUT where the folder is neither new, nor empty,
 * nor an earlier report, saying what is in the way; RIG_ERROR_OUTPUT where it cannot be written to. Changes nothing. */
bool report_folder_check(const char *folder, GError **error);
/* Writes everything into a temporary folder (0700, files 0600: the tables hold participants' data), ".NAME.XXXXXX"
 * beside the target, and puts that in place: a new report appears, an earlier one is exchanged, by one rename. Where
 * the folder holds other files too, is a mount point or the current folder, or lies in a folder that cannot be written
 * to, the temporary folder is made inside and the report's entries are exchanged one by one. A link to a folder is
 * followed. Where writing fails, or a signal has come since stop_begin (stimuli/base/stop.h: RIG_ERROR_STATE), the
 * earlier report is untouched and nothing new is left, unless exchanges of entries cannot be taken back: then the error
 * names the temporary folder that holds the rest of the earlier report. Temporary folders that killed runs left are
 * removed. */
bool report_folder_write(const ReportFiles *files, const char *folder, GError **error);

#endif
