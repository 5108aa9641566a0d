/* What the commands refuse, in one line and with exit status 1, and what they put up with. */
#include <glib/gstdio.h>
#include <string.h>

#include "protocols/allocation.h"
#include "stimuli/base/files.h"
#include "tests/present/study.h"
#include "tests/support.h"

/* Writes a session's journal with one byte changed; returns its path. */
static char *damaged_journal(const Study *study) {
  GError *error = NULL;
  g_autoptr(Protocol) protocol = NULL;
  protocol_open(study->protocol, NULL, &protocol, &error);
  g_assert_no_error(error);
  g_autoptr(JournalHeader) header = journal_header_new(protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_autoptr(AnswerRecord) answer = answer_record_new(0, "welcome", 0, "", 1, 2);
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL));
  g_assert_true(journal_answer(journal, answer, NULL) && journal_end(journal, JOURNAL_COMPLETE, NULL, 3, NULL));
  char *path = g_strdup(journal_path(journal)), *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  *strstr(text, "welcome") = 'W';
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_free(text);
  return path;
}

static void test_damaged_newest(void) {
  Study study = study_new();
  char *err = NULL, *before = NULL, *after = NULL;
  g_autofree char *path = damaged_journal(&study);
  g_assert_true(files_sha256(path, &before, NULL));
  g_assert_cmpint(study_run_unseen(&study, NULL, &err), ==, 1);
  study_assert_one_line(
      err, "its text and the line before; --new-run starts another run, and the damaged file stays as it is");
  g_free(err);
  g_assert_cmpint(study_run_unseen(&study, "--new-run", &err), ==, 1);
  g_assert_nonnull(strstr(err, "no screen to show the session on"));
  g_free(err);
  g_assert_true(files_sha256(path, &after, NULL));
  g_assert_cmpstr(before, ==, after);
  g_free(before);
  g_free(after);
  study_clear(&study);
}

static void test_kinds_do_not_mix(void) {
  Study study = study_new();
  char *err = NULL;
  g_autofree char *damaged = damaged_journal(&study), *text = NULL;
  g_assert_true(g_file_get_contents(damaged, &text, NULL, NULL));
  *strstr(text, "Welcome") = 'w'; /* whole again */
  g_assert_true(g_file_set_contents(damaged, text, -1, NULL));
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, &err), ==, 1);
  study_assert_one_line(err, "holds real data: choose another data folder for simulated ones");
  g_free(err);
  support_remove(study.data);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  g_assert_cmpint(study_run_unseen(&study, NULL, &err), ==, 1);
  study_assert_one_line(err, "holds simulated data: choose another data folder for real ones");
  g_free(err);
  study_clear(&study);
}

/* As run_unseen, for another participant and with one more option and its value. */
static int run_other(const Study *study, const char *subject, const char *option, const char *value, char **err) {
  g_autofree char *program = support_program("dreamrig-present");
  return support_run(NULL, err, "env", "SDL_VIDEODRIVER=none", program, "run", study->protocol, "--subject", subject,
                     "--data", study->data, option, value, NULL);
}

static void write_session(const Study *study, const char *participant, gsize allocation) {
  GError *error = NULL;
  g_autoptr(Protocol) protocol = NULL;
  protocol_open(study->protocol, NULL, &protocol, &error);
  g_assert_no_error(error);
  g_autoptr(JournalHeader) header = journal_header_new(protocol, participant, NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  if (allocation > 0)
    header->allocation = allocation;
  g_assert_true(journal_create(study->data, header, JOURNAL_FAST, &journal, NULL));
}

/* Before a window opens, which would take the keyboard from that session. */
static void test_a_running_session_is_left_alone(void) {
  Study study = study_new();
  GError *error = NULL;
  g_autoptr(Protocol) protocol = NULL;
  protocol_open(study.protocol, NULL, &protocol, &error);
  g_assert_no_error(error);
  g_autoptr(JournalHeader) header = journal_header_new(protocol, "01", NULL, false, NULL);
  g_autoptr(Journal) running = NULL;
  g_assert_true(journal_create(study.data, header, JOURNAL_FAST, &running, NULL));
  static const char *const options[] = {NULL, "--resume", "--new-run"};
  for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
    char *err = NULL;
    g_assert_cmpint(study_run_unseen(&study, options[i], &err), ==, 1);
    study_assert_one_line(err, "another program is running a session of this participant");
    g_free(err);
  }
  char *other = NULL;
  g_assert_cmpint(run_other(&study, "02", NULL, NULL, &other), ==, 1);
  g_assert_nonnull(strstr(other, "no screen to show the session on"));
  g_free(other);
  study_clear(&study);
}

