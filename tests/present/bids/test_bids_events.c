/* The events file, which sessions with markers or sounds have. */
#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"

static void test_markers_bring_an_events_file(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(MarkerRecord) sent = marker_record_new(10.2515, "image", 17, "dream-3");
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
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  const char *id = protocol_stimulus(study->protocol, list->trials[0].stimulus, "id");
  g_autofree char *wanted =
      g_strdup_printf("onset\tduration\ttrial_type\tvalue\tblock\ttrial\tstim_id\tdetail\tsource\tuncertainty\tfault\n"
                      "10.25\tn/a\timage\tn/a\twarmup\t1\t%s\tn/a\tsimulated\t0.0017\tn/a\n"
                      "10.2515\t0\tmarker\t17\tn/a\tn/a\tn/a\timage dream-3\tn/a\t0.00025\tn/a\n"
                      "12.75\tn/a\tsound\tn/a\twarmup\t1\t%s\tprobe\tfit\tn/a\tn/a\n"
                      "13.375\t0\tresponse\tn/a\twarmup\t1\t%s\tn/a\tn/a\tn/a\tn/a\n"
                      "13.5\t0\tmarker\t18\tn/a\tn/a\tn/a\tresponse\tn/a\tn/a\tport gone\n",
                      id, id, id);
  g_assert_cmpstr(text, ==, wanted);
  g_autoptr(JsonNode) root = derived_json(study->data, "sub-01/beh/sub-01_task-rating_run-1_events.json");
  g_assert_nonnull(derived_level(root, "trial_type", "marker"));
}

static void record_sound(Journal *journal, gsize step, gsize trial, double onset) {
  g_autoptr(SoundRecord) sound = sound_record_new(step, trial, "probe");
  sound->onset = onset;
  g_assert_true(journal_sound(journal, sound, NULL));
}

static void test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  gsize second = 0;
  while (list->trials[second].block == list->trials[0].block)
    second++;
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/bids/markers bring an events file", test_markers_bring_an_events_file);
  FIXTURE_ADD("/bids/events tell how long an image stayed and whose a sound is",
              test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is);
  return g_test_run();
}
