/* The table of trials and its sidecar. */
#include <string.h>

#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/support.h"

#define COLUMNS                                                                                                        \
  "trial\tblock\tphase\tstim_id\tstim_file\tstim_sha256\tlayer\tseed\tarousal\tvalence\tresponse_time\t"               \
  "arousal_start\tarousal_touched\tarousal_first_touch_time\tarousal_confirm_time\tarousal_trajectory\tarousal_"       \
  "mirrored\t"                                                                                                         \
  "valence_start\tvalence_touched\tvalence_first_touch_time\tvalence_confirm_time\tvalence_trajectory\tvalence_"       \
  "mirrored\t"                                                                                                         \
  "response_time_uncertainty\tslider_on_top\tonset_planned\tonset_actual\tonset_source\tonset_uncertainty\t"           \
  "missed_frames\ttimed_out\timage_width\timage_height\timage_duration\tfixation_planned\titi_planned\t"               \
  "focus_losses\t"                                                                                                     \
  "focus_events\tpauses\tpause_duration\tabort_reason\tsimulated\n"

static void test_behaviour_has_each_column_and_each_confirmed_trial(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derived_make(study->data);
  g_autofree char *text = derived_text(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_true(g_str_has_prefix(text, COLUMNS));
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
  /* The third row: main trial 1, written by fixture_trial(2). */
  static const struct {
    const char *column, *value;
  } cells[] = {{"trial", "1"},
               {"block", "main"},
               {"phase", "main"},
               {"arousal", "14.5"},
               {"valence", "14.75"},
               {"response_time", "3.125"},
               {"arousal_touched", "1"},
               {"arousal_first_touch_time", "0.75"},
               {"arousal_confirm_time", "3.125"},
               {"arousal_trajectory", "750:3.5;1012:14.5"},
               {"valence_start", "0"},
               {"onset_planned", "20.2375"},
               {"onset_actual", "20.25"},
               {"onset_source", "simulated"},
               {"onset_uncertainty", "0.0017"},
               {"missed_frames", "2"},
               {"focus_losses", "0"},
               {"simulated", "0"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
    g_assert_cmpstr(derived_cell(table, 2, cells[i].column), ==, cells[i].value);
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  for (gsize i = 0; i < 8; i++) {
    gsize row = list->trials[i].stimulus;
    g_assert_cmpstr(table_get(table, i, 3), ==, protocol_stimulus(study->protocol, row, "id"));
    g_assert_cmpstr(table_get(table, i, 5), ==, study->protocol->set_sha256[row]);
    g_assert_cmpstr(table_get(table, i, 6), ==, protocol_stimulus(study->protocol, row, "layer"));
  }
}

static void test_sidecar_describes_every_column(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, true);
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_autoptr(JsonNode) root = derived_json(study->data, DERIVED_BEHAVIOUR ".json");
  JsonObject *sidecar = json_node_get_object(root);
  derived_check_described(table, root);
  g_assert_cmpstr(json_object_get_string_member(sidecar, "TaskName"), ==, "rating");
  g_assert_cmpstr(json_object_get_string_member(sidecar, "SessionStatus"), ==, "complete");
  g_assert_true(json_object_get_boolean_member(sidecar, "Simulated"));
  g_assert_nonnull(strstr(json_object_get_string_member(sidecar, "SimulatedNote"), "not human data"));
  JsonObject *screen = json_object_get_object_member(sidecar, "StimulusPresentation");
  g_assert_cmpfloat(json_object_get_double_member(screen, "ScreenRefreshRate"), ==, 59.94);
  g_assert_cmpint(json_array_get_int_element(json_object_get_array_member(screen, "ScreenResolution"), 0), ==, 1920);
  support_assert_near("screen width in m",
                      json_array_get_double_element(json_object_get_array_member(screen, "ScreenSize"), 0), 0.531,
                      1e-12, 0);
  g_assert_false(json_object_has_member(screen, "ScreenDistance")); /* not known */
}

static void test_unconfirmed_and_untouched_are_no_answers(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(TrialRecord) untouched = trial_record_new(study->protocol, &list->trials[1]);
  g_autoptr(TrialRecord) aborted = trial_record_new(study->protocol, &list->trials[2]);
  untouched->ratings[0].final = 50; /* where the thumb stood */
  aborted->abort_reason = g_strdup("quit");
  aborted->onset_actual = 41.5;
  aborted->ratings[0].touched = true;
  g_assert_true(journal_trial(journal, untouched, NULL) && journal_trial(journal, aborted, NULL));
  g_assert_true(journal_end(journal, JOURNAL_ABORTED, "quit", 30, NULL));
  derived_make(study->data);
  g_autofree char *text = derived_text(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_true(g_str_has_prefix(text, COLUMNS));
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 3);
  for (gsize row = 1; row <= 2; row++) {
    g_assert_cmpstr(table_get(table, row, 8), ==, "n/a");
    g_assert_cmpstr(table_get(table, row, 10), ==, "n/a");
  }
  g_assert_cmpstr(derived_cell(table, 1, "abort_reason"), ==, "n/a");
  g_assert_cmpstr(derived_cell(table, 2, "abort_reason"), ==, "quit");
  g_assert_cmpstr(derived_cell(table, 2, "onset_actual"), ==, "41.5");
  g_autoptr(JsonNode) root = derived_json(study->data, DERIVED_BEHAVIOUR ".json");
  g_assert_cmpstr(json_object_get_string_member(json_node_get_object(root), "SessionStatus"), ==, "aborted");
  g_assert_cmpstr(json_object_get_string_member(json_node_get_object(root), "AbortReason"), ==, "quit");
}

static void test_aborted_trial_gives_way_to_its_repetition(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 0);
  g_autoptr(TrialRecord) aborted = trial_record_new(study->protocol, &list->trials[0]);
  g_autoptr(TrialRecord) again = fixture_trial(study->protocol, list, 0);
  aborted->abort_reason = g_strdup("quit");
  g_assert_true(journal_trial(journal, aborted, NULL) && journal_trial(journal, aborted, NULL) &&
                journal_trial(journal, again, NULL));
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 1);
  g_assert_cmpstr(derived_cell(table, 0, "abort_reason"), ==, "n/a");
}

