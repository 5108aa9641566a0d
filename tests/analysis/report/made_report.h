/* A small study (study_folder.h), reported and read back. */
#ifndef DREAMRIG_TESTS_MADE_REPORT_H
#define DREAMRIG_TESTS_MADE_REPORT_H

#include "analysis/report/report.h"
#include "tests/analysis/report/study_folder.h"

typedef struct {
  char *folder, *out, *page;
  bool one_tailed;
} MadeReport;

extern const StudyFolder made_report_full; /* with all that a study can have */

/* Writes the report of FOLDER/data and FOLDER/set to `out`. */
bool made_report_write(const MadeReport *made, StudyUnit unit, GError **error);
void made_report_read_page(MadeReport *made);
/* All of it, in a new temporary folder. */
MadeReport made_report_make(const StudyFolder *what, StudyUnit unit);
/* The study's folders alone, without a report. */
MadeReport made_report_folder(const StudyFolder *what);
void made_report_clear(MadeReport *made);
Table *made_report_table(const MadeReport *made, const char *name);
double made_report_cell(const Table *table, gsize row, const char *column);

#endif
