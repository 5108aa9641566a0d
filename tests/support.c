#include "tests/support.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <sys/wait.h>

static char *rooted(const char *variable, const char *fallback, const char *relative) {
  const char *root = g_getenv(variable);
  return g_build_filename(root != NULL ? root : fallback, relative, NULL);
}

char *support_shared(const char *relative) {
  char *path = rooted("DREAMRIG_SHARED", "../shared", relative);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("../shared is absent");
    g_clear_pointer(&path, g_free);
  }
  return path;
}

char *support_data(const char *relative) { return rooted("DREAMRIG_TEST_DATA", "tests/data", relative); }

char *support_folder(void) {
  GError *error = NULL;
  char *folder = g_dir_make_tmp("dreamrig-test-XXXXXX", &error);
  g_assert_no_error(error);
  return folder;
}

void support_remove(const char *folder) {
  GDir *dir = g_file_test(folder, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(folder, 0, NULL);
  if (dir != NULL) {
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
      g_autofree char *path = g_build_filename(folder, name, NULL);
      support_remove(path);
    }
    g_dir_close(dir);
  }
  g_remove(folder);
}

char *support_program(const char *program) { return rooted("DREAMRIG_BIN", "build", program); }

int support_run(char **out, char **err, const char *program, ...) {
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(arguments, g_str_has_prefix(program, "dreamrig-") ? support_program(program) : g_strdup(program));
  va_list list;
  va_start(list, program);
  for (const char *argument; (argument = va_arg(list, const char *)) != NULL;)
    g_ptr_array_add(arguments, g_strdup(argument));
  va_end(list);
  g_ptr_array_add(arguments, NULL);

  g_autofree char *own_out = NULL, *own_err = NULL;
  int status = 0;
  GError *error = NULL;
  g_spawn_sync(NULL, (char **)arguments->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out != NULL ? out : &own_out,
               err != NULL ? err : &own_err, &status, &error);
  g_assert_no_error(error);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void support_assert_near(const char *what, double got, double want, double relative, double absolute) {
  double difference = fabs(got - want);
  if (!(difference <= absolute || difference <= relative * fabs(want))) {
    g_test_message("%s: got %.12g, want %.12g (relative %.3g)", what, got, want, difference / fabs(want));
    g_test_fail();
  }
}
