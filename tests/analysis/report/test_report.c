#include "analysis/report/report.h"
#include "analysis/report/report_folder.h"
#include "analysis/stats/distributions.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/analysis/report/study_folder.h"
#include "tests/support.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PAGE (64 << 20)

/* A study made, reported and read back. */
typedef struct {
  char *folder, *out, *page;
  bool one_tailed;
} Made;

static void read_page(Made *made) {
  g_autofree char *path = g_build_filename(made->out, REPORT_PAGE, NULL);
  gsize size;
  GError *error = NULL;
  g_free(made->page);
  files_read(path, MAX_PAGE, &made->page, &size, &error);
  g_assert_no_error(error);
}

static bool write_report(const Made *made, StudyUnit unit, GError **error) {
  g_autofree char *set_folder = g_build_filename(made->folder, "set", NULL);
  g_autofree char *data = g_build_filename(made->folder, "data", NULL);
  g_autoptr(StimulusSet) set = NULL;
  g_autoptr(Study) study = NULL;
  g_autoptr(ReportFiles) files = NULL;
  ReportOptions options = {.unit = unit, .one_tailed = made->one_tailed};
  return stimulus_set_open(set_folder, true, &set, error) && study_open(data, set, NULL, &study, error) &&
         report_make(study, &options, &files, error) && report_folder_write(files, made->out, error);
}

static Made make(const StudyFolder *what, StudyUnit unit) {
  Made made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, what);
  GError *error = NULL;
  write_report(&made, unit, &error);
  g_assert_no_error(error);
  read_page(&made);
  return made;
}

static void clear(Made *made) {
  support_remove(made->folder);
  g_free(made->folder);
  g_free(made->out);
  g_free(made->page);
}

