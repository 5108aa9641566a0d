#include "stimuli/base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stimuli/base/error.h"

static void output_error(GError **error, const char *path, int cause) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write: %s", path, g_strerror(cause));
}

static void input_error(GError **error, const char *path, int cause) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(cause));
}

/* The functions of the writer return 0 or an errno. */
static int write_all(int file, const void *data, gsize size) {
  const char *next = data;
  while (size > 0) {
    gssize written = write(file, next, MIN(size, (gsize)1 << 30));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    next += written;
    size -= (gsize)written;
  }
  return 0;
}

static int sync_file(int file) {
  while (fsync(file) != 0)
    if (errno == EINVAL || errno == EROFS)
      return 0; /* a file system that has no fsync */
    else if (errno != EINTR)
      return errno;
  return 0;
}

static int sync_folder(const char *folder) {
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0)
    return errno == EACCES ? 0 : errno; /* a folder that may be written to but not listed */
  int cause = sync_file(file);
  close(file);
  return cause;
}

/* Why nothing of this kind is written, or NULL. */
static const char *unwritable(mode_t mode) {
  if (S_ISCHR(mode) || S_ISFIFO(mode) || S_ISREG(mode))
    return NULL;
  return S_ISDIR(mode) ? "it is a folder" : "it is not a regular file";
}

/* Character devices and pipes (/dev/stdout) cannot be replaced, only written to. O_NONBLOCK, because opening a pipe
 * that nobody reads would wait for ever; it fails with ENXIO. */
static int write_through(const char *path, const void *data, gsize size) {
  int file = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return errno;
  int cause = fcntl(file, F_SETFL, O_WRONLY) == 0 ? write_all(file, data, size) : errno;
  if (close(file) != 0 && cause == 0)
    cause = errno;
  return cause;
}

/* Gives a nameless file (O_TMPFILE) its name. Where the name is taken, links under `temporary` first and renames; that
 * name is fixed for a path, so that what a kill between the two calls leaves is taken over by the next write. */
static int publish(int file, const char *temporary, const char *path) {
  char source[64];
  g_snprintf(source, sizeof source, "/proc/self/fd/%d", file);
  if (linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
    return 0;
  if (errno != EEXIST)
    return errno;
  for (int attempt = 0; attempt < 100; attempt++) {
    if (linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) != 0) {
      if (errno != EEXIST)
        return errno;
      if (unlink(temporary) != 0 && errno != ENOENT)
        return errno;
      continue;
    }
    if (rename(temporary, path) == 0)
      return 0;
    int cause = errno;
    if (cause == ENOENT)
      continue; /* another writer of the same path took the name away */
    unlink(temporary);
    return cause;
  }
  return EBUSY;
}

static int replace_nameless(int file, const char *temporary, const char *path, const void *data, gsize size) {
  int cause = write_all(file, data, size);
  if (cause == 0)
    cause = sync_file(file);
  if (cause == 0)
    cause = publish(file, temporary, path);
  if (close(file) != 0 && cause == 0)
    cause = errno;
  return cause;
}

/* For file systems without O_TMPFILE. */
static int replace_named(const char *temporary, const char *path, const void *data, gsize size, int mode) {
  g_autofree char *name = g_strdup_printf("%s-XXXXXX", temporary);
  int file = g_mkstemp_full(name, O_WRONLY | O_CLOEXEC, mode);
  if (file < 0)
    return errno;
  int cause = write_all(file, data, size);
  if (cause == 0)
    cause = sync_file(file);
  if (close(file) != 0 && cause == 0)
    cause = errno;
  if (cause == 0 && rename(name, path) != 0)
    cause = errno;
  if (cause != 0)
    unlink(name);
  return cause;
}

/* The file that a path stands for behind its symbolic links, whether it is there or not: a link stays one. */
static char *behind_links(const char *path) {
  enum { MAX_LINKS = 40 }; /* as the kernel has it */
  char *target = g_strdup(path);
  for (int i = 0; i < MAX_LINKS; i++) {
    g_autofree char *link = g_file_read_link(target, NULL);
    if (link == NULL)
      break;
    g_autofree char *folder = g_path_get_dirname(target);
    g_free(target);
    target = g_path_is_absolute(link) ? g_strdup(link) : g_build_filename(folder, link, NULL);
  }
  return target;
}

static void refuse_output(GError **error, const char *path, const char *what) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write: %s", path, what);
}

bool files_check_output(const char *path, GError **error) {
  struct stat status;
  const bool is_there = stat(path, &status) == 0;
  if (!is_there && errno != ENOENT) {
    output_error(error, path, errno);
    return false;
  }
  const char *fault = is_there ? unwritable(status.st_mode) : NULL;
  if (fault != NULL) {
    refuse_output(error, path, fault);
    return false;
  }
  if (is_there && !S_ISREG(status.st_mode))
    return true;
  g_autofree char *target = behind_links(path), *folder = g_path_get_dirname(target);
  if (access(folder, W_OK | X_OK) == 0)
    return true;
  output_error(error, path, errno);
  return false;
}