static void test_focus_events_are_told_with_their_trial(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(EventRecord) lost = event_record_new(15.75, "focus_lost", "");
  g_autoptr(EventRecord) paused = event_record_new(15.8, "pause", "main");
  g_autoptr(EventRecord) gained = event_record_new(16.0625, "focus_gained", "");
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1); /* its image at 15.25 s */
  g_assert_true(journal_event(journal, lost, NULL) && journal_event(journal, paused, NULL) &&
                journal_event(journal, gained, NULL) && journal_trial(journal, record, NULL));
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpstr(derived_cell(table, 0, "focus_events"), ==, "n/a");
  g_assert_cmpstr(derived_cell(table, 1, "focus_events"), ==, "500:lost;812:gained");
}

static void test_onsets_go_on_after_a_resumption(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, true, 1);
  g_autofree char *path = g_strdup(journal_path(journal));
  g_clear_pointer(&journal, journal_close);
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, "01", NULL, true, NULL);
  g_autoptr(JournalContents) before = NULL;
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1);
  g_free(header->wall_clock);
  header->wall_clock = g_strdup("1970-01-01T01:02:03.500000Z");
  g_assert_true(journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, NULL));
  g_assert_true(journal_trial(journal, record, NULL));
  derived_make(study->data);
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpstr(derived_cell(table, 0, "onset_actual"), ==, "10.25");
  g_assert_cmpstr(derived_cell(table, 1, "onset_actual"), ==, "3738.75"); /* 3723.5 s and 15.25 s */
  g_assert_cmpstr(derived_cell(table, 1, "arousal_confirm_time"), ==, "3.125");
}

static JsonObject *presentation_size(JsonObject *object, gint64 *width) {
  JsonObject *screen = json_object_get_object_member(object, "StimulusPresentation");
  *width = json_array_get_int_element(json_object_get_array_member(screen, "ScreenResolution"), 0);
  return screen;
}

