#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

/* Changes every cell of a column; row is from 0. */
typedef void (*Change)(Table *table, gsize row);

static void edit_table(const char *path, Change change) {
  g_autoptr(Table) table = NULL;
  g_assert_true(table_read(path, &table, NULL));
  for (gsize row = 0; row < table_n_rows(table); row++)
    change(table, row);
  g_assert_true(table_write(table, path, 0600, NULL));
}

static void edit_sessions(const MadeReport *made, Change change) {
  for (int participant = 1; participant <= made_report_full.n_participants; participant++) {
    g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made->folder,
                                            participant, participant);
    edit_table(path, change);
  }
}

static void write_report(MadeReport *made) {
  GError *error = NULL;
  made_report_write(made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(made);
}

static void name_layer(Table *table, gsize row) {
  static const char *const names[] = {"layer0", "conv2d1", "layer1", "mixed3a", "layer2", "mixed4e"};
  gsize layer = (gsize)table_column(table, "layer");
  for (gsize k = 0; k < G_N_ELEMENTS(names); k += 2)
    if (strcmp(table_get(table, row, layer), names[k]) == 0)
      table_set(table, row, layer, names[k + 1]);
}

/* A group of one layer has no spread between layers. */
static void one_layer_of_a_type_has_no_test_by_layers(void) {
  MadeReport made = made_report_folder(&made_report_full);
  g_autofree char *stimuli = g_build_filename(made.folder, "set", "stimuli.tsv", NULL);
  edit_table(stimuli, name_layer);
  edit_sessions(&made, name_layer);
  write_report(&made);
  g_assert_nonnull(strstr(made.page, "p by layers is n/a for conv2dL against mixedNm"));
  g_assert_nonnull(strstr(made.page, "(1 conv2dL, 2 mixedNm)"));
  g_assert_nonnull(strstr(made.page, "Single ratings of arousal: 1 layer conv2dL, 2 layers mixedNm."));
  g_autoptr(Table) groups = made_report_table(&made, "layer_groups");
  g_assert_true(isnan(made_report_cell(groups, 0, "layer_p")));
  made_report_clear(&made);
}

static void mirror_arousal(Table *table, gsize row) {
  double arousal;
  g_assert_true(table_get_double(table, row, (gsize)table_column(table, "arousal"), &arousal, NULL));
  table_set_int(table, row, (gsize)table_column(table, "valence"), 100 - (gint64)arousal);
}

static void scales_along_a_line_have_no_groups_together(void) {
  MadeReport made = made_report_folder(&made_report_full);
  edit_sessions(&made, mirror_arousal);
  write_report(&made);
  g_assert_nonnull(strstr(made.page, "Groups by mean arousal and valence together are n/a"));
  g_assert_null(strstr(made.page, "Groups by mean arousal are n/a"));
  g_autoptr(Table) mixtures = made_report_table(&made, "mixtures");
  for (gsize row = 0; row < table_n_rows(mixtures); row++)
    if (strcmp(table_get(mixtures, row, 0), "arousal, valence") == 0)
      g_assert_cmpstr(table_get(mixtures, row, (gsize)table_column(mixtures, "chosen")), ==, "false");
  made_report_clear(&made);
}

static void labels_and_intervals_claim_no_more_than_they_show(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  g_assert_nonnull(strstr(made.page, "high coefficient, vertical: "));
  g_assert_null(strstr(made.page, "two modes up"));
  g_assert_nonnull(strstr(made.page, "either the raters or the layer&apos;s images fall into two groups"));
  g_assert_nonnull(strstr(made.page, "its p is below .05 where the 90 % interval excludes 0"));
  g_assert_nonnull(strstr(made.page, "counts all orders up to 14 cases and takes an Edgeworth series up to 1289"));
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/reasons/one-layer-of-a-type-has-no-test-by-layers",
                  one_layer_of_a_type_has_no_test_by_layers);
  g_test_add_func("/report/reasons/scales-along-a-line-have-no-groups-together",
                  scales_along_a_line_have_no_groups_together);
  g_test_add_func("/report/reasons/labels-and-intervals-claim-no-more-than-they-show",
                  labels_and_intervals_claim_no_more_than_they_show);
  return g_test_run();
}
