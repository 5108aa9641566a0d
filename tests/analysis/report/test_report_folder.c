#include "analysis/report/report_folder.h"
#include "stimuli/base/error.h"
#include "stimuli/base/stop.h"
#include "tests/support.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
  char *folder, *out;
} Fixture;

/* The C library's, but for call number failing_call (from 1) and those after it, as many as fail. */
static int calls, failing_call, failures;

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
  calls++;
  if (failing_call > 0 && calls >= failing_call && calls < failing_call + failures) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

static void fail_renames(int first, int n) {
  calls = 0;
  failing_call = first;
  failures = n;
}

static void set_up(Fixture *f, gconstpointer unused) {
  (void)unused;
  f->folder = support_folder();
  f->out = g_build_filename(f->folder, "report", NULL);
}

static void tear_down(Fixture *f, gconstpointer unused) {
  (void)unused;
  support_remove(f->folder);
  g_free(f->folder);
  g_free(f->out);
}

static ReportFiles *files_with(const char *page, const char *table) {
  ReportFiles *files = report_files_new();
  static const char *const columns[] = {"a"};
  g_autoptr(Table) rows = table_new(columns, 1);
  report_files_add_table(files, table, rows);
  report_files_add_figure(files, "plot", "<svg/>");
  report_files_add_page(files, page, strlen(page));
  return files;
}

static bool put(const char *out, const char *page, const char *table, GError **error) {
  g_autoptr(ReportFiles) files = files_with(page, table);
  return report_folder_write(files, out, error);
}

static void put_well(const char *out, const char *page, const char *table) {
  g_autoptr(GError) error = NULL;
  put(out, page, table, &error);
  g_assert_no_error(error);
}

static void refused(const char *out, RigErrorCode code, const char *what) {
  g_autoptr(GError) error = NULL;
  g_assert_false(put(out, "new", "one", &error));
  g_assert_error(error, RIG_ERROR, (int)code);
  if (strstr(error->message, what) == NULL)
    g_error("no '%s' in: %s", what, error->message);
}

