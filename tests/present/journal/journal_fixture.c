#include "tests/present/journal/journal_fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "stimuli/base/files.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

TrialList *fixture_list(const Protocol *protocol, const char *participant) {
  GError *error = NULL;
  TrialList *list = NULL;
  trial_list_new(protocol, participant, &list, &error);
  g_assert_no_error(error);
  return list;
}

TrialRecord *fixture_trial(const Protocol *protocol, const TrialList *list, gsize index) {
  TrialRecord *record = trial_record_new(protocol, &list->trials[index]);
  double onset = 10.25 + 5 * (double)index;
  record->onset_planned = onset - 0.0125;
  record->onset_actual = onset;
  record->onset_uncertainty = 0.0017;
  record->missed_frames = index % 3;
  g_free(record->onset_source);
  record->onset_source = g_strdup("simulated");
  for (gsize i = 0; i < record->n_ratings; i++) {
    RatingRecord *rating = &record->ratings[i];
    rating->touched = true;
    rating->first_touch_time = onset + 0.75;
    rating->confirm_time = onset + 3.125;
    rating->final = 12.5 + (double)index + 0.25 * (double)i;
    rating_record_sample(rating, 750, 3.5);
    rating_record_sample(rating, 1012.4, rating->final);
  }
  record->response_time = 3.125;
  return record;
}

Journal *fixture_begin(const Protocol *protocol, const char *data, const char *participant, const char *session,
                       bool simulated, gsize n_trials) {
  GError *error = NULL;
  Journal *journal = NULL;
  DisplayFacts display = {.driver = "null",
                          .width_px = 1920,
                          .height_px = 1080,
                          .refresh_hz = 59.94,
                          .width_cm = 53.1,
                          .height_cm = 29.9,
                          .distance_cm = NAN,
                          .onset_source = "simulated",
                          .note = "simulated display"};
  g_autoptr(JournalHeader) header = journal_header_new(protocol, participant, session, simulated, &display);
  g_autoptr(TrialList) list = fixture_list(protocol, participant);
  g_autoptr(AnswerRecord) page = answer_record_new(0, "hello", 0, "", 0.5, 2.25);
  g_autoptr(AnswerRecord) mood = answer_record_new(1, "mood", 2, "so so", 2.5, 4.75);
  journal_create(data, header, JOURNAL_DURABLE, &journal, &error);
  g_assert_no_error(error);
  g_assert_true(journal_answer(journal, page, NULL) && journal_answer(journal, mood, NULL));
  for (gsize i = 0; i < MIN(n_trials, list->n_trials); i++) {
    g_autoptr(TrialRecord) record = fixture_trial(protocol, list, i);
    g_assert_true(journal_trial(journal, record, NULL));
  }
  return journal;
}

void fixture_session(const Protocol *protocol, const char *data, const char *participant, const char *session,
                     bool simulated) {
  g_autoptr(Journal) journal = fixture_begin(protocol, data, participant, session, simulated, G_MAXSIZE);
  g_assert_true(journal_end(journal, JOURNAL_COMPLETE, NULL, 99.5, NULL));
}

void fixture_aborted(const Protocol *protocol, const char *data, const char *participant, gsize n_trials,
                     const char *reason) {
  g_autoptr(TrialList) list = fixture_list(protocol, participant);
  g_autoptr(Journal) journal = fixture_begin(protocol, data, participant, NULL, true, n_trials);
  g_autoptr(TrialRecord) aborted = trial_record_new(protocol, &list->trials[n_trials]);
  aborted->abort_reason = g_strdup(reason);
  g_assert_true(journal_trial(journal, aborted, NULL) && journal_end(journal, JOURNAL_ABORTED, "quit", 30, NULL));
}

void fixture_study_begin(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  study->folder = support_folder();
  study->data = g_build_filename(study->folder, "data", NULL);
  study->protocol = fixture_protocol(study->folder, 6, "");
}

void fixture_study_end(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  protocol_free(study->protocol);
  support_remove(study->folder);
  g_free(study->folder);
  g_free(study->data);
}

JournalContents *fixture_contents(const char *path) {
  GError *error = NULL;
  JournalContents *contents = NULL;
  journal_read(path, &contents, &error);
  g_assert_no_error(error);
  return contents;
}

guint fixture_count_events(const JournalContents *contents, const char *kind) {
  guint n = 0;
  for (guint i = 0; i < contents->events->len; i++)
    n += g_str_equal(((const EventRecord *)contents->events->pdata[i])->kind, kind);
  return n;
}

char *fixture_path(const char *data, const char *participant) {
  return g_strdup_printf("%s/sourcedata/sub-%s/sub-%s_task-rating_run-1_journal.jsonl", data, participant, participant);
}

static void read_text(const char *path, char **text, gsize *size) {
  GError *error = NULL;
  files_read(path, 1 << 20, text, size, &error);
  g_assert_no_error(error);
}

char *fixture_whole_session(const JournalStudy *study, char **text, gsize *size) {
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 2);
  g_assert_true(journal_end(journal, JOURNAL_COMPLETE, NULL, 99.5, NULL));
  char *path = fixture_path(study->data, "01");
  read_text(path, text, size);
  return path;
}

void fixture_overwrite(const char *path, const char *text, gsize size) {
  FILE *file = g_fopen(path, "wb"); /* g_file_set_contents waits for the disk */
  g_assert_cmpuint(fwrite(text, 1, size, file), ==, size);
  g_assert_cmpint(fclose(file), ==, 0);
}

void fixture_damage(const char *data, const char *participant) {
  g_autofree char *path = fixture_path(data, participant), *text = NULL;
  gsize size = 0;
  read_text(path, &text, &size);
  strchr(text, '\n')[10] ^= 1;
  fixture_overwrite(path, text, size);
}
