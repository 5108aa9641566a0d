#include "present/journal.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/journal_fixture.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

/* A folder with a protocol of six images (2 + 6 trials), and its data folder. */
typedef struct {
  char *folder, *data;
  Protocol *protocol;
} Study;

static void study_begin(Study *study, gconstpointer unused) {
  (void)unused;
  study->folder = support_folder();
  study->data = g_build_filename(study->folder, "data", NULL);
  study->protocol = fixture_protocol(study->folder, 6, "");
}

static void study_end(Study *study, gconstpointer unused) {
  (void)unused;
  protocol_free(study->protocol);
  support_remove(study->folder);
  g_free(study->folder);
  g_free(study->data);
}

static JournalContents *contents_of(const char *path) {
  GError *error = NULL;
  JournalContents *contents = NULL;
  journal_read(path, &contents, &error);
  g_assert_no_error(error);
  return contents;
}

/* The records after the header, whatever their kind. */
static gsize count(const JournalContents *contents) {
  return contents->answers->len + contents->trials->len + contents->events->len + contents->n_parts - 1 +
         (contents->status != JOURNAL_INTERRUPTED);
}

/* Writes a whole session of participant 01 and returns its journal's path. */
static char *whole_session(const Study *study, char **text, gsize *size) {
  GError *error = NULL;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  char *path = g_build_filename(study->data, "sourcedata/sub-01/sub-01_task-rating_run-1_journal.jsonl", NULL);
  files_read(path, 1 << 20, text, size, &error);
  g_assert_no_error(error);
  return path;
}

static void overwrite(const char *path, const char *text, gsize size) {
  FILE *file = g_fopen(path, "wb"); /* g_file_set_contents waits for the disk */
  g_assert_cmpuint(fwrite(text, 1, size, file), ==, size);
  g_assert_cmpint(fclose(file), ==, 0);
}

