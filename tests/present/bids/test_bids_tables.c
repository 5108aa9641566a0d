/* The sounds of trials and the pages of sessions, in the tables that derive from the journals. */
#include <math.h>
#include <string.h>

#include "present/bids/bids_files.h"
#include "present/export/export.h"
#include "tests/present/derived.h"
#include "tests/present/journal/journal_fixture.h"
#include "tests/protocols/fixture.h"
#include "tests/support.h"

static const char sound_lines[] = "sounds = probe@-100; tone@2500\n"
                                  "[sound probe]\nkind = noise\nlevel_dbfs = -6\nduration_ms = 50\n"
                                  "[sound tone]\nkind = tone\nfrequency_hz = 440\nlevel_dbfs = -20.5\n"
                                  "duration_ms = 300\n";

/* The fixture, with more lines in its main block, and its page a consent where wanted. */
static JournalStudy study_new(const char *main_lines, bool consent) {
  JournalStudy study = {.folder = support_folder()};
  GError *error = NULL;
  fixture_set(study.folder, 6);
  g_autofree char *text = fixture_text(main_lines);
  g_auto(GStrv) halves = g_strsplit(text, "[page hello]\n", 2);
  g_autofree char *whole =
      g_strconcat(halves[0], "[page hello]\n", consent ? "kind = consent\ntitle = Ratings\nagree = Yes, I do\n" : "",
                  halves[1], NULL);
  g_autofree char *path = fixture_write(study.folder, "test.protocol", whole);
  protocol_open(path, NULL, &study.protocol, &error);
  g_assert_no_error(error);
  study.data = g_build_filename(study.folder, "data", NULL);
  return study;
}

/* --- Sounds --- */

static void write_sound(Journal *journal, const TrialRecord *trial, const char *name, double planned, double onset,
                        const char *source) {
  g_autoptr(SoundRecord) sound = sound_record_new(trial->step, trial->trial, name);
  sound->planned = planned;
  sound->onset = onset;
  sound->uncertainty = isfinite(onset) ? 0.0058 : NAN;
  g_free(sound->source);
  sound->source = g_strdup(source);
  g_assert_true(journal_sound(journal, sound, NULL));
}

/* Main trial 1 begun, paused and begun again; main trial 2 answered before its tone. */
static void write_sounds(const JournalStudy *study) {
  g_autoptr(TrialList) list = fixture_list(study->protocol, "01");
  g_autoptr(Journal) journal = fixture_begin(study->protocol, study->data, "01", NULL, false, 2);
  g_autoptr(TrialRecord) first = fixture_trial(study->protocol, list, 2); /* its image at 20.25 s */
  g_autoptr(TrialRecord) second = fixture_trial(study->protocol, list, 3);
  write_sound(journal, first, "probe", 15.15, 15.16, "fit");
  write_sound(journal, first, "tone", 17.75, NAN, "");
  write_sound(journal, first, "probe", 20.15, 20.1537, "fit");
  write_sound(journal, first, "tone", 22.75, 22.75, "untrusted");
  g_assert_true(journal_trial(journal, first, NULL));
  write_sound(journal, second, "probe", 25.15, 25.1512, "fit");
  write_sound(journal, second, "tone", 27.75, NAN, "");
  g_assert_true(journal_trial(journal, second, NULL));
  derived_make(study->data);
}

