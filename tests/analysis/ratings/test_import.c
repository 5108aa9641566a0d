#include "analysis/ratings/import.h"

#include <math.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/analysis/ratings/ratings_fixture.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

static void import_bundled(RatingsFixture *f, const char *data, const char *map) {
  g_autofree char *data_path = g_build_filename("ratings", data, NULL),
                  *map_path = g_build_filename("ratings", map, NULL);
  g_autofree char *table = support_data(data_path), *columns = support_data(map_path);
  RatingsOptions options = {.columns = columns};
  g_autoptr(GError) error = NULL;
  ratings_read(table, f->set, &options, f->log, &f->ratings, &error);
  g_assert_no_error(error);
}

static bool import_text(RatingsFixture *f, const char *table, const char *map, GError **error) {
  g_assert_true(g_file_set_contents(f->table, table, -1, NULL));
  g_assert_true(map == NULL || g_file_set_contents(f->map, map, -1, NULL));
  RatingsOptions options = {.columns = map != NULL ? f->map : NULL};
  g_clear_pointer(&f->ratings, ratings_free);
  return ratings_read(f->table, f->set, &options, f->log, &f->ratings, error);
}

static void imported(RatingsFixture *f, const char *table, const char *map) {
  g_autoptr(GError) error = NULL;
  import_text(f, table, map, &error);
  g_assert_no_error(error);
}

static void refused(RatingsFixture *f, const char *table, const char *map, const char *ending) {
  g_autoptr(GError) error = NULL;
  g_assert_false(import_text(f, table, map, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
  g_assert_null(f->ratings);
}

static void assert_trial(const RatingsFixture *f, gsize i, const char *participant, gsize image, double arousal,
                         double valence, double time) {
  const Rating *rating = &f->ratings->ratings[i];
  g_assert_cmpstr(f->ratings->raters[rating->rater].participant, ==, participant);
  g_assert_cmpuint(rating->image, ==, image);
  g_assert_cmpfloat(rating->values[0], ==, arousal);
  if (isnan(valence))
    g_assert_true(isnan(rating->values[1]));
  else
    g_assert_cmpfloat(rating->values[1], ==, valence);
  if (isnan(time))
    g_assert_true(isnan(rating->response_time));
  else
    g_assert_cmpfloat_with_epsilon(rating->response_time, time, 1e-12);
}

static void psychopy_writes_a_file_a_participant(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  import_bundled(f, "psychopy", "psychopy.columns");
  g_assert_cmpuint(f->ratings->n_participants, ==, 2);
  g_assert_cmpuint(f->ratings->n_ratings, ==, 6);
  assert_trial(f, 0, "01", 1, 6.35, 4.2, 2.4412);
  assert_trial(f, 2, "01", 2, 8.95, NAN, 3.7716);
  assert_trial(f, 3, "02", 2, 5.05, 5, 1.8843);
  g_assert_cmpuint(f->ratings->ratings[4].line, ==, 5); /* a note before it takes two lines */
  g_assert_cmpfloat(f->ratings->high[0], ==, 9);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_ROW), ==, 2);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_MISSING), ==, 1);
}

static void jspsych_answers_in_json_and_milliseconds(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  import_bundled(f, "jspsych.csv", "jspsych.columns");
  g_assert_cmpuint(f->ratings->n_ratings, ==, 5);
  assert_trial(f, 0, "q7f3", 0, 71, 22.5, 3.121);
  assert_trial(f, 4, "zz81", 0, 64, NAN, 2.95);
  g_assert_cmpuint(f->ratings->n_checks, ==, 2);
  g_assert_true(f->ratings->checks[0].passed);
  g_assert_false(f->ratings->checks[1].passed);
  g_assert_cmpuint(f->ratings->checks[1].rater, ==, 1);
}

/* Two rows below the names, a column for each image and scale; as CSV and as the UTF-16 TSV. */
static void qualtrics_has_a_row_a_participant(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  static const char *const files[] = {"qualtrics.csv", "qualtrics.tsv"};
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_clear_pointer(&f->ratings, ratings_free);
    import_bundled(f, files[i], "qualtrics.columns");
    g_assert_cmpuint(f->ratings->n_ratings, ==, 4);
    assert_trial(f, 1, "R_1dQ8xVbn2LmT4aY", 1, 4, 6, 4.871);
    assert_trial(f, 3, "R_3xMn6TgYj9BqU8d", 2, 9, NAN, 7.402);
    g_assert_cmpuint(f->ratings->n_checks, ==, 2);
    g_assert_true(f->ratings->checks[0].passed);
    g_assert_false(f->ratings->checks[1].passed);
  }
}

