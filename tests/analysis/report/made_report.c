#include "tests/analysis/report/made_report.h"

#include "analysis/report/report_folder.h"
#include "stimuli/base/files.h"
#include "tests/support.h"

const StudyFolder made_report_full = {
    .n_layers = 6, .n_seeds = 4, .n_participants = 11, .features = true, .questionnaires = true};

#define MAX_PAGE (64 << 20)

void made_report_read_page(MadeReport *made) {
  g_autofree char *path = g_build_filename(made->out, REPORT_PAGE, NULL);
  gsize size;
  GError *error = NULL;
  g_free(made->page);
  files_read(path, MAX_PAGE, &made->page, &size, &error);
  g_assert_no_error(error);
}

bool made_report_write(const MadeReport *made, StudyUnit unit, GError **error) {
  g_autofree char *set_folder = g_build_filename(made->folder, "set", NULL);
  g_autofree char *data = g_build_filename(made->folder, "data", NULL);
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(Study) study = NULL;
  g_autoptr(ReportFiles) files = NULL;
  ReportOptions options = {.unit = unit, .one_tailed = made->one_tailed};
  return stimulus_set_open(set_folder, true, &set, error) && study_open(data, set, NULL, &study, error) &&
         report_make(study, &options, &files, error) && report_folder_write(files, made->out, error);
}

MadeReport made_report_folder(const StudyFolder *what) {
  MadeReport made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, what);
  return made;
}

MadeReport made_report_make(const StudyFolder *what, StudyUnit unit) {
  MadeReport made = made_report_folder(what);
  GError *error = NULL;
  made_report_write(&made, unit, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  return made;
}

void made_report_clear(MadeReport *made) {
  support_remove(made->folder);
  g_free(made->folder);
  g_free(made->out);
  g_free(made->page);
}

Table *made_report_table(const MadeReport *made, const char *name) {
  g_autofree char *path = g_strdup_printf("%s/%s/%s.tsv", made->out, REPORT_TABLES, name);
  Table *table = NULL;
  GError *error = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

double made_report_cell(const Table *table, gsize row, const char *column) {
  double value;
  g_assert_true(table_get_double(table, row, (gsize)table_column(table, column), &value, NULL));
  return value;
}
