#include "present/bids/bids.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

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

static void derive(const Study *study) {
  GError *error = NULL;
  bids_derive(study->data, &error);
  g_assert_no_error(error);
}

static char *text_of(const Study *study, const char *relative) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(study->data, relative, NULL);
  char *text = NULL;
  gsize size = 0;
  files_read(path, 1 << 20, &text, &size, &error);
  g_assert_no_error(error);
  return text;
}

static Table *table_of(const Study *study, const char *relative) {
  GError *error = NULL;
  Table *table = NULL;
  g_autofree char *path = g_build_filename(study->data, relative, NULL);
  table_read(path, &table, &error);
  g_assert_no_error(error);
  return table;
}

static JsonNode *json_of(const Study *study, const char *relative) {
  GError *error = NULL;
  JsonNode *root = NULL;
  g_autofree char *text = text_of(study, relative);
  json_read(relative, text, strlen(text), &root, &error);
  g_assert_no_error(error);
  return root;
}

#define BEH "sub-01/beh/sub-01_task-rating_run-1_beh.tsv"
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

static void test_behaviour_has_each_column_and_each_confirmed_trial(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derive(study);
  g_autofree char *text = text_of(study, BEH);
  g_assert_true(g_str_has_prefix(text, COLUMNS));
  g_autoptr(Table) table = table_of(study, BEH);
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
    g_assert_cmpstr(table_get(table, 2, (gsize)table_column(table, cells[i].column)), ==, cells[i].value);
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  for (gsize i = 0; i < 8; i++) {
    gsize row = list->trials[i].stimulus;
    g_assert_cmpstr(table_get(table, i, 3), ==, protocol_stimulus(study->protocol, row, "id"));
    g_assert_cmpstr(table_get(table, i, 5), ==, study->protocol->set_sha256[row]);
    g_assert_cmpstr(table_get(table, i, 6), ==, protocol_stimulus(study->protocol, row, "layer"));
  }
}

static void test_sidecar_describes_every_column(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, true);
  derive(study);
  g_autoptr(Table) table = table_of(study, BEH);
  g_autoptr(JsonNode) root = json_of(study, "sub-01/beh/sub-01_task-rating_run-1_beh.json");
  JsonObject *sidecar = json_node_get_object(root);
  for (gsize i = 0; i < table_n_columns(table); i++) {
    JsonObject *column = json_object_get_object_member(sidecar, table_column_name(table, i));
    g_assert_nonnull(column);
    g_assert_true(json_object_has_member(column, "Description"));
  }
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

static void test_unconfirmed_and_untouched_are_no_answers(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_autoptr(TrialRecord) untouched = trial_record_new(study->protocol, &list->trials[1]);
  g_autoptr(TrialRecord) aborted = trial_record_new(study->protocol, &list->trials[2]);
  untouched->ratings[0].final = 50; /* where the thumb stood */
  aborted->abort_reason = g_strdup("quit");
  aborted->onset_actual = 41.5;
  aborted->ratings[0].touched = true;
  g_assert_true(journal_trial(journal, untouched, NULL) && journal_trial(journal, aborted, NULL));
  g_assert_true(journal_end(journal, JOURNAL_ABORTED, "quit", 30, NULL));
  derive(study);
  g_autofree char *text = text_of(study, BEH);
  g_assert_true(g_str_has_prefix(text, COLUMNS));
  g_autoptr(Table) table = table_of(study, BEH);
  g_assert_cmpuint(table_n_rows(table), ==, 3);
  for (gsize row = 1; row <= 2; row++) {
    g_assert_cmpstr(table_get(table, row, 8), ==, "n/a");
    g_assert_cmpstr(table_get(table, row, 10), ==, "n/a");
  }
  gsize reason = (gsize)table_column(table, "abort_reason");
  g_assert_cmpstr(table_get(table, 1, reason), ==, "n/a");
  g_assert_cmpstr(table_get(table, 2, reason), ==, "quit");
  g_assert_cmpstr(table_get(table, 2, (gsize)table_column(table, "onset_actual")), ==, "41.5");
  g_autoptr(JsonNode) root = json_of(study, "sub-01/beh/sub-01_task-rating_run-1_beh.json");
  g_assert_cmpstr(json_object_get_string_member(json_node_get_object(root), "SessionStatus"), ==, "aborted");
  g_assert_cmpstr(json_object_get_string_member(json_node_get_object(root), "AbortReason"), ==, "quit");
}

