#include <string.h>

#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

/* Two raters who disagree: an intraclass correlation below 0 is no share of anything. */
static void disagreement_is_no_reliability(void) {
  StudyFolder what = made_report_full;
  what.n_participants = 2;
  MadeReport made = made_report_folder(&what);
  g_autofree char *first = g_strconcat(made.folder, "/data/sub-01/beh/sub-01_task-rating_run-1_beh.tsv", NULL),
                  *second = g_strconcat(made.folder, "/data/sub-02/beh/sub-02_task-rating_run-1_beh.tsv", NULL);
  g_autoptr(Table) one = NULL, two = NULL;
  GError *error = NULL;
  g_assert_true(table_read(first, &one, NULL) && table_read(second, &two, NULL));
  gsize arousal = (gsize)table_column(one, "arousal");
  for (gsize row = 0; row < table_n_rows(one); row++) {
    table_set_int(one, row, arousal, 30 + (gint64)(row * 7 % 40));
    table_set_int(two, row, arousal, 70 - (gint64)(row * 7 % 40) + (gint64)(row % 3));
  }
  g_assert_true(table_write(one, first, 0600, NULL) && table_write(two, second, 0600, NULL));
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(
      strstr(made.page, "Raters do not agree on arousal: the intraclass correlation of single ratings is \u2212"));
  g_assert_null(strstr(made.page, "with a reliability of \u2212"));
  g_autoptr(Table) forms = made_report_table(&made, "reliability");
  for (gsize row = 0; row < 6; row++)
    g_assert_false(made_report_cell(forms, row, "icc") > 1);
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/reliability/disagreement-is-no-reliability", disagreement_is_no_reliability);
  return g_test_run();
}
