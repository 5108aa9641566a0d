#include "present/journal/journal.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/protocols/fixture.h"

static void test_what_is_written_is_read(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(EventRecord) pause = event_record_new(61.5, "pause", "Escape \xff");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "p7", "b", true, 3);
  g_assert_true(journal_event(journal, pause, NULL));
  g_assert_true(journal_end(journal, JOURNAL_ABORTED, "the participant quit", 62.5, NULL));
  g_autoptr(JournalContents) contents = fixture_contents(journal_path(journal));
  const JournalHeader *header = contents->header;
  g_assert_cmpstr(header->participant, ==, "p7");
  g_assert_cmpstr(header->session, ==, "b");
  g_assert_cmpstr(header->task, ==, "rating");
  g_assert_cmpstr(header->protocol_digest, ==, study->protocol->digest);
  g_assert_cmpstr(header->set_digest, ==, study->protocol->set_digest);
  g_assert_cmpuint(header->seed, ==, 7);
  g_assert_true(header->simulated);
  g_assert_cmpstr(header->clock, ==, "simulated");
  g_assert_cmpfloat(header->display.refresh_hz, ==, 59.94);
  g_assert_true(isnan(header->display.distance_cm));
  g_assert_cmpuint(contents->run, ==, 1);
  g_assert_cmpuint(contents->answers->len, ==, 2);
  const AnswerRecord *mood = contents->answers->pdata[1];
  g_assert_cmpstr(mood->name, ==, "mood");
  g_assert_cmpuint(mood->choice, ==, 2);
  g_assert_cmpstr(mood->label, ==, "so so");
  g_assert_cmpuint(contents->trials->len, ==, 3);
  const TrialRecord *trial = contents->trials->pdata[2];
  g_assert_cmpuint(trial->trial, ==, 1);
  g_assert_cmpstr(trial->block, ==, "main");
  g_assert_cmpfloat(trial->onset_actual, ==, 20.25);
  g_assert_cmpfloat(trial->onset_uncertainty, ==, 0.0017);
  g_assert_cmpuint(trial->missed_frames, ==, 2);
  g_assert_cmpstr(trial->ratings[1].scale, ==, "valence");
  g_assert_cmpfloat(trial->ratings[1].final, ==, 14.75);
  g_assert_cmpfloat(trial->ratings[1].start, ==, 0);
  g_assert_cmpuint(trial->ratings[1].n_samples, ==, 2);
  g_assert_cmpfloat(trial->ratings[1].samples[1].ms, ==, 1012);
  g_assert_null(trial->abort_reason);
  g_assert_cmpstr(((const EventRecord *)contents->events->pdata[0])->detail, ==, "Escape \xef\xbf\xbd");
  g_assert_cmpint(contents->status, ==, JOURNAL_ABORTED);
  g_assert_cmpstr(contents->abort_reason, ==, "the participant quit");
  g_assert_true(journal_confirmed(contents, 1, 0));
  g_assert_true(journal_confirmed(contents, 3, 1));
  g_assert_false(journal_confirmed(contents, 3, 2));
}

static void test_files_are_private(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  static const struct {
    const char *path;
    mode_t mode;
  } paths[] = {{"sourcedata", 0700},
               {"sourcedata/sub-01", 0700},
               {"sourcedata/sub-01/sub-01_task-rating_run-1_journal.jsonl", 0600},
               {"sourcedata/sub-01/sub-01_task-rating.lock", 0600}};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autofree char *path = g_build_filename(study->data, paths[i].path, NULL);
    GStatBuf status;
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, paths[i].mode);
  }
}

static void test_one_session_has_one_writer(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1), second = NULL;
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(JournalContents) contents = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(journal_create(study->data, header, JOURNAL_DURABLE, &second, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_clear_error(&error);
  g_assert_false(journal_resume(journal_path(journal), header, JOURNAL_DURABLE, &second, &contents, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "another program is running a session of this participant"));
  g_clear_error(&error);
  g_autoptr(Journal) other = fixture_begin(study->protocol, study->data, "02", NULL, false, 0);
  g_assert_nonnull(other);
}

static void test_resumed_session_goes_on_after_the_last_whole_record(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  GError *error = NULL;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 5);
  g_autofree char *path = g_strdup(journal_path(journal)), *text = NULL;
  gsize size = 0;
  g_clear_pointer(&journal, journal_close);
  g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
  fixture_overwrite(path, text, size - 100); /* the fifth trial was not whole */

  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(JournalContents) before = NULL, after = NULL;
  journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(before->trials->len, ==, 4);
  g_assert_cmpuint(before->torn_bytes, >, 0);
  g_assert_true(journal_confirmed(before, 3, 2));
  g_assert_false(journal_confirmed(before, 3, 3));
  for (gsize i = 4; i < list->n_trials; i++) {
    g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, i);
    g_assert_true(journal_trial(journal, record, NULL));
  }
  g_assert_true(journal_end(journal, JOURNAL_COMPLETE, NULL, 50, NULL));
  g_clear_pointer(&journal, journal_close);

  after = fixture_contents(path);
  g_assert_cmpuint(after->trials->len, ==, list->n_trials);
  for (gsize i = 0; i < list->n_trials; i++) {
    const TrialRecord *record = after->trials->pdata[i];
    g_assert_cmpuint(record->step, ==, list->trials[i].step);
    g_assert_cmpuint(record->trial, ==, list->trials[i].number);
    g_assert_cmpuint(((const TrialRecord *)after->trials->pdata[i])->part, ==, i < 4 ? 0 : 1);
  }
  g_assert_cmpuint(after->n_parts, ==, 2);
  g_assert_cmpfloat(after->part_offset[1], >=, 0);
  g_assert_cmpint(after->status, ==, JOURNAL_COMPLETE);

  g_assert_false(journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "cannot be resumed: the session is complete"));
  g_clear_error(&error);
}

