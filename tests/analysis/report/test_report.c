#include "analysis/report/report.h"
#include "analysis/report/report_folder.h"
#include "analysis/stats/distributions.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_complete(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  static const char *const tables[] = {"scales",
                                       "bounds",
                                       "bounds_participants",
                                       "layers",
                                       "images",
                                       "correlations",
                                       "regression_arousal",
                                       "regression_arousal_summary",
                                       "regression_valence",
                                       "regression_valence_summary",
                                       "mixed_arousal",
                                       "mixed_valence",
                                       "anova_arousal_attitude",
                                       "anova_groups_arousal_attitude",
                                       "anova_valence_attitude",
                                       "anova_arousal_self_esteem",
                                       "anova_valence_self_esteem",
                                       "participants",
                                       "ratings",
                                       "exclusions"};
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
    table_free(made_report_table(&made, tables[i]));
  static const char *const figures[] = {"boxes_arousal_by_median",
                                        "boxes_valence_by_depth",
                                        "correlations",
                                        "scatter_arousal_cfc",
                                        "anova_valence_attitude",
                                        "histogram_arousal",
                                        "bounds",
                                        "mixed_arousal",
                                        "mixed_valence_shares",
                                        "regression_arousal",
                                        "layer_tests_arousal_neutral",
                                        "layer_tests_valence_mean",
                                        "layer_shapes_arousal",
                                        "layer_entropy",
                                        "joint_pictures_1",
                                        "joint_pictures_8",
                                        "prediction",
                                        "further_correlations_valence",
                                        "reliability",
                                        "variance_components_arousal",
                                        "participant_means_arousal",
                                        "mixtures_arousal",
                                        "group_tests_arousal_attitude",
                                        "group_pairs_valence_self_esteem"};
  for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
    g_autofree char *path = g_strdup_printf("%s/%s/%s.svg", made.out, REPORT_FIGURES, figures[i]);
    g_autofree char *svg = NULL;
    if (!g_file_get_contents(path, &svg, NULL, NULL))
      g_error("no figure %s", figures[i]);
    g_assert_nonnull(strstr(made.page, svg)); /* the page has the very figure */
  }
  made_report_clear(&made);
}

/* Nothing is loaded from anywhere: the only addresses are the SVG name space. */
static void test_offline(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  for (const char *at = made.page; (at = strstr(at, "://")) != NULL; at++)
    g_assert_true(g_str_has_prefix(at, "://www.w3.org/2000/svg\""));
  g_assert_null(strstr(made.page, "<script"));
  g_assert_null(strstr(made.page, "<link"));
  g_assert_null(strstr(made.page, "@import"));
  made_report_clear(&made);
}

static void test_same_numbers(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  g_autoptr(Table) ratings = made_report_table(&made, "ratings");
  g_autoptr(Table) layers = made_report_table(&made, "layers");
  double sum = 0;
  gsize n = 0;
  for (gsize row = 0; row < table_n_rows(ratings); row++)
    if (strcmp(table_get(ratings, row, (gsize)table_column(ratings, "layer")), "layer2") == 0) {
      sum += made_report_cell(ratings, row, "arousal");
      n++;
    }
  g_assert_cmpuint(n, ==, 44);
  support_assert_near("mean of a layer", made_report_cell(layers, 2, "arousal_mean"), sum / 44, 1e-9, 0);
  g_autoptr(Table) matrix = made_report_table(&made, "correlations");
  g_assert_cmpuint(table_n_rows(matrix), ==, 28);
  g_assert_cmpfloat(made_report_cell(matrix, 0, "n"), ==, 24);
  made_report_clear(&made);
}

static void test_layer_unit(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_LAYER);
  g_autoptr(Table) matrix = made_report_table(&made, "correlations");
  g_assert_cmpfloat(made_report_cell(matrix, 0, "n"), ==, 6);
  g_assert_nonnull(strstr(made.page, "Over layers"));
  made_report_clear(&made);
}

static const char *stars(const Table *table, gsize row) {
  gsize column = (gsize)table_column(table, "stars");
  return table_is_missing(table, row, column) ? "" : table_get(table, row, column);
}

/* The study's Table 1 took one tail: a p of .06 with two has a star with one. */
static void test_tails(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  g_autoptr(Table) two = made_report_table(&made, "correlations");
  g_assert_nonnull(strstr(made.page, "Stars, two-tailed:"));
  made.one_tailed = true;
  GError *error = NULL;
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_autoptr(Table) one = made_report_table(&made, "correlations");
  g_assert_nonnull(strstr(made.page, "Stars, one-tailed, each in the direction that was found:"));
  gsize differ = 0;
  for (gsize row = 0; row < table_n_rows(one); row++) {
    double p = made_report_cell(two, row, "p_two_tailed");
    g_assert_cmpfloat(made_report_cell(two, row, "tails"), ==, 2);
    g_assert_cmpfloat(made_report_cell(one, row, "tails"), ==, 1);
    g_assert_cmpfloat(made_report_cell(one, row, "p_two_tailed"), ==, p);
    g_assert_cmpstr(stars(two, row), ==, distribution_stars(p));
    g_assert_cmpstr(stars(one, row), ==, distribution_stars(p / 2));
    differ += strcmp(stars(one, row), stars(two, row)) != 0;
  }
  g_assert_cmpuint(differ, >, 0);
  made_report_clear(&made);
}

