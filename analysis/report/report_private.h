/* What the parts of a report share. Each part appends its section to the page and its tables and figures to the files.
 */
#ifndef DREAMRIG_REPORT_PRIVATE_H
#define DREAMRIG_REPORT_PRIVATE_H

#include "analysis/report/html.h"
#include "analysis/report/labels.h"
#include "analysis/report/report.h"

typedef struct {
  const Study *study;
  const ReportOptions *options;
  GString *html;
  ReportFiles *files;
} Report;

bool report_overview(Report *report, GError **error);
bool report_bounds(Report *report, GError **error);
bool report_layers(Report *report, GError **error);
/* Part of the layers' section: the study's groups of layers, where the set has them. */
bool report_groups(Report *report, GError **error);
bool report_joint(Report *report, GError **error);
bool report_images(Report *report, GError **error);
bool report_correlations(Report *report, GError **error);
bool report_regressions(Report *report, GError **error);
bool report_mixed(Report *report, GError **error);
bool report_questionnaires(Report *report, GError **error);
bool report_layer_tests(Report *report, GError **error);
bool report_reliability(Report *report, GError **error);
bool report_group_tests(Report *report, GError **error);
bool report_prediction(Report *report, GError **error);
bool report_methods(Report *report, GError **error);

/* Where the tables and figures of the 2024 study are in this report. */
void report_paper(Report *report);

/* What the sessions' sidecars say of protocol, versions and digests, as entries of a definition list. */
void report_sessions(Report *report);

/* Starts a section; `id` is its anchor. */
void report_section(Report *report, const char *id, const char *heading);
/* Shows n columns of a table and adds the whole of it to the files as tables/NAME.tsv; takes the table over. No columns
 * (NULL, 0): only the file. */
void report_table(Report *report, const char *name, Table *table, const HtmlColumn *columns, gsize n);
/* The same of a table that is folded away; summary: the line to click. */
void report_folded_table(Report *report, const char *name, Table *table, const HtmlColumn *columns, gsize n,
                         const char *summary);
/* Shows a figure and adds it to the files as figures/NAME.svg; takes the SVG text over. Figures in a row belong between
 * report_figures_begin and _end. */
void report_figure(Report *report, const char *name, const char *caption, char *svg);
/* The same of a figure too wide for a phone, which is scrolled there rather than shrunk. */
void report_wide_figure(Report *report, const char *name, const char *caption, char *svg);
void report_figures_begin(Report *report);
void report_figures_end(Report *report);

/* A sentence of warning where hue is among the features: it goes round, and these analyses take it as a line. */
void report_hue_caveat(Report *report);

#endif
