/* The files of a report, gathered in memory. report_folder.h puts them on disk. */
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

/* Adds "tables/NAME.tsv" ("figures/NAME.svg") and returns that path, which the files own. Names may hold anything that
 * a questionnaire is called: what is not a-z, 0-9, _ or - becomes _ (capitals small letters), and a name that is taken
 * gets a number ("NAME-2"). */
const char *report_files_add_table(ReportFiles *files, const char *name, const Table *table);
const char *report_files_add_figure(ReportFiles *files, const char *name, const char *svg);
/* Adds figures/NAME.pdf and NAME.png of every figure so far, n_workers at a time (0: one per processor). */
bool report_files_add_prints(ReportFiles *files, gsize n_workers, GError **error);
/* Adds "report.html"; once. */
void report_files_add_page(ReportFiles *files, const char *html, gsize size);

/* The i-th file's path, relative to the report's folder, and its content. */
gsize report_files_count(const ReportFiles *files);
const char *report_files_path(const ReportFiles *files, gsize i);
const char *report_files_data(const ReportFiles *files, gsize i, gsize *size);
/* Whether a path is one that a report can have; so that a list of paths from a file can be trusted. */
bool report_files_is_path(const char *path);

#endif