static void test_banners(void) {
  StudyFolder what = made_report_full;
  MadeReport made = made_report_make(&what, STUDY_UNIT_IMAGE);
  g_assert_null(strstr(made.page, "SIMULATED DATA"));
  g_assert_null(strstr(made.page, "Note on the network"));
  made_report_clear(&made);
  what.simulated = true;
  what.note = "has <random> weights";
  made = made_report_make(&what, STUDY_UNIT_IMAGE);
  g_assert_nonnull(strstr(made.page, "SIMULATED DATA"));
  g_assert_nonnull(strstr(made.page, "testnet: has &lt;random&gt; weights."));
  made_report_clear(&made);
}

/* A record written by hand may hold anything; GLib's tests end on a critical message. */
static void test_odd_record(void) {
  MadeReport made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, &made_report_full);
  g_autofree char *record = g_build_filename(made.folder, "set", MANIFEST_RECORD, NULL);
  g_assert_true(g_file_set_contents(
      record, "{\"network\":{\"name\":3,\"note\":[1]},\"recipe\":5,\"features\":[1],\"program\":null}", -1, NULL));
  GError *error = NULL;
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_clear(&made);
}

/* Whatever the data do not define is n/a with a sentence; never a number, never "nan" or "inf". */
static void assert_undefined(const StudyFolder *what, const char *sentence, const char *table, const char *column) {
  MadeReport made = made_report_make(what, STUDY_UNIT_IMAGE);
  if (strstr(made.page, sentence) == NULL)
    g_test_message("no sentence: %s", sentence);
  g_assert_nonnull(strstr(made.page, sentence));
  g_assert_null(strstr(made.page, ">nan<"));
  g_assert_null(strstr(made.page, ">inf<"));
  if (table != NULL) {
    g_autoptr(Table) got = made_report_table(&made, table);
    g_assert_true(isnan(made_report_cell(got, 0, column)));
  }
  made_report_clear(&made);
}

static void test_one_participant(void) {
  StudyFolder what = made_report_full;
  what.n_participants = 1;
  assert_undefined(&what, "No test of mean arousal by attitude", "anova_arousal_attitude", "f");
  assert_undefined(&what, "No mixed model of arousal: it takes several participants", NULL, NULL);
  assert_undefined(&what, "The one participant has no more than half", NULL, NULL);
}

static void test_constant_ratings(void) {
  StudyFolder what = made_report_full;
  what.constant = true;
  assert_undefined(&what, "Arousal is the same for every image", "correlations", "r");
  assert_undefined(&what, "there is nothing to explain", NULL, NULL);
  assert_undefined(&what, "No images are shown in order of valence: all have the same mean.", NULL, NULL);
  assert_undefined(&what, "No mixed model of valence: the response &apos;valence&apos; is the same", NULL, NULL);
}

static void test_few_images(void) {
  StudyFolder what = made_report_full;
  what.n_layers = 2;
  what.n_seeds = 2;
  assert_undefined(&what, "R\u00b2 is n/a: 6 predictors fit any ratings of 4 images", "regression_arousal", "p");
  what.n_layers = 1;
  assert_undefined(&what, "with two images every pair of variables correlates at 1 or \u22121", NULL, NULL);
  what.n_seeds = 3;
  assert_undefined(&what,
                   "3 images with all of them are too few to say what a plain regression predicts of mean arousal",
                   "prediction", "loo_r2");
  what.n_layers = what.n_seeds = 1;
  assert_undefined(&what, "No regression", "correlations", "r");
  assert_undefined(&what, "No images are shown in order of arousal: fewer than two have ratings.", NULL, NULL);
}

/* Grey photographs have no hue. */
static void test_empty_feature(void) {
  MadeReport made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, &made_report_full);
  g_autofree char *path = g_build_filename(made.folder, "set", "stimuli.tsv", NULL);
  g_autoptr(Table) stimuli = NULL;
  GError *error = NULL;
  g_assert_true(table_read(path, &stimuli, NULL));
  for (gsize row = 0; row < table_n_rows(stimuli); row++)
    table_set(stimuli, row, (gsize)table_column(stimuli, "hue"), "n/a");
  g_assert_true(table_write(stimuli, path, FILES_PUBLIC, NULL));
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(strstr(made.page, "Hue has no value for any image and is left out of the regression."));
  g_autoptr(Table) terms = made_report_table(&made, "regression_arousal");
  g_assert_cmpuint(table_n_rows(terms), ==, 6); /* the intercept and five predictors */
  g_assert_false(isnan(made_report_cell(terms, 1, "p")));
  made_report_clear(&made);
}