static void test_aborted_trial_is_shown_again(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 0);
  g_autoptr(TrialRecord) record = trial_record_new(study->protocol, &list->trials[0]);
  record->abort_reason = g_strdup("quit");
  g_assert_true(journal_trial(journal, record, NULL));
  g_assert_true(journal_end(journal, JOURNAL_ABORTED, "quit", 12, NULL));
  g_autofree char *path = g_strdup(journal_path(journal));
  g_clear_pointer(&journal, journal_close);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(JournalContents) before = NULL, after = NULL;
  g_autoptr(GError) error = NULL;
  journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(before->trials->len, ==, 1);
  g_assert_false(journal_confirmed(before, list->trials[0].step, 1));
  after = fixture_contents(path);
  g_assert_cmpint(after->status, ==, JOURNAL_INTERRUPTED);
}

static void test_changed_protocol_set_or_participant_is_refused_on_resume(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 2);
  g_autofree char *path = g_strdup(journal_path(journal)), *before = NULL, *after = NULL;
  g_clear_pointer(&journal, journal_close);
  g_assert_true(files_sha256(path, &before, NULL));
  static const char *const wanted[] = {
      "cannot be resumed: the protocol file has changed since it began",
      "cannot be resumed: the stimulus set has changed since it began",
      "cannot be resumed: it is another participant's since it began",
      "cannot be resumed: simulated and real data can't be mixed since it began",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
    g_autoptr(JournalHeader) header = journal_header_new(study->protocol, i == 2 ? "02" : "01", NULL, i == 3, NULL);
    if (i < 2)
      (i == 0 ? header->protocol_digest : header->set_digest)[5] = '-';
    g_autoptr(JournalContents) contents = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(journal_resume(path, header, JOURNAL_DURABLE, &journal, &contents, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
    g_assert_nonnull(strstr(error->message, wanted[i]));
  }
  g_assert_true(files_sha256(path, &after, NULL));
  g_assert_cmpstr(before, ==, after);
}

/* As where a column of stimuli.tsv that the design goes by was edited: the digests stay. */
static void test_changed_design_is_refused_on_resume(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 4);
  g_autofree char *path = g_strdup(journal_path(journal));
  g_clear_pointer(&journal, journal_close);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  for (gsize i = 0; i < 4; i++) {
    g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
    g_autoptr(GError) error = NULL;
    Trial *last = &list->trials[3], *next = &list->trials[4];
    g_assert_cmpuint(last->step, ==, next->step);
    g_autofree char *wanted = g_strdup_printf(
        "%s: cannot be resumed: the design has changed since it began: trial 2 of block main showed i%02zu, and would "
        "show i%02zu now (stimuli.tsv has other columns, or dreamrig is of another version)",
        path, last->stimulus, next->stimulus);
    if (i == 1) /* of a trial that is to come */
      next->stimulus = (next->stimulus + 1) % 6;
    if (i == 2)
      last->stimulus = next->stimulus;
    if (i == 3)
      last->block = 0;
    g_assert_true(journal_check_resume(path, header, study->protocol, list, &error) == (i < 2));
    if (i == 2)
      g_assert_cmpstr(error->message, ==, wanted);
    if (i == 3)
      g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  }
}

static void test_each_session_gets_the_next_run(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *derived = g_build_filename(study->data, "sub-01/beh", NULL);
  fixture_session(study->protocol, study->data, "01", NULL, false);
  g_assert_true(files_make_folder(derived, 0700, NULL));
  g_autofree char *beh = fixture_write(derived, "sub-01_task-rating_run-2_beh.tsv", "trial\n");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 0);
  g_assert_cmpuint(journal_run(journal), ==, 3); /* a table without a journal is not overwritten either */
  g_autoptr(GPtrArray) paths = journal_list(study->data, NULL);
  g_assert_cmpuint(paths->len, ==, 2);
}

