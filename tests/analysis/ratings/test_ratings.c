#include <math.h>
#include <string.h>

#include "analysis/ratings/ratings.h"
#include "stimuli/base/error.h"
#include "tests/analysis/ratings/ratings_fixture.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

#define FIRST "sub-01/beh/sub-01_task-rating_run-1_beh.tsv"
#define SECOND "sub-02/beh/sub-02_task-rating_run-1_beh.tsv"

static void read_all(RatingsFixture *f, const RatingsOptions *options) {
  g_autoptr(GError) error = NULL;
  ratings_read(f->folder, f->set, options, f->log, &f->ratings, &error);
  g_assert_no_error(error);
}

/* Reading fails with a message that ends so. */
static void refused(RatingsFixture *f, const char *ending) {
  g_autoptr(GError) error = NULL;
  g_assert_false(ratings_read(f->folder, f->set, NULL, f->log, &f->ratings, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
  g_assert_null(f->ratings);
}

static void reads_the_main_phase_in_order(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_raters, ==, 5);
  g_assert_cmpuint(f->ratings->n_ratings, ==, 30);
  g_assert_cmpstr(f->ratings->raters[2].id, ==, "sub-03");
  g_assert_cmpuint(f->ratings->raters[2].n_trials, ==, 6);
  const Rating *rating = &f->ratings->ratings[2 * 6 + 1];
  g_assert_cmpuint(rating->rater, ==, 2);
  g_assert_cmpuint(rating->image, ==, 4);
  g_assert_cmpuint(rating->line, ==, 4);
  g_assert_cmpfloat(rating->values[0], ==, 55.2);
  g_assert_cmpfloat(rating->values[1], ==, 22.1);
  g_assert_cmpfloat(rating->response_time, ==, 2.25);
  g_assert_cmpuint(f->ratings->n_simulated, ==, 0);
}

static void logs_what_it_leaves_out(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  read_all(f, NULL);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_PHASE), ==, 5);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_MISSING), ==, 1);
  g_assert_cmpuint(exclusion_log_length(f->log), ==, 6);
  g_autoptr(Table) table = exclusion_log_table(f->log);
  g_assert_cmpstr(table_get(table, 2, 0), ==, "missing rating");
  g_assert_cmpstr(table_get(table, 2, 1), ==, SECOND);
  g_assert_cmpstr(table_get(table, 2, 2), ==, "3");
  g_assert_cmpstr(table_get(table, 2, 3), ==, "arousal");
  g_assert_cmpstr(table_get(table, 2, 4), ==, "no rating of 'image-3'");
}

static void makes_a_long_table(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  read_all(f, NULL);
  g_autoptr(Table) table = ratings_table(f->ratings, f->set);
  g_autoptr(GString) text = table_format(table);
  g_assert_nonnull(strstr(text->str,
                          "participant\trater\tstim_id\tlayer\tseed\tarousal\tvalence\tresponse_time\tphase\t"
                          "simulated\nsub-01\tsub-01\timage-2\tconv2d0\t1\t69.6\t61.4\t1.25\tmain\tfalse\n"));
}

static void takes_any_line_end_and_a_byte_order_mark(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *crlf = small_study_beh(1, "\r\n"), *cr = small_study_beh(2, "\r"), *lf = small_study_beh(3, "\n");
  g_autofree char *marked = g_strconcat("\xEF\xBB\xBF", lf, NULL);
  small_study_write(f->folder, FIRST, crlf);
  small_study_write(f->folder, SECOND, cr);
  small_study_write(f->folder, "sub-03/beh/sub-03_task-rating_run-1_beh.tsv", marked);
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_ratings, ==, 30);
  g_assert_cmpfloat(f->ratings->ratings[6 + 2].values[1], ==, 41.0);
}

static void reads_another_phase_and_scale_on_request(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  const char *scales[] = {"valence", NULL};
  read_all(f, &(RatingsOptions){.phase = "practice", .scales = scales});
  g_assert_cmpuint(f->ratings->n_ratings, ==, 5);
  g_assert_cmpuint(f->ratings->n_scales, ==, 1);
  g_assert_cmpfloat(f->ratings->ratings[4].values[0], ==, 2);
}