/* CR line ends, Windows' letters, semicolons, decimal commas, a row a rating, whose times add up. */
static void a_spreadsheet_with_decimal_commas(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  import_bundled(f, "semicolons.csv", "semicolons.columns");
  g_assert_cmpuint(f->ratings->n_ratings, ==, 3);
  assert_trial(f, 0, "Bo", 0, 0, 100, 2);
  assert_trial(f, 1, "Änne", 0, 12.5, 88, 2.75);
  assert_trial(f, 2, "Änne", 2, 40.25, NAN, 2.75);
}

static void our_own_table_needs_no_map(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  imported(f, "participant\tstim_id\tarousal\tvalence\r\nP2\timage-4\t1\t2\rP10\timage-1\t61.7\tn/a\n", NULL);
  g_assert_cmpuint(f->ratings->n_ratings, ==, 2);
  assert_trial(f, 0, "P10", 0, 61.7, NAN, NAN);
}

static void sessions_of_a_participant_are_raters(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  imported(f, "participant,wave,image,arousal,valence\nA,1,image-1,3,4\nB,1,image-1,5,6\nA,2,image-1,7,8\n",
           "[columns]\nsession = wave\n");
  g_assert_cmpuint(f->ratings->n_raters, ==, 3);
  g_assert_cmpuint(f->ratings->n_participants, ==, 2);
  g_assert_cmpstr(f->ratings->raters[0].id, ==, "A");
  g_assert_cmpstr(f->ratings->raters[1].id, ==, "A_2");
}

static void repeats_are_refused_kept_or_left_out(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  static const char text[] = "participant,image,arousal,valence\nA,image-1,3,4\nA,image-2,5,6\nA,image-1,7,8\n";
  refused(f, text, NULL,
          "t.csv:4: image: participant 'A' has 'image-1' twice, first on line 2 of t.csv; the map's repeats says what "
          "to do then");
  imported(f, text, "[images]\nrepeats = keep\n");
  g_assert_cmpuint(f->ratings->n_ratings, ==, 3);
  imported(f, text, "[images]\nrepeats = first\n");
  g_assert_cmpuint(f->ratings->n_ratings, ==, 2);
  assert_trial(f, 0, "A", 0, 3, 4, NAN);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_REPEAT), ==, 1);
  refused(f, "participant,image,n,arousal,valence\nA,image-1,1,3,4\nA,image-2,1,5,6\n", "[columns]\ntrial = n\n",
          "the map's repeats says what to do then");
  refused(f, "participant,image,scale,value\nA,image-1,arousal,4\nA,image-1,arousal,4\n", "[file]\nlayout = scales\n",
          "the map's repeats says what to do then");
}

static void images_are_found_by_id_or_file(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  imported(f, "participant,image,arousal,valence\nA,C:\\pics\\image-3.png,3,4\nA,image-2.jpg,5,6\nA,other,1,1\n",
           "[images]\nunknown = skip\n");
  assert_trial(f, 0, "A", 2, 3, 4, NAN);
  assert_trial(f, 1, "A", 1, 5, 6, NAN);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_IMAGE), ==, 1);
}

static void faults_name_their_place(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  refused(f, "participant,image,arousal,valence\nA,image-1,101,4\n", NULL,
          "t.csv:2: arousal: 101 is out of range, expected 0 to 100: low and high of the scale arousal");
  refused(f, "participant;image;arousal;valence\nA;image-1;10,5;4\n", NULL,
          "t.csv:2: arousal: '10,5' is not a number; for decimal commas the column map needs decimal = comma");
  refused(f, "participant;image;arousal;valence\nA;image-1;1.234,5;4\n", "[file]\ndecimal = comma\n",
          "t.csv:2: arousal: '1.234,5' is not a number");
  refused(f, "participant,image,arousal\nA,image-1,10\n", NULL,
          "t.csv: no column 'valence'; it has participant, image, arousal");
  refused(f, "participant,image,arousal,valence\n,image-1,10,1\n", NULL,
          "t.csv:2: participant: the row has no participant");
  refused(f, "participant,image,arousal,valence\nA,imago-1,10,1\n", NULL,
          "t.csv:2: image: 'imago-1' is not in the stimulus set; did you mean 'image-1'?");
  refused(f, "participant,image,L,arousal,valence\nA,image-1,mixed3a,10,1\n", "[columns]\nlayer = L\n",
          "t.csv:2: layer: 'image-1' is of the layer 'conv2d0' in the set, not 'mixed3a'");
  refused(f, "participant,image,arousal,valence\n", NULL, "t.csv: no trial with an image of the set");
  refused(f, "participant,image,scale,value\nA,image-1,dominance,4\n", "[file]\nlayout = scales\n",
          "t.csv:2: scale: 'dominance' is none of the map's scales");
  refused(f, "participant,a_image-1\nA,4\n", "[file]\nlayout = wide\n[scale a]\n[scale b]\n",
          "no column is like 'b_{image}', the pattern of the scale b");
  refused(f, "participant,image,r\nA,image-1,\"{\"\"x\"\":\"\n", "[scale x]\ncolumn = r->x\n",
          "t.csv:2: r->x: the cell is no JSON: cell:1: a value is expected");
}

