#include "analysis/ratings/recorded_checks.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "tests/analysis/ratings/ratings_fixture.h"
#include "tests/analysis/ratings/small_study.h"
#include "tests/support.h"

/* sub-03 has no count, sub-05 no row, sub-09 no ratings. */
static const char participants[] = "participant_id\truns\tattention_checks\tattention_checks_passed\n"
                                   "sub-09\t1\t7\t0\nsub-01\t1\t7\t7\nsub-02\t1\t7\t5\nsub-03\t1\tn/a\tn/a\n"
                                   "sub-04\t1\t5\t4\n";

static void set_up(RatingsFixture *f, gconstpointer unused) {
  ratings_fixture_set_up_data(f, unused);
  small_study_write(f->folder, "participants.tsv", participants);
}

static bool apply(RatingsFixture *f, const char *rules, GError **error) {
  return ratings_fixture_apply(f, f->folder, NULL, rules, error);
}

static void stay(RatingsFixture *f, const char *rules, const char *expected) {
  g_autoptr(GError) error = NULL;
  apply(f, rules, &error);
  g_assert_no_error(error);
  g_autofree char *names = ratings_fixture_participants(f);
  g_assert_cmpstr(names, ==, expected);
}

/* Every entry of a reason, "PARTICIPANT TRIALS DETAIL" by line. */
static void logged(const RatingsFixture *f, ExclusionReason reason, const char *expected) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (gsize i = 0; i < exclusion_log_length(f->log); i++) {
    const Exclusion *entry = exclusion_log_entry(f->log, i);
    if (entry->reason == reason)
      g_string_append_printf(text, "%s %zu %s\n", entry->participant, entry->n_trials, entry->detail);
  }
  g_assert_cmpstr(text->str, ==, expected);
}

static void failed_checks_exclude(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, "[attention]\n", "sub-01 sub-03 sub-05");
  logged(f, EXCLUSION_ATTENTION,
         "sub-02 6 participant left out: 2 of 7 attention checks failed (at most 0)\n"
         "sub-04 6 participant left out: 1 of 5 attention checks failed (at most 0)\n");
  stay(f, "[attention]\nmax_failed = 1\n", "sub-01 sub-03 sub-04 sub-05");
}

static void the_share_of_passed_checks_excludes(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, "[attention]\nmin_share = 0.8\n", "sub-01 sub-03 sub-04 sub-05");
  logged(f, EXCLUSION_ATTENTION,
         "sub-02 6 participant left out: 5 of 7 attention checks passed (at least 0.8 of them)\n");
  stay(f, "[attention]\nmin_share = 0.71\nmax_failed = 2\n", "sub-01 sub-02 sub-03 sub-04 sub-05");
  stay(f, "[attention]\nmin_share = 0.71\nmax_failed = 1\n", "sub-01 sub-03 sub-04 sub-05");
}

static void participants_without_a_check_are_stated(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, "[attention]\nmin_share = 1\n", "sub-01 sub-03 sub-05");
  logged(f, EXCLUSION_UNCHECKED,
         "sub-03 0 no attention check in the data: not judged by attention\n"
         "sub-05 0 no attention check in the data: not judged by attention\n");
  g_autoptr(Table) summary = exclusion_log_summary(f->log);
  g_autoptr(GString) text = table_format(summary);
  g_assert_nonnull(strstr(text->str, "no attention check\t2\t2\t0\n"));
}

/* Arousal of image-1 is 31.2, 81.6, 19.9, 88.3 and 45: 01, 03 and 05 pass. */
static void check_images_count_with_recorded_checks(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  stay(f, "[attention]\nimages = image-1\nscale = arousal\nhigh = 50\nmax_failed = 2\n", "sub-01 sub-03 sub-04 sub-05");
  logged(f, EXCLUSION_ATTENTION, "sub-02 5 participant left out: 3 of 8 attention checks failed (at most 2)\n");
  logged(f, EXCLUSION_UNCHECKED, "");
}

/* The counts of participants.tsv are of all sessions together. */
static void a_second_session_does_not_count_checks_twice(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = small_study_beh(2, "\n");
  small_study_write(f->folder, "sub-02/beh/sub-02_task-rating_run-2_beh.tsv", text);
  stay(f, "[attention]\nmax_failed = 1\n", "sub-01 sub-03 sub-04 sub-05");
  logged(f, EXCLUSION_ATTENTION, "sub-02 12 participant left out: 2 of 7 attention checks failed (at most 1)\n");
}

static void without_rules_of_attention_nothing_is_read(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  small_study_write(f->folder, "participants.tsv", "participant_id\tattention_checks\nsub-01\tmany\n");
  stay(f, "[straight_lining]\nmax_run = 5\n", "sub-01 sub-02 sub-03 sub-04 sub-05");
}

static void refused(RatingsFixture *f, const char *text, const char *ending) {
  g_autoptr(GError) error = NULL;
  small_study_write(f->folder, "participants.tsv", text);
  g_assert_false(apply(f, "[attention]\n", &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, ending))
    g_error("message '%s' does not end in '%s'", error->message, ending);
}

#define HEAD "participant_id\tattention_checks\tattention_checks_passed\n"

static void bad_counts_are_refused(RatingsFixture *f, gconstpointer unused) {
  (void)unused;
  refused(f, HEAD "sub-01\t3\t2.5\n",
          "participants.tsv:2: attention_checks_passed: '2.5' is not a whole number from 0 to 1000000");
  refused(f, HEAD "sub-01\t-3\t2\n",
          "participants.tsv:2: attention_checks: '-3' is not a whole number from 0 to 1000000");
  refused(f, HEAD "sub-01\t3\tn/a\n",
          "participants.tsv:2: attention_checks_passed: 'n/a' is not a whole number from 0 to 1000000");
  refused(f, HEAD "sub-02\t3\t3\nsub-01\t3\t4\n",
          "participants.tsv:3: attention_checks_passed: 4 passed of 3 answered");
  refused(f, HEAD "sub-02\t3\t3\nsub-01\t3\t3\nsub-02\t3\t3\n",
          "participants.tsv:4: participant_id: sub-02 is there twice, first on line 2");
  refused(f, "participant_id\tattention_checks\nsub-01\t3\n",
          "participants.tsv: no column 'attention_checks_passed'; it has participant_id, attention_checks");
  refused(f, HEAD "sub-09\t3\t3\n", "t.rules: [attention]: the data have no attention check");
  refused(f, "participant_id\nsub-01\n", "t.rules: [attention]: the data have no attention check");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/recorded_checks/" #name, RatingsFixture, NULL, set_up, name, ratings_fixture_tear_down)
  TEST(failed_checks_exclude);
  TEST(the_share_of_passed_checks_excludes);
  TEST(participants_without_a_check_are_stated);
  TEST(check_images_count_with_recorded_checks);
  TEST(a_second_session_does_not_count_checks_twice);
  TEST(without_rules_of_attention_nothing_is_read);
  TEST(bad_counts_are_refused);
  return g_test_run();
}
