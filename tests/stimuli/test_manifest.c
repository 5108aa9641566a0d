#include "stimuli/manifest.h"

#include <glib/gstdio.h>
#include <string.h>

#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "tests/support.h"

static void write_text(const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  GError *error = NULL;
  files_write(path, text, strlen(text), FILES_PUBLIC, &error);
  g_assert_no_error(error);
}

static void assert_refused(const char *folder, bool verify, const char *want) {
  StimulusSet *set = NULL;
  GError *error = NULL;
  g_assert_false(stimulus_set_open(folder, verify, &set, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  if (!g_str_has_suffix(error->message, want))
    g_assert_cmpstr(error->message, ==, want);
  g_assert_null(set);
  g_error_free(error);
}

static void test_a_written_set_opens_with_its_rows_and_record(void) {
  g_autofree char *folder = support_folder(), *hex = files_sha256_data("pixels", 6);
  write_text(folder, "a.png", "pixels");
  g_autoptr(StimulusSet) set = stimulus_set_new(folder), opened = NULL;
  gsize row = table_add_row(set->stimuli);
  table_set(set->stimuli, row, 0, "mixed3a-17");
  table_set(set->stimuli, row, 1, "a.png");
  table_set(set->stimuli, row, 2, hex);
  json_object_set_int_member(set->record, "seed", 20241227);
  GError *error = NULL;
  stimulus_set_write(set, &error);
  g_assert_no_error(error);
  stimulus_set_open(folder, true, &opened, &error);
  g_assert_no_error(error);
  g_autofree char *path = stimulus_set_path(opened, 0), *want = g_build_filename(folder, "a.png", NULL);
  g_assert_cmpstr(path, ==, want);
  g_assert_cmpstr(table_get(opened->stimuli, 0, 0), ==, "mixed3a-17");
  g_assert_cmpint(json_object_get_int_member(opened->record, "seed"), ==, 20241227);
  g_assert_cmpstr(table_column_name(opened->stimuli, 9), ==, "objective_after");
  support_remove(folder);
}

static void test_a_table_by_hand_needs_only_id_and_file(void) {
  g_autofree char *folder = support_folder(), *sub = g_build_filename(folder, "photos", NULL);
  g_assert_cmpint(g_mkdir(sub, 0755), ==, 0);
  write_text(folder, "photos/..cat.jpg", "x");
  write_text(folder, "stimuli.tsv", "file\tid\nphotos/..cat.jpg\tcat\n");
  g_autoptr(StimulusSet) set = NULL;
  GError *error = NULL;
  stimulus_set_open(folder, true, &set, &error);
  g_assert_no_error(error);
  g_assert_cmpint((int)json_object_get_size(set->record), ==, 0);
  support_remove(folder);
}

static void test_each_fault_names_file_line_and_field(void) {
  g_autofree char *folder = support_folder(), *wrong = g_strnfill(64, '0');
  g_autofree char *changed = g_strdup_printf("id\tfile\tsha256\nx\ta.png\t%s\n", wrong);
  write_text(folder, "a.png", "pixels");
  assert_refused(folder, false, "stimuli.tsv: cannot read: No such file or directory");
  const struct {
    const char *table, *want;
  } cases[] = {
      {"id\tpath\nx\ta.png\n", "stimuli.tsv: no column 'file'; it has id, path"},
      {"id\tfile\nx\ta.png\nn/a\ta.png\n", "stimuli.tsv:3: id: is missing"},
      {"id\tfile\nx\t\n", "stimuli.tsv:2: file: is missing"},
      {"id\tfile\nx\ta.png\nx\ta.png\n", "stimuli.tsv:3: id: 'x' was already at line 2"},
      {"id\tfile\nx\t../a.png\n", "stimuli.tsv:2: file: '../a.png' is outside the set's folder"},
      {"id\tfile\nx\t/etc/passwd\n", "stimuli.tsv:2: file: '/etc/passwd' is outside the set's folder"},
      {"id\tfile\nx\tb.png\n", "b.png is not there"},
      {changed, "a.png has changed since the set was made"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    write_text(folder, "stimuli.tsv", cases[i].table);
    assert_refused(folder, true, cases[i].want);
  }
  write_text(folder, "stimuli.tsv", "id\tfile\nx\ta.png\n");
  write_text(folder, "stimuli.json", "[1]");
  assert_refused(folder, false, "stimuli.json: an object is expected");
  write_text(folder, "stimuli.json", "{");
  assert_refused(folder, false, "stimuli.json:1: a string is expected");
  assert_refused("/no/such/set", false, "/no/such/set: no such stimulus set");
  support_remove(folder);
}

static void test_digests_are_checked_only_when_asked(void) {
  g_autofree char *folder = support_folder();
  write_text(folder, "a.png", "pixels");
  write_text(folder, "stimuli.tsv", "id\tfile\tsha256\nx\ta.png\tnot-a-digest\n");
  g_autoptr(StimulusSet) set = NULL;
  GError *error = NULL;
  stimulus_set_open(folder, false, &set, &error);
  g_assert_no_error(error);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/manifest/a-written-set-opens-with-its-rows-and-record",
                  test_a_written_set_opens_with_its_rows_and_record);
  g_test_add_func("/manifest/a-table-by-hand-needs-only-id-and-file", test_a_table_by_hand_needs_only_id_and_file);
  g_test_add_func("/manifest/each-fault-names-file-line-and-field", test_each_fault_names_file_line_and_field);
  g_test_add_func("/manifest/digests-are-checked-only-when-asked", test_digests_are_checked_only_when_asked);
  return g_test_run();
}