static void a_map_is_checked(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  static const struct {
    const char *map, *ending;
  } maps[] = {
      {"[columns]\nparticipnt = x\n", "t.columns:2: [columns] participnt: unknown key; did you mean 'participant'?"},
      {"[file]\nlayout = wide\n[scale x]\ncolumn = q\n",
       "t.columns:4: [scale x] column: needs {image} once: the layout is wide"},
      {"[scale x]\nlow = 9\nhigh = 1\n", "t.columns:3: [scale x] high: must be more than low"},
      {"[file]\nkeep_column = q\n", "t.columns:2: [file] keep_column: keep_column and keep_values go together"}};
  for (gsize i = 0; i < G_N_ELEMENTS(maps); i++)
    refused(f, "participant,image\n", maps[i].map, maps[i].ending);
}

static void without_a_set_the_data_name_the_images(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *table = support_data("ratings/semicolons.csv"), *map = support_data("ratings/semicolons.columns");
  g_autoptr(StimulusSet) own = NULL;
  g_autoptr(GError) error = NULL;
  import_ratings(table, map, NULL, NULL, &own, f->log, &f->ratings, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(table_n_rows(own->stimuli), ==, 2);
  g_assert_cmpstr(table_get(own->stimuli, 1, (gsize)table_column(own->stimuli, "layer")), ==, "mixed3a");
}

static void the_command_writes_ratings_and_what_it_left_out(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *data = support_data("ratings/jspsych.csv"), *map = support_data("ratings/jspsych.columns"),
                  *rules = support_data("ratings/strict.rules");
  g_autofree char *out = g_build_filename(f->folder, "out.tsv", NULL),
                  *log = g_build_filename(f->folder, "log.tsv", NULL);
  g_autofree char *text = NULL, *ratings = NULL, *left_out = NULL;
  g_assert_cmpint(support_run(&text, NULL, "dreamrig-analysis", "import", data, "--columns", map, "--rules", rules,
                              "-o", out, "--exclusions", log, NULL),
                  ==, 0);
  g_assert_nonnull(strstr(text, "failed attention checks: 1 entries, 1 participants, 2 trials left out"));
  g_assert_nonnull(strstr(text, "1 of 2 participants and 2 of 5 trials stay"));
  g_assert_true(g_file_get_contents(out, &ratings, NULL, NULL));
  g_assert_nonnull(strstr(ratings, "\nq7f3\tq7f3\timg/image-3.png\tn/a\tn/a\t44\t80\t2.874\tmain\tfalse\n"));
  g_assert_true(g_file_get_contents(log, &left_out, NULL, NULL));
  g_assert_nonnull(strstr(left_out, "\ntoo fast\tjspsych.csv\t6\tresponse_time\t0.244 s, below 0.3\tq7f3\t1\n"));
}

#define ROWS "participant,image,arousal,valence\nA,image-1,3,4\nA,image-2,5,6\n"

static void command_refused(int status, const char *part, const char *data, const char *option, const char *value,
                            const char *out) {
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "import", data, option, value, "-o", out, NULL), ==,
                  status);
  if (strstr(err, part) == NULL)
    g_error("\"%s\" lacks \"%s\"", err, part);
}

/* Neither a table of the folder nor the map, the set or the other output, by whichever option. */
static void what_is_read_is_not_overwritten(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *stimuli = g_build_filename(f->folder, "set", MANIFEST_TABLE, NULL), *set = NULL,
                  *data = g_build_filename(f->folder, "data", NULL), *raw = g_build_filename(data, "p1.csv", NULL),
                  *out = g_build_filename(f->folder, "new", "out.tsv", NULL), *after = NULL, *stimuli_after = NULL;
  set = g_path_get_dirname(stimuli);
  g_assert_true(files_make_folder(data, 0700, NULL) && files_make_folder(set, 0700, NULL));
  g_assert_true(g_file_set_contents(raw, ROWS, -1, NULL) && g_file_set_contents(f->map, "", -1, NULL));
  for (int i = 1; i <= 2; i++) {
    g_autofree char *name = g_strdup_printf("%d.png", i), *image = g_build_filename(set, name, NULL);
    g_assert_true(g_file_set_contents(image, "", -1, NULL));
  }
  static const char manifest[] = "id\tfile\nimage-1\t1.png\nimage-2\t2.png\n";
  g_assert_true(g_file_set_contents(stimuli, manifest, -1, NULL));
  command_refused(1, "would overwrite the input", data, "--columns", f->map, raw);
  command_refused(1, "would overwrite the input", data, "--columns", f->map, f->map);
  command_refused(1, "would overwrite the input", data, "--exclusions", raw, out);
  command_refused(1, "is written too", data, "--exclusions", out, out);
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-analysis", "import", data, "--set", set, "--exclusions", stimuli,
                              "-o", out, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "would overwrite the input"));
  g_assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_get_contents(raw, &after, NULL, NULL));
  g_assert_cmpstr(after, ==, ROWS);
  g_assert_true(g_file_get_contents(stimuli, &stimuli_after, NULL, NULL));
  g_assert_cmpstr(stimuli_after, ==, manifest);
}