static void test_hue_caveat(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  const char *first = strstr(made.page, "Hue is an angle");
  g_assert_nonnull(first);
  g_assert_nonnull(strstr(first + 1, "Hue is an angle"));
  made_report_clear(&made);
}

static void test_no_features(void) {
  StudyFolder what = made_report_full;
  what.features = false;
  assert_undefined(&what, "No regression", NULL, NULL);
}

static void test_no_questionnaires(void) {
  StudyFolder what = made_report_full;
  what.questionnaires = false;
  assert_undefined(&what, "The data folder has no questionnaire", NULL, NULL);
}

/* A file where the report's parent folder should be: fails whoever runs the test (root writes everywhere else). */
static void test_unwritable(void) {
  MadeReport made = {.folder = support_folder()};
  g_autofree char *file = g_build_filename(made.folder, "file", NULL);
  g_assert_true(g_file_set_contents(file, "", -1, NULL));
  made.out = g_build_filename(file, "report", NULL);
  GError *error = NULL;
  g_assert_false(report_folder_check(made.out, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_clear_error(&error);
  made_report_clear(&made);
}

static void test_private(void) {
  MadeReport made = made_report_make(&made_report_full, STUDY_UNIT_IMAGE);
  g_autofree char *table = g_build_filename(made.out, REPORT_TABLES, "participants.tsv", NULL);
  struct stat facts;
  g_assert_cmpint(stat(made.out, &facts), ==, 0);
  g_assert_cmpuint(facts.st_mode & 0777, ==, 0700);
  g_assert_cmpint(stat(table, &facts), ==, 0);
  g_assert_cmpuint(facts.st_mode & 0777, ==, 0600);
  made_report_clear(&made);
}

static void test_command(void) {
  MadeReport made = {.folder = support_folder()};
  study_folder_make(made.folder, &made_report_full);
  g_autofree char *data = g_build_filename(made.folder, "data", NULL),
                  *set = g_build_filename(made.folder, "set", NULL);
  g_autofree char *out = NULL, *err = NULL, *nowhere = g_build_filename(made.folder, "nowhere", NULL);
  made.out = g_build_filename(made.folder, "new", "report", NULL);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-analysis", "report", data, "--set", set, "-o", made.out, NULL), ==,
                  0);
  g_assert_nonnull(strstr(out, "11 participants, 264 ratings"));
  made_report_read_page(&made);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "report", data, "-o", made.out, NULL), ==, 2);
  g_assert_nonnull(strstr(err, "--set"));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "report", data, "--set", nowhere, "-o", made.out, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, nowhere));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "report", nowhere, "--set", set, "-o", made.out, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "nowhere: no such data folder"));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "report", data, "--set", set, "-o", "", NULL), ==, 2);
  g_assert_nonnull(strstr(err, "-o: the name is empty"));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(
      support_run(NULL, &err, "dreamrig-analysis", "report", data, "--set", set, "-o", nowhere, "--tails", "3", NULL),
      ==, 2);
  g_assert_nonnull(strstr(err, "--tails: must be 1 or 2"));
  made_report_clear(&made);
}

/* All trials of the data are counted, so that those of another phase are not missing from the sum. */
static void test_left_out(void) {
  const StudyFolder what = {.n_layers = 2, .n_seeds = 2, .n_participants = 3};
  MadeReport made = made_report_folder(&what);
  g_autofree char *path =
      g_build_filename(made.folder, "data", "sub-01", "beh", "sub-01_task-rating_run-1_beh.tsv", NULL);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  char *phase = strstr(text, "\tmain\t");
  g_assert_nonnull(phase);
  memcpy(phase, "\tmaim\t", 6);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_autoptr(GError) error = NULL;
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(strstr(made.page, "3 of 3 participants and 11 of all 12 trials in the data are analysed"));
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/every table and figure is there", test_complete);
  g_test_add_func("/report/works offline", test_offline);
  g_test_add_func("/report/tables agree with each other", test_same_numbers);
  g_test_add_func("/report/cases can be layers", test_layer_unit);
  g_test_add_func("/report/stars of one or two tails", test_tails);
  g_test_add_func("/report/says what is simulated and what the network is", test_banners);
  g_test_add_func("/report/a set's record of other types", test_odd_record);
  g_test_add_func("/report/one participant", test_one_participant);
  g_test_add_func("/report/constant ratings", test_constant_ratings);
  g_test_add_func("/report/fewer images than predictors", test_few_images);
  g_test_add_func("/report/a feature without values", test_empty_feature);
  g_test_add_func("/report/hue goes round", test_hue_caveat);
  g_test_add_func("/report/set without features", test_no_features);
  g_test_add_func("/report/data without questionnaires", test_no_questionnaires);
  g_test_add_func("/report/an unwritable place is an error", test_unwritable);
  g_test_add_func("/report/participants' data stay private", test_private);
  g_test_add_func("/report/command", test_command);
  g_test_add_func("/report/what-was-left-out-is-counted-among-all-trials", test_left_out);
  return g_test_run();
}
