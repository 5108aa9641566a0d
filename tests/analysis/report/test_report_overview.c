#include <string.h>

#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

/* Nine steps on what is taken as 0 to 100. */
static void ratings_of_another_scale_are_warned_of(void) {
  MadeReport made = made_report_folder(&made_report_full);
  GError *error = NULL;
  for (int participant = 1; participant <= made_report_full.n_participants; participant++) {
    g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made.folder,
                                            participant, participant);
    g_autoptr(Table) table = NULL;
    g_assert_true(table_read(path, &table, NULL));
    for (gsize row = 0; row < table_n_rows(table); row++)
      table_set_int(table, row, (gsize)table_column(table, "arousal"), 1 + (gint64)(row * 7 + (gsize)participant) % 9);
    g_assert_true(table_write(table, path, 0600, NULL));
  }
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(
      strstr(made.page, "ratings of arousal lie between 1 and 9, a small part of the scale from 0 to 100."));
  g_assert_null(strstr(made.page, "ratings of valence lie between"));
  made_report_clear(&made);
}

/* Intervals over single ratings say what they take for granted, and where there is one that does not. */
static void intervals_of_single_ratings_say_so(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  g_assert_nonnull(strstr(made.page, "for other participants and other images it is far too narrow"));
  g_assert_nonnull(strstr(made.page, "as independent, which makes it too narrow, often by half"));
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/overview/ratings-of-another-scale-are-warned-of", ratings_of_another_scale_are_warned_of);
  g_test_add_func("/report/overview/intervals-of-single-ratings-say-so", intervals_of_single_ratings_say_so);
  return g_test_run();
}