static void test_aborted_trial_gives_way_to_its_repetition(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 0);
  g_autoptr(TrialRecord) aborted = trial_record_new(study->protocol, &list->trials[0]);
  g_autoptr(TrialRecord) again = fixture_trial(study->protocol, list, 0);
  aborted->abort_reason = g_strdup("quit");
  g_assert_true(journal_trial(journal, aborted, NULL) && journal_trial(journal, aborted, NULL) &&
                journal_trial(journal, again, NULL));
  derive(study);
  g_autoptr(Table) table = table_of(study, BEH);
  g_assert_cmpuint(table_n_rows(table), ==, 1);
  g_assert_true(table_is_missing(table, 0, (gsize)table_column(table, "abort_reason")));
}

static void test_focus_events_are_told_with_their_trial(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(EventRecord) lost = event_record_new(15.75, "focus_lost", "");
  g_autoptr(EventRecord) paused = event_record_new(15.8, "pause", "main");
  g_autoptr(EventRecord) gained = event_record_new(16.0625, "focus_gained", "");
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1); /* its image at 15.25 s */
  g_assert_true(journal_event(journal, lost, NULL) && journal_event(journal, paused, NULL) &&
                journal_event(journal, gained, NULL) && journal_trial(journal, record, NULL));
  derive(study);
  g_autoptr(Table) table = table_of(study, BEH);
  gsize column = (gsize)table_column(table, "focus_events");
  g_assert_cmpstr(table_get(table, 0, column), ==, "n/a");
  g_assert_cmpstr(table_get(table, 1, column), ==, "500:lost;812:gained");
}

static void test_markers_bring_an_events_file(Study *study, gconstpointer unused) {
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
  derive(study);
  g_autofree char *text = text_of(study, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
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
  g_autoptr(JsonNode) root = json_of(study, "sub-01/beh/sub-01_task-rating_run-1_events.json");
  JsonObject *type = json_object_get_object_member(json_node_get_object(root), "trial_type");
  g_assert_true(json_object_has_member(json_object_get_object_member(type, "Levels"), "marker"));
}

static void record_sound(Journal *journal, gsize step, gsize trial, double onset) {
  g_autoptr(SoundRecord) sound = sound_record_new(step, trial, "probe");
  sound->onset = onset;
  g_assert_true(journal_sound(journal, sound, NULL));
}

static void test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
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
  derive(study);
  g_autoptr(Table) table = table_of(study, "sub-01/beh/sub-01_task-rating_run-1_events.tsv");
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

static void test_study_files_list_participants_and_answers(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, true);
  fixture_session(study->protocol, study->data, "01", NULL, true);
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "02", NULL, true, 1);
  derive(study);
  g_autofree char *participants = text_of(study, "participants.tsv"), *mood = text_of(study, "phenotype/mood.tsv");
  g_autofree char *readme = text_of(study, "README");
  g_assert_cmpstr(participants, ==,
                  "participant_id\tsimulated\truns\tcomplete_runs\nsub-01\t1\t2\t2\nsub-02\t1\t1\t0\n");
  g_assert_cmpstr(mood, ==,
                  "participant_id\tmood\tmood_label\tsession_id\trun\tsimulated\tmood_all\n"
                  "sub-01\t2\tso so\tn/a\t1\t1\trun-1:2;run-2:2\nsub-02\t2\tso so\tn/a\t1\t1\trun-1:2\n");
  g_assert_nonnull(
      strstr(readme, "All data are of simulated participants, made by dreamrig. They are not human data."));
  g_autoptr(JsonNode) root = json_of(study, "dataset_description.json");
  JsonObject *description = json_node_get_object(root);
  g_assert_cmpstr(json_object_get_string_member(description, "Name"), ==, "trial run (simulated data)");
  g_assert_cmpstr(json_object_get_string_member(description, "BIDSVersion"), ==, BIDS_VERSION);
  g_assert_cmpstr(json_object_get_string_member(description, "DatasetType"), ==, "raw");
  g_autoptr(JsonNode) levels = json_of(study, "phenotype/mood.json");
  g_assert_cmpstr(
      json_object_get_string_member(
          json_object_get_object_member(json_object_get_object_member(json_node_get_object(levels), "mood"), "Levels"),
          "3"),
      ==, "good");
}