static void further_runs_and_sessions_count_separately(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = small_study_beh(4, "\n");
  small_study_write(f->folder, "sub-01/beh/sub-01_task-rating_run-10_beh.tsv", text);
  small_study_write(f->folder, "sub-01/beh/sub-01_task-rating_run-2_beh.tsv", text);
  small_study_write(f->folder, "sub-01/ses-2/beh/sub-01_ses-2_task-rating_run-1_beh.tsv", text);
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_raters, ==, 8);
  static const char *const ids[] = {"sub-01", "sub-01_run-2", "sub-01_run-10", "sub-01_ses-2", "sub-02"};
  for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
    g_assert_cmpstr(f->ratings->raters[i].id, ==, ids[i]);
  g_assert_cmpstr(f->ratings->raters[2].participant, ==, "sub-01");
  g_assert_cmpuint(f->ratings->raters[2].run, ==, 10);
}

/* Labels are text: 01 and 1 are two participants, however often each came. */
static void labels_of_the_same_number_are_two_participants(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = small_study_beh(4, "\n");
  small_study_write(f->folder, "sub-01/beh/sub-01_task-rating_run-2_beh.tsv", text);
  small_study_write(f->folder, "sub-1/beh/sub-1_task-rating_run-1_beh.tsv", text);
  small_study_write(f->folder, "sub-1/beh/sub-1_task-rating_run-2_beh.tsv", text);
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_raters, ==, 8);
  g_assert_cmpuint(f->ratings->n_participants, ==, 6);
  gsize n_of_first = 0, n_of_other = 0;
  for (gsize i = 0; i < f->ratings->n_raters; i++) {
    n_of_first += strcmp(f->ratings->raters[i].participant, "sub-01") == 0;
    n_of_other += strcmp(f->ratings->raters[i].participant, "sub-1") == 0;
  }
  g_assert_cmpuint(n_of_first, ==, 2);
  g_assert_cmpuint(n_of_other, ==, 2);
}

static void knows_simulated_data(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, SECOND, "1.25\t0", "1.25\t1");
  small_study_replace(f->folder, "sub-04/beh/sub-04_task-rating_run-1_beh.tsv", "1.25\t0", "1.25\ttrue");
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_simulated, ==, 2);
  g_assert_true(f->ratings->raters[1].simulated);
  g_assert_false(f->ratings->raters[2].simulated);
}

static void session_without_main_trials_is_logged(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, FIRST, "trial\tphase\tstim_id\tarousal\tvalence\n");
  read_all(f, NULL);
  g_assert_cmpuint(f->ratings->n_raters, ==, 4);
  g_assert_cmpuint(f->ratings->n_participants, ==, 4); /* who rated nothing is no rater, but was read */
  g_assert_cmpuint(f->ratings->n_participants_read, ==, 5);
  g_assert_cmpstr(f->ratings->raters[0].participant, ==, "sub-02");
  g_assert_cmpuint(f->ratings->ratings[0].rater, ==, 0);
  g_assert_cmpuint(small_study_count(f->log, EXCLUSION_EMPTY), ==, 1);
}

static void the_sidecar_gives_the_range(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "task-rating_beh.json", "{\"arousal\": {\"Minimum\": -5.5, \"Maximum\": 95}}");
  read_all(f, NULL);
  g_assert_cmpfloat(f->ratings->low[0], ==, -5.5);
  g_assert_cmpfloat(f->ratings->high[0], ==, 95);
  g_assert_cmpfloat(f->ratings->high[1], ==, 100);
}

static void refuses_a_rating_out_of_the_sidecar_s_range(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "task-rating_beh.json", "{\"arousal\": {\"Minimum\": 0, \"Maximum\": 90}}");
  refused(f, FIRST ":5: arousal: 90.5 is out of range, expected 0 to 90");
}

static void refuses_ranges_that_differ(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "sub-02/beh/sub-02_task-rating_run-1_beh.json",
                    "{\"valence\": {\"Minimum\": 1, \"Maximum\": 9}}");
  refused(f, SECOND ": valence: has the range 1 to 9, but earlier files 0 to 100");
}

static void refuses_a_range_that_is_none(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "task-rating_beh.json", "{\"valence\": {\"Minimum\": 9, \"Maximum\": \"1\"}}");
  refused(f, ": valence: Minimum and Maximum: expected two numbers in ascending order");
}

static void refuses_a_sidecar_that_is_no_object(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "task-rating_beh.json", "[1]");
  refused(f, "task-rating_beh.json: expected an object that describes the columns");
}

/* One change to the first participant's file, and how the message ends. */
typedef struct {
  const char *name, *from, *to, *ending;
} Fault;

