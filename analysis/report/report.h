/* The report of a rating study: one page that works offline, its figures, and every table as TSV. */
#ifndef DREAMRIG_REPORT_H
#define DREAMRIG_REPORT_H

#include "analysis/ratings/study.h"
#include "analysis/ratings/tables_tests.h"
#include "analysis/report/report_files.h"

typedef struct {
  StudyUnit unit;  /* the cases of correlations and regressions */
  bool one_tailed; /* the stars of the correlations, each in the direction that was found; else two-tailed */
  ResamplingOptions resampling;
} ReportOptions;

/* Makes every file of the report. Statistics that the data do not define appear as n/a with a sentence that says why;
 * that is no failure. Fails with RIG_ERROR_MEMORY, or as reading a stimulus's picture does. Free with
 * report_files_free. */
bool report_make(const Study *study, const ReportOptions *options, ReportFiles **files, GError **error);

#endif