static void test_human_data_say_nothing_of_simulation(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derive(study);
  g_autofree char *readme = text_of(study, "README"), *description = text_of(study, "dataset_description.json");
  g_assert_null(strstr(readme, "simulated"));
  g_assert_nonnull(strstr(description, "\"Simulated\": false"));
}

static void check_private(const char *path) {
  GStatBuf status;
  g_assert_cmpint(g_lstat(path, &status), ==, 0);
  g_assert_cmpuint(status.st_mode & 0777, ==, S_ISDIR(status.st_mode) ? 0700 : 0600);
  g_autoptr(GDir) dir = S_ISDIR(status.st_mode) ? g_dir_open(path, 0, NULL) : NULL;
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    check_private(inner);
  }
}

static void test_every_file_is_private(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", "day1", false);
  derive(study);
  check_private(study->data);
  g_autoptr(Table) table = table_of(study, "sub-01/ses-day1/beh/sub-01_ses-day1_task-rating_run-1_beh.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
}

static void test_deriving_again_changes_no_byte(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derive(study);
  g_autofree char *path = g_build_filename(study->data, BEH, NULL), *before = text_of(study, BEH);
  GStatBuf first, second;
  g_assert_cmpint(g_stat(path, &first), ==, 0);
  derive(study);
  g_assert_cmpint(g_stat(path, &second), ==, 0);
  g_assert_cmpuint(first.st_ino, ==, second.st_ino);
  g_assert_cmpint(g_remove(path), ==, 0);
  derive(study);
  g_autofree char *after = text_of(study, BEH);
  g_assert_cmpstr(before, ==, after);
}

static void test_damaged_journal_is_named_and_the_others_are_derived(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  fixture_session(study->protocol, study->data, "02", NULL, false);
  g_autofree char *bad =
      g_build_filename(study->data, "sourcedata/sub-01/sub-01_task-rating_run-1_journal.jsonl", NULL);
  g_autofree char *text = NULL;
  gsize size = 0;
  g_assert_true(files_read(bad, 1 << 20, &text, &size, NULL));
  strchr(text, '\n')[10] ^= 1;
  g_assert_true(files_write(bad, text, size, FILES_PRIVATE, NULL));
  g_autoptr(GError) error = NULL;
  g_assert_false(bids_derive(study->data, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_autofree char *wanted = g_strconcat(bad, ":2: the record is damaged", NULL);
  g_assert_true(g_str_has_prefix(error->message, wanted));
  g_autofree char *participants = text_of(study, "participants.tsv");
  g_assert_nonnull(strstr(participants, "sub-01\tn/a\tn/a\tn/a\nsub-02\t0\t1\t1\n"));
  g_autoptr(Table) table = table_of(study, "sub-02/beh/sub-02_task-rating_run-1_beh.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
}

static void test_onsets_go_on_after_a_resumption(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
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
  derive(study);
  g_autoptr(Table) table = table_of(study, BEH);
  gsize onset = (gsize)table_column(table, "onset_actual");
  g_assert_cmpstr(table_get(table, 0, onset), ==, "10.25");
  g_assert_cmpstr(table_get(table, 1, onset), ==, "3738.75"); /* 3723.5 s and 15.25 s */
  g_assert_cmpstr(table_get(table, 1, (gsize)table_column(table, "arousal_confirm_time")), ==, "3.125");
}

static JsonObject *presentation_size(JsonObject *object, gint64 *width) {
  JsonObject *screen = json_object_get_object_member(object, "StimulusPresentation");
  *width = json_array_get_int_element(json_object_get_array_member(screen, "ScreenResolution"), 0);
  return screen;
}

/* A trusted screen first, then, resumed, a trusted laptop on which one flip could not be trusted. */
static void test_each_part_tells_its_display(Study *study, gconstpointer unused) {
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
  g_autoptr(TrialList) list = NULL;
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_free(resumed->program_version);
  resumed->program_version = g_strdup("9.8.7");
  g_assert_true(journal_create(study->data, begun, JOURNAL_FAST, &journal, NULL));
  g_autofree char *path = g_strdup(journal_path(journal));
  g_autoptr(TrialRecord) good = fixture_trial(study->protocol, list, 0);
  g_autoptr(TrialRecord) bad = fixture_trial(study->protocol, list, 1);
  g_free(bad->onset_source);
  bad->onset_source = g_strdup("untrusted");
  g_assert_true(journal_trial(journal, good, NULL));
  derive(study);
  g_autoptr(JsonNode) whole = json_of(study, "sub-01/beh/sub-01_task-rating_run-1_beh.json");
  g_assert_true(json_object_get_boolean_member(json_node_get_object(whole), "OnsetTrusted"));
  g_assert_false(json_object_has_member(json_node_get_object(whole), "Parts"));
  g_clear_pointer(&journal, journal_close);
  g_assert_true(journal_resume(path, resumed, JOURNAL_FAST, &journal, &before, NULL));
  g_assert_true(journal_trial(journal, bad, NULL));
  derive(study);
  g_autoptr(JsonNode) root = json_of(study, "sub-01/beh/sub-01_task-rating_run-1_beh.json");
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

static void test_shown_size_and_input_uncertainty_are_in_the_table(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(TrialList) list = NULL;
  g_assert_true(trial_list_new(study->protocol, "01", &list, NULL));
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 1);
  g_autoptr(TrialRecord) record = fixture_trial(study->protocol, list, 1);
  record->image_width_px = 594;
  record->image_height_px = 448;
  record->response_uncertainty = 0.00075;
  g_assert_true(journal_trial(journal, record, NULL));
  derive(study);
  static const char *const columns[] = {"image_width", "image_height", "response_time_uncertainty"};
  static const char *const wanted[] = {"594", "448", "0.00075"};
  g_autoptr(Table) table = table_of(study, BEH);
  for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
    g_assert_cmpstr(table_get(table, 0, (gsize)table_column(table, columns[i])), ==, "n/a");
    g_assert_cmpstr(table_get(table, 1, (gsize)table_column(table, columns[i])), ==, wanted[i]);
  }
}

static void test_folder_without_journals_is_refused(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(GError) error = NULL;
  g_assert_false(bids_derive(study->data, &error));
  g_assert_nonnull(strstr(error->message, "there is no such data folder"));
  g_clear_error(&error);
  g_assert_false(bids_derive(study->folder, &error));
  g_assert_nonnull(strstr(error->message, "holds no session data"));
}

#define ADD(name, function) g_test_add("/bids/" name, Study, NULL, study_begin, function, study_end)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("behaviour has each column and each confirmed trial", test_behaviour_has_each_column_and_each_confirmed_trial);
  ADD("sidecar describes every column", test_sidecar_describes_every_column);
  ADD("unconfirmed and untouched are no answers", test_unconfirmed_and_untouched_are_no_answers);
  ADD("aborted trial gives way to its repetition", test_aborted_trial_gives_way_to_its_repetition);
  ADD("focus events are told with their trial", test_focus_events_are_told_with_their_trial);
  ADD("markers bring an events file", test_markers_bring_an_events_file);
  ADD("events tell how long an image stayed and whose a sound is",
      test_events_tell_how_long_an_image_stayed_and_whose_a_sound_is);
  ADD("study files list participants and answers", test_study_files_list_participants_and_answers);
  ADD("human data say nothing of simulation", test_human_data_say_nothing_of_simulation);
  ADD("every file is private", test_every_file_is_private);
  ADD("deriving again changes no byte", test_deriving_again_changes_no_byte);
  ADD("damaged journal is named and the others are derived", test_damaged_journal_is_named_and_the_others_are_derived);
  ADD("onsets go on after a resumption", test_onsets_go_on_after_a_resumption);
  ADD("each part tells its display", test_each_part_tells_its_display);
  ADD("shown size and input uncertainty are in the table", test_shown_size_and_input_uncertainty_are_in_the_table);
  ADD("folder without journals is refused", test_folder_without_journals_is_refused);
  return g_test_run();
}