static void test_labels_of_one_number(void) {
  Study study = study_new();
  char *err = NULL;
  write_session(&study, "17", 0);
  write_session(&study, "20", 23);
  g_assert_cmpint(run_other(&study, "lab017", NULL, NULL, &err), ==, 1);
  study_assert_one_line(err, "participant lab017 would see the images of participant 17, who has a session in ");
  g_free(err);
  g_assert_cmpint(run_other(&study, "23", NULL, NULL, &err), ==, 1);
  study_assert_one_line(err, "participant 23 would see the images of participant 20");
  g_free(err);
  static const char *const good[][3] = {{"lab018", NULL, NULL},
                                        {"lab20", NULL, NULL},
                                        {"lab017", "--allocation", "17"},
                                        {"017", "--allocation", "41"},
                                        {"1000000017", NULL, NULL}, /* all its digits count */
                                        {"p9223372036854775808", "--allocation", "42"},
                                        {"17", "--new-run", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_assert_cmpint(run_other(&study, good[i][0], good[i][1], good[i][2], &err), ==, 1);
    g_assert_nonnull(strstr(err, "no screen to show the session on"));
    g_free(err);
  }
  g_assert_cmpint(run_other(&study, "18", "--allocation", "-2", NULL), ==, 2);
  g_assert_cmpint(run_other(&study, "p9223372036854775808", NULL, NULL, &err), ==, 1);
  study_assert_one_line(err, "participant p9223372036854775808: the number 9223372036854775808 that ends the label");
  g_free(err);
  study_clear(&study);
}

/* The images are those of the number, the journal keeps it, and a resumed session must have it. */
static void test_allocation_is_kept(void) {
  Study study = study_new();
  GError *error = NULL;
  g_autoptr(Protocol) protocol = NULL;
  protocol_open(study.protocol, NULL, &protocol, &error);
  g_assert_no_error(error);
  g_autoptr(TrialList) of_label = NULL, of_number = NULL;
  g_assert_true(trial_list_new(protocol, "18", &of_label, NULL));
  g_assert_true(trial_list_new_at(protocol, "lab017", 18, &of_number, NULL));
  g_assert_cmpuint(of_number->participant, ==, 18);
  gsize n_same = 0;
  for (gsize i = 0; i < 2; i++)
    for (gsize j = 0; j < 2; j++) /* the first block's two images, in any order */
      n_same += of_label->trials[i].stimulus == of_number->trials[j].stimulus;
  g_assert_cmpuint(n_same, ==, 2);
  write_session(&study, "lab017", 18);
  g_autofree char *path = NULL;
  JournalStatus status = JOURNAL_COMPLETE;
  g_assert_true(journal_newest(study.data, "lab017", NULL, "test", &path, &status, NULL));
  g_autoptr(JournalContents) contents = NULL, before = NULL;
  g_assert_true(journal_read(path, &contents, NULL));
  g_assert_cmpuint(contents->header->allocation, ==, 18);
  g_autoptr(JournalHeader) header = journal_header_new(protocol, "lab017", NULL, false, NULL);
  g_autoptr(Journal) journal = NULL;
  g_assert_false(journal_resume(path, header, JOURNAL_FAST, &journal, &before, &error));
  g_assert_nonnull(strstr(error->message, "number in the design (--allocation) has changed since it began"));
  g_clear_error(&error);
  header->allocation = 18;
  header->rules = 1;
  g_assert_false(journal_resume(path, header, JOURNAL_FAST, &journal, &before, &error));
  g_assert_nonnull(strstr(error->message, "the rules of its design have changed since it began"));
  g_clear_error(&error);
  header->rules = ALLOCATION_RULES;
  g_free(header->locale);
  header->locale = g_strdup("pl");
  g_assert_false(journal_resume(path, header, JOURNAL_FAST, &journal, &before, &error));
  g_assert_nonnull(strstr(error->message, "the language has changed (it was begun without --language) since it began"));
  g_clear_error(&error);
  *header->locale = '\0';
  g_assert_true(journal_resume(path, header, JOURNAL_FAST, &journal, &before, NULL));
  study_clear(&study);
}

static void test_unknown_language_is_refused(void) {
  Study study = study_new();
  char *out = NULL, *err = NULL;
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "validate", study.protocol, "--language", "xx", NULL), ==,
                  1);
  g_assert_nonnull(strstr(out, "--language xx: "));
  g_assert_nonnull(strstr(out, " has texts in no other language; the program's own words are in en, pl, es, ar, zh\n"));
  g_free(out);
  g_assert_cmpint(run_other(&study, "18", "--language", "xx", &err), ==, 1);
  study_assert_one_line(err, "--language xx: ");
  g_free(err);
  g_assert_cmpint(run_other(&study, "18", "--language", "es_MX", &err), ==, 1);
  g_assert_nonnull(strstr(err, "no screen to show the session on"));
  g_free(err);
  study_clear(&study);
}

static int run_session(const Study *study, const char *subject, const char *data, const char *set, char **err) {
  return support_run(NULL, err, "dreamrig-present", "run", study->protocol, "--subject", subject, "--data", data,
                     "--windowed", "--set", set, NULL);
}