/* Session data: also what lies in their other folders. */
static void session_data_are_not_overwritten(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *data = small_study_data(), *journal = g_build_filename(data, "sourcedata", "j.log", NULL);
  g_autofree char *beh = g_build_filename(data, "sub-01", "beh", "sub-01_task-rating_run-1_beh.tsv", NULL);
  small_study_write(data, "sourcedata/j.log", "x");
  command_refused(1, "would overwrite the input", data, "--exclusions", f->table, beh);
  command_refused(1, "would overwrite the input", data, "--exclusions", f->table, journal);
  support_remove(data);
}

/* With the default map, and errors name the file that they are in. */
static void a_folder_of_tables_needs_no_map(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autoptr(GError) error = NULL, fault = NULL, phase = NULL;
  g_assert_true(g_file_set_contents(f->table, ROWS, -1, NULL));
  ratings_read(f->folder, f->set, NULL, f->log, &f->ratings, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(f->ratings->n_ratings, ==, 2);
  g_clear_pointer(&f->ratings, ratings_free);
  const RatingsOptions options = {.phase = "practice"};
  g_assert_false(ratings_read(f->folder, f->set, &options, f->log, &f->ratings, &phase));
  g_assert_error(phase, RIG_ERROR, RIG_ERROR_USAGE);
  g_assert_nonnull(strstr(phase->message, "keep_column"));
  g_autofree char *second = g_build_filename(f->folder, "u.csv", NULL);
  g_assert_true(g_file_set_contents(second, "participant,image,arousal,valence\nB,imago-1,3,4\n", -1, NULL));
  g_assert_false(ratings_read(f->folder, f->set, NULL, f->log, &f->ratings, &fault));
  g_assert_error(fault, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_nonnull(strstr(fault->message, "/u.csv:2: image: 'imago-1'"));
}

static void a_layer_may_be_named_on_a_later_row(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  static const char start[] = "participant,image,layer,arousal,valence\nA,p1,,3,4\nB,p1,mixed3a,5,6\n";
  g_autoptr(StimulusSet) own = NULL, none = NULL;
  g_autoptr(GError) error = NULL, contradiction = NULL;
  g_assert_true(g_file_set_contents(f->table, start, -1, NULL));
  g_assert_true(g_file_set_contents(f->map, "[columns]\nlayer = layer\n", -1, NULL));
  import_ratings(f->table, f->map, NULL, NULL, &own, f->log, &f->ratings, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(table_get(own->stimuli, 0, (gsize)table_column(own->stimuli, "layer")), ==, "mixed3a");
  g_clear_pointer(&f->ratings, ratings_free);
  g_autofree char *text = g_strconcat(start, "C,p1,mixed4a,7,8\n", NULL);
  g_assert_true(g_file_set_contents(f->table, text, -1, NULL));
  g_assert_false(import_ratings(f->table, f->map, NULL, NULL, &none, f->log, &f->ratings, &contradiction));
  g_assert_nonnull(strstr(contradiction->message, "t.csv:4: layer: 'p1' has the layer 'mixed4a'"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define TEST(name)                                                                                                     \
  g_test_add("/import/" #name, RatingsFixture, NULL, ratings_fixture_set_up, name, ratings_fixture_tear_down)
  TEST(psychopy_writes_a_file_a_participant);
  TEST(jspsych_answers_in_json_and_milliseconds);
  TEST(qualtrics_has_a_row_a_participant);
  TEST(a_spreadsheet_with_decimal_commas);
  TEST(our_own_table_needs_no_map);
  TEST(sessions_of_a_participant_are_raters);
  TEST(repeats_are_refused_kept_or_left_out);
  TEST(images_are_found_by_id_or_file);
  TEST(faults_name_their_place);
  TEST(a_map_is_checked);
  TEST(without_a_set_the_data_name_the_images);
  TEST(the_command_writes_ratings_and_what_it_left_out);
  TEST(what_is_read_is_not_overwritten);
  TEST(session_data_are_not_overwritten);
  TEST(a_folder_of_tables_needs_no_map);
  TEST(a_layer_may_be_named_on_a_later_row);
  return g_test_run();
}
