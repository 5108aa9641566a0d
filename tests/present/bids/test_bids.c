/* The data folder as a whole: its own files, and deriving it again or from damaged journals. */
#include "present/bids/bids.h"

#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"

static void test_study_files_list_participants_and_answers(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, true);
  fixture_session(study->protocol, study->data, "01", NULL, true);
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "02", NULL, true, 1);
  derived_make(study->data);
  g_autofree char *participants = derived_text(study->data, "participants.tsv"),
                  *mood = derived_text(study->data, "phenotype/mood.tsv");
  g_autofree char *readme = derived_text(study->data, "README");
  g_assert_cmpstr(participants, ==,
                  "participant_id\tsimulated\truns\tcomplete_runs\nsub-01\t1\t2\t2\nsub-02\t1\t1\t0\n");
  g_assert_cmpstr(mood, ==,
                  "participant_id\tmood\tmood_label\tsession_id\trun\tsimulated\tmood_all\n"
                  "sub-01\t2\tso so\tn/a\t1\t1\trun-1:2;run-2:2\nsub-02\t2\tso so\tn/a\t1\t1\trun-1:2\n");
  g_assert_nonnull(
      strstr(readme, "All data are of simulated participants, made by dreamrig. They are not human data."));
  g_autoptr(JsonNode) root = derived_json(study->data, "dataset_description.json");
  JsonObject *description = json_node_get_object(root);
  g_assert_cmpstr(json_object_get_string_member(description, "Name"), ==, "trial run (simulated data)");
  g_assert_cmpstr(json_object_get_string_member(description, "BIDSVersion"), ==, BIDS_VERSION);
  g_assert_cmpstr(json_object_get_string_member(description, "DatasetType"), ==, "raw");
  g_autoptr(JsonNode) levels = derived_json(study->data, "phenotype/mood.json");
  g_assert_cmpstr(derived_level(levels, "mood", "3"), ==, "good");
}

static void test_human_data_say_nothing_of_simulation(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derived_make(study->data);
  g_autofree char *readme = derived_text(study->data, "README"),
                  *description = derived_text(study->data, "dataset_description.json");
  g_assert_null(strstr(readme, "simulated"));
  g_assert_nonnull(strstr(description, "\"Simulated\": false"));
}

static void test_every_file_is_private(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", "day1", false);
  derived_make(study->data);
  g_assert_cmpuint(derived_check_private(study->data, ".tsv"), >, 0);
  g_autoptr(Table) table = derived_table(study->data, "sub-01/ses-day1/beh/sub-01_ses-day1_task-rating_run-1_beh.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
}

static void test_deriving_again_changes_no_byte(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  derived_make(study->data);
  g_autofree char *path = g_build_filename(study->data, DERIVED_BEHAVIOUR ".tsv", NULL),
                  *before = derived_text(study->data, DERIVED_BEHAVIOUR ".tsv");
  GStatBuf first, second;
  g_assert_cmpint(g_stat(path, &first), ==, 0);
  derived_make(study->data);
  g_assert_cmpint(g_stat(path, &second), ==, 0);
  g_assert_cmpuint(first.st_ino, ==, second.st_ino);
  g_assert_cmpint(g_remove(path), ==, 0);
  derived_make(study->data);
  g_autofree char *after = derived_text(study->data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpstr(before, ==, after);
}

static void test_damaged_journal_is_named_and_the_others_are_derived(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->protocol, study->data, "01", NULL, false);
  fixture_session(study->protocol, study->data, "02", NULL, false);
  g_autofree char *bad = fixture_path(study->data, "01");
  fixture_damage(study->data, "01");
  g_autoptr(GError) error = NULL;
  g_assert_false(bids_derive(study->data, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_autofree char *wanted = g_strconcat(bad, ":2: the record is damaged", NULL);
  g_assert_true(g_str_has_prefix(error->message, wanted));
  g_autofree char *participants = derived_text(study->data, "participants.tsv");
  g_assert_nonnull(strstr(participants, "sub-01\tn/a\tn/a\tn/a\nsub-02\t0\t1\t1\n"));
  g_autoptr(Table) table = derived_table(study->data, "sub-02/beh/sub-02_task-rating_run-1_beh.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
}

static void test_folder_without_journals_is_refused(JournalStudy *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(GError) error = NULL;
  g_assert_false(bids_derive(study->data, &error));
  g_assert_nonnull(strstr(error->message, "there is no such data folder"));
  g_clear_error(&error);
  g_assert_false(bids_derive(study->folder, &error));
  g_assert_nonnull(strstr(error->message, "holds no session data"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  FIXTURE_ADD("/bids/study files list participants and answers", test_study_files_list_participants_and_answers);
  FIXTURE_ADD("/bids/human data say nothing of simulation", test_human_data_say_nothing_of_simulation);
  FIXTURE_ADD("/bids/every file is private", test_every_file_is_private);
  FIXTURE_ADD("/bids/deriving again changes no byte", test_deriving_again_changes_no_byte);
  FIXTURE_ADD("/bids/damaged journal is named and the others are derived",
              test_damaged_journal_is_named_and_the_others_are_derived);
  FIXTURE_ADD("/bids/folder without journals is refused", test_folder_without_journals_is_refused);
  return g_test_run();
}