bool files_write(const char *path, const void *data, gsize size, int mode, GError **error) {
  struct stat status;
  const bool is_there = stat(path, &status) == 0;
  if (!is_there && errno != ENOENT) {
    output_error(error, path, errno);
    return false;
  }
  if (is_there && !S_ISREG(status.st_mode)) {
    const char *fault = unwritable(status.st_mode);
    int cause = fault == NULL ? write_through(path, data, size) : 0;
    if (fault != NULL || cause == ENXIO)
      refuse_output(error, path, fault != NULL ? fault : "it is a pipe that nobody reads");
    else if (cause != 0)
      output_error(error, path, cause);
    return fault == NULL && cause == 0;
  }
  g_autofree char *target = behind_links(path);
  g_autofree char *folder = g_path_get_dirname(target);
  g_autofree char *digest = files_sha256_data(target, strlen(target));
  g_autofree char *temporary = g_strdup_printf("%s/.dreamrig-%.16s", folder, digest);

  int file = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  int cause = file >= 0 ? replace_nameless(file, temporary, target, data, size) : errno;
  /* The errors of kernels and file systems that lack nameless files, or /proc. */
  if ((file < 0 && (cause == EOPNOTSUPP || cause == EISDIR || cause == EINVAL)) ||
      (file >= 0 && (cause == ENOENT || cause == EXDEV || cause == EPERM)))
    cause = replace_named(temporary, target, data, size, mode);
  if (cause == 0)
    cause = sync_folder(folder);
  if (cause != 0)
    output_error(error, path, cause);
  return cause == 0;
}

/* Opens a regular file; O_NONBLOCK because opening a pipe would wait for its writer. */
static int open_regular(const char *path, struct stat *status, GError **error) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    input_error(error, path, errno);
    return -1;
  }
  if (fstat(file, status) != 0 || S_ISREG(status->st_mode))
    return file;
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: cannot read: %s", path,
              S_ISDIR(status->st_mode) ? "it is a folder" : "it is not a regular file");
  close(file);
  return -1;
}

/* Reads until `size` bytes or the end; the count, or -1 with errno. */
static gssize read_up_to(int file, void *data, gsize size) {
  gsize done = 0;
  while (done < size) {
    gssize got = read(file, (char *)data + done, MIN(size - done, (gsize)1 << 30));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -1;
    if (got == 0)
      break;
    done += (gsize)got;
  }
  return (gssize)done;
}

bool files_read(const char *path, gsize max_size, char **data, gsize *size, GError **error) {
  struct stat status;
  int file = open_regular(path, &status, error);
  if (file < 0)
    return false;
  gsize wanted = (gsize)status.st_size;
  if (wanted > max_size) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "%s: has %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT " are read", path, wanted, max_size);
    close(file);
    return false;
  }
  char *text = g_try_malloc(wanted + 1);
  gssize got = text != NULL ? read_up_to(file, text, wanted) : -1;
  int cause = errno;
  close(file);
  if (text == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "%s: no memory for %" G_GSIZE_FORMAT " bytes", path, wanted);
  } else if (got < 0) {
    input_error(error, path, cause);
  } else {
    text[got] = '\0';
    *data = text;
    *size = (gsize)got;
    return true;
  }
  g_free(text);
  return false;
}

static int compare_names(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

bool files_list(const char *folder, char ***names, GError **error) {
  GError *cause = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
  if (dir == NULL) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s: %s", folder, cause->message);
    g_error_free(cause);
    return false;
  }
  GPtrArray *found = g_ptr_array_new();
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
    g_ptr_array_add(found, g_strdup(name));
  g_ptr_array_sort(found, compare_names);
  g_ptr_array_add(found, NULL);
  *names = (char **)g_ptr_array_free(found, FALSE);
  return true;
}

bool files_make_folder(const char *path, int mode, GError **error) {
  if (g_mkdir_with_parents(path, mode) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot make the folder: %s", path, g_strerror(errno));
    return false;
  }
  if (access(path, W_OK | X_OK) != 0) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot write into the folder: %s", path, g_strerror(errno));
    return false;
  }
  return true;
}

bool files_sha256(const char *path, char **hex, GError **error) {
  struct stat status;
  int file = open_regular(path, &status, error);
  if (file < 0)
    return false;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  guchar block[65536];
  gssize got;
  while ((got = read_up_to(file, block, sizeof block)) > 0)
    g_checksum_update(checksum, block, got);
  int cause = errno;
  close(file);
  if (got < 0) {
    input_error(error, path, cause);
    return false;
  }
  *hex = g_strdup(g_checksum_get_string(checksum));
  return true;
}

char *files_sha256_data(const void *data, gsize size) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  const guchar *next = data;
  for (gsize left = size; left > 0;) {
    gsize part = MIN(left, (gsize)1 << 30);
    g_checksum_update(checksum, next, (gssize)part);
    next += part;
    left -= part;
  }
  return g_strdup(g_checksum_get_string(checksum));
}

bool files_lock(const char *path, int *lock, GError **error) {
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILES_PRIVATE);
  if (file < 0) {
    output_error(error, path, errno);
    return false;
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "%s: another program holds this lock", path);
    else
      g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: cannot lock: %s", path, g_strerror(errno));
    close(file);
    return false;
  }
  *lock = file;
  return true;
}

void files_unlock(int lock) { close(lock); }

/* PREFIX/share/dreamrig for a program in PREFIX/bin. */
static char *installed_folder(void) {
  g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
  if (program == NULL)
    return NULL;
  g_autofree char *bin = g_path_get_dirname(program), *prefix = g_path_get_dirname(bin);
  return g_build_filename(prefix, "share", "dreamrig", NULL);
}

bool files_bundled(const char *relative, char **path, GError **error) {
  g_autofree char *installed = installed_folder();
  const char *folders[] = {g_getenv("DREAMRIG_DATADIR"), installed, RIG_SOURCE};
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    if (folders[i] == NULL || *folders[i] == '\0')
      continue;
    char *candidate = g_build_filename(folders[i], relative, NULL);
    if (g_file_test(candidate, G_FILE_TEST_EXISTS)) {
      *path = candidate;
      return true;
    }
    g_free(candidate);
  }
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
              "%s: not found beside the program nor in its source; DREAMRIG_DATADIR names the folder it is in",
              relative);
  return false;
}