static void begin_at(const JournalStudy *study, const char *session, const char *moment) {
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", session, moment == NULL, NULL);
  g_autoptr(Journal) journal = NULL;
  if (moment != NULL) {
    g_free(header->wall_clock);
    header->wall_clock = g_strdup(moment);
  }
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL));
}

static void assert_order(const JournalStudy *study, const char *const *wanted, guint n) {
  g_autoptr(GPtrArray) paths = journal_list(study->data, NULL);
  g_assert_cmpuint(paths->len, ==, n);
  for (guint i = 0; i < n; i++)
    if (strstr(paths->pdata[i], wanted[i]) == NULL)
      g_error("%s where %s is wanted", (const char *)paths->pdata[i], wanted[i]);
}

/* A participant's first answer is the first in this order. */
static void test_journals_are_listed_as_they_were_begun(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  static const char *const wanted[] = {"ses-pre", "ses-2", "ses-10", "ses-post"};
  begin_at(study, "post", "2026-03-11T08:00:00.000000Z");
  begin_at(study, "10", "2026-03-10T14:25:36.789012Z");
  begin_at(study, "2", "2026-03-10T14:25:36.129012Z");
  begin_at(study, "pre", "2026-03-09T23:59:59.999999Z");
  assert_order(study, wanted, G_N_ELEMENTS(wanted));
}

static void test_simulated_journals_are_listed_by_number(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  static const char *const wanted[] = {"ses-2_task-rating_run-1_",  "ses-2_task-rating_run-2_",
                                       "ses-2_task-rating_run-9_",  "ses-2_task-rating_run-10_",
                                       "ses-2_task-rating_run-11_", "ses-10_task-rating_run-1_"};
  begin_at(study, "10", NULL);
  for (gsize i = 0; i < 11; i++)
    begin_at(study, "2", NULL);
  for (int run = 3; run < 9; run++) {
    g_autofree char *path =
        g_strdup_printf("%s/sourcedata/sub-01/ses-2/sub-01_ses-2_task-rating_run-%d_journal.jsonl", study->data, run);
    g_assert_cmpint(g_remove(path), ==, 0);
  }
  assert_order(study, wanted, G_N_ELEMENTS(wanted));
}

static void test_unwritable_folder_is_named(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(journal_create("/proc/nowhere", header, JOURNAL_DURABLE, &journal, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_true(g_str_has_prefix(error->message, "/proc/nowhere/sourcedata/sub-01: cannot make the folder"));
}

static void test_missing_journal_is_no_error(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *path = g_strdup("x");
  g_autoptr(GError) error = NULL;
  JournalStatus status;
  char *found = path;
  g_assert_true(journal_newest(study->data, "01", NULL, "rating", &found, &status, &error));
  g_assert_null(found);
  g_assert_null(journal_list(study->data, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
}

static void test_long_trajectory_keeps_its_ends_and_its_limit(void) {
  RatingRecord rating = {0};
  for (gsize i = 0; i < 50000; i++)
    rating_record_sample(&rating, 2.0 * (double)i, (double)(i % 101));
  g_assert_cmpuint(rating.n_samples, <=, RECORD_MAX_SAMPLES);
  g_assert_cmpuint(rating.n_samples, >, RECORD_MAX_SAMPLES / 4);
  g_assert_cmpfloat(rating.samples[0].ms, ==, 0);
  g_assert_cmpfloat(rating.samples[rating.n_samples - 1].ms, ==, 99998);
  for (gsize i = 1; i < rating.n_samples; i++)
    g_assert_cmpfloat(rating.samples[i].ms, >, rating.samples[i - 1].ms);
  g_free(rating.samples);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/journal/what is written is read", test_what_is_written_is_read);
  FIXTURE_ADD("/journal/files are private", test_files_are_private);
  FIXTURE_ADD("/journal/one session has one writer", test_one_session_has_one_writer);
  FIXTURE_ADD("/journal/resumed session goes on after the last whole record",
              test_resumed_session_goes_on_after_the_last_whole_record);
  FIXTURE_ADD("/journal/aborted trial is shown again", test_aborted_trial_is_shown_again);
  FIXTURE_ADD("/journal/changed protocol, set or participant is refused on resume",
              test_changed_protocol_set_or_participant_is_refused_on_resume);
  FIXTURE_ADD("/journal/changed design is refused on resume", test_changed_design_is_refused_on_resume);
  FIXTURE_ADD("/journal/each session gets the next run", test_each_session_gets_the_next_run);
  FIXTURE_ADD("/journal/journals are listed as they were begun", test_journals_are_listed_as_they_were_begun);
  FIXTURE_ADD("/journal/simulated journals are listed by number", test_simulated_journals_are_listed_by_number);
  FIXTURE_ADD("/journal/unwritable folder is named", test_unwritable_folder_is_named);
  FIXTURE_ADD("/journal/missing journal is no error", test_missing_journal_is_no_error);
  g_test_add_func("/journal/long trajectory keeps its ends and its limit",
                  test_long_trajectory_keeps_its_ends_and_its_limit);
  return g_test_run();
}
