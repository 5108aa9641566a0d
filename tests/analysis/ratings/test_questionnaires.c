#include "analysis/ratings/study.h"

#include <string.h>

#include "analysis/ratings/tables.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

#define ATTITUDE "phenotype/attitude.tsv"
#define SECOND_RUN "sub-01/beh/sub-01_task-rating_run-2_beh.tsv"

static const Questionnaire *open_study(SmallStudy *f, const char *name) {
  small_study_open(f, NULL);
  return small_study_questionnaire(f->study->questionnaires, name);
}

/* Participant 1 rates a second time, with participant 2's ratings. */
static void add_second_run(const SmallStudy *f) {
  g_autofree char *text = small_study_beh(2, "\n");
  small_study_write(f->folder, SECOND_RUN, text);
}

static void logged(const SmallStudy *f, gsize n, const char *detail) {
  bool found = false;
  for (gsize i = 0; i < exclusion_log_length(f->study->log); i++)
    found = found || strstr(exclusion_log_entry(f->study->log, i)->detail, detail) != NULL;
  if (!found)
    g_error("not logged: %s", detail);
  g_assert_cmpuint(small_study_count(f->study->log, EXCLUSION_UNUSED), ==, n);
}

static void a_participant_of_two_sessions_counts_once(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  add_second_run(f);
  const Questionnaire *attitude = open_study(f, "attitude");
  g_assert_cmpuint(f->study->n_raters, ==, 6);
  g_assert_cmpuint(f->study->n_participants, ==, 5);
  g_assert_cmpuint(f->study->participants[0].n_raters, ==, 2);
  const Description *mean = &f->study->participants[0].scales[0],
                    *runs[] = {&f->study->raters[0].scales[0], &f->study->raters[1].scales[0]};
  g_assert_cmpuint(mean->n, ==, 11);
  support_assert_near("mean", mean->mean, (6 * runs[0]->mean + 5 * runs[1]->mean) / 11, 1e-13, 0);
  g_autoptr(Anova) anova = NULL;
  g_assert_true(study_anova(f->study, 0, attitude, &anova, NULL));
  g_assert_cmpuint(anova->n, ==, 5);
  g_assert_cmpfloat(anova->df_within, ==, 3);
  g_autofree double *values = NULL;
  gsize n;
  g_assert_true(study_level_values(f->study, attitude, 0, 0, &values, &n, NULL));
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpfloat(values[0], ==, mean->mean);
}

/* The file's row is of run 1; the participant is the same in run 2. */
static void an_answer_stands_for_the_participant(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  add_second_run(f);
  const Questionnaire *attitude = open_study(f, "attitude");
  g_assert_cmpuint(attitude->levels[1], ==, QUESTIONNAIRE_NO_LEVEL);
  g_assert_cmpuint(attitude->participant_levels[0], ==, 0);
}

static void answers_that_differ_between_sessions_are_left_out(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  add_second_run(f);
  small_study_replace(f->folder, ATTITUDE, "sub-01\t", "sub-01\t3\tPositive\tn/a\t2\t0\nsub-01\t");
  const Questionnaire *attitude = open_study(f, "attitude");
  g_assert_cmpuint(attitude->participant_levels[0], ==, QUESTIONNAIRE_NO_LEVEL);
  logged(f, 1, "sub-01 answered differently in different sessions");
}

static void answers_of_nobody_and_repeated_ones_are_logged(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, ATTITUDE, "sub-02\t",
                      "sub-77\t1\tNegative\tn/a\t1\t0\nsub-03\t1\tNegative\tn/a\t1\t0\nsub-02\t");
  open_study(f, "attitude");
  logged(f, 2, "sub-77 has no such session");
  logged(f, 2, "repeats another answer of sub-03");
}

static void refuses_contradicting_answers(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_replace(f->folder, ATTITUDE, "sub-02\t", "sub-02\t1\tNegative\tn/a\t1\t0\nsub-02\t");
  small_study_refused(
      f, NULL, ATTITUDE ":4: attitude: contradicts another answer of sub-02; session_id or run would tell them apart");
}

