#include <string.h>

#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

/* Of eleven participants the first rates all at the low bounds and the second all arousal, which is half of the
 * ratings: 48 of 264 ratings of arousal (18.2 %) and 24 of valence (9.1 %). */
static void write_ratings(const MadeReport *made, bool bounds) {
  for (int participant = 1; participant <= made_report_full.n_participants; participant++) {
    g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made->folder,
                                            participant, participant);
    g_autoptr(Table) table = NULL;
    g_assert_true(table_read(path, &table, NULL));
    for (gsize row = 0; row < table_n_rows(table); row++) {
      gint64 inside = 25 + (gint64)(row * 13 + (gsize)participant * 5) % 24;
      table_set_int(table, row, (gsize)table_column(table, "arousal"), bounds && participant <= 2 ? 0 : inside);
      table_set_int(table, row, (gsize)table_column(table, "valence"), bounds && participant == 1 ? 0 : 90 - inside);
    }
    g_assert_true(table_write(table, path, 0600, NULL));
  }
}

static MadeReport make_report(bool bounds) {
  MadeReport made = made_report_folder(&made_report_full);
  GError *error = NULL;
  write_ratings(&made, bounds);
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  return made;
}

static void floors_and_who_makes_them_are_told(void) {
  MadeReport made = make_report(true);
  g_assert_nonnull(strstr(made.page, "At the bounds are 18.2 % of the ratings of arousal (18.2 % low, 0.0 % high)"));
  g_assert_nonnull(strstr(made.page, "More than 15 % at the low bound is a floor effect"));
  g_assert_nonnull(strstr(
      made.page,
      "At the bounds are 9.1 % of the ratings of valence (9.1 % low, 0.0 % high). Neither bound has more than 15 %."));
  g_assert_null(strstr(made.page, "ceiling effect: "));
  g_assert_nonnull(strstr(made.page, "1 of 11 participants has more than half of the ratings, over all scales, at "
                                     "bounds: sub-01 (100.0 %)."));
  g_autoptr(Table) table = made_report_table(&made, "bounds"),
                   participants = made_report_table(&made, "bounds_participants");
  g_assert_cmpfloat(made_report_cell(table, 0, "n_low"), ==, 48);
  g_assert_cmpfloat(made_report_cell(participants, 1, "share_bounds"), ==, 0.5);
  made_report_clear(&made);
}

static void ratings_inside_raise_no_warning(void) {
  MadeReport made = make_report(false);
  g_assert_nonnull(strstr(made.page, "At the bounds are 0.0 % of the ratings of arousal"));
  g_assert_nonnull(strstr(made.page, "Of 11 participants none has more than half of the ratings at bounds."));
  g_assert_null(strstr(made.page, "bound is a "));
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/bounds/floors-and-who-makes-them-are-told", floors_and_who_makes_them_are_told);
  g_test_add_func("/report/bounds/ratings-inside-raise-no-warning", ratings_inside_raise_no_warning);
  return g_test_run();
}