static void test_each_trial_tells_its_sounds(void) {
  static const struct {
    const char *column, *first, *second;
  } cells[] = {{"sound_1", "probe", "probe"},
               {"sound_1_level", "-6", "-6"},
               {"sound_1_onset_planned", "20.15", "25.15"},
               {"sound_1_onset_actual", "20.1537", "25.1512"},
               {"sound_1_onset_source", "fit", "fit"},
               {"sound_1_onset_uncertainty", "0.0058", "0.0058"},
               {"sound_2", "tone", "tone"},
               {"sound_2_level", "-20.5", "-20.5"},
               {"sound_2_onset_planned", "22.75", "27.75"},
               {"sound_2_onset_actual", "22.75", "n/a"},
               {"sound_2_onset_source", "untrusted", "n/a"},
               {"sound_2_onset_uncertainty", "0.0058", "n/a"}};
  JournalStudy study = study_new(sound_lines, false);
  write_sounds(&study);
  g_autoptr(Table) table = derived_table(study.data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 4);
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    g_assert_cmpstr(derived_cell(table, 1, cells[i].column), ==, "n/a"); /* the practice block has no sounds */
    g_assert_cmpstr(derived_cell(table, 2, cells[i].column), ==, cells[i].first);
    g_assert_cmpstr(derived_cell(table, 3, cells[i].column), ==, cells[i].second);
  }
  g_autoptr(JsonNode) root = derived_json(study.data, DERIVED_BEHAVIOUR ".json");
  g_assert_cmpstr(derived_level(root, "sound_2", "tone"), ==, "a sine tone of 440 Hz, 300 ms, -20.5 dBFS");
  g_assert_nonnull(strstr(derived_level(root, "sound_1_onset_source", "fit"), "callbacks"));
  JsonObject *db = derived_entry(root, "sound_1_level");
  g_assert_cmpstr(json_object_get_string_member(db, "Units"), ==, "dBFS");
  derived_check_described(table, root);
  fixture_study_end(&study, NULL);
}

static void test_export_has_the_sounds_once_a_rating(void) {
  JournalStudy study = study_new(sound_lines, false);
  GError *error = NULL;
  write_sounds(&study);
  g_autofree char *out = g_build_filename(study.folder, "export", NULL);
  export_data(study.data, out, EXPORT_TSV, &error);
  g_assert_no_error(error);
  g_autoptr(Table) table = derived_table(out, "ratings.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 8);
  for (gsize row = 4; row < 6; row++)
    g_assert_cmpstr(derived_cell(table, row, "sound_1_onset_actual"), ==, "20.1537");
  fixture_study_end(&study, NULL);
}

static void test_onset_sources_are_explained(void) {
  JournalStudy study = study_new("", false);
  fixture_session(study.protocol, study.data, "01", NULL, false);
  derived_make(study.data);
  g_autoptr(JsonNode) root = derived_json(study.data, DERIVED_BEHAVIOUR ".json");
  g_assert_nonnull(strstr(derived_level(root, "onset_source", "oml_sync_control"), "GLX_OML_sync_control"));
  g_assert_nonnull(strstr(derived_level(root, "onset_source", "simulated"), "simulated clock"));
  g_autoptr(Table) table = derived_table(study.data, DERIVED_BEHAVIOUR ".tsv");
  g_assert_cmpint(table_column(table, "sound_1"), <, 0);
  fixture_study_end(&study, NULL);
}

static void test_names_of_sound_columns_are_taken(void) {
  g_assert_true(protocol_is_reserved("sound_1") && protocol_is_reserved("sound_12_level"));
  g_assert_true(protocol_is_reserved("pages") && protocol_is_reserved("trial"));
  g_assert_false(protocol_is_reserved("sound") || protocol_is_reserved("sound_pressure"));
}

/* --- Pages --- */

/* A session whose wall clock began at 10:31:07.5, with the fixture's page confirmed 2.25 s later, or declined. */
static void write_session(const JournalStudy *study, const char *participant, const char *answer) {
  GError *error = NULL;
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, participant, NULL, false, NULL);
  g_free(header->wall_clock);
  header->wall_clock = g_strdup("2024-05-02T10:31:07.500000Z");
  journal_create(study->data, header, JOURNAL_DURABLE, &journal, &error);
  g_assert_no_error(error);
  if (answer != NULL) {
    g_autoptr(AnswerRecord) page = answer_record_new(0, "hello", 1, answer, 0.5, 2.25);
    g_assert_true(journal_answer(journal, page, NULL));
  } else {
    g_autoptr(EventRecord) declined = event_record_new(61.75, "consent_declined", "hello");
    g_assert_true(journal_event(journal, declined, NULL));
  }
  g_assert_true(journal_end(journal, answer != NULL ? JOURNAL_COMPLETE : JOURNAL_ABORTED, NULL, 99, NULL));
}