static void test_bad_input(void) {
  Study study = study_new();
  g_autofree char *missing = g_build_filename(study.folder, "nowhere", NULL);
  g_autofree char *below_file = g_build_filename(study.protocol, "data", NULL);
  g_autofree char *image = g_build_filename(study.set, "im2.png", NULL);
  char *err = NULL;
  g_assert_cmpint(run_session(&study, "p 1", study.data, study.set, &err), ==, 1);
  study_assert_one_line(err, "p 1");
  g_free(err);
  g_assert_cmpint(run_session(&study, "1", study.data, missing, &err), ==, 1);
  study_assert_one_line(err, "nowhere");
  g_free(err);
  g_assert_cmpint(run_session(&study, "1", below_file, study.set, &err), ==, 1);
  study_assert_one_line(err, "test.protocol");
  g_free(err);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", below_file, &err), ==, 1);
  study_assert_one_line(err, "test.protocol");
  g_free(err);
  GError *error = NULL;
  g_assert_true(files_write(image, "\211PNG\r\n\032\nrubbish", 15, FILES_PUBLIC, &error));
  g_assert_cmpint(run_session(&study, "1", study.data, study.set, &err), ==, 1);
  study_assert_one_line(err, "im2.png");
  g_free(err);
  g_assert_false(g_file_test(study.data, G_FILE_TEST_EXISTS));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-present", "derive", missing, NULL), ==, 1);
  study_assert_one_line(err, "nowhere");
  g_free(err);
  study_clear(&study);
}

static void test_no_screen(void) {
  if (g_file_test("/dev/dri", G_FILE_TEST_EXISTS)) {
    g_test_skip("SDL could take the console's screen");
    return;
  }
  Study study = study_new();
  g_autofree char *program = support_program("dreamrig-present");
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "-u", "SDL_VIDEODRIVER",
                              program, "run", study.protocol, "--subject", "1", "--data", study.data, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "dreamrig-present: no screen to show the session on"));
  g_clear_pointer(&err, g_free);
  g_assert_cmpint(support_run(NULL, &err, "env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER=", program,
                              "run", study.protocol, "--subject", "1", "--data", study.data, NULL),
                  ==, 1);
  g_assert_nonnull(strstr(err, "dreamrig-present: no screen to show the session on"));
  g_autofree char *journals = g_build_filename(study.data, "sourcedata", NULL);
  g_assert_false(g_file_test(journals, G_FILE_TEST_EXISTS));
  study_clear(&study);
}

static void test_usage(void) {
  Study study = study_new();
  g_autofree char *program = support_program("dreamrig-present");
  g_autofree char *err = NULL;
  g_assert_cmpint(support_run(NULL, &err, "env", "SDL_VIDEODRIVER=none", program, "run", study.protocol, "--data",
                              study.data, NULL),
                  ==, 2);
  g_assert_nonnull(strstr(err, "--subject ID and --data DIR where there is no window"));
  g_assert_false(g_file_test(study.data, G_FILE_TEST_EXISTS));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "run", study.protocol, "--subject", "1", "--data",
                              study.data, "--windowed", "100x100", NULL),
                  ==, 2);
  g_assert_cmpint(
      support_run(NULL, NULL, "dreamrig-present", "run", study.protocol, "--rehearse", "--data", study.data, NULL), ==,
      2);
  g_autofree char *temporary = g_strdup_printf("TMPDIR=%s", study.folder);
  g_assert_cmpint(support_run(NULL, NULL, "env", "SDL_VIDEODRIVER=none", temporary, program, "run", study.protocol,
                              "--rehearse", NULL),
                  ==, 1);
  g_autoptr(GDir) dir = g_dir_open(study.folder, 0, NULL);
  for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
    g_assert_false(g_str_has_prefix(name, "dreamrig-rehearsal"));
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "simulate", study.protocol, NULL), ==, 2);
  g_assert_cmpint(support_run(NULL, NULL, "dreamrig-present", "screens", study.protocol, NULL), ==, 2);
  study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/commands/start a new run beside a damaged one", test_damaged_newest);
  g_test_add_func("/commands/a running session is left alone", test_a_running_session_is_left_alone);
  g_test_add_func("/commands/refuse a second label of one number", test_labels_of_one_number);
  g_test_add_func("/commands/refuse a language that nothing is written in", test_unknown_language_is_refused);
  g_test_add_func("/commands/keep the number that was said", test_allocation_is_kept);
  g_test_add_func("/commands/mix no simulated and real data", test_kinds_do_not_mix);
  g_test_add_func("/commands/refuse bad input in one line", test_bad_input);
  g_test_add_func("/commands/refuse wrong usage", test_usage);
  g_test_add_func("/commands/refuse to run a session nobody can see", test_no_screen);
  return g_test_run();
}
