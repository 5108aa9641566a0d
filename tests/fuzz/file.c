#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

const char *fuzz_file(const uint8_t *data, size_t size) {
  static int fd = -1;
  static char path[32];
  if (fd < 0) {
    fd = memfd_create("fuzz", 0);
    g_assert(fd >= 0);
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  }
  g_assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
  return path;
}

void fuzz_split(const uint8_t *data, size_t size, FuzzPart *parts, size_t n_parts) {
  for (size_t i = 0; i < n_parts; i++) {
    const uint8_t *end = i + 1 < n_parts && size > 0 ? memchr(data, FUZZ_SEPARATOR, size) : NULL;
    size_t length = end != NULL ? (size_t)(end - data) : size;
    parts[i] = (FuzzPart){data, length};
    data += end != NULL ? length + 1 : length;
    size -= end != NULL ? length + 1 : length;
  }
}

static void remove_tree(const char *path) {
  GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_tree(inner);
  }
  if (dir != NULL)
    g_dir_close(dir);
  g_remove(path);
}

static void remove_folder(void) { remove_tree(fuzz_folder()); }

const char *fuzz_folder(void) {
  static char path[64];
  if (path[0] == '\0') {
    g_snprintf(path, sizeof path, "%s/dreamrig-fuzz-XXXXXX", g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    g_assert(g_mkdtemp(path) != NULL && atexit(remove_folder) == 0);
  }
  return path;
}

void fuzz_write(const char *relative, const void *data, size_t size) {
  g_autofree char *path = g_build_filename(fuzz_folder(), relative, NULL), *folder = g_path_get_dirname(path);
  g_assert(g_mkdir_with_parents(folder, 0700) == 0);
  FILE *file = g_fopen(path, "wb");
  g_assert(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

void fuzz_remove(const char *relative) {
  g_autofree char *path = g_build_filename(fuzz_folder(), relative, NULL);
  remove_tree(path);
}
