#include "present/export/export.h"

#include <string.h>

#include "stimuli/base/error.h"
#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/support.h"

typedef struct {
  JournalStudy base;
  char *out;
} Study;

static void study_begin(Study *study, gconstpointer unused) {
  fixture_study_begin(&study->base, unused);
  study->out = g_build_filename(study->base.folder, "new", "export", NULL);
}

static void study_end(Study *study, gconstpointer unused) {
  fixture_study_end(&study->base, unused);
  g_free(study->out);
}

/* Two whole sessions, one of them in a visit, and one that was broken off in its second trial. */
static void write_sessions(const Study *study) {
  const JournalStudy *base = &study->base;
  fixture_session(base->protocol, base->data, "01", NULL, true);
  fixture_session(base->protocol, base->data, "02", "day1", true);
  fixture_aborted(base->protocol, base->data, "03", 1, "quit, with \"reasons\"");
}

static void export(const Study *study, ExportFormat format) {
  GError *error = NULL;
  export_data(study->base.data, study->out, format, &error);
  g_assert_no_error(error);
}

static void test_long_table_has_a_row_for_each_rating(Study *study, gconstpointer unused) {
  (void)unused;
  write_sessions(study);
  export(study, EXPORT_TSV);
  g_autoptr(Table) table = derived_table(study->out, "ratings.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 2 * (8 + 8 + 2));
  /* The third trial of the first session: fixture_trial(2). */
  static const struct {
    const char *column, *arousal, *valence;
  } cells[] = {{"participant_id", "sub-01", "sub-01"},
               {"session_id", "n/a", "n/a"},
               {"run", "1", "1"},
               {"task", "rating", "rating"},
               {"session_status", "complete", "complete"},
               {"phase", "main", "main"},
               {"scale", "arousal", "valence"},
               {"rating", "14.5", "14.75"},
               {"touched", "1", "1"},
               {"first_touch_time", "0.75", "0.75"},
               {"trajectory", "750:3.5;1012:14.5", "750:3.5;1012:14.75"},
               {"response_time", "3.125", "3.125"},
               {"onset_actual", "20.25", "20.25"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    g_assert_cmpstr(derived_cell(table, 4, cells[i].column), ==, cells[i].arousal);
    g_assert_cmpstr(derived_cell(table, 5, cells[i].column), ==, cells[i].valence);
  }
  g_assert_cmpstr(derived_cell(table, 16, "session_id"), ==, "ses-day1");
  g_assert_cmpstr(derived_cell(table, 34, "session_status"), ==, "aborted");
  g_assert_cmpstr(derived_cell(table, 34, "abort_reason"), ==, "quit, with \"reasons\"");
  g_assert_cmpstr(derived_cell(table, 34, "rating"), ==, "n/a");
  g_assert_cmpint(table_column(table, "arousal"), <, 0);
}

static void test_dictionary_explains_every_column(Study *study, gconstpointer unused) {
  (void)unused;
  static const char *const stems[] = {"ratings", "participants", "phenotype/mood", "phenotype/pages"};
  write_sessions(study);
  export(study, EXPORT_TSV);
  for (gsize s = 0; s < G_N_ELEMENTS(stems); s++) {
    g_autofree char *tsv = g_strconcat(stems[s], ".tsv", NULL), *json = g_strconcat(stems[s], ".json", NULL);
    g_autoptr(Table) table = derived_table(study->out, tsv);
    g_autoptr(JsonNode) root = derived_json(study->out, json);
    derived_check_described(table, root);
  }
  g_autoptr(JsonNode) root = derived_json(study->out, "ratings.json");
  g_assert_nonnull(strstr(derived_level(root, "scale", "valence"), "continuous slider from "));
}

/* The rules of Psych-DS: names, the Dataset object, and every column in variableMeasured. */
static void test_psych_ds_follows_its_rules(Study *study, gconstpointer unused) {
  (void)unused;
  write_sessions(study);
  export(study, EXPORT_PSYCH_DS);
  g_autoptr(JsonNode) root = derived_json(study->out, "dataset_description.json");
  JsonObject *dataset = json_node_get_object(root);
  g_assert_cmpstr(json_object_get_string_member(dataset, "@context"), ==, "https://schema.org/");
  g_assert_cmpstr(json_object_get_string_member(dataset, "@type"), ==, "Dataset");
  g_assert_nonnull(strstr(json_object_get_string_member(dataset, "description"), "not human data"));
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  JsonArray *variables = json_object_get_array_member(dataset, "variableMeasured");
  for (guint i = 0; i < json_array_get_length(variables); i++) {
    JsonObject *variable = json_array_get_object_element(variables, i);
    g_assert_cmpstr(json_object_get_string_member(variable, "@type"), ==, "PropertyValue");
    g_assert_true(json_object_has_member(variable, "description"));
    g_assert_true(g_hash_table_add(known, (gpointer)json_object_get_string_member(variable, "name")));
  }
  g_autofree char *data = g_build_filename(study->out, "data", NULL);
  g_autoptr(GDir) dir = g_dir_open(data, 0, NULL);
  gsize n_files = 0;
  for (const char *name; (name = g_dir_read_name(dir)) != NULL; n_files++) {
    g_assert_true(g_regex_match_simple("^([a-z]+-[a-zA-Z0-9]+)(_[a-z]+-[a-zA-Z0-9]+)*_data\\.csv$", name, 0, 0));
    g_autofree char *relative = g_build_filename("data", name, NULL), *text = derived_text(study->out, relative);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", 2);
    g_auto(GStrv) columns = g_strsplit(lines[0], ",", -1);
    for (gsize i = 0; columns[i] != NULL; i++)
      g_assert_true(g_hash_table_contains(known, columns[i]));
    g_assert_null(strstr(text, "n/a"));
  }
  g_assert_cmpuint(n_files, ==, 4); /* ratings, participants, pages, mood */
  g_autofree char *ratings = derived_text(study->out, "data/task-rating_description-ratings_data.csv");
  g_assert_nonnull(strstr(ratings, ",\"quit, with \"\"reasons\"\"\","));
  g_assert_nonnull(strstr(ratings, "\r\nsub-01,NA,1,rating,complete,1,"));
}

static void test_files_are_private(Study *study, gconstpointer unused) {
  (void)unused;
  write_sessions(study);
  export(study, EXPORT_PSYCH_DS);
  g_assert_cmpuint(derived_check_private(study->out, ".csv"), ==, 4);
}

static void test_nothing_is_overwritten(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(GError) error = NULL;
  write_sessions(study);
  export(study, EXPORT_TSV);
  g_assert_false(export_data(study->base.data, study->out, EXPORT_TSV, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_nonnull(strstr(error->message, "nothing is overwritten"));
}

static void test_fault_leaves_nothing(Study *study, gconstpointer unused) {
  (void)unused;
  g_autoptr(GError) error = NULL;
  g_autofree char *parent = g_path_get_dirname(study->out);
  g_assert_false(export_data(study->base.data, study->out, EXPORT_TSV, &error));
  g_assert_nonnull(strstr(error->message, "there is no such data folder"));
  g_clear_error(&error);
  g_assert_false(export_data(study->base.folder, study->out, EXPORT_TSV, &error));
  g_assert_nonnull(strstr(error->message, "holds no session data"));
  g_clear_error(&error);
  write_sessions(study);
  fixture_damage(study->base.data, "03");
  g_assert_false(export_data(study->base.data, study->out, EXPORT_PSYCH_DS, &error));
  g_assert_nonnull(strstr(error->message, "run-1_journal.jsonl:2: the record is damaged"));
  g_assert_false(g_file_test(parent, G_FILE_TEST_EXISTS));
}

static int skip_damaged(const Study *study, const char *command, const char *format, char **err) {
  return format == NULL ? support_run(NULL, err, "dreamrig-present", command, study->base.data, "--skip-damaged", NULL)
                        : support_run(NULL, err, "dreamrig-present", command, study->base.data, "--skip-damaged", "-o",
                                      study->out, "--format", format, NULL);
}

static void test_damaged_journal_can_be_left_out(Study *study, gconstpointer unused) {
  (void)unused;
  static const char reason[] = "2: the record is damaged";
  write_sessions(study);
  fixture_damage(study->base.data, "03");
  for (int psych_ds = 0; psych_ds < 2; psych_ds++) {
    g_autofree char *err = NULL;
    if (skip_damaged(study, "export", psych_ds ? "psych-ds" : "tsv", &err) != 0)
      g_error("%s", err);
    g_assert_nonnull(strstr(err, "warning: left out: "));
    g_assert_nonnull(strstr(err, "sub-03_task-rating_run-1_journal.jsonl:2: the record is damaged"));
    g_autofree char *skipped =
        derived_text(study->out, psych_ds ? "data/task-rating_description-skipped_data.csv" : "skipped.tsv");
    g_autofree char *ratings =
        derived_text(study->out, psych_ds ? "data/task-rating_description-ratings_data.csv" : "ratings.tsv");
    g_autofree char *participants =
        derived_text(study->out, psych_ds ? "data/task-rating_description-participants_data.csv" : "participants.tsv");
    g_assert_nonnull(strstr(skipped, "\nsourcedata/sub-03/sub-03_task-rating_run-1_journal.jsonl"));
    g_assert_nonnull(strstr(skipped, reason));
    g_assert_nonnull(strstr(ratings, "sub-01"));
    g_assert_null(strstr(ratings, "sub-03"));
    g_assert_nonnull(strstr(participants, "sub-03"));
    support_remove(study->out);
  }
  g_autofree char *err = NULL;
  g_assert_cmpint(skip_damaged(study, "derive", NULL, &err), ==, 0);
  g_assert_nonnull(strstr(err, "sub-03_task-rating_run-1_journal.jsonl:2: the record is damaged"));
  g_autofree char *readme = derived_text(study->base.data, "README");
  g_assert_nonnull(strstr(readme, "- sourcedata/sub-03/sub-03_task-rating_run-1_journal.jsonl: 2: the record"));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "derive", study->base.data, NULL), ==, 1);
}

static void test_study_of_damaged_journals_is_refused(Study *study, gconstpointer unused) {
  (void)unused;
  fixture_session(study->base.protocol, study->base.data, "01", NULL, true);
  fixture_session(study->base.protocol, study->base.data, "02", NULL, true);
  fixture_damage(study->base.data, "01");
  fixture_damage(study->base.data, "02");
  g_assert_cmpint(skip_damaged(study, "derive", NULL, NULL), ==, 1);
  g_assert_cmpint(skip_damaged(study, "export", "tsv", NULL), ==, 1);
  g_assert_false(g_file_test(study->out, G_FILE_TEST_EXISTS));
}

static void test_whole_study_skips_nothing(Study *study, gconstpointer unused) {
  (void)unused;
  g_autofree char *err = NULL, *skipped = g_build_filename(study->out, "skipped.tsv", NULL);
  write_sessions(study);
  g_assert_cmpint(skip_damaged(study, "export", "tsv", &err), ==, 0);
  g_assert_cmpstr(err, ==, "");
  g_assert_false(g_file_test(skipped, G_FILE_TEST_EXISTS));
}

static void test_command(Study *study, gconstpointer unused) {
  (void)unused;
  char *err = NULL;
  write_sessions(study);
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-present", "export", study->base.data, NULL), ==, 2);
  g_assert_nonnull(strstr(err, "export needs -o DIR"));
  g_free(err);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "export", study->base.data, "-o", study->out, "--format",
                              "xlsx", NULL),
                  ==, 2);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "export", study->base.data, "-o", study->out, "--format",
                              "psych-ds", NULL),
                  ==, 0);
  g_autofree char *readme = derived_text(study->out, "README.md");
  g_assert_nonnull(strstr(readme, "data/task-rating_description-mood_data.csv"));
}

#define ADD(name, function) g_test_add("/export/" name, Study, NULL, study_begin, function, study_end)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD("long table has a row for each rating", test_long_table_has_a_row_for_each_rating);
  ADD("dictionary explains every column", test_dictionary_explains_every_column);
  ADD("psych-ds follows its rules", test_psych_ds_follows_its_rules);
  ADD("files are private", test_files_are_private);
  ADD("nothing is overwritten", test_nothing_is_overwritten);
  ADD("a fault leaves nothing", test_fault_leaves_nothing);
  ADD("a damaged journal can be left out", test_damaged_journal_can_be_left_out);
  ADD("a study of damaged journals is refused", test_study_of_damaged_journals_is_refused);
  ADD("a whole study skips nothing", test_whole_study_skips_nothing);
  ADD("command writes either format", test_command);
  return g_test_run();
}