static void words_are_levels_in_order_of_the_alphabet(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "phenotype/gender.tsv",
                    "participant_id\tgender\nsub-01\twoman\nsub-02\tman\nsub-03\twoman\nsub-04\tdiverse\n");
  const Questionnaire *gender = open_study(f, "gender");
  g_assert_nonnull(gender);
  g_assert_true(gender->in_words);
  g_assert_cmpuint(gender->n_levels, ==, 3);
  g_assert_cmpstr(gender->labels[0], ==, "diverse");
  g_assert_cmpstr(gender->labels[1], ==, "man");
  g_assert_cmpfloat(gender->answers[1], ==, 2);
  g_assert_cmpuint(gender->participant_levels[2], ==, 2);
  g_assert_cmpuint(gender->participant_levels[4], ==, QUESTIONNAIRE_NO_LEVEL);
}

static void what_is_no_questionnaire_is_logged(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "phenotype/comment.tsv", "participant_id\tcomment\nsub-01\tnice\nsub-02\tlong\n");
  small_study_write(f->folder, "phenotype/panas.tsv", "participant_id\titem_1\nsub-01\t3\n");
  g_assert_null(open_study(f, "comment"));
  logged(f, 2, "free text (2 different answers)");
  logged(f, 2, "no column 'panas'");
  char **files = f->study->questionnaires->unused;
  g_assert_cmpstr(files[0], ==, "phenotype/comment.tsv: free text (2 different answers): it is not used");
  g_assert_cmpstr(files[1], ==, "phenotype/panas.tsv: no column 'panas': the file is not used");
  g_assert_null(files[2]);
}

static void names_do_not_overwrite_other_columns(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  static const char *const names[] = {"n_trials", "attitude_label"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_strdup_printf("phenotype/%s.tsv", names[i]);
    g_autofree char *text = g_strdup_printf("participant_id\t%s\nsub-01\t977\n", names[i]);
    small_study_write(f->folder, path, text);
  }
  open_study(f, "attitude");
  g_autoptr(Table) table = tables_participants(f->study);
  g_assert_cmpstr(table_get(table, 0, (gsize)table_column(table, "n_trials")), ==, "6");
  g_assert_cmpstr(table_get(table, 0, (gsize)table_column(table, "attitude_label")), ==, "Negative");
  g_assert_cmpstr(table_get(table, 0, (gsize)table_column(table, "questionnaire_n_trials")), ==, "977");
  g_assert_cmpstr(table_get(table, 0, (gsize)table_column(table, "questionnaire_attitude_label")), ==, "977");
}

static void refuses_a_phase_that_no_file_has(SmallStudy *f, gconstpointer unused) {
  (void)unused;
  small_study_refused(f, &(StudyOptions){.ratings = {.phase = "Main"}},
                      "no trial of phase 'Main'; the data have the phases practice, main");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(SmallStudy *, gconstpointer);
  } tests[] = {{"a-participant-of-two-sessions-counts-once", a_participant_of_two_sessions_counts_once},
               {"an-answer-stands-for-the-participant", an_answer_stands_for_the_participant},
               {"answers-that-differ-between-sessions-are-left-out", answers_that_differ_between_sessions_are_left_out},
               {"answers-of-nobody-and-repeated-ones-are-logged", answers_of_nobody_and_repeated_ones_are_logged},
               {"refuses-contradicting-answers", refuses_contradicting_answers},
               {"words-are-levels-in-order-of-the-alphabet", words_are_levels_in_order_of_the_alphabet},
               {"what-is-no-questionnaire-is-logged", what_is_no_questionnaire_is_logged},
               {"names-do-not-overwrite-other-columns", names_do_not_overwrite_other_columns},
               {"refuses-a-phase-that-no-file-has", refuses_a_phase_that_no_file_has}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/ratings/questionnaires/", tests[i].name, NULL);
    g_test_add(path, SmallStudy, NULL, small_study_set_up, tests[i].test, small_study_tear_down);
  }
  return g_test_run();
}
