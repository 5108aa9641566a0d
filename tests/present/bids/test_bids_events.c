/* The events file, which sessions with markers or sounds have. */
#include <string.h>

#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"

static void test_markers_bring_an_events_file(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  const char *id = protocol_stimulus(study->protocol, list->trials[0].stimulus, "id");
  g_autoptr(MarkerRecord) sent = marker_record_new(10.2515, "image", 17, id);
  g_autoptr(MarkerRecord) failed = marker_record_new(13.5, "response", 18, "");
  g_autoptr(SoundRecord) sound = sound_record_new(2, 1, "probe");
  sent->uncertainty = 0.00025;
  g_free(failed->fault);
  failed->fault = g_strdup("port gone");
  sound->onset = 12.75;
  g_free(sound->source);
  sound->source = g_strdup("fit");
  g_assert_true(journal_marker(journal, failed, NULL) && journal_marker(journal, sent, NULL) &&
                journal_sound(journal, sound, NULL));
  derived_make(study->data);
  g_autofree char *text = derived_text(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  g_autofree char *wanted =
      g_strdup_printf("onset\tduration\ttrial_type\tvalue\tblock\ttrial\tstim_id\tdetail\tsource\tuncertainty\tfault\n"
                      "10.25\tn/a\timage\tn/a\twarmup\t1\t%s\tn/a\tsimulated\t0.0017\tn/a\n"
                      "10.2515\t0\tmarker\t17\tn/a\tn/a\tn/a\timage %s\tn/a\t0.00025\tn/a\n"
                      "12.75\tn/a\tsound\tn/a\twarmup\t1\t%s\tprobe\tfit\tn/a\tn/a\n"
                      "13.375\t0\tresponse\tn/a\twarmup\t1\t%s\tn/a\tn/a\tn/a\tn/a\n"
                      "13.5\t0\tmarker\t18\tn/a\tn/a\tn/a\tresponse\tn/a\tn/a\tport gone\n",
                      id, id, id, id);
  g_assert_cmpstr(text, ==, wanted);
  g_autoptr(JsonNode) root = derived_json(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.json");
  g_assert_nonnull(derived_level(root, "trial_type", "marker"));
}

static void record_sound(Journal *journal, gsize step, gsize trial, double onset) {
  g_autoptr(SoundRecord) sound = sound_record_new(step, trial, "probe");
  sound->onset = onset;
  g_assert_true(journal_sound(journal, sound, NULL));
}

/* The first trial of the block after the first. */
static gsize second_block(const TrialList *list) {
  gsize i = 0;
  while (list->trials[i].block == list->trials[0].block)
    i++;
  return i;
}

static void test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  gsize second = second_block(list);
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, second);
  g_autoptr(MarkerRecord) marker = marker_record_new(99.5, "session_end", 9, "");
  record->image_duration = 0.51725;
  record_sound(journal, list->trials[second].step, 1, record->onset_actual + 0.0625);
  g_assert_true(journal_trial(journal, record, NULL));
  record_sound(journal, list->trials[second].step, 2, 90.5); /* of a trial that never came to its record */
  g_assert_true(journal_marker(journal, marker, NULL));
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 7); /* two images, two responses, two sounds, a marker */
  static const struct {
    gsize row;
    const char *type, *duration, *block, *trial;
    bool has_image;
  } wanted[] = {{0, "image", "n/a", "warmup", "1", true},
                {2, "image", "0.51725", "main", "1", true},
                {3, "sound", "n/a", "main", "1", true},
                {5, "sound", "n/a", "main", "2", false}};
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
    gsize row = wanted[i].row;
    g_assert_cmpstr(table_get(table, row, 2), ==, wanted[i].type);
    g_assert_cmpstr(table_get(table, row, 1), ==, wanted[i].duration);
    g_assert_cmpstr(table_get(table, row, 4), ==, wanted[i].block);
    g_assert_cmpstr(table_get(table, row, 5), ==, wanted[i].trial);
    g_assert_true(table_is_missing(table, row, 6) == !wanted[i].has_image);
  }
  g_assert_cmpstr(table_get(table, 3, 6), ==, record->stim_id);
}

/* The row of this type, the nth from 0. */
static gsize find_row(const Table *table, const char *type, gsize n) {
  for (gsize i = 0; i < table_n_rows(table); i++)
    if (strcmp(table_get(table, i, 2), type) == 0 && n-- == 0)
      return i;
  g_assert_not_reached();
}

