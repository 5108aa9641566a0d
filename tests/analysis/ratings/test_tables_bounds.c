#include "analysis/ratings/tables_bounds.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

/* Arousal on a scale from 0.1 to 0.7, whose middle, 0.4, is none in binary; the mean of the first image, 0.13, is 5 %
 * of the range from the bound, that of the second, 0.14, further. Valence on 0 to 100, with such means of 4, 5, 97. */
static const double arousal[SMALL_STUDY_IMAGES][SMALL_STUDY_PARTICIPANTS] = {
    {0.1, 0.1, 0.1, 0.1, 0.25}, {0.1, 0.1, 0.1, 0.2, 0.2}, {0.7, 0.7, NAN, 0.7, 0.6},
    {0.7, 0.7, 0.7, 0.7, 0.4},  {0.4, 0.4, 0.3, 0.5, 0.1}, {0.4, 0.2, 0.7, 0.35, 0.55}};
static const double valence[SMALL_STUDY_IMAGES][SMALL_STUDY_PARTICIPANTS] = {
    {0, 0, 5, 10, 5},         {0, 6, 6, 6, 7},       {50, 50.5, 49, 100, 100},
    {100, 100, 100, 100, 70}, {100, 95, 97, 96, 97}, {98, 90, 94, 95, 93}};

static char *data_file(const char *folder, const char *label, int run) {
  return g_strdup_printf("%s/%s/beh/%s_task-rating_run-%d_beh.tsv", folder, label, label, run);
}

static char *write_data(void) {
  char *folder = small_study_data();
  small_study_write(folder, "task-rating_beh.json", "{\"arousal\": {\"Minimum\": 0.1, \"Maximum\": 0.7}}");
  for (int p = 0; p < SMALL_STUDY_PARTICIPANTS; p++) {
    g_autofree char *label = g_strdup_printf("sub-%02d", p + 1), *path = data_file(folder, label, 1);
    g_autoptr(Table) table = NULL;
    g_assert_true(table_read(path, &table, NULL));
    for (gsize row = 0; row < table_n_rows(table); row++) {
      const char *id = table_get(table, row, (gsize)table_column(table, "stim_id"));
      gsize image = (gsize)(id[strlen("image-")] - '1');
      table_set_double(table, row, (gsize)table_column(table, "arousal"), arousal[image][p]);
      table_set_double(table, row, (gsize)table_column(table, "valence"), valence[image][p]);
    }
    g_assert_true(table_write(table, path, 0600, NULL));
  }
  return folder;
}

static Study *open_study(const char *folder, const StimulusSet *set) {
  Study *study = NULL;
  GError *error = NULL;
  study_open(folder, set, NULL, &study, &error);
  g_assert_no_error(error);
  return study;
}

static double cell(const Table *table, gsize row, const char *column) {
  double value;
  g_assert_cmpint(table_column(table, column), >=, 0);
  g_assert_true(table_get_double(table, row, (gsize)table_column(table, column), &value, NULL));
  return value;
}

/* Counted by hand. */
static void ends_and_middle_are_counted(void) {
  static const struct {
    const char *column;
    double arousal, valence;
  } expected[] = {{"low", 0.1, 0},
                  {"high", 0.7, 100},
                  {"n", 29, 30},
                  {"n_low", 8, 3},
                  {"n_middle", 4, 1},
                  {"n_high", 8, 7},
                  {"share_low", 8 / 29.0, 3 / 30.0},
                  {"share_middle", 4 / 29.0, 1 / 30.0},
                  {"share_high", 8 / 29.0, 7 / 30.0},
                  {"share_bounds", 16 / 29.0, 10 / 30.0},
                  {"images_rated", 6, 6},
                  {"images_near_low", 1, 2},
                  {"images_near_high", 1, 1},
                  {"layers_rated", 3, 3},
                  {"layers_near_low", 0, 1},
                  {"layers_near_high", 0, 1}};
  g_autofree char *folder = write_data();
  g_autoptr(StimulusSet) set = small_study_set();
  g_autoptr(Study) study = open_study(folder, set);
  g_autoptr(Table) table = tables_bounds(study);
  g_assert_cmpuint(table_n_rows(table), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    /* Tables hold ten digits. */
    support_assert_near(expected[i].column, cell(table, 0, expected[i].column), expected[i].arousal, 1e-9, 0);
    support_assert_near(expected[i].column, cell(table, 1, expected[i].column), expected[i].valence, 1e-9, 0);
  }
  support_remove(folder);
}

/* Half is not more than half. */
static void participants_mostly_at_bounds_are_marked(void) {
  static const double n[] = {12, 12, 11, 12, 12}, n_bounds[] = {8, 6, 5, 5, 2},
                      of_arousal[] = {4 / 6.0, 4 / 6.0, 4 / 5.0, 3 / 6.0, 1 / 6.0};
  g_autofree char *folder = write_data();
  g_autoptr(StimulusSet) set = small_study_set();
  g_autoptr(Study) study = open_study(folder, set);
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_bounds_participants(study, &table, NULL));
  g_assert_cmpuint(table_n_rows(table), ==, 5);
  for (gsize row = 0; row < 5; row++) {
    g_assert_cmpfloat(cell(table, row, "n"), ==, n[row]);
    g_assert_cmpfloat(cell(table, row, "n_bounds"), ==, n_bounds[row]);
    support_assert_near("share", cell(table, row, "share_bounds"), n_bounds[row] / n[row], 1e-9, 0);
    support_assert_near("arousal", cell(table, row, "arousal_share_bounds"), of_arousal[row], 1e-9, 0);
    g_assert_cmpstr(table_get(table, row, 4), ==, row == 0 ? "true" : "false");
  }
  support_remove(folder);
}

static void sessions_of_a_participant_count_together(void) {
  g_autofree char *folder = write_data();
  g_autofree char *from = data_file(folder, "sub-02", 1), *to = data_file(folder, "sub-01", 2);
  g_assert_cmpint(g_rename(from, to), ==, 0);
  g_autoptr(StimulusSet) set = small_study_set();
  g_autoptr(Study) study = open_study(folder, set);
  g_autoptr(Table) table = NULL;
  g_assert_true(tables_bounds_participants(study, &table, NULL));
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  g_assert_cmpfloat(cell(table, 0, "n"), ==, 24);
  g_assert_cmpfloat(cell(table, 0, "n_bounds"), ==, 14);
  g_assert_cmpstr(table_get(table, 1, 0), ==, "sub-03");
  g_assert_cmpfloat(cell(table, 1, "n_bounds"), ==, 5);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ratings/tables-bounds/ends-and-middle-are-counted", ends_and_middle_are_counted);
  g_test_add_func("/ratings/tables-bounds/participants-mostly-at-bounds-are-marked",
                  participants_mostly_at_bounds_are_marked);
  g_test_add_func("/ratings/tables-bounds/sessions-of-a-participant-count-together",
                  sessions_of_a_participant_count_together);
  return g_test_run();
}
