/* The files of a report, gathered in memory and written all together or not at all. */
#ifndef DREAMRIG_REPORT_FILES_H
#define DREAMRIG_REPORT_FILES_H

#include <glib.h>
#include <stdbool.h>

#include "stimuli/base/table.h"

#define REPORT_PAGE "report.html"
#define REPORT_TABLES "tables"
#define REPORT_FIGURES "figures"

typedef struct ReportFiles ReportFiles;
ReportFiles *report_files_new(void);
void report_files_free(ReportFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportFiles, report_files_free)

/* Adds "tables/NAME.tsv" ("figures/NAME.svg", "report.html"); each name once. */
void report_files_add_table(ReportFiles *files, const char *name, const Table *table);
void report_files_add_figure(ReportFiles *files, const char *name, const char *svg);
void report_files_add_page(ReportFiles *files, const char *html, gsize size);

/* Fails with RIG_ERROR_INPUT where the folder is neither new, nor empty, nor a report; RIG_ERROR_OUTPUT where its
 * parent can't be written to. For use before the work, too. */
bool report_files_check(const char *folder, GError **error);
/* Writes everything into a new folder beside the target (0700, files 0600: the tables hold participants' data) and then
 * puts that in place: a new report appears by one rename. An earlier report's page, tables/ and figures/ are replaced;
 * other files of its folder stay. Where writing fails the earlier report is untouched and nothing new is left. */
bool report_files_write(const ReportFiles *files, const char *folder, GError **error);

#endif