static void write_text(const char *folder, const char *relative, const char *text) {
  g_autofree char *path = g_build_filename(folder, relative, NULL), *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static bool has(const char *folder, const char *relative) {
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void assert_text(const char *folder, const char *relative, const char *want) {
  g_autofree char *path = g_build_filename(folder, relative, NULL), *text = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_assert_cmpstr(text, ==, want);
}

/* Hidden ones too. */
static void assert_entries(const char *folder, gsize want) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  gsize n = 0;
  while (g_dir_read_name(dir) != NULL)
    n++;
  g_dir_close(dir);
  g_assert_cmpuint(n, ==, want);
}

static void replaces_its_own_files_only(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  put_well(f->out, "new", "two");
  assert_text(f->out, REPORT_PAGE, "new");
  g_assert_false(has(f->out, "tables/one.tsv"));
  g_assert_true(has(f->out, "tables/two.tsv"));
  assert_entries(f->folder, 1);
  assert_entries(f->out, 4);
}

static void files_beside_the_report_stay(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  write_text(f->out, "my notes.txt", "kept");
  write_text(f->out, "drafts/1.txt", "kept too");
  put_well(f->out, "new", "two");
  assert_text(f->out, REPORT_PAGE, "new");
  assert_text(f->out, "my notes.txt", "kept");
  assert_text(f->out, "drafts/1.txt", "kept too");
  g_assert_false(has(f->out, "tables/one.tsv"));
  assert_entries(f->folder, 1);
  assert_entries(f->out, 6);
}

static void refuses_files_of_others_among_its_own(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  write_text(f->out, "figures/mine.svg", "kept");
  refused(f->out, RIG_ERROR_INPUT, "figures/mine.svg: is not of the earlier report");
  assert_text(f->out, "figures/mine.svg", "kept");
  assert_text(f->out, REPORT_PAGE, "old");
  assert_entries(f->folder, 1);
}

/* Somebody's page may be called report.html, too. */
static void refuses_a_folder_that_is_no_report(Fixture *f, gconstpointer unused) {
  (void)unused;
  write_text(f->out, REPORT_PAGE, "mine");
  write_text(f->out, "tables/one.tsv", "mine");
  refused(f->out, RIG_ERROR_INPUT, "holds other files and is no earlier report");
  write_text(f->out, REPORT_FOLDER_LIST, "a list of another kind\ntables/one.tsv\n");
  refused(f->out, RIG_ERROR_INPUT, "holds other files and is no earlier report");
  assert_text(f->out, "tables/one.tsv", "mine");
}

static void a_list_that_names_other_places_is_not_followed(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  write_text(f->folder, "precious.tsv", "kept");
  write_text(f->out, REPORT_FOLDER_LIST,
             "dreamrig-analysis report\nreport.html\ntables/one.tsv\nfigures/plot.svg\ntables/../../precious.tsv\n"
             "../precious.tsv\n");
  put_well(f->out, "new", "two");
  assert_text(f->folder, "precious.tsv", "kept");
  assert_text(f->out, REPORT_PAGE, "new");
}

static void a_signal_leaves_the_earlier_report(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *fresh = g_build_filename(f->folder, "deep", "fresh", NULL);
  put_well(f->out, "old", "one");
  StopHandlers old;
  stop_begin(&old);
  g_assert_cmpint(raise(SIGTERM), ==, 0);
  refused(f->out, RIG_ERROR_STATE, "stopped by SIGTERM");
  refused(fresh, RIG_ERROR_STATE, "stopped by SIGTERM");
  stop_begin(&old); /* forgets the signal */
  stop_end(&old);
  signal(SIGTERM, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  assert_text(f->out, REPORT_PAGE, "old");
  assert_entries(f->folder, 1);
}

static void removes_what_killed_runs_left(Fixture *f, gconstpointer unused) {
  (void)unused;
  static const char list[] = "dreamrig-analysis report\nreport.html\ntables/one.tsv\n";
  write_text(f->folder, ".report.Ab12cD/" REPORT_FOLDER_LIST, list);
  write_text(f->folder, ".report.Ab12cD/tables/one.tsv", "a");
  write_text(f->folder, ".report.Zb12cD/" REPORT_FOLDER_LIST, list);
  write_text(f->folder, ".report.Zb12cD/somebody's", "kept");
  write_text(f->folder, ".report.Yb12cD/notes", "no list: not ours");
  write_text(f->folder, ".report.Xb12cD/" REPORT_FOLDER_LIST, list);
  g_autofree char *running = g_build_filename(f->folder, ".report.Xb12cD", NULL);
  int lock = open(running, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint(flock(lock, LOCK_EX), ==, 0);
  put_well(f->out, "new", "two");
  g_assert_false(has(f->folder, ".report.Ab12cD"));
  g_assert_true(has(f->folder, ".report.Zb12cD/somebody's"));
  g_assert_true(has(f->folder, ".report.Yb12cD/notes"));
  g_assert_true(has(f->folder, ".report.Xb12cD/" REPORT_FOLDER_LIST));
  close(lock);
}

/* Where the temporary folder is made inside (a mount point, the current folder), a kill leaves it there. */
static void a_leftover_inside_is_not_in_the_way(Fixture *f, gconstpointer unused) {
  (void)unused;
  write_text(f->out, ".report.Ab12cD/" REPORT_FOLDER_LIST, "dreamrig-analysis report\nreport.html\n");
  write_text(f->out, ".report.Ab12cD/" REPORT_PAGE, "half");
  put_well(f->out, "new", "two");
  g_assert_false(has(f->out, ".report.Ab12cD"));
  assert_text(f->out, REPORT_PAGE, "new");
  assert_entries(f->out, 4);
}

/* Entries are exchanged one by one; the third one fails. */
static void a_failure_halfway_leaves_the_earlier_report(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  write_text(f->out, "my notes.txt", "kept");
  g_autofree char *list_path = g_build_filename(f->out, REPORT_FOLDER_LIST, NULL), *list = NULL;
  g_assert_true(g_file_get_contents(list_path, &list, NULL, NULL));
  for (int call = 1; call <= 4; call++) {
    g_autoptr(GError) error = NULL;
    fail_renames(call, 1);
    g_assert_false(put(f->out, "new", "two", &error));
    fail_renames(0, 0);
    g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
    assert_text(f->out, REPORT_PAGE, "old");
    assert_text(f->out, REPORT_FOLDER_LIST, list);
    g_assert_true(has(f->out, "tables/one.tsv") && !has(f->out, "tables/two.tsv"));
    assert_entries(f->out, 5);
  }
  put_well(f->out, "new", "two");
  assert_text(f->out, REPORT_PAGE, "new");
}

/* Neither the third exchange nor any after it works. */
static void what_cannot_be_put_back_is_kept_and_named(Fixture *f, gconstpointer unused) {
  (void)unused;
  put_well(f->out, "old", "one");
  write_text(f->out, "my notes.txt", "kept");
  g_autoptr(GError) error = NULL;
  fail_renames(3, 9);
  g_assert_false(put(f->out, "new", "two", &error));
  fail_renames(0, 0);
  const char *named = strstr(error->message, "parts of the earlier report are in ");
  g_assert_nonnull(named);
  g_auto(GStrv) words = g_strsplit(named + strlen("parts of the earlier report are in "), ": ", 2);
  g_assert_true(has(words[0], "tables/one.tsv"));
  assert_text(f->out, REPORT_PAGE, "old");
}

static void follows_links_to_folders(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *real = g_build_filename(f->folder, "real", NULL), *dead = g_build_filename(f->folder, "dead", NULL);
  g_assert_cmpint(g_mkdir(real, 0755), ==, 0);
  g_assert_cmpint(symlink("real", f->out), ==, 0);
  g_assert_cmpint(symlink("nowhere", dead), ==, 0);
  put_well(f->out, "old", "one");
  put_well(f->out, "new", "two");
  assert_text(real, REPORT_PAGE, "new");
  g_assert_true(g_file_test(f->out, G_FILE_TEST_IS_SYMLINK));
  refused(dead, RIG_ERROR_OUTPUT, "No such file");
  assert_entries(f->folder, 3);
}

static void checks_create_nothing(Fixture *f, gconstpointer unused) {
  (void)unused;
  g_autofree char *deep = g_build_filename(f->folder, "a", "b", "report", NULL),
                  *file = g_build_filename(f->folder, "file", NULL),
                  *below = g_build_filename(f->folder, "file", "report", NULL);
  GError *error = NULL;
  g_assert_true(report_folder_check(deep, &error));
  assert_entries(f->folder, 0);
  write_text(f->folder, "file", "");
  g_assert_false(report_folder_check(below, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_clear_error(&error);
  g_assert_false(report_folder_check(file, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_clear_error(&error);
  put_well(deep, "new", "one");
  assert_text(deep, REPORT_PAGE, "new");
}

static void names_are_kept_apart_and_plain(Fixture *f, gconstpointer unused) {
  (void)unused;
  (void)f;
  static const char *const columns[] = {"a"};
  g_autoptr(Table) table = table_new(columns, 1);
  g_autoptr(ReportFiles) files = report_files_new();
  g_assert_cmpstr(report_files_add_table(files, "PANAS (short)/../x", table), ==, "tables/panas__short_____x.tsv");
  g_assert_cmpstr(report_files_add_table(files, "mood", table), ==, "tables/mood.tsv");
  g_assert_cmpstr(report_files_add_table(files, "Mood", table), ==, "tables/mood-2.tsv");
  g_assert_cmpstr(report_files_add_figure(files, "mood", "<svg/>"), ==, "figures/mood.svg");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  static const struct {
    const char *name;
    void (*test)(Fixture *, gconstpointer);
  } tests[] = {{"replaces-its-own-files-only", replaces_its_own_files_only},
               {"files-beside-the-report-stay", files_beside_the_report_stay},
               {"refuses-files-of-others-among-its-own", refuses_files_of_others_among_its_own},
               {"refuses-a-folder-that-is-no-report", refuses_a_folder_that_is_no_report},
               {"a-list-that-names-other-places-is-not-followed", a_list_that_names_other_places_is_not_followed},
               {"a-signal-leaves-the-earlier-report", a_signal_leaves_the_earlier_report},
               {"removes-what-killed-runs-left", removes_what_killed_runs_left},
               {"a-leftover-inside-is-not-in-the-way", a_leftover_inside_is_not_in_the_way},
               {"a-failure-halfway-leaves-the-earlier-report", a_failure_halfway_leaves_the_earlier_report},
               {"what-cannot-be-put-back-is-kept-and-named", what_cannot_be_put_back_is_kept_and_named},
               {"follows-links-to-folders", follows_links_to_folders},
               {"checks-create-nothing", checks_create_nothing},
               {"names-are-kept-apart-and-plain", names_are_kept_apart_and_plain}};
  for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
    g_autofree char *path = g_strconcat("/report/folder/", tests[i].name, NULL);
    g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run();
}
