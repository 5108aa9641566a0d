/* What a kill, a full disk, a power cut or a hand leaves of a journal. */
#include "present/journal/journal.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/journal/journal_fixture.h"

/* The records after the header, whatever their kind. */
static gsize count(const JournalContents *contents) {
  return contents->answers->len + contents->trials->len + contents->events->len + contents->n_parts - 1 +
         (contents->status != JOURNAL_INTERRUPTED);
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

/* A kill or a full disk at any moment of a write leaves a prefix of the file. */
static void test_every_prefix_keeps_every_whole_record(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0, whole = 0;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
  const char *header_end = strchr(text, '\n');
  for (gsize cut = 0; cut <= size; cut++) {
    if (cut > 0 && text[cut - 1] == '\n')
      whole = cut;
    fixture_overwrite(path, text, cut);
    if (cut <= (gsize)(header_end - text)) {
      assert_refused(path, ":1: the journal has no header");
      continue;
    }
    gsize records = 0;
    for (gsize i = 0; i < whole; i++)
      records += text[i] == '\n';
    g_autoptr(JournalContents) contents = fixture_contents(path);
    g_assert_cmpuint(count(contents), ==, records - 1);
    g_assert_cmpuint(contents->torn_bytes, ==, cut - whole);
  }
}

/* A power cut may leave the length without the bytes. */
static void test_torn_line_with_holes_is_dropped(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
  char *last = text + size - 2;
  while (last[-1] != '\n')
    last--;
  memset(last, 0, 40);
  fixture_overwrite(path, text, size);
  g_autoptr(JournalContents) contents = fixture_contents(path);
  g_assert_cmpuint(contents->torn_bytes, ==, (gsize)(text + size - last));
  g_assert_cmpint(contents->status, ==, JOURNAL_INTERRUPTED);
}

static void test_any_changed_byte_is_found_with_its_line(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0, line = 1;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
  for (gsize i = 0; i < size - 1; i++) {
    char kept = text[i];
    g_autofree char *wanted = g_strdup_printf(":%zu: the record is damaged", line);
    text[i] = kept == 'x' ? 'y' : 'x';
    fixture_overwrite(path, text, size);
    assert_refused(path, wanted);
    text[i] = kept;
    line += kept == '\n';
  }
}

static void test_lost_doubled_and_swapped_lines_are_found(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  static const int orders[][5] = {{0, 2, 3, 4, 5}, {0, 1, 1, 2, 3}, {0, 2, 1, 3, 4}};
  static const char *const wanted[] = {":2: the record is damaged", ":3: the record is damaged",
                                       ":2: the record is damaged"};
  for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
    g_autoptr(GString) changed = g_string_new(NULL);
    for (gsize j = 0; j < 5; j++)
      g_string_append_printf(changed, "%s\n", lines[orders[i][j]]);
    fixture_overwrite(path, changed->str, changed->len);
    assert_refused(path, wanted[i]);
  }
}

/* Lines whose digests fit but which are no records of ours. */
static void test_foreign_records_are_refused(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
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
    fixture_overwrite(path, whole, strlen(whole));
    assert_refused(path, cases[i].wanted);
  }
}

/* Earlier versions wrote a double of 1e20 so. The text within quotes stays as it is. */
static void test_exponents_with_a_point_behind_them_are_read(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  static const char answer[] =
      "{\"sequence\":2,\"type\":\"answer\",\"data\":{\"step\":1,\"name\":\"mood\",\"choice\":0,"
      "\"label\":\"say \\\"1e+20.0\\\"\",\"onset\":2.5,\"confirm_time\":4.75,"
      "\"values\":[1e+20.0,-3e-07.0,1e+300.0],\"start\":null}";
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autofree char *path = fixture_whole_session(study, &text, &size);
  *strchr(text, '\n') = '\0';
  g_autofree char *chained = g_strdup_printf("%.64s%s", text + strlen(text) - 66, answer);
  g_autofree char *own = files_sha256_data(chained, strlen(chained));
  g_autofree char *whole = g_strdup_printf("%s\n%s,\"sha256\":\"%s\"}\n", text, answer, own);
  fixture_overwrite(path, whole, strlen(whole));
  g_autoptr(JournalContents) contents = fixture_contents(path);
  const AnswerRecord *record = contents->answers->pdata[0];
  g_assert_cmpstr(record->label, ==, "say \"1e+20.0\"");
  g_assert_cmpuint(record->n_values, ==, 3);
  g_assert_cmpfloat(record->values[0], ==, 1e20);
  g_assert_cmpfloat(record->values[1], ==, -3e-7);
  g_assert_cmpfloat(record->values[2], ==, 1e300);
}

static void test_any_answer_is_read_back_equal(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  static const double values[] = {99999999999999999999.0, 1e20, 5e-324, G_MAXDOUBLE, 12345678901, 0.1 + 0.2, -1e15};
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(AnswerRecord) answer = answer_record_new(1, "mood", 0, "", 1, 2);
  answer_record_set_values(answer, values, G_N_ELEMENTS(values));
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL) &&
                journal_answer(journal, answer, NULL));
  g_autoptr(JournalContents) contents = fixture_contents(journal_path(journal));
  const AnswerRecord *record = contents->answers->pdata[0];
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    g_assert_cmpfloat(record->values[i], ==, values[i]);
}

/* The child tells each record that it has confirmed; the parent kills it somewhere. */
static void test_kill_loses_no_confirmed_record(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
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
    g_autoptr(JournalContents) contents = fixture_contents(path);
    g_assert_cmpuint(contents->trials->len, >=, confirmed);
    g_assert_cmpuint(contents->trials->len, <=, confirmed + 1);
  }
}

/* At every size limit over the length of a session: what was confirmed stays, the torn record goes, the session stops.
 */
static void test_full_disk_stops_the_session_with_all_before_on_disk(JournalStudy *study, gconstpointer unused) {
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
    g_autoptr(JournalContents) contents = fixture_contents(path);
    g_assert_cmpuint(contents->trials->len, ==, confirmed);
    g_assert_cmpuint(contents->torn_bytes, ==, 0);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/journal/every prefix keeps every whole record", test_every_prefix_keeps_every_whole_record);
  FIXTURE_ADD("/journal/torn line with holes is dropped", test_torn_line_with_holes_is_dropped);
  FIXTURE_ADD("/journal/any changed byte is found with its line", test_any_changed_byte_is_found_with_its_line);
  FIXTURE_ADD("/journal/lost, doubled and swapped lines are found", test_lost_doubled_and_swapped_lines_are_found);
  FIXTURE_ADD("/journal/foreign records are refused", test_foreign_records_are_refused);
  FIXTURE_ADD("/journal/exponents with a point behind them are read", test_exponents_with_a_point_behind_them_are_read);
  FIXTURE_ADD("/journal/any answer is read back equal", test_any_answer_is_read_back_equal);
  FIXTURE_ADD("/journal/kill loses no confirmed record", test_kill_loses_no_confirmed_record);
  FIXTURE_ADD("/journal/full disk stops the session with all before on disk",
              test_full_disk_stops_the_session_with_all_before_on_disk);
  return g_test_run();
}