/* One participant agrees twice, another declines and then agrees. */
static void write_consents(const JournalStudy *study) {
  write_session(study, "01", "Yes, I do");
  write_session(study, "01", "Yes, I do");
  write_session(study, "02", NULL);
  write_session(study, "02", "Yes, I do");
}

static const char want_pages[] =
    "participant_id\tsession_id\trun\tsimulated\thello_agreed\thello_label\thello_all\thello_onset\t"
    "hello_confirm_time\thello_date\thello_shown\n"
    "sub-01\tn/a\t1\t0\t1\tYes, I do\trun-1:1;run-2:1\t0.5\t2.25\t2024-05-02T10:31:09Z\t0.5:2.25:agreed\n"
    "sub-02\tn/a\t1\t0\t0\tI do not agree\trun-1:0;run-2:1\tn/a\t61.75\t2024-05-02T10:32:09Z\tn/a:61.75:declined\n";

static void test_consent_is_in_a_table(void) {
  JournalStudy study = study_new("", true);
  write_consents(&study);
  derived_make(study.data);
  g_autoptr(Table) table = derived_table(study.data, "phenotype/pages.tsv");
  g_autoptr(GString) text = table_format(table);
  g_assert_cmpstr(text->str, ==, want_pages);
  g_autoptr(JsonNode) root = derived_json(study.data, "phenotype/pages.json");
  g_assert_cmpstr(derived_level(root, "hello_agreed", "1"), ==, "Yes, I do");
  g_assert_cmpstr(json_object_get_string_member(derived_entry(root, "hello_agreed"), "Description"), ==,
                  "Whether the participant agreed to this: Ratings: Hello");
  derived_check_described(table, root);
  fixture_study_end(&study, NULL);
}

static void test_consent_is_exported(void) {
  JournalStudy study = study_new("", true);
  GError *error = NULL;
  write_consents(&study);
  g_autofree char *tsv = g_build_filename(study.folder, "tsv", NULL), *ds = g_build_filename(study.folder, "ds", NULL);
  export_data(study.data, tsv, EXPORT_TSV, &error);
  g_assert_no_error(error);
  export_data(study.data, ds, EXPORT_PSYCH_DS, &error);
  g_assert_no_error(error);
  g_autoptr(Table) table = derived_table(tsv, "phenotype/pages.tsv");
  g_autoptr(GString) text = table_format(table);
  g_assert_cmpstr(text->str, ==, want_pages);
  g_autofree char *csv = g_build_filename(ds, "data", "task-rating_description-pages_data.csv", NULL), *rows = NULL;
  g_assert_true(g_file_get_contents(csv, &rows, NULL, NULL));
  g_assert_nonnull(strstr(rows, "\r\nsub-01,NA,1,0,1,\"Yes, I do\",run-1:1;run-2:1,0.5,2.25,2024-05-02T10:31:09Z,0.5:2.25:agreed\r\n"));
  fixture_study_end(&study, NULL);
}

