/* Whatever the commands leave of participants is readable by its owner alone, whatever the umask. */
#include <glib/gstdio.h>

#include "tests/present/derived.h"
#include "tests/present/study.h"
#include "tests/support.h"

/* Runs the program's command line with a umask that takes nothing away. */
static int run_openly(const char *line) {
  g_autofree char *program = support_program("dreamrig-present");
  g_autofree char *script = g_strdup_printf("umask 0; exec \"$0\" %s", line);
  return support_run(NULL, NULL, "sh", "-c", script, program, NULL);
}

static void test_data_folder_with_its_locks(void) {
  Study study = study_new();
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 3 --seed 1 -j 2 --data '%s'", study.protocol, study.data);
  g_autofree char *again = g_strdup_printf("derive '%s'", study.data);
  g_assert_cmpint(run_openly(line), ==, 0);
  g_assert_cmpint(run_openly(again), ==, 0);
  /* The locks of each session, and of the derivation. */
  g_assert_cmpuint(derived_check_private(study.data, ".lock"), >=, 4);
  g_assert_cmpuint(derived_check_private(study.data, ""), >, 3 * 4 + 6);
  study_clear(&study);
}

static void test_derived_file_is_made_private_again(void) {
  Study study = study_new();
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 1 --seed 1 --data '%s'", study.protocol, study.data);
  g_autofree char *again = g_strdup_printf("derive '%s'", study.data);
  g_autofree char *table = g_build_filename(study.data, "participants.tsv", NULL);
  g_assert_cmpint(run_openly(line), ==, 0);
  g_assert_true(g_file_set_contents(table, "changed by hand\n", -1, NULL));
  g_assert_cmpint(g_chmod(table, 0666), ==, 0);
  g_assert_cmpint(run_openly(again), ==, 0);
  g_assert_cmpuint(derived_check_private(study.data, "participants.tsv"), ==, 1);
  study_clear(&study);
}

static void test_exports(void) {
  static const char *const formats[] = {"tsv", "psych-ds"}, *const endings[] = {".tsv", ".csv"};
  Study study = study_new();
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 2 --seed 1 --data '%s'", study.protocol, study.data);
  g_assert_cmpint(run_openly(line), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_autofree char *out = g_build_filename(study.folder, formats[i], NULL);
    g_autofree char *export = g_strdup_printf("export '%s' -o '%s' --format %s", study.data, out, formats[i]);
    g_assert_cmpint(run_openly(export), ==, 0);
    g_assert_cmpuint(derived_check_private(out, endings[i]), ==, 4); /* ratings, participants, pages, mood */
  }
  study_clear(&study);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/private/a data folder with its locks", test_data_folder_with_its_locks);
  g_test_add_func("/private/a derived file is made private again", test_derived_file_is_made_private_again);
  g_test_add_func("/private/exports", test_exports);
  return g_test_run();
}