static const Fault faults[] = {
    {"a-rating-out-of-range", "\t69.6\t", "\t100.4\t", FIRST ":3: arousal: 100.4 is out of range, expected 0 to 100"},
    {"a-rating-that-is-no-number", "\t69.6\t", "\t69,6\t", FIRST ":3: arousal: '69,6' is not a number"},
    {"a-missing-column", "\tvalence", "\tpleasure",
     "no column 'valence'; it has trial, block, phase, stim_id, stim_sha256, arousal, pleasure, response_time, "
     "simulated"},
    {"a-trial-twice", "2\tblock_a", "1\tblock_a", FIRST ":4: trial: trial 1 is there twice, first on line 3"},
    {"a-trial-without-a-number", "\n2\tblock_a", "\nn/a\tblock_a", FIRST ":4: trial: is missing"},
    {"an-unknown-stimulus", "image-2\t2", "imaje-2\t2",
     FIRST ":3: stim_id: 'imaje-2' is not in the stimulus set set; did you mean 'image-2'?"},
    {"another-file-than-was-shown", "image-2\t2aa", "image-2\t2ab",
     FIRST
     ":3: stim_sha256: the participant saw another file than the set's 'image-2' (2abaaaaaaaaa, not 2aaaaaaaaaaa)"},
    {"a-negative-response-time", "\t1.25\t", "\t-1.25\t", FIRST ":3: response_time: -1.25 is negative"},
    {"a-simulated-that-is-neither", "1.25\t0", "1.25\tmaybe", FIRST ":3: simulated: 'maybe', expected true or false"},
    {"a-torn-line", "\t1.25\t0", "", FIRST ":3: has 7 cells; the header has 9"},
};

static void refuses_fault(RatingsFixture *f, gconstpointer data) {
  const Fault *fault = data;
  small_study_replace(f->folder, FIRST, fault->from, fault->to);
  refused(f, fault->ending);
}

static void refuses_a_folder_without_data(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *empty = support_folder();
  char *own = f->folder;
  f->folder = empty;
  refused(f, ": no session data; expected sub-LABEL/beh/*_beh.tsv");
  support_remove(empty);
  refused(f, "no such data folder");
  f->folder = own;
}

static void refuses_a_file_of_another_folder(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "sub-01/beh/sub-02_task-rating_run-2_beh.tsv", "trial\n");
  refused(f, "sub-02_task-rating_run-2_beh.tsv: file name: expected sub-01_task-LABEL[_run-N]_beh.tsv");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(RatingsFixture *, gconstpointer);
  } tests[] = {{"reads-the-main-phase-in-order", reads_the_main_phase_in_order},
               {"logs-what-it-leaves-out", logs_what_it_leaves_out},
               {"makes-a-long-table", makes_a_long_table},
               {"takes-any-line-end-and-a-byte-order-mark", takes_any_line_end_and_a_byte_order_mark},
               {"reads-another-phase-and-scale-on-request", reads_another_phase_and_scale_on_request},
               {"further-runs-and-sessions-count-separately", further_runs_and_sessions_count_separately},
               {"labels-of-the-same-number-are-two-participants", labels_of_the_same_number_are_two_participants},
               {"knows-simulated-data", knows_simulated_data},
               {"session-without-main-trials-is-logged", session_without_main_trials_is_logged},
               {"the-sidecar-gives-the-range", the_sidecar_gives_the_range},
               {"refuses-a-rating-out-of-the-sidecar-s-range", refuses_a_rating_out_of_the_sidecar_s_range},
               {"refuses-ranges-that-differ", refuses_ranges_that_differ},
               {"refuses-a-range-that-is-none", refuses_a_range_that_is_none},
               {"refuses-a-sidecar-that-is-no-object", refuses_a_sidecar_that_is_no_object},
               {"refuses-a-folder-without-data", refuses_a_folder_without_data},
               {"refuses-a-file-of-another-folder", refuses_a_file_of_another_folder}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/ratings/ratings/", tests[i].name, NULL);
    g_test_add(path, RatingsFixture, NULL, ratings_fixture_set_up_data, tests[i].test, ratings_fixture_tear_down);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autofree char *path = g_strconcat("/ratings/ratings/refuses-", faults[i].name, NULL);
    g_test_add(path, RatingsFixture, &faults[i], ratings_fixture_set_up_data, refuses_fault, ratings_fixture_tear_down);
  }
  return g_test_run();
}
