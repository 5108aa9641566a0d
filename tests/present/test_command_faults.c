/* What the commands refuse, in one line and with exit status 1, and what they put up with. */
#include <glib/gstdio.h>
#include <string.h>

#include "protocols/allocation.h"
#include "stimuli/base/files.h"
#include "tests/present/study.h"
#include "tests/support.h"

static void assert_one_line(const char *err, const char *part) {
  if (strstr(err, part) == NULL)
    g_test_message("no '%s' in: %s", part, err);
  g_assert_nonnull(strstr(err, part));
  g_assert_true(strchr(err, '\n') == err + strlen(err) - 1);
}

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

/* Without a screen a session fails only after it has decided how to start. */
static int run_unseen(const Study *study, const char *option, char **err) {
  g_autofree char *program = support_program("dreamrig-present");
  return support_run(NULL, err, "env", "SDL_VIDEODRIVER=none", program, "run", study->protocol, "--subject", "01",
                     "--data", study->data, option, NULL);
}

static void test_damaged_newest(void) {
  Study study = study_new();
  char *err = NULL, *before = NULL, *after = NULL;
  g_autofree char *path = damaged_journal(&study);
  g_assert_true(files_sha256(path, &before, NULL));
  g_assert_cmpint(run_unseen(&study, NULL, &err), ==, 1);
  assert_one_line(err,
                  "its text and the line before; --new-run starts another run, and the damaged file stays as it is");
  g_free(err);
  g_assert_cmpint(run_unseen(&study, "--new-run", &err), ==, 1);
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
  assert_one_line(err, "holds real data: choose another data folder for simulated ones");
  g_free(err);
  support_remove(study.data);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  g_assert_cmpint(run_unseen(&study, NULL, &err), ==, 1);
  assert_one_line(err, "holds simulated data: choose another data folder for real ones");
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
    g_assert_cmpint(run_unseen(&study, options[i], &err), ==, 1);
    assert_one_line(err, "another program is running a session of this participant");
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
  assert_one_line(err, "participant lab017 would see the images of participant 17, who has a session in ");
  g_free(err);
  g_assert_cmpint(run_other(&study, "23", NULL, NULL, &err), ==, 1);
  assert_one_line(err, "participant 23 would see the images of participant 20");
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
  assert_one_line(err, "participant p9223372036854775808: the number 9223372036854775808 that ends the label");
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
  assert_one_line(err, "--language xx: ");
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
  assert_one_line(err, "p 1");
  g_free(err);
  g_assert_cmpint(run_session(&study, "1", study.data, missing, &err), ==, 1);
  assert_one_line(err, "nowhere");
  g_free(err);
  g_assert_cmpint(run_session(&study, "1", below_file, study.set, &err), ==, 1);
  assert_one_line(err, "test.protocol");
  g_free(err);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", below_file, &err), ==, 1);
  assert_one_line(err, "test.protocol");
  g_free(err);
  GError *error = NULL;
  g_assert_true(files_write(image, "\211PNG\r\n\032\nrubbish", 15, FILES_PUBLIC, &error));
  g_assert_cmpint(run_session(&study, "1", study.data, study.set, &err), ==, 1);
  assert_one_line(err, "im2.png");
  g_free(err);
  g_assert_false(g_file_test(study.data, G_FILE_TEST_EXISTS));
  g_assert_cmpint(support_run(NULL, &err, "dreamrig-present", "derive", missing, NULL), ==, 1);
  assert_one_line(err, "nowhere");
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

static void test_validate(void) {
  Study study = study_new();
  char *out = NULL, *err = NULL;
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  g_assert_nonnull(strstr(out, "is valid"));
  g_free(out);
  g_free(err);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(study.protocol, &text, NULL, NULL));
  g_autofree char *bad = g_strconcat(text, "iti_ms = 3\nfixation = 3\n", NULL);
  g_assert_true(g_file_set_contents(study.protocol, bad, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_free(out);
  g_free(err);
  g_autoptr(GString) longer = g_string_new(text);
  for (int i = 0; i < 300; i++)
    g_string_insert(longer, strstr(longer->str, "Please begin.") - longer->str, "Please read on and on and on. ");
  g_assert_true(g_file_set_contents(study.protocol, longer->str, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_assert_nonnull(strstr(out, ":14: [page welcome] text: does not fit a screen of 1280 x 800 px"));
  assert_one_line(err, "1 fault");
  g_free(out);
  g_free(err);
  g_assert_cmpint(run_unseen(&study, NULL, &err), ==, 1);
  assert_one_line(err, "[page welcome] text: does not fit a screen");
  g_free(err);
  /* Private use: no font has it. */
  g_autofree char *strange = g_strdup(text);
  memcpy(strstr(strange, "Please begin."), "\xf4\x8f\xbf\xbd", 4);
  g_assert_true(g_file_set_contents(study.protocol, strange, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  assert_one_line(err, "warning: ");
  g_assert_nonnull(strstr(err, ":14: [page welcome] text: no installed font has 1 of its characters"));
  g_free(out);
  g_free(err);
  g_assert_true(g_file_set_contents(study.protocol, bad, -1, NULL));
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  g_assert_nonnull(strstr(out, ":45: [block timed] iti_ms"));
  g_assert_nonnull(strstr(out, ":46: [block timed] fixation"));
  assert_one_line(err, "2 faults");
  g_free(out);
  g_free(err);
  study_clear(&study);
}

static void put_image(const Study *study, const char *name, const void *bytes, gsize size) {
  g_autofree char *path = g_build_filename(study->set, name, NULL);
  g_assert_true(files_write(path, bytes, size, FILES_PUBLIC, NULL));
}

/* One's own photos: a table with id and file is a whole set, and no digest in it stands for the images' being whole. */
static void test_validate_reads_every_image(void) {
  Study study = study_new();
  g_autofree char *photo = support_data("images/rgb.jpg"), *jpeg = NULL, *png = NULL, *out = NULL, *err = NULL;
  g_autofree char *whole = g_build_filename(study.set, "im1.png", NULL);
  g_autofree char *record = g_build_filename(study.set, "stimuli.json", NULL);
  gsize jpeg_size = 0, png_size = 0;
  g_assert_true(g_file_get_contents(photo, &jpeg, &jpeg_size, NULL));
  g_assert_true(g_file_get_contents(whole, &png, &png_size, NULL));
  static const char table[] = "id\tfile\ncat\tcat.jpg\ndog\tim1.png\ncow\tcow.png\nhen\then.jpg\n";
  g_assert_cmpint(g_remove(record), ==, 0);
  put_image(&study, "stimuli.tsv", table, sizeof table - 1);
  put_image(&study, "cat.jpg", jpeg, jpeg_size);
  put_image(&study, "cow.png", png, png_size);
  put_image(&study, "hen.jpg", jpeg, jpeg_size);
  g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "validate", study.protocol, NULL), ==, 0);
  g_clear_pointer(&out, g_free);
  g_assert_cmpint(study_simulate(&study, "1", "3", "1", study.data, NULL), ==, 0);
  put_image(&study, "im1.png", "GIF89a\001\000\001\000", 10);
  put_image(&study, "cow.png", png, png_size - 100);
  put_image(&study, "hen.jpg", "no image at all", 15);
  g_assert_cmpint(support_run(&out, &err, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
  assert_one_line(err, "has 3 faults");
  g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 4); /* three, and what follows the last line's end */
  g_assert_nonnull(strstr(lines[0], "stimuli.tsv:3: file: "));
  g_assert_nonnull(strstr(lines[0], "im1.png: is neither a PNG nor a JPEG"));
  g_assert_nonnull(strstr(lines[1], "stimuli.tsv:4: file: "));
  g_assert_nonnull(strstr(lines[1], "cow.png: cannot read the PNG: it is truncated"));
  g_assert_nonnull(strstr(lines[2], "stimuli.tsv:5: file: "));
  g_assert_nonnull(strstr(lines[2], "hen.jpg: is neither a PNG nor a JPEG"));
  study_clear(&study);
}

/* Three thousand words in one field, the rest being short. */
static void test_the_field_that_is_too_long_is_named(void) {
  static const struct {
    const char *before, *wanted;
  } cases[] = {{"text = How are you?", "[question mood] text: does not fit"},
               {"options = Bad", "[question mood] options: does not fit"},
               {"title = Welcome", "[page welcome] title: does not fit"},
               {"left = unpleasant", "[scale valence] left: does not fit"}};
  Study study = study_new();
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(study.protocol, &text, NULL, NULL));
  g_autoptr(GString) words = g_string_new(NULL);
  for (int i = 0; i < 3000; i++)
    g_string_append(words, " word");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) longer = g_string_new(text);
    const char *place = strstr(text, cases[i].before);
    g_assert_nonnull(place);
    g_string_insert(longer, place - text + (gssize)strlen(cases[i].before), words->str);
    g_assert_true(g_file_set_contents(study.protocol, longer->str, -1, NULL));
    char *out = NULL;
    g_assert_cmpint(support_run(&out, NULL, "dreamrig-present", "validate", study.protocol, NULL), ==, 1);
    g_assert_nonnull(strstr(out, cases[i].wanted));
    g_assert_null(strstr(strstr(out, cases[i].wanted) + strlen(cases[i].wanted), "does not fit"));
    g_free(out);
  }
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
  g_test_add_func("/validate/lists every fault", test_validate);
  g_test_add_func("/validate/reads every image", test_validate_reads_every_image);
  g_test_add_func("/faults/the field that is too long is named", test_the_field_that_is_too_long_is_named);
  return g_test_run();
}
