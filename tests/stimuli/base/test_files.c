#include "stimuli/base/files.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stimuli/base/error.h"
#include "tests/support.h"

static guint count_entries(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint n = 0;
  while (g_dir_read_name(dir) != NULL)
    n++;
  return n;
}

static void assert_content(const char *path, const char *want) {
  g_autofree char *data = NULL;
  gsize size;
  GError *error = NULL;
  files_read(path, 1000, &data, &size, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(data, ==, want);
  g_assert_cmpuint(size, ==, strlen(want));
}

static void test_writing_replaces_and_leaves_only_the_file(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.txt", NULL);
  GError *error = NULL;
  files_write(path, "first", 5, FILES_PUBLIC, &error);
  g_assert_no_error(error);
  assert_content(path, "first");
  files_write(path, "second one", 10, FILES_PRIVATE, &error);
  g_assert_no_error(error);
  assert_content(path, "second one");
  g_assert_cmpuint(count_entries(folder), ==, 1);
  struct stat status;
  g_assert_cmpint(stat(path, &status), ==, 0);
  g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
  support_remove(folder);
}

static void test_a_folder_is_listed_in_byte_order(void) {
  static const char *const made[] = {"b", "\u00e4", "B", "a.tsv", "a-b.tsv"};
  static const char *const want[] = {"B", "a-b.tsv", "a.tsv", "b", "\u00e4", NULL};
  g_autofree char *folder = support_folder(), *none = g_build_filename(folder, "none", NULL);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
    g_autofree char *path = g_build_filename(folder, made[i], NULL);
    g_assert_true(files_write(path, "", 0, FILES_PUBLIC, NULL));
  }
  g_assert_true(files_list(folder, &names, NULL));
  g_assert_true(g_strv_equal((const char *const *)names, want));
  g_assert_false(files_list(none, &names, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_assert_true(g_str_has_prefix(error->message, none));
  support_remove(folder);
}

static void test_a_symbolic_link_stays_one(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.txt", NULL);
  g_autofree char *link_path = g_build_filename(folder, "link", NULL);
  g_assert_true(files_write(path, "old", 3, FILES_PUBLIC, NULL));
  g_assert_cmpint(symlink("a.txt", link_path), ==, 0);
  g_assert_true(files_write(link_path, "new", 3, FILES_PUBLIC, NULL));
  g_assert_true(g_file_test(link_path, G_FILE_TEST_IS_SYMLINK));
  assert_content(path, "new");
  support_remove(folder);
}

static void test_a_link_to_nothing_gets_the_file_it_names(void) {
  g_autofree char *folder = support_folder(), *link_path = g_build_filename(folder, "link", NULL);
  g_autofree char *below = g_build_filename(folder, "below", NULL), *path = g_build_filename(below, "a.txt", NULL);
  g_autofree char *second = g_build_filename(folder, "second", NULL);
  g_assert_cmpint(mkdir(below, 0700), ==, 0);
  g_assert_cmpint(symlink("below/a.txt", link_path), ==, 0);
  g_assert_cmpint(symlink("link", second), ==, 0);
  GError *error = NULL;
  g_assert_true(files_check_output(second, &error));
  g_assert_true(files_write(second, "new", 3, FILES_PUBLIC, &error));
  assert_content(path, "new");
  g_assert_true(g_file_test(link_path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true(g_file_test(second, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint(count_entries(folder), ==, 3);
  support_remove(folder);
}

static void assert_refused(const char *path, const char *what, bool beforehand) {
  g_autofree char *want = g_strdup_printf("%s: cannot write: %s", path, what);
  GError *error = NULL;
  g_assert_false(files_write(path, "data", 4, FILES_PUBLIC, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_cmpstr(error->message, ==, want);
  g_clear_error(&error);
  g_assert_cmpint(files_check_output(path, &error), ==, !beforehand);
  if (beforehand)
    g_assert_cmpstr(error->message, ==, want);
  g_clear_error(&error);
}

static void test_what_cannot_take_a_file_is_refused(void) {
  g_autofree char *folder = support_folder(), *below = g_build_filename(folder, "below", NULL);
  g_autofree char *pipe_path = g_build_filename(folder, "pipe", NULL), *loop = g_build_filename(folder, "loop", NULL);
  g_autofree char *absent = g_build_filename(folder, "absent", "a.txt", NULL);
  g_autofree char *through = g_build_filename(pipe_path, "a.txt", NULL);
  g_assert_cmpint(mkdir(below, 0700), ==, 0);
  g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
  g_assert_cmpint(symlink("loop", loop), ==, 0);
  assert_refused(below, "it is a folder", true);
  assert_refused(pipe_path, "it is a pipe that nobody reads", false);
  assert_refused(loop, "Too many levels of symbolic links", true);
  assert_refused(absent, "No such file or directory", true);
  assert_refused(through, "Not a directory", true);
  g_assert_cmpuint(count_entries(folder), ==, 3);
  support_remove(folder);
}

static void test_a_pipe_with_a_reader_is_written_to(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "pipe", NULL);
  g_assert_cmpint(mkfifo(path, 0600), ==, 0);
  int reader = open(path, O_RDONLY | O_NONBLOCK);
  GError *error = NULL;
  files_write(path, "through", 7, FILES_PUBLIC, &error);
  g_assert_no_error(error);
  char got[8] = "";
  g_assert_cmpint(read(reader, got, 7), ==, 7);
  g_assert_cmpstr(got, ==, "through");
  close(reader);
  support_remove(folder);
}

static void test_a_full_device_is_an_error_and_stays_a_device(void) {
  GError *error = NULL;
  g_assert_false(files_write("/dev/full", "data", 4, FILES_PUBLIC, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_assert_cmpstr(error->message, ==, "/dev/full: cannot write: No space left on device");
  g_error_free(error);
  struct stat status;
  g_assert_cmpint(stat("/dev/full", &status), ==, 0);
  g_assert_true(S_ISCHR(status.st_mode));
}

/* In a child, because the limit cannot be raised again by everybody. The limit stands for a full disk: both end write()
 * with an error after part of the data. */
static void test_running_out_of_space_keeps_the_old_file_and_nothing_else(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.bin", NULL);
  g_autofree char *data = g_malloc0(200000);
  g_assert_true(files_write(path, "old", 3, FILES_PUBLIC, NULL));
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {100000, 100000};
    setrlimit(RLIMIT_FSIZE, &limit);
    g_autoptr(GError) error = NULL;
    bool done = files_write(path, data, 200000, FILES_PUBLIC, &error);
    _exit(!done && g_error_matches(error, RIG_ERROR, RIG_ERROR_OUTPUT) &&
                  strstr(error->message, "File too large") != NULL
              ? 0
              : 1);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 0);
  assert_content(path, "old");
  g_assert_cmpuint(count_entries(folder), ==, 1);
  support_remove(folder);
}

static void test_writers_of_one_path_leave_one_whole_file(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a.bin", NULL);
  enum { WRITERS = 4, WRITES = 25, SIZE = 5000 };
  pid_t children[WRITERS];
  for (int w = 0; w < WRITERS; w++) {
    children[w] = fork();
    if (children[w] != 0)
      continue;
    char data[SIZE];
    memset(data, 'a' + w, SIZE);
    bool ok = true;
    for (int i = 0; i < WRITES; i++)
      ok = ok && files_write(path, data, SIZE, FILES_PUBLIC, NULL);
    _exit(ok ? 0 : 1);
  }
  for (int w = 0; w < WRITERS; w++) {
    int status;
    g_assert_cmpint(waitpid(children[w], &status, 0), ==, children[w]);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  g_autofree char *data = NULL;
  gsize size;
  g_assert_true(files_read(path, SIZE, &data, &size, NULL));
  g_assert_cmpuint(size, ==, SIZE);
  for (gsize i = 1; i < SIZE; i++)
    g_assert_cmpint(data[i], ==, data[0]);
  g_assert_cmpuint(count_entries(folder), ==, 1);
  support_remove(folder);
}

static void test_reading_refuses_what_is_not_a_small_regular_file(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a", NULL);
  g_autofree char *pipe_path = g_build_filename(folder, "pipe", NULL);
  g_assert_true(files_write(path, "12345", 5, FILES_PUBLIC, NULL));
  g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
  const struct {
    const char *path, *want;
  } cases[] = {{path, "has 5 bytes; at most 4 are read"},
               {folder, "cannot read: it is a folder"},
               {pipe_path, "cannot read: it is not a regular file"},
               {"/no/such", "cannot read: No such file or directory"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *want = g_strdup_printf("%s: %s", cases[i].path, cases[i].want);
    char *data = NULL;
    gsize size;
    GError *error = NULL;
    g_assert_false(files_read(cases[i].path, 4, &data, &size, &error));
    g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
    g_assert_cmpstr(error->message, ==, want);
    g_assert_null(data);
    g_error_free(error);
  }
  support_remove(folder);
}

static void test_digests_match_sha256sum(void) {
  /* printf 'dream' | sha256sum */
  static const char want[] = "30fde358b34772de141e11ba599e28f9f44aa80ae89aaf243b73e6b9b9ebc896";
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a", NULL), *hex = NULL;
  g_autofree char *of_data = files_sha256_data("dream", 5);
  g_assert_true(files_write(path, "dream", 5, FILES_PUBLIC, NULL));
  g_assert_true(files_sha256(path, &hex, NULL));
  g_assert_cmpstr(hex, ==, want);
  g_assert_cmpstr(of_data, ==, want);
  GError *error = NULL;
  char *none = NULL;
  g_assert_false(files_sha256("/no/such", &none, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_error_free(error);
  support_remove(folder);
}

static void test_folders_are_made_with_their_parents(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "a", "b", NULL);
  g_autofree char *file = g_build_filename(folder, "file", NULL), *below = g_build_filename(file, "c", NULL);
  GError *error = NULL;
  files_make_folder(path, 0700, &error);
  g_assert_no_error(error);
  files_make_folder(path, 0700, &error);
  g_assert_no_error(error);
  struct stat status;
  g_assert_cmpint(stat(path, &status), ==, 0);
  g_assert_cmpuint(status.st_mode & 0777, ==, 0700);
  g_assert_true(files_write(file, "", 0, FILES_PUBLIC, NULL));
  g_assert_false(files_make_folder(below, 0755, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_OUTPUT);
  g_error_free(error);
  support_remove(folder);
}

static void test_a_lock_is_held_once(void) {
  g_autofree char *folder = support_folder(), *path = g_build_filename(folder, "lock", NULL);
  int first, second;
  GError *error = NULL;
  files_lock(path, &first, &error);
  g_assert_no_error(error);
  g_assert_false(files_lock(path, &second, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_STATE);
  g_clear_error(&error);
  files_unlock(first);
  files_lock(path, &second, &error);
  g_assert_no_error(error);
  files_unlock(second);
  support_remove(folder);
}

static void test_bundled_files_come_from_the_named_folder_first(void) {
  g_autofree char *folder = support_folder(), *file = g_build_filename(folder, "x.protocol", NULL), *found = NULL;
  g_autofree char *old = g_strdup(g_getenv("DREAMRIG_DATADIR"));
  g_assert_true(files_write(file, "", 0, FILES_PUBLIC, NULL));
  g_setenv("DREAMRIG_DATADIR", folder, TRUE);
  GError *error = NULL;
  files_bundled("x.protocol", &found, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(found, ==, file);
  char *none = NULL;
  g_assert_false(files_bundled("no-such.protocol", &none, &error));
  g_assert_error(error, RIG_ERROR, RIG_ERROR_INPUT);
  g_error_free(error);
  if (old != NULL)
    g_setenv("DREAMRIG_DATADIR", old, TRUE);
  else
    g_unsetenv("DREAMRIG_DATADIR");
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/files/writing-replaces-and-leaves-only-the-file", test_writing_replaces_and_leaves_only_the_file);
  g_test_add_func("/files/a-folder-is-listed-in-byte-order", test_a_folder_is_listed_in_byte_order);
  g_test_add_func("/files/a-symbolic-link-stays-one", test_a_symbolic_link_stays_one);
  g_test_add_func("/files/a-link-to-nothing-gets-the-file-it-names", test_a_link_to_nothing_gets_the_file_it_names);
  g_test_add_func("/files/what-cannot-take-a-file-is-refused", test_what_cannot_take_a_file_is_refused);
  g_test_add_func("/files/a-pipe-with-a-reader-is-written-to", test_a_pipe_with_a_reader_is_written_to);
  g_test_add_func("/files/a-full-device-is-an-error-and-stays-a-device",
                  test_a_full_device_is_an_error_and_stays_a_device);
  g_test_add_func("/files/running-out-of-space-keeps-the-old-file-and-nothing-else",
                  test_running_out_of_space_keeps_the_old_file_and_nothing_else);
  g_test_add_func("/files/writers-of-one-path-leave-one-whole-file", test_writers_of_one_path_leave_one_whole_file);
  g_test_add_func("/files/reading-refuses-what-is-not-a-small-regular-file",
                  test_reading_refuses_what_is_not_a_small_regular_file);
  g_test_add_func("/files/digests-match-sha256sum", test_digests_match_sha256sum);
  g_test_add_func("/files/folders-are-made-with-their-parents", test_folders_are_made_with_their_parents);
  g_test_add_func("/files/a-lock-is-held-once", test_a_lock_is_held_once);
  g_test_add_func("/files/bundled-files-come-from-the-named-folder-first",
                  test_bundled_files_come_from_the_named_folder_first);
  return g_test_run();
}