/* Declined, then agreed to once the session was resumed, which has a clock of its own. */
static void test_agreement_after_a_resumption_counts(void) {
  JournalStudy study = study_new("", true);
  GError *error = NULL;
  write_session(&study, "01", NULL);
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_COMPLETE;
  g_assert_true(journal_newest(study.data, "01", NULL, "rating", &path, &status, NULL));
  g_autoptr(JournalHeader) header = journal_header_new(study.protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(JournalContents) before = NULL;
  g_free(header->wall_clock);
  g_free(header->boot);
  header->wall_clock = g_strdup("2024-05-02T11:31:07.500000Z");
  header->boot = g_strdup("another");
  journal_resume(path, header, JOURNAL_DURABLE, &journal, &before, &error);
  g_assert_no_error(error);
  g_autoptr(AnswerRecord) page = answer_record_new(0, "hello", 1, "Yes, I do", 4, 5.5);
  g_assert_true(journal_answer(journal, page, NULL));
  derived_make(study.data);
  g_autoptr(Table) table = derived_table(study.data, "phenotype/pages.tsv");
  g_assert_cmpuint(table_n_rows(table), ==, 1);
  g_assert_cmpstr(derived_cell(table, 0, "hello_agreed"), ==, "1");
  g_assert_cmpstr(derived_cell(table, 0, "hello_confirm_time"), ==, "3605.5");
  g_assert_cmpstr(derived_cell(table, 0, "hello_date"), ==, "2024-05-02T11:31:13Z");
  g_assert_cmpstr(derived_cell(table, 0, "hello_all"), ==, "run-1:1");
  g_assert_cmpstr(derived_cell(table, 0, "hello_shown"), ==, "n/a:61.75:declined;3604:3605.5:agreed");
  fixture_study_end(&study, NULL);
}

/* The fixture with another question in the place of "mood". */
static void ask(JournalStudy *study, const char *lines) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(study->folder, "test.protocol", NULL), *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_auto(GStrv) halves = g_strsplit(text, "[question mood]\n", 2);
  g_autofree char *whole = g_strconcat(halves[0], "[question mood]\n", lines, strstr(halves[1], "\n["), NULL);
  g_clear_pointer(&study->protocol, protocol_free);
  protocol_parse(path, whole, strlen(whole), NULL, &study->protocol, &error);
  g_assert_no_error(error);
}

/* A session in which nothing but "mood" was answered. */
static void answer(const JournalStudy *study, const char *participant, const double *values, gsize n) {
  g_autoptr(JournalHeader) header = journal_header_new(study->protocol, participant, NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(AnswerRecord) record = answer_record_new(1, "mood", 0, "", 1, 2);
  answer_record_set_values(record, values, n);
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL) &&
                journal_answer(journal, record, NULL));
}

static void test_long_numbers_keep_their_digits(void) {
  JournalStudy study = study_new("", false);
  GError *error = NULL;
  ask(&study, "kind = number\ntext = Your number?\ndecimals = 6");
  static const double numbers[] = {12345678901, 1e12, 0.123456, 999999999.999999};
  static const char *const wanted[] = {"12345678901", "1000000000000", "0.123456", "999999999.999999"};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    g_autofree char *label = g_strdup_printf("0%zu", i + 1);
    answer(&study, label, &numbers[i], 1);
  }
  derived_make(study.data);
  g_autofree char *ds = g_build_filename(study.folder, "ds", NULL);
  export_data(study.data, ds, EXPORT_PSYCH_DS, &error);
  g_assert_no_error(error);
  g_autoptr(Table) table = derived_table(study.data, "phenotype/mood.tsv");
  g_autofree char *csv = derived_text(ds, "data/task-rating_description-mood_data.csv");
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
    g_autofree char *all = g_strconcat("run-1:", wanted[i], NULL),
                    *line = g_strdup_printf("sub-0%zu,%s,NA,1,0,%s\r\n", i + 1, wanted[i], all);
    g_assert_cmpstr(derived_cell(table, i, "mood"), ==, wanted[i]);
    g_assert_cmpstr(derived_cell(table, i, "mood_all"), ==, all);
    g_assert_nonnull(strstr(csv, line));
  }
  fixture_study_end(&study, NULL);
}

/* Of a session of ten hours, in a part whose clock began a month after the first. */
static void test_late_times_keep_their_microseconds(void) {
  g_autoptr(Table) table = table_new((const char *const[]){"onset"}, 1);
  static const double seconds[] = {36000.123456789, 2678400.5 + 0.123456, 12.6 - 11.9, NAN};
  static const char *const wanted[] = {"36000.123456789", "2678400.623456", "0.7", "n/a"};
  for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
    bids_set_seconds(table, table_add_row(table), 0, seconds[i]);
    g_assert_cmpstr(table_get(table, i, 0), ==, wanted[i]);
  }
}