/* A trusted screen first, then, resumed, a trusted laptop on which one flip could not be trusted. */
static void test_each_part_tells_its_display(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  DisplayFacts first = {.driver = "KMSDRM",
                        .screen = "2: DP-1",
                        .width_px = 2560,
                        .height_px = 1440,
                        .refresh_hz = 143.91,
                        .onset_trusted = true,
                        .note = ""};
  DisplayFacts second = {.driver = "x11", .width_px = 1366, .height_px = 768, .onset_trusted = true, .note = ""};
  g_autoptr(JournalHeader) begun = journal_header_new(study->protocol, "01", NULL, false, &first);
  g_autoptr(JournalHeader) resumed = journal_header_new(study->protocol, "01", NULL, false, &second);
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  g_free(resumed->program_version);
  resumed->program_version = g_strdup("9.8.7");
  g_assert_true(journal_create(study->data, begun, JOURNAL_FAST, &journal, NULL));
  g_autofree char *path = g_strdup(journal_path(journal));
  g_autoptr(TrialRecord) good = fixture_trial(study->protocol, list, 0);
  g_autoptr(TrialRecord) bad = fixture_trial(study->protocol, list, 1);
  g_free(bad->onset_source);
  bad->onset_source = g_strdup("untrusted");
  g_assert_true(journal_trial(journal, good, NULL));
  derived_make(study->data);
  g_autoptr(JsonNode) whole = derived_json(study->data, DERIVED_BEHAVIOUR ".json");
  g_assert_true(json_object_get_boolean_member(json_node_get_object(whole), "OnsetTrusted"));
  g_assert_false(json_object_has_member(json_node_get_object(whole), "Parts"));
  g_clear_pointer(&journal, journal_close);
  g_assert_true(journal_resume(path, resumed, JOURNAL_FAST, &journal, &before, NULL));
  g_assert_true(journal_trial(journal, bad, NULL));
  derived_make(study->data);
  g_autoptr(JsonNode) root = derived_json(study->data, DERIVED_BEHAVIOUR ".json");
  JsonObject *sidecar = json_node_get_object(root);
  g_assert_false(json_object_get_boolean_member(sidecar, "OnsetTrusted"));
  g_assert_nonnull(strstr(json_object_get_string_member(sidecar, "OnsetNote"), "the flips of some trials"));
  g_assert_cmpstr(json_object_get_string_member(sidecar, "Screen"), ==, "2: DP-1");
  JsonArray *parts = json_object_get_array_member(sidecar, "Parts");
  g_assert_cmpuint(json_array_get_length(parts), ==, 2);
  gint64 width = 0;
  presentation_size(json_array_get_object_element(parts, 0), &width);
  g_assert_cmpint(width, ==, 2560);
  JsonObject *screen = presentation_size(json_array_get_object_element(parts, 1), &width);
  g_assert_cmpint(width, ==, 1366);
  g_assert_cmpstr(json_object_get_string_member(screen, "SoftwareVersion"), ==, "9.8.7");
  g_assert_cmpstr(json_object_get_string_member(json_array_get_object_element(parts, 1), "DisplayDriver"), ==, "x11");
  JsonObject *settings = json_object_get_object_member(sidecar, "ScreenSettings");
  g_assert_cmpfloat(json_object_get_double_member(settings, "image_percent"), ==, 55);
  g_assert_cmpstr(json_object_get_string_member(settings, "background"), ==, "#808080");
}

static void test_shown_size_and_input_uncertainty_are_in_the_table(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1);
  record->image_width_px = 594;
  record->image_height_px = 448;
  record->response_uncertainty = 0.00075;
  g_assert_true(journal_trial(journal, record, NULL));
  derived_make(study->data);
  static const char *const columns[] = {"image_width", "image_height", "response_time_uncertainty"};
  static const char *const wanted[] = {"594", "448", "0.00075"};
  g_autoptr(Table) table = derived_table(study->data, DERIVED_BEHAVIOUR ".tsv");
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
    g_assert_cmpstr(derived_cell(table, 0, columns[i]), ==, "n/a");
    g_assert_cmpstr(derived_cell(table, 1, columns[i]), ==, wanted[i]);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/bids/behaviour has each column and each confirmed trial",
              test_behaviour_has_each_column_and_each_confirmed_trial);
  FIXTURE_ADD("/bids/sidecar describes every column", test_sidecar_describes_every_column);
  FIXTURE_ADD("/bids/unconfirmed and untouched are no answers", test_unconfirmed_and_untouched_are_no_answers);
  FIXTURE_ADD("/bids/aborted trial gives way to its repetition", test_aborted_trial_gives_way_to_its_repetition);
  FIXTURE_ADD("/bids/focus events are told with their trial", test_focus_events_are_told_with_their_trial);
  FIXTURE_ADD("/bids/onsets go on after a resumption", test_onsets_go_on_after_a_resumption);
  FIXTURE_ADD("/bids/each part tells its display", test_each_part_tells_its_display);
  FIXTURE_ADD("/bids/shown size and input uncertainty are in the table",
              test_shown_size_and_input_uncertainty_are_in_the_table);
  return g_test_run();
}
