/* The official BIDS validator on a folder with everything that a study leaves: several participants, visits and runs,
 * markers, an aborted, a killed, and a killed and resumed session. `make test-bids` installs the validator and names it
 * in DREAMRIG_BIDS_VALIDATOR; without it this is skipped. */
#include <signal.h>
#include <string.h>

#include "tests/present/derived.h"
#include "tests/present/fault_study.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/support.h"

/* Markers and a sound, then the end. */
static void end_with_markers(Journal *journal) {
  g_autoptr(MarkerRecord) marker = marker_record_new(10.2515, "image", 17, "dream-3");
  g_autoptr(SoundRecord) sound = sound_record_new(2, 1, "probe");
  g_autoptr(EventRecord) lost = event_record_new(12.5, "focus_lost", "");
  sound->onset = 12.75;
  g_assert_true(journal_marker(journal, marker, NULL) && journal_sound(journal, sound, NULL) &&
                journal_event(journal, lost, NULL) && journal_end(journal, JOURNAL_COMPLETE, NULL, 60, NULL));
}

static void write_resumed(const char *data) {
  FaultStudy study = fault_study_new();
  g_free(study.data);
  study.data = g_strdup(data);
  FaultRun run = fault_run(&study, &(Interpose){.kind = FAULT_TEAR, .at = study.n_calls / 3});
  g_assert_cmpint(run.status, ==, 128 + SIGKILL);
  run = fault_run(&study, &(Interpose){.kind = FAULT_NONE});
  g_assert_cmpint(run.status, ==, 0);
  fault_study_clear(&study);
}

static void write_study(const JournalStudy *study) {
  static const char *const visits[] = {"day1", "day2"};
  for (gsize i = 0; i < G_N_ELEMENTS(visits); i++) {
    fixture_session(study->protocol, study->data, "01", visits[i], true);
    fixture_session(study->protocol, study->data, "02", visits[i], true);
  }
  fixture_session(study->protocol, study->data, "03", NULL, true);
  fixture_session(study->protocol, study->data, "03", NULL, true);
  g_autoptr(Journal) marked = fixture_begin(study->protocol, study->data, "04", NULL, true, 8);
  end_with_markers(marked);
  fixture_aborted(study->protocol, study->data, "05", 3, "quit");
  g_autoptr(Journal) killed = fixture_begin(study->protocol, study->data, "06", NULL, true, 2);
  write_resumed(study->data);
  derived_make(study->data);
}

/* The validator's errors, one line each. */
static void report(JsonArray *errors) {
  for (guint i = 0; i < json_array_get_length(errors); i++) {
    JsonObject *issue = json_array_get_object_element(errors, i);
    g_test_message("%s: %s", json_object_get_string_member(issue, "key"),
                   json_object_get_string_member(issue, "reason"));
  }
}

/* No error, and so many files and participants seen. */
static void assert_valid(const char *data, gint64 n_subjects) {
  const char *validator = g_getenv("DREAMRIG_BIDS_VALIDATOR");
  g_autofree char *out = NULL, *err = NULL;
  GError *error = NULL;
  support_run(&out, &err, "node", validator, "--json", data, NULL);
  g_autoptr(JsonNode) root = NULL;
  const char *start = strchr(out, '{');
  json_read("bids-validator", start != NULL ? start : out, strlen(start != NULL ? start : out), &root, &error);
  if (error != NULL)
    g_error("the validator did not run: %s\n%s%s", error->message, out, err);
  JsonObject *result = json_node_get_object(root);
  JsonObject *issues = json_object_get_object_member(result, "issues");
  JsonArray *errors = json_object_get_array_member(issues, "errors");
  report(errors);
  g_assert_cmpuint(json_array_get_length(errors), ==, 0);
  JsonObject *summary = json_object_get_object_member(result, "summary");
  g_assert_cmpint(json_array_get_length(json_object_get_array_member(summary, "subjects")), ==, n_subjects);
  g_test_message("no error; %u kinds of warnings; %" G_GINT64_FORMAT " files",
                 json_array_get_length(json_object_get_array_member(issues, "warnings")),
                 json_object_get_int_member(summary, "totalFiles"));
}

static bool no_validator(void) {
  if (g_getenv("DREAMRIG_BIDS_VALIDATOR") != NULL)
    return false;
  g_test_skip("make test-bids runs it");
  return true;
}

static void test_whole_study(void) {
  if (no_validator())
    return;
  JournalStudy study;
  fixture_study_begin(&study, NULL);
  write_study(&study);
  assert_valid(study.data, 7);
  fixture_study_end(&study, NULL);
}

static void test_simulated_demo(void) {
  if (no_validator())
    return;
  g_autofree char *folder = support_folder(), *data = g_build_filename(folder, "data", NULL);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "simulate", "protocols/demo.protocol", "--participants",
                              "5", "--data", data, NULL),
                  ==, 0);
  assert_valid(data, 5);
  support_remove(folder);
}

/* What the tests above would not tell from a validator that finds nothing anywhere. */
static void test_broken_study_is_found(void) {
  if (no_validator())
    return;
  JournalStudy study;
  fixture_study_begin(&study, NULL);
  fixture_session(study.protocol, study.data, "01", NULL, true);
  derived_make(study.data);
  g_autofree char *stray = g_build_filename(study.data, "sub-01", "beh", "sub-01_rating.tsv", NULL);
  g_assert_true(g_file_set_contents(stray, "a\tb\n1\n", -1, NULL));
  g_autofree char *out = NULL;
  support_run(&out, NULL, "node", g_getenv("DREAMRIG_BIDS_VALIDATOR"), "--json", study.data, NULL);
  g_assert_nonnull(strstr(out, "NOT_INCLUDED"));
  fixture_study_end(&study, NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bids-validator/finds no error in a whole study", test_whole_study);
  g_test_add_func("/bids-validator/finds no error in the simulated demo", test_simulated_demo);
  g_test_add_func("/bids-validator/finds what is wrong", test_broken_study_is_found);
  return g_test_run();
}
