/* Whatever the commands leave of participants is readable by its owner alone, whatever the umask. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/present/study.h"
#include "tests/support.h"

/* Runs the program's command line with a umask that takes nothing away. */
static int run_openly(const char *line) {
  g_autofree char *program = support_program("dreamrig-present");
  g_autofree char *script = g_strdup_printf("umask 0; exec \"$0\" %s", line);
  return support_run(NULL, NULL, "sh", "-c", script, program, NULL);
}

/* Counts the files below a path, each 0600 in folders of 0700, and those among them whose name ends so. */
static void count_private(const char *path, const char *ending, gsize *n_files, gsize *n_ending) {
  GStatBuf status;
  g_assert_cmpint(g_lstat(path, &status), ==, 0);
  bool folder = S_ISDIR(status.st_mode);
  if ((status.st_mode & 0777) != (folder ? 0700 : 0600))
    g_error("%s has the mode %o", path, status.st_mode & 0777);
  *n_files += !folder;
  *n_ending += !folder && g_str_has_suffix(path, ending);
  g_autoptr(GDir) dir = folder ? g_dir_open(path, 0, NULL) : NULL;
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    count_private(inner, ending, n_files, n_ending);
  }
}

static void test_data_folder_with_its_locks(void) {
  Study study = study_new();
  gsize n_files = 0, n_locks = 0;
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 3 --seed 1 -j 2 --data '%s'", study.protocol, study.data);
  g_autofree char *again = g_strdup_printf("derive '%s'", study.data);
  g_assert_cmpint(run_openly(line), ==, 0);
  g_assert_cmpint(run_openly(again), ==, 0);
  count_private(study.data, ".lock", &n_files, &n_locks);
  g_assert_cmpuint(n_locks, >=, 4); /* of each session, and of the derivation */
  g_assert_cmpuint(n_files, >, 3 * 4 + 6);
  study_clear(&study);
}

static void test_derived_file_is_made_private_again(void) {
  Study study = study_new();
  gsize n_files = 0, n_tables = 0;
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 1 --seed 1 --data '%s'", study.protocol, study.data);
  g_autofree char *again = g_strdup_printf("derive '%s'", study.data);
  g_autofree char *table = g_build_filename(study.data, "participants.tsv", NULL);
  g_assert_cmpint(run_openly(line), ==, 0);
  g_assert_true(g_file_set_contents(table, "changed by hand\n", -1, NULL));
  g_assert_cmpint(g_chmod(table, 0666), ==, 0);
  g_assert_cmpint(run_openly(again), ==, 0);
  count_private(study.data, "participants.tsv", &n_files, &n_tables);
  g_assert_cmpuint(n_tables, ==, 1);
  study_clear(&study);
}

static void test_exports(void) {
  static const char *const formats[] = {"tsv", "psych-ds"}, *const endings[] = {".tsv", ".csv"};
  Study study = study_new();
  g_autofree char *line =
      g_strdup_printf("simulate '%s' --participants 2 --seed 1 --data '%s'", study.protocol, study.data);
  g_assert_cmpint(run_openly(line), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    gsize n_files = 0, n_tables = 0;
    g_autofree char *out = g_build_filename(study.folder, formats[i], NULL);
    g_autofree char *export = g_strdup_printf("export '%s' -o '%s' --format %s", study.data, out, formats[i]);
    g_assert_cmpint(run_openly(export), ==, 0);
    count_private(out, endings[i], &n_files, &n_tables);
    g_assert_cmpuint(n_tables, ==, 4); /* ratings, participants, pages, mood */
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
