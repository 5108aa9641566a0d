#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/analysis/report/made_report.h"
#include "tests/support.h"

#include <string.h>

/* A participant's file, read, changed by `edit`, and written again. */
static void edit_session(const MadeReport *made, int participant, void (*edit)(GString *text)) {
  g_autofree char *path = g_strdup_printf("%s/data/sub-%02d/beh/sub-%02d_task-rating_run-1_beh.tsv", made->folder,
                                          participant, participant);
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autoptr(GString) changed = g_string_new(text);
  edit(changed);
  g_assert_true(g_file_set_contents(path, changed->str, (gssize)changed->len, NULL));
}

static void to_cr(GString *text) { g_string_replace(text, "\n", "\r", 0); }
static void to_crlf(GString *text) { g_string_replace(text, "\n", "\r\n", 0); }
static void add_mark(GString *text) { g_string_prepend(text, "\xef\xbb\xbf"); }
/* The last line again, as another trial. */
static void copy_trial(GString *text) {
  g_string_truncate(text, text->len - 1);
  g_autofree char *last = g_strdup(strchr(strrchr(text->str, '\n'), '\t'));
  g_string_append_printf(text, "\n999%s\n", last);
}
static void repeat_trial(GString *text) {
  g_string_truncate(text, text->len - 1);
  g_autofree char *last = g_strdup(strrchr(text->str, '\n'));
  g_string_append_printf(text, "%s\n", last);
}
static void leave_range(GString *text) {
  char *end = g_strrstr(text->str, "\t2.5\t");
  *end = '\0';
  gsize at = (gsize)(strrchr(text->str, '\t') - text->str);
  g_string_truncate(text, at);
  g_string_append(text, "\t100.5\t2.5\t0\n");
}

static void test_line_ends(void) {
  MadeReport plain = made_report_folder(&made_report_full), mixed = made_report_folder(&made_report_full);
  edit_session(&mixed, 1, to_cr);
  edit_session(&mixed, 2, to_crlf);
  edit_session(&mixed, 3, add_mark);
  static const char *const tables[] = {"layers", "mixed_arousal", "ratings"};
  GError *error = NULL;
  made_report_write(&plain, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_write(&mixed, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autoptr(Table) one = made_report_table(&plain, tables[i]), two = made_report_table(&mixed, tables[i]);
    g_autoptr(GString) want = table_format(one), got = table_format(two);
    g_assert_cmpstr(got->str, ==, want->str);
  }
  made_report_clear(&plain);
  made_report_clear(&mixed);
}

static void test_copied_trial(void) {
  MadeReport made = made_report_folder(&made_report_full);
  edit_session(&made, 4, copy_trial);
  GError *error = NULL;
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(strstr(made.page, "1 presentations show a participant an image again in the same session"));
  g_assert_nonnull(strstr(made.page, "1 of these have the same ratings and response time as the first"));
  made_report_clear(&made);
}

static void assert_refused(int participant, void (*edit)(GString *text), const char *part) {
  MadeReport made = made_report_folder(&made_report_full);
  edit_session(&made, participant, edit);
  GError *error = NULL;
  g_assert_false(made_report_write(&made, STUDY_UNIT_IMAGE, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, part));
  g_clear_error(&error);
  g_assert_false(g_file_test(made.out, G_FILE_TEST_EXISTS));
  made_report_clear(&made);
}

static void test_refused_trials(void) {
  assert_refused(5, repeat_trial, "sub-05_task-rating_run-1_beh.tsv:26: trial: trial 24 is there twice");
  assert_refused(6, leave_range, "sub-06_task-rating_run-1_beh.tsv:25: valence: 100.5 is out of range");
}

/* Some images without properties: what needs them says so, and leaves those images out. */
static void test_some_features_missing(void) {
  MadeReport made = made_report_folder(&made_report_full);
  g_autofree char *path = g_build_filename(made.folder, "set", "stimuli.tsv", NULL);
  g_autoptr(Table) stimuli = NULL;
  GError *error = NULL;
  g_assert_true(table_read(path, &stimuli, NULL));
  for (gsize row = 0; row < 3; row++)
    table_set(stimuli, row, (gsize)table_column(stimuli, "cse"), "n/a");
  g_assert_true(table_write(stimuli, path, FILES_PUBLIC, NULL));
  made_report_write(&made, STUDY_UNIT_IMAGE, &error);
  g_assert_no_error(error);
  made_report_read_page(&made);
  g_assert_nonnull(strstr(made.page, "Subband entropy is missing for 3 of 24 images"));
  g_assert_nonnull(strstr(made.page, "3 image(s) without a value for every predictor are left out."));
  g_assert_nonnull(strstr(made.page, "33 ratings are left out: they are missing, or their image lacks a property."));
  g_autoptr(Table) summary = made_report_table(&made, "regression_arousal_summary");
  g_assert_cmpfloat(made_report_cell(summary, 0, "value"), ==, 21);
  made_report_clear(&made);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/bad data/images without some properties", test_some_features_missing);
  g_test_add_func("/report/bad data/mixed line ends", test_line_ends);
  g_test_add_func("/report/bad data/a trial copied under another number", test_copied_trial);
  g_test_add_func("/report/bad data/doubled trials and ratings out of range are refused", test_refused_trials);
  return g_test_run();
}
