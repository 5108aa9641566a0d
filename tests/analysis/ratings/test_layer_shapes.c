#include <math.h>

#include "analysis/ratings/tables_tests.h"
#include "analysis/stats/dip.h"
#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

static const StudyFolder folder = {.n_layers = 2, .n_seeds = 4, .n_participants = 30},
                         pair = {.n_layers = 2, .n_seeds = 4, .n_participants = 2},
                         three = {.n_layers = 2, .n_seeds = 4, .n_participants = 3};

/* What a participant (0, 1...) rates an image with, on both scales. */
typedef int (*Rule)(int participant, int image);

static int images_fall_into_two_groups(int participant, int image) {
  (void)participant;
  return image % 2 == 0 ? 12 + image : 84 + image;
}

static int raters_fall_into_two_groups(int participant, int image) {
  return (participant % 2 == 0 ? 11 : 83) + participant / 2 % 5 + image;
}

static void write_ratings(const MadeReport *made, int n_participants, Rule rule) {
  for (int participant = 0; participant < n_participants; participant++) {
    g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made->folder,
                                            participant + 1, participant + 1);
    g_autoptr(Table) table = NULL;
    g_assert_true(table_read(path, &table, NULL));
    for (gsize row = 0; row < table_n_rows(table); row++) {
      table_set_int(table, row, (gsize)table_column(table, "arousal"), rule(participant, (int)row));
      table_set_int(table, row, (gsize)table_column(table, "valence"), rule(participant, (int)row));
    }
    g_assert_true(table_write(table, path, 0600, NULL));
  }
}

static Table *shapes_of(const StudyFolder *of, Rule rule) {
  static const ResamplingOptions resampling = {200, 3, 1};
  MadeReport made = made_report_folder(of);
  write_ratings(&made, of->n_participants, rule);
  g_autofree char *set_folder = g_build_filename(made.folder, "set", NULL),
                  *data = g_build_filename(made.folder, "data", NULL);
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(Study) study = NULL;
  Table *table = NULL;
  GError *error = NULL;
  g_assert_true(stimulus_set_open(set_folder, true, &set, &error) && study_open(data, set, NULL, &study, &error));
  g_assert_true(tables_layer_shapes(study, &resampling, &table, &error));
  made_report_clear(&made);
  return table;
}

/* Everyone rates alike, so that nobody disagrees: what is left about the images' means is constant. */
static void two_groups_of_images_make_no_dip_within_images(void) {
  g_autoptr(Table) table = shapes_of(&folder, images_fall_into_two_groups);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    g_assert_cmpfloat(made_report_cell(table, row, "dip_p"), <, 0.001);
    g_assert_true(isnan(made_report_cell(table, row, "dip_within")));
    g_assert_true(isnan(made_report_cell(table, row, "dip_within_p")));
  }
}

static void two_groups_of_raters_make_a_dip_within_images(void) {
  g_autoptr(Table) table = shapes_of(&folder, raters_fall_into_two_groups);
  for (gsize row = 0; row < table_n_rows(table); row++) {
    g_assert_cmpfloat(made_report_cell(table, row, "dip_p"), <, 0.001);
    g_assert_cmpfloat(made_report_cell(table, row, "dip_within"), >, 0.1);
    g_assert_cmpfloat(made_report_cell(table, row, "dip_within_p"), <, 0.001);
  }
}

static int everyone_differs(int participant, int image) {
  return 20 + 17 * participant + (image * 7 + participant) % 11;
}

/* Two ratings of an image are mirror images about their mean, whatever they are. */
static void dips_within_images_need_three_raters(void) {
  g_autoptr(Table) of_two = shapes_of(&pair, everyone_differs), of_three = shapes_of(&three, everyone_differs);
  for (gsize row = 0; row < table_n_rows(of_two); row++) {
    g_assert_false(isnan(made_report_cell(of_two, row, "dip")));
    g_assert_true(isnan(made_report_cell(of_two, row, "dip_within")));
    g_assert_true(isnan(made_report_cell(of_two, row, "dip_within_p")));
    g_assert_cmpfloat(made_report_cell(of_three, row, "dip_within"), >, 1.0 / 24);
    g_assert_cmpfloat(made_report_cell(of_three, row, "dip_within_p"), >, 1.0 / (1 + DIP_WITHIN_SAMPLES));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ratings/layer-shapes/two-groups-of-images-make-no-dip-within-images",
                  two_groups_of_images_make_no_dip_within_images);
  g_test_add_func("/ratings/layer-shapes/two-groups-of-raters-make-a-dip-within-images",
                  two_groups_of_raters_make_a_dip_within_images);
  g_test_add_func("/ratings/layer-shapes/dips-within-images-need-three-raters", dips_within_images_need_three_raters);
  return g_test_run();
}