/* The attempt is of a trial that a kill in its pause ended, the first of its block: no trial's record names either. */
static void test_a_sound_of_an_attempt_has_its_image(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  gsize second = second_block(list);
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, second);
  g_autoptr(MarkerRecord) marker = marker_record_new(99.5, "session_end", 9, "");
  record_sound(journal, record->step, 1, record->onset_actual + 0.0625);
  g_assert_true(journal_attempt(journal, record, NULL) && journal_marker(journal, marker, NULL));
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  gsize row = find_row(table, "sound", 0);
  g_assert_cmpstr(derived_cell(table, row, "block"), ==, "main");
  g_assert_cmpstr(derived_cell(table, row, "trial"), ==, "1");
  g_assert_cmpstr(derived_cell(table, row, "stim_id"), ==, record->stim_id);
}

static void record_event(Journal *journal, double time, const char *kind, const char *detail) {
  g_autoptr(EventRecord) event = event_record_new(time, kind, detail);
  g_assert_true(journal_event(journal, event, NULL));
}

static void record_image_marker(Journal *journal, double time, const char *stim_id) {
  g_autoptr(MarkerRecord) marker = marker_record_new(time, "image", 6, stim_id);
  g_assert_true(journal_marker(journal, marker, NULL));
}

static void test_flips_are_on_the_sessions_clock_after_a_resumption(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  static const char flips[] =
      "fixation n/a 4.026345 untrusted n/a n/a; image 4.500000 4.512185 swap_finish 0.016667 1; redraws 2 missed 0";
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, true, 1);
  record_event(journal, 14, "flips", flips);
  g_autofree char *path = g_strdup(journal_path(journal));
  g_clear_pointer(&journal, journal_close);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, true, NULL);
  g_autoptr(JournalContents) before = NULL;
  g_free(header->wall_clock);
  header->wall_clock = g_strdup("1970-01-01T00:01:02.500000Z");
  g_assert_true(journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, NULL));
  record_event(journal, 14, "flips", flips);
  record_image_marker(journal, 20, "");
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  g_assert_cmpstr(derived_cell(table, find_row(table, "flips", 0), "detail"), ==, flips);
  g_assert_cmpstr(derived_cell(table, find_row(table, "flips", 1), "detail"), ==,
                  "fixation n/a 66.526345 untrusted n/a n/a; image 67.000000 67.012185 swap_finish 0.016667 1; "
                  "redraws 2 missed 0");
  g_assert_cmpstr(derived_cell(table, find_row(table, "flips", 1), "onset"), ==, "76.5");
}

/* Journals of earlier versions, whose trials count pauses in and whose attempts left nothing but a marker. */
static void test_earlier_journals_tell_less_of_pauses_and_attempts(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1); /* its image at 15.25 s */
  const char *next = protocol_stimulus(study->protocol, list->trials[2].stimulus, "id");
  record->image_duration = 2.375;
  record_image_marker(journal, 14.125, record->stim_id); /* an attempt */
  record_image_marker(journal, 15.2501, record->stim_id);
  record_event(journal, 14.5, "pause", "");
  record_event(journal, 14.75, "continue", "");
  record_event(journal, 15.75, "pause", "");
  record_event(journal, 17.0625, "continue", "");
  record_image_marker(journal, 17.625, record->stim_id); /* what they sent when the sliders appeared */
  g_assert_true(journal_trial(journal, record, NULL));
  record_image_marker(journal, 21.5, next);
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  static const char *const wanted[][4] = {{"10.25", "n/a", "1", "n/a"},
                                          {"14.125", "n/a", "2", "broken off; the time is its marker's"},
                                          {"15.25", "1.0625", "2", "n/a"},
                                          {"21.5", "n/a", "n/a", "broken off; the time is its marker's"}};
  static const char *const columns[] = {"onset", "duration", "trial", "detail"};
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
    for (gsize k = 0; k < G_N_ELEMENTS(columns); k++)
      g_assert_cmpstr(derived_cell(table, find_row(table, "image", i), columns[k]), ==, wanted[i][k]);
  g_assert_cmpstr(derived_cell(table, find_row(table, "image", 3), "stim_id"), ==, next);
  gsize n_images = 0;
  for (gsize i = 0; i < table_n_rows(table); i++)
    n_images += strcmp(derived_cell(table, i, "trial_type"), "image") == 0;
  g_assert_cmpuint(n_images, ==, G_N_ELEMENTS(wanted));
  g_autoptr(Table) rows = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpstr(derived_cell(rows, 1, "image_duration"), ==, "1.0625");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/bids/markers bring an events file", test_markers_bring_an_events_file);
  FIXTURE_ADD("/bids/events tell how long an image stayed and whose a sound is",
              test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is);
  FIXTURE_ADD("/bids/a sound of an attempt has its image", test_a_sound_of_an_attempt_has_its_image);
  FIXTURE_ADD("/bids/flips are on the session's clock after a resumption",
              test_flips_are_on_the_sessions_clock_after_a_resumption);
  FIXTURE_ADD("/bids/earlier journals tell less of pauses and attempts",
              test_earlier_journals_tell_less_of_pauses_and_attempts);
  return g_test_run();
}