static void assert_refused(const char *path, const char *wanted) {
  g_autoptr(JournalContents) contents = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(journal_read(path, &contents, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_autofree char *start = g_strconcat(path, wanted, NULL);
  if (!g_str_has_prefix(error->message, start))
    g_error("got \"%s\", want \"%s...\"", error->message, start);
}

static void test_what_is_written_is_read(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(EventRecord) pause = event_record_new(61.5, "pause", "Escape \xff");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "p7", "b", true, 3);
  g_assert_true(journal_event(journal, pause, NULL));
  g_assert_true(journal_end(journal, JOURNAL_ABORTED, "the participant quit", 62.5, NULL));
  g_autoptr(JournalContents) contents = contents_of(journal_path(journal));
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

static void test_files_are_private(Study *study, gconstpointer unused) {
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

/* A kill or a full disk at any moment of a write leaves a prefix of the file. */
static void test_every_prefix_keeps_every_whole_record(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0, whole = 0;
  g_autofree char *path = whole_session(study, &text, &size);
  const char *header_end = strchr(text, '\n');
  for (gsize cut = 0; cut <= size; cut++) {
    if (cut > 0 && text[cut - 1] == '\n')
      whole = cut;
    overwrite(path, text, cut);
    if (cut <= (gsize)(header_end - text)) {
      assert_refused(path, ":1: the journal has no header");
      continue;
    }
    gsize records = 0;
    for (gsize i = 0; i < whole; i++)
      records += text[i] == '\n';
    g_autoptr(JournalContents) contents = contents_of(path);
    g_assert_cmpuint(count(contents), ==, records - 1);
    g_assert_cmpuint(contents->torn_bytes, ==, cut - whole);
  }
}

/* A power cut may leave the length without the bytes. */
static void test_torn_line_with_holes_is_dropped(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = whole_session(study, &text, &size);
  char *last = text + size - 2;
  while (last[-1] != '\n')
    last--;
  memset(last, 0, 40);
  overwrite(path, text, size);
  g_autoptr(JournalContents) contents = contents_of(path);
  g_assert_cmpuint(contents->torn_bytes, ==, (gsize)(text + size - last));
  g_assert_cmpint(contents->status, ==, JOURNAL_INTERRUPTED);
}

static void test_any_changed_byte_is_found_with_its_line(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0, line = 1;
  g_autofree char *path = whole_session(study, &text, &size);
  for (gsize i = 0; i < size - 1; i++) {
    char kept = text[i];
    g_autofree char *wanted = g_strdup_printf(":%zu: the record is damaged", line);
    text[i] = kept == 'x' ? 'y' : 'x';
    overwrite(path, text, size);
    assert_refused(path, wanted);
    text[i] = kept;
    line += kept == '\n';
  }
}

static void test_lost_doubled_and_swapped_lines_are_found(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = whole_session(study, &text, &size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  static const int orders[][5] = {{0, 2, 3, 4, 5}, {0, 1, 1, 2, 3}, {0, 2, 1, 3, 4}};
  static const char *const wanted[] = {":2: the record is damaged", ":3: the record is damaged",
                                       ":2: the record is damaged"};
  for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
    g_autoptr(GString) changed = g_string_new(NULL);
    for (gsize j = 0; j < 5; j++)
      g_string_append_printf(changed, "%s\n", lines[orders[i][j]]);
    overwrite(path, changed->str, changed->len);
    assert_refused(path, wanted[i]);
  }
}

/* Lines whose digests fit but which are no records of ours. */
static void test_foreign_records_are_refused(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = whole_session(study, &text, &size);
  *strchr(text, '\n') = '\0';
  const char *digest = text + strlen(text) - 66;
  static const struct {
    const char *record, *wanted;
  } cases[] = {
      {"{\"sequence\":3,\"type\":\"end\",\"data\":{}", ":2: is not record 2 of a journal"},
      {"{\"sequence\":2,\"type\":\"dream\",\"data\":{}", ":2: there is no record of type \"dream\""},
      {"{\"sequence\":2,\"type\":\"header\",\"data\":{}", ":2: the first record must be the header, and no other"},
      {"{\"sequence\":2,\"type\":\"answer\",\"data\":{\"step\":-1}", ":2: member \"step\": a count in range is needed"},
      {"{\"sequence\":2,\"type\":\"trial\",\"data\":{\"step\":1,\"trial\":\"x\"}",
       ":2: member \"trial\": a count in range is needed"},
      {"{\"sequence\":2,\"type\":\"event\",\"data\":{\"time\":true}",
       ":2: member \"time\": a number or null is needed"},
      {"{\"sequence\":2,\"type\":\"resume\",\"data\":{}", ":2: member \"wall_clock\" is not a date and time"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *chained = g_strdup_printf("%.64s%s", digest, cases[i].record);
    g_autofree char *own = files_sha256_data(chained, strlen(chained));
    g_autofree char *whole = g_strdup_printf("%s\n%s,\"sha256\":\"%s\"}\n", text, cases[i].record, own);
    overwrite(path, whole, strlen(whole));
    assert_refused(path, cases[i].wanted);
  }
}

/* The child tells each record that it has confirmed; the parent kills it somewhere. */
static void test_kill_loses_no_confirmed_record(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  for (gsize round = 0; round < 25; round++) {
    int pipes[2];
    g_assert_cmpint(pipe(pipes), ==, 0);
    g_autofree char *label = g_strdup_printf("k%zu", round);
    pid_t child = fork();
    if (child == 0) {
      close(pipes[0]);
      Journal *journal = fixture_begin(study->protocol, study->data, label, NULL, false, 0);
      for (gsize i = 0;; i++) {
        TrialRecord *record = fixture_trial(study->protocol, list, i % list->n_trials);
        if (!journal_trial(journal, record, NULL) || write(pipes[1], "c", 1) != 1)
          _exit(1);
        trial_record_free(record);
      }
    }
    close(pipes[1]);
    char byte;
    gsize confirmed = 0;
    for (gsize i = 0; i < 1 + round && read(pipes[0], &byte, 1) == 1; i++)
      confirmed++;
    g_usleep(37 * round); /* somewhere within the next record */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(pipes[0], &byte, 1) == 1)
      confirmed++;
    close(pipes[0]);

    g_autofree char *path = NULL;
    JournalStatus status = JOURNAL_COMPLETE;
    GError *error = NULL;
    journal_newest(study->data, label, NULL, "rating", &path, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, JOURNAL_INTERRUPTED);
    g_autoptr(JournalContents) contents = contents_of(path);
    g_assert_cmpuint(contents->trials->len, >=, confirmed);
    g_assert_cmpuint(contents->trials->len, <=, confirmed + 1);
  }
}

/* At every size limit over the length of a session: what was confirmed stays, the torn record goes, the session stops.
 */
static void test_full_disk_stops_the_session_with_all_before_on_disk(Study *study, gconstpointer unused) {
  (void)unused;
  for (gsize limit = 3000; limit < 9000; limit += 397) {
    g_autofree char *label = g_strdup_printf("f%zu", limit);
    int pipes[2];
    g_assert_cmpint(pipe(pipes), ==, 0);
    pid_t child = fork();
    if (child == 0) {
      g_autoptr(TrialList) list = NULL;
      g_autoptr(GError) error = NULL;
      trial_list_new(study->protocol, "01", &list, NULL);
      signal(SIGXFSZ, SIG_IGN);
      Journal *journal = fixture_begin(study->protocol, study->data, label, NULL, false, 0);
      struct rlimit size = {limit, limit};
      setrlimit(RLIMIT_FSIZE, &size);
      for (gsize i = 0; i < 100; i++) {
        TrialRecord *record = fixture_trial(study->protocol, list, i % list->n_trials);
        if (!journal_trial(journal, record, &error)) {
          bool right = g_error_matches(error, RIG_ERROR, RIG_ERROR_OUTPUT) && strstr(error->message, "File too large");
          bool again = journal_trial(journal, record, NULL); /* room or not: it must not go on */
          _exit(right && !again ? 0 : 1);
        }
        if (write(pipes[1], "c", 1) != 1)
          _exit(2);
        trial_record_free(record);
      }
      _exit(3);
    }
    close(pipes[1]);
    gsize confirmed = 0;
    char byte;
    while (read(pipes[0], &byte, 1) == 1)
      confirmed++;
    close(pipes[0]);
    int status = 0;
    waitpid(child, &status, 0);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_autofree char *path = NULL;
    JournalStatus state;
    g_assert_true(journal_newest(study->data, label, NULL, "rating", &path, &state, NULL));
    g_autoptr(JournalContents) contents = contents_of(path);
    g_assert_cmpuint(contents->trials->len, ==, confirmed);
    g_assert_cmpuint(contents->torn_bytes, ==, 0);
  }
}

static void test_one_session_has_one_writer(Study *study, gconstpointer unused) {
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

static void test_resumed_session_goes_on_after_the_last_whole_record(Study *study, gconstpointer unused) {
  (void)unused;
  GError *error = NULL;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 5);
  g_autofree char *path = g_strdup(journal_path(journal)), *text = NULL;
  gsize size = 0;
  g_clear_pointer(&journal, journal_close);
  g_assert_true(files_read(path, 1 << 20, &text, &size, NULL));
  overwrite(path, text, size - 100); /* the fifth trial was not whole */

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

  after = contents_of(path);
  g_assert_cmpuint(after->trials->len, ==, list->n_trials);
  for (gsize i = 0; i < list->n_trials; i++) {
    const TrialRecord *record = after->trials->pdata[i];
    g_assert_cmpuint(record->step, ==, list->trials[i].step);
    g_assert_cmpuint(record->trial, ==, list->trials[i].number);
    g_assert_cmpuint(after->trial_part[i], ==, i < 4 ? 0 : 1);
  }
  g_assert_cmpuint(after->n_parts, ==, 2);
  g_assert_cmpfloat(after->part_offset[1], >=, 0);
  g_assert_cmpint(after->status, ==, JOURNAL_COMPLETE);

  g_assert_false(journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_assert_nonnull(strstr(error->message, "cannot be resumed: the session is complete"));
  g_clear_error(&error);
}

static void test_aborted_trial_is_shown_again(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
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
  after = contents_of(path);
  g_assert_cmpint(after->status, ==, JOURNAL_INTERRUPTED);
}

static void test_changed_protocol_set_or_participant_is_refused_on_resume(Study *study, gconstpointer unused) {
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

static void test_each_session_gets_the_next_run(Study *study, gconstpointer unused) {
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

static void test_unwritable_folder_is_named(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_false(journal_create("/proc/nowhere", header, JOURNAL_DURABLE, &journal, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_true(g_str_has_prefix(error->message, "/proc/nowhere/sourcedata/sub-01: cannot make the folder"));
}

static void test_missing_journal_is_no_error(Study *study, gconstpointer unused) {
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

#define ADD(name, function) g_test_add("/journal/" name, Study, NULL, study_begin, function, study_end)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("what is written is read", test_what_is_written_is_read);
  ADD("files are private", test_files_are_private);
  ADD("every prefix keeps every whole record", test_every_prefix_keeps_every_whole_record);
  ADD("torn line with holes is dropped", test_torn_line_with_holes_is_dropped);
  ADD("any changed byte is found with its line", test_any_changed_byte_is_found_with_its_line);
  ADD("lost, doubled and swapped lines are found", test_lost_doubled_and_swapped_lines_are_found);
  ADD("foreign records are refused", test_foreign_records_are_refused);
  ADD("kill loses no confirmed record", test_kill_loses_no_confirmed_record);
  ADD("full disk stops the session with all before on disk", test_full_disk_stops_the_session_with_all_before_on_disk);
  ADD("one session has one writer", test_one_session_has_one_writer);
  ADD("resumed session goes on after the last whole record", test_resumed_session_goes_on_after_the_last_whole_record);
  ADD("aborted trial is shown again", test_aborted_trial_is_shown_again);
  ADD("changed protocol, set or participant is refused on resume",
      test_changed_protocol_set_or_participant_is_refused_on_resume);
  ADD("each session gets the next run", test_each_session_gets_the_next_run);
  ADD("unwritable folder is named", test_unwritable_folder_is_named);
  ADD("missing journal is no error", test_missing_journal_is_no_error);
  g_test_add_func("/journal/long trajectory keeps its ends and its limit",
                  test_long_trajectory_keeps_its_ends_and_its_limit);
  return g_test_run();
}