/* A grid whose second and third item ask for an option: one participant passes one, another both. */
static void test_items_of_a_grid_can_be_checks(void) {
  JournalStudy study = study_new("", false);
  ask(&study, "kind = likert\ntext = Agree?\nitems = a; pick no; pick yes\noptions = no; so; yes\n"
              "values = -1; 0; 1\ncorrect = 2:1; 3:3");
  static const double answers[2][3] = {{0, -1, -1}, {1, -1, 1}};
  for (gsize i = 0; i < 2; i++)
    answer(&study, i == 0 ? "01" : "02", answers[i], 3);
  derived_make(study.data);
  static const struct {
    const char *file, *column, *wanted[2];
  } cells[] = {{"phenotype/mood.tsv", "mood_2", {"-1", "-1"}},
               {"phenotype/mood.tsv", "mood_2_correct", {"1", "1"}},
               {"phenotype/mood.tsv", "mood_3_correct", {"0", "1"}},
               {"participants.tsv", "attention_checks", {"2", "2"}},
               {"participants.tsv", "attention_checks_passed", {"1", "2"}}};
  for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
    g_autoptr(Table) table = derived_table(study.data, cells[i].file);
    for (gsize row = 0; row < 2; row++)
      g_assert_cmpstr(derived_cell(table, row, cells[i].column), ==, cells[i].wanted[row]);
  }
  g_autoptr(Table) mood = derived_table(study.data, "phenotype/mood.tsv");
  g_assert_cmpint(table_column(mood, "mood_1_correct"), ==, -1);
  g_autoptr(JsonNode) sidecar = derived_json(study.data, "phenotype/mood.json");
  g_assert_true(json_object_has_member(json_node_get_object(sidecar), "mood_3_correct"));
  fixture_study_end(&study, NULL);
}

/* Left out: an item that is a check, and a number that is one. */
static void test_checks_left_empty_do_not_count(void) {
  static const struct {
    const char *question, *column;
    double values[3];
    gsize n;
  } cases[] = {{"kind = likert\ntext = Agree?\nitems = a; pick no; pick yes\noptions = no; so; yes\nrequired = false\n"
                "values = -1; 0; 1\ncorrect = 2:1; 3:3",
                "mood_3_correct",
                {1, -1, NAN},
                3},
               {"kind = number\ntext = Type 3\ncorrect = 3\nrequired = false", "mood_correct", {NAN}, 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    JournalStudy study = study_new("", false);
    ask(&study, cases[i].question);
    answer(&study, "01", cases[i].values, cases[i].n);
    derived_make(study.data);
    g_autoptr(Table) mood = derived_table(study.data, "phenotype/mood.tsv");
    g_autoptr(Table) participants = derived_table(study.data, "participants.tsv");
    g_assert_cmpstr(derived_cell(mood, 0, cases[i].column), ==, "n/a");
    g_assert_cmpint(table_column(participants, "attention_checks"), ==, i == 0 ? 4 : -1);
    if (i == 0) {
      g_assert_cmpstr(derived_cell(participants, 0, "attention_checks"), ==, "1");
      g_assert_cmpstr(derived_cell(participants, 0, "attention_checks_passed"), ==, "1");
    }
    fixture_study_end(&study, NULL);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bids tables/each trial tells its sounds", test_each_trial_tells_its_sounds);
  g_test_add_func("/bids tables/export has the sounds once a rating", test_export_has_the_sounds_once_a_rating);
  g_test_add_func("/bids tables/onset sources are explained", test_onset_sources_are_explained);
  g_test_add_func("/bids tables/names of sound columns are taken", test_names_of_sound_columns_are_taken);
  g_test_add_func("/bids tables/consent is in a table", test_consent_is_in_a_table);
  g_test_add_func("/bids tables/consent is exported", test_consent_is_exported);
  g_test_add_func("/bids tables/agreement after a resumption counts", test_agreement_after_a_resumption_counts);
  g_test_add_func("/tables/tell which checks of a grid were passed", test_items_of_a_grid_can_be_checks);
  g_test_add_func("/tables/keep the digits of long numbers", test_long_numbers_keep_their_digits);
  g_test_add_func("/tables/keep the microseconds of late times", test_late_times_keep_their_microseconds);
  g_test_add_func("/tables/do not count checks that were left empty", test_checks_left_empty_do_not_count);
  return g_test_run();
}