static Table *read_table(const Made *made, const char *name) {
  g_autofree char *path = g_strdup_printf("%s/%s/%s.tsv", made->out, REPORT_TABLES, name);
  Table *table = NULL;
  GError *error = NULL;
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

static double cell(const Table *table, gsize row, const char *column) {
  double value;
  g_assert_true(table_get_double(table, row, (gsize)table_column(table, column), &value, NULL));
  return value;
}

static const StudyFolder full = {
    .n_layers = 6, .n_seeds = 4, .n_participants = 11, .features = true, .questionnaires = true};

static void test_complete(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  static const char *const tables[] = {"scales",
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
    table_free(read_table(&made, tables[i]));
  static const char *const figures[] = {"boxes_arousal_by_median",
                                        "boxes_valence_by_depth",
                                        "correlations",
                                        "scatter_arousal_cfc",
                                        "anova_valence_attitude",
                                        "histogram_arousal",
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
  clear(&made);
}

/* Nothing is loaded from anywhere: the only addresses are the SVG name space. */
static void test_offline(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  for (const char *at = made.page; (at = strstr(at, "://")) != NULL; at++)
    g_assert_true(g_str_has_prefix(at, "://www.w3.org/2000/svg\""));
  g_assert_null(strstr(made.page, "<script"));
  g_assert_null(strstr(made.page, "<link"));
  g_assert_null(strstr(made.page, "@import"));
  clear(&made);
}

static void test_same_numbers(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  g_autoptr(Table) ratings = read_table(&made, "ratings");
  g_autoptr(Table) layers = read_table(&made, "layers");
  double sum = 0;
  gsize n = 0;
  for (gsize row = 0; row < table_n_rows(ratings); row++)
    if (strcmp(table_get(ratings, row, (gsize)table_column(ratings, "layer")), "layer2") == 0) {
      sum += cell(ratings, row, "arousal");
      n++;
    }
  g_assert_cmpuint(n, ==, 44);
  support_assert_near("mean of a layer", cell(layers, 2, "arousal_mean"), sum / 44, 1e-9, 0);
  g_autoptr(Table) matrix = read_table(&made, "correlations");
  g_assert_cmpuint(table_n_rows(matrix), ==, 28);
  g_assert_cmpfloat(cell(matrix, 0, "n"), ==, 24);
  clear(&made);
}

static void test_layer_unit(void) {
  Made made = make(&full, STUDY_UNIT_LAYER);
  g_autoptr(Table) matrix = read_table(&made, "correlations");
  g_assert_cmpfloat(cell(matrix, 0, "n"), ==, 6);
  g_assert_nonnull(strstr(made.page, "Over layers"));
  clear(&made);
}

static const char *stars(const Table *table, gsize row) {
  gsize column = (gsize)table_column(table, "stars");
  return table_is_missing(table, row, column) ? "" : table_get(table, row, column);
}

/* The study's Table 1 took one tail: a p of .06 with two has a star with one. */
static void test_tails(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  g_autoptr(Table) two = read_table(&made, "correlations");
  g_assert_nonnull(strstr(made.page, "Stars, two-tailed:"));
  made.one_tailed = true;
  GError *error = NULL;
  write_report(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  read_page(&made);
  g_autoptr(Table) one = read_table(&made, "correlations");
  g_assert_nonnull(strstr(made.page, "Stars, one-tailed, each in the direction that was found:"));
  gsize differ = 0;
  for (gsize row = 0; row < table_n_rows(one); row++) {
    double p = cell(two, row, "p_two_tailed");
    g_assert_cmpfloat(cell(two, row, "tails"), ==, 2);
    g_assert_cmpfloat(cell(one, row, "tails"), ==, 1);
    g_assert_cmpfloat(cell(one, row, "p_two_tailed"), ==, p);
    g_assert_cmpstr(stars(two, row), ==, distribution_stars(p));
    g_assert_cmpstr(stars(one, row), ==, distribution_stars(p / 2));
    differ += strcmp(stars(one, row), stars(two, row)) != 0;
  }
  g_assert_cmpuint(differ, >, 0);
  clear(&made);
}

static void test_banners(void) {
  StudyFolder what = full;
  Made made = make(&what, STUDY_UNIT_IMAGE);
  g_assert_null(strstr(made.page, "SIMULATED DATA"));
  g_assert_null(strstr(made.page, "Note on the network"));
  clear(&made);
  what.simulated = true;
  what.note = "has <random> weights";
  made = make(&what, STUDY_UNIT_IMAGE);
  g_assert_nonnull(strstr(made.page, "SIMULATED DATA"));
  g_assert_nonnull(strstr(made.page, "testnet: has &lt;random&gt; weights."));
  clear(&made);
}

/* A record written by hand may hold anything; GLib's tests end on a critical message. */
static void test_odd_record(void) {
  Made made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, &full);
  g_autofree char *record = g_build_filename(made.folder, "set", MANIFEST_RECORD, NULL);
  g_assert_true(g_file_set_contents(
      record, "{\"network\":{\"name\":3,\"note\":[1]},\"recipe\":5,\"features\":[1],\"program\":null}", -1, NULL));
  GError *error = NULL;
  write_report(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  clear(&made);
}

/* Whatever the data do not define is n/a with a sentence; never a number, never "nan" or "inf". */
static void assert_undefined(const StudyFolder *what, const char *sentence, const char *table, const char *column) {
  Made made = make(what, STUDY_UNIT_IMAGE);
  if (strstr(made.page, sentence) == NULL)
    g_test_message("no sentence: %s", sentence);
  g_assert_nonnull(strstr(made.page, sentence));
  g_assert_null(strstr(made.page, ">nan<"));
  g_assert_null(strstr(made.page, ">inf<"));
  if (table != NULL) {
    g_autoptr(Table) got = read_table(&made, table);
    g_assert_true(isnan(cell(got, 0, column)));
  }
  clear(&made);
}

static void test_one_participant(void) {
  StudyFolder what = full;
  what.n_participants = 1;
  assert_undefined(&what, "No test of mean arousal by attitude", "anova_arousal_attitude", "f");
  assert_undefined(&what, "No mixed model of arousal: it takes several participants", NULL, NULL);
}

static void test_constant_ratings(void) {
  StudyFolder what = full;
  what.constant = true;
  assert_undefined(&what, "Arousal is the same for every image", "correlations", "r");
  assert_undefined(&what, "there is nothing to explain", NULL, NULL);
  assert_undefined(&what, "No mixed model of valence: the response &apos;valence&apos; is the same", NULL, NULL);
}

static void test_few_images(void) {
  StudyFolder what = full;
  what.n_layers = 2;
  what.n_seeds = 2;
  assert_undefined(&what, "R\u00b2 is n/a: 6 predictors fit any ratings of 4 images", "regression_arousal", "p");
  what.n_layers = what.n_seeds = 1;
  assert_undefined(&what, "No regression", "correlations", "r");
}

/* Grey photographs have no hue. */
static void test_empty_feature(void) {
  Made made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, &full);
  g_autofree char *path = g_build_filename(made.folder, "set", "stimuli.tsv", NULL);
  g_autoptr(Table) stimuli = NULL;
  GError *error = NULL;
  g_assert_true(table_read(path, &stimuli, NULL));
  for (gsize row = 0; row < table_n_rows(stimuli); row++)
    table_set(stimuli, row, (gsize)table_column(stimuli, "hue"), "n/a");
  g_assert_true(table_write(stimuli, path, FILES_PUBLIC, NULL));
  write_report(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  read_page(&made);
  g_assert_nonnull(strstr(made.page, "Hue has no value for any image and is left out of the regression."));
  g_autoptr(Table) terms = read_table(&made, "regression_arousal");
  g_assert_cmpuint(table_n_rows(terms), ==, 6); /* the intercept and five predictors */
  g_assert_false(isnan(cell(terms, 1, "p")));
  clear(&made);
}

/* A participant's file, read, changed by `edit`, and written again. */
static void edit_session(const Made *made, int participant, void (*edit)(GString *text)) {
  g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made->folder,
                                          participant, participant);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GString) changed = g_string_new(text);
  edit(changed);
  g_assert_true(g_file_set_contents(path, changed->str, (gssize)changed->len, NULL));
}

static Made make_folder(void) {
  Made made = {.folder = support_folder()};
  made.out = g_build_filename(made.folder, "report", NULL);
  study_folder_make(made.folder, &full);
  return made;
}

static void to_cr(GString *text) { g_string_replace(text, "\n", "\r", 0); }
static void to_crlf(GString *text) { g_string_replace(text, "\n", "\r\n", 0); }
static void add_mark(GString *text) { g_string_prepend(text, "\xef\xbb\xbf"); }
/* The last line again, as another trial. */
static void copy_trial(GString *text) {
  g_string_truncate(text, text->len - 1);
  g_autofree char *last = g_strdup(strchr(strrchr(text->str, '\n'), '\t'));
  g_string_append_printf(text, "\n999%s\n", last);
}
static void repeat_trial(GString *text) {
  g_string_truncate(text, text->len - 1);
  g_autofree char *last = g_strdup(strrchr(text->str, '\n'));
  g_string_append_printf(text, "%s\n", last);
}
static void leave_range(GString *text) {
  char *end = g_strrstr(text->str, "\t2.5\t");
  *end = '\0';
  gsize at = (gsize)(strrchr(text->str, '\t') - text->str);
  g_string_truncate(text, at);
  g_string_append(text, "\t100.5\t2.5\t0\n");
}

static void test_line_ends(void) {
  Made plain = make_folder(), mixed = make_folder();
  edit_session(&mixed, 1, to_cr);
  edit_session(&mixed, 2, to_crlf);
  edit_session(&mixed, 3, add_mark);
  static const char *const tables[] = {"layers", "mixed_arousal", "ratings"};
  GError *error = NULL;
  write_report(&plain, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  write_report(&mixed, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autoptr(Table) one = read_table(&plain, tables[i]), two = read_table(&mixed, tables[i]);
    g_autoptr(GString) want = table_format(one), got = table_format(two);
    g_assert_cmpstr(got->str, ==, want->str);
  }
  clear(&plain);
  clear(&mixed);
}

static void test_copied_trial(void) {
  Made made = make_folder();
  edit_session(&made, 4, copy_trial);
  GError *error = NULL;
  write_report(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  read_page(&made);
  g_assert_nonnull(strstr(made.page, "1 presentations show a participant an image again in the same session"));
  g_assert_nonnull(strstr(made.page, "1 of these have the same ratings and response time as the first"));
  clear(&made);
}

static void assert_refused(int participant, void (*edit)(GString *text), const char *part) {
  Made made = make_folder();
  edit_session(&made, participant, edit);
  GError *error = NULL;
  g_assert_false(write_report(&made, STUDY_UNIT_IMAGE, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, part));
  g_clear_error(&error);
  g_assert_false(g_file_test(made.out, G_FILE_TEST_EXISTS));
  clear(&made);
}

static void test_refused_trials(void) {
  assert_refused(5, repeat_trial, "sub-05_task-rating_run-1_beh.tsv:26: trial: trial 24 is there twice");
  assert_refused(6, leave_range, "sub-06_task-rating_run-1_beh.tsv:25: valence: 100.5 is out of range");
}

/* Some images without properties: what needs them says so, and leaves those images out. */
static void test_some_features_missing(void) {
  Made made = make_folder();
  g_autofree char *path = g_build_filename(made.folder, "set", "stimuli.tsv", NULL);
  g_autoptr(Table) stimuli = NULL;
  GError *error = NULL;
  g_assert_true(table_read(path, &stimuli, NULL));
  for (gsize row = 0; row < 3; row++)
    table_set(stimuli, row, (gsize)table_column(stimuli, "cse"), "n/a");
  g_assert_true(table_write(stimuli, path, FILES_PUBLIC, NULL));
  write_report(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  read_page(&made);
  g_assert_nonnull(strstr(made.page, "Subband entropy is missing for 3 of 24 images"));
  g_assert_nonnull(strstr(made.page, "3 image(s) without a value for every predictor are left out."));
  g_assert_nonnull(strstr(made.page, "33 ratings are left out: they are missing, or their image lacks a property."));
  g_autoptr(Table) summary = read_table(&made, "regression_arousal_summary");
  g_assert_cmpfloat(cell(summary, 0, "value"), ==, 21);
  clear(&made);
}

static void test_hue_caveat(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  const char *first = strstr(made.page, "Hue is an angle");
  g_assert_nonnull(first);
  g_assert_nonnull(strstr(first + 1, "Hue is an angle"));
  clear(&made);
}

static void test_no_features(void) {
  StudyFolder what = full;
  what.features = false;
  assert_undefined(&what, "No regression", NULL, NULL);
}

static void test_no_questionnaires(void) {
  StudyFolder what = full;
  what.questionnaires = false;
  assert_undefined(&what, "The data folder has no questionnaire", NULL, NULL);
}

/* A file where the report's parent folder should be: fails whoever runs the test (root writes everywhere else). */
static void test_unwritable(void) {
  Made made = {.folder = support_folder()};
  g_autofree char *file = g_build_filename(made.folder, "file", NULL);
  g_assert_true(g_file_set_contents(file, "", -1, NULL));
  made.out = g_build_filename(file, "report", NULL);
  GError *error = NULL;
  g_assert_false(report_folder_check(made.out, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_clear_error(&error);
  clear(&made);
}

static void test_private(void) {
  Made made = make(&full, STUDY_UNIT_IMAGE);
  g_autofree char *table = g_build_filename(made.out, REPORT_TABLES, "participants.tsv", NULL);
  struct stat facts;
  g_assert_cmpint(stat(made.out, &facts), ==, 0);
  g_assert_cmpuint(facts.st_mode & 0777, ==, 0700);
  g_assert_cmpint(stat(table, &facts), ==, 0);
  g_assert_cmpuint(facts.st_mode & 0777, ==, 0600);
  clear(&made);
}

static void test_command(void) {
  Made made = {.folder = support_folder()};
  study_folder_make(made.folder, &full);
  g_autofree char *data = g_build_filename(made.folder, "data", NULL),
                  *set = g_build_filename(made.folder, "set", NULL);
  g_autofree char *out = NULL, *err = NULL, *nowhere = g_build_filename(made.folder, "nowhere", NULL);
  made.out = g_build_filename(made.folder, "new", "report", NULL);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-analysis", "report", data, "--set", set, "-o", made.out, NULL), ==,
                  0);
  g_assert_nonnull(strstr(out, "11 participants, 264 ratings"));
  read_page(&made);
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
  clear(&made);
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
  g_test_add_func("/report/images without some properties", test_some_features_missing);
  g_test_add_func("/report/mixed line ends", test_line_ends);
  g_test_add_func("/report/a trial copied under another number", test_copied_trial);
  g_test_add_func("/report/doubled trials and ratings out of range are refused", test_refused_trials);
  g_test_add_func("/report/hue goes round", test_hue_caveat);
  g_test_add_func("/report/set without features", test_no_features);
  g_test_add_func("/report/data without questionnaires", test_no_questionnaires);
  g_test_add_func("/report/an unwritable place is an error", test_unwritable);
  g_test_add_func("/report/participants' data stay private", test_private);
  g_test_add_func("/report/command", test_command);
  return g_test_run();
}
