#include "analysis/report/report_folder.h"

#include "analysis/output_place.h"
#include "analysis/report/report_folder_list.h"
#include "stimuli/base/error.h"
#include "stimuli/base/files.h"
#include "stimuli/base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRIVATE_FOLDER 0700

/* Where a report goes. */
typedef struct {
  char *path, *parent, *base; /* without links; where the last part does not exist, it is new */
  bool is_new;
  bool inside;     /* the temporary folder is made in it rather than beside it */
  GHashTable *own; /* the earlier report's list; NULL: none */
} Target;

static void target_clear(Target *target) {
  g_free(target->path);
  g_free(target->parent);
  g_free(target->base);
  if (target->own != NULL)
    g_hash_table_unref(target->own);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

static bool set_failure(GError **error, const char *path) {
  int cause = errno;
  g_set_error(error, RIG_ERROR, RIG_ERROR_OUTPUT, "%s: %s", path, g_strerror(cause));
  return false;
}

static bool refuse(const char *folder, const char *entry, const char *why, GError **error) {
  g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "%s%s%s: %s", folder, entry != NULL ? "/" : "",
              entry != NULL ? entry : "", why);
  return false;
}

static bool list_entries(const char *folder, GPtrArray **entries, GError **error) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL)
    return set_failure(error, folder);
  *entries = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
    g_ptr_array_add(*entries, g_strdup(name));
  g_dir_close(dir);
  return true;
}

/* tables/ or figures/ of an earlier report hold its own files only. */
static bool check_subfolder(const char *folder, const char *name, GHashTable *own, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GPtrArray) entries = NULL;
  if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) || !g_file_test(path, G_FILE_TEST_IS_DIR))
    return refuse(folder, name, "is not of the earlier report; move it away or name a new folder", error);
  if (!list_entries(path, &entries, error))
    return false;
  for (guint i = 0; i < entries->len; i++) {
    g_autofree char *relative = g_build_filename(name, entries->pdata[i], NULL);
    if (!g_hash_table_contains(own, relative))
      return refuse(folder, relative, "is not of the earlier report; move it away or name a new folder", error);
  }
  return true;
}

static bool is_mount_point(const char *folder, const char *parent) {
  struct statx facts;
  struct stat one, above;
  if (statx(AT_FDCWD, folder, 0, STATX_BASIC_STATS, &facts) == 0 &&
      (facts.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
    return (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return stat(folder, &one) != 0 || stat(parent, &above) != 0 || one.st_dev != above.st_dev;
}

/* What an existing folder holds. */
static bool inspect(Target *target, GError **error) {
  g_autoptr(GPtrArray) entries = NULL;
  if (!list_entries(target->path, &entries, error))
    return false;
  target->own = report_folder_list_read(target->path);
  g_autofree char *here = realpath(".", NULL);
  target->inside = is_mount_point(target->path, target->parent) || access(target->parent, W_OK | X_OK) != 0 ||
                   g_strcmp0(here, target->path) == 0;
  for (guint i = 0; i < entries->len; i++) {
    const char *entry = entries->pdata[i];
    if (report_folder_is_leftover(target->path, entry, target->base)) {
      target->inside = true;
    } else if (target->own == NULL) {
      return refuse(target->path, NULL, "holds other files and is no earlier report; name a new folder", error);
    } else if (strcmp(entry, REPORT_TABLES) == 0 || strcmp(entry, REPORT_FIGURES) == 0) {
      if (!check_subfolder(target->path, entry, target->own, error))
        return false;
    } else if (strcmp(entry, REPORT_FOLDER_LIST) != 0 && !g_hash_table_contains(target->own, entry)) {
      target->inside = true;
    }
  }
  return access(target->path, W_OK | X_OK) == 0 || set_failure(error, target->path);
}

/* Sets the target up. Where this fails it can be cleared. */
static bool find_target(const char *folder, Target *target, GError **error) {
  struct stat status;
  if (*folder == '\0') {
    g_set_error(error, RIG_ERROR, RIG_ERROR_USAGE, "-o: the name is empty");
    return false;
  }
  target->path = g_canonicalize_filename(folder, NULL);
  target->is_new = lstat(target->path, &status) != 0 && errno == ENOENT;
  if (!target->is_new) {
    char *resolved = realpath(target->path, NULL);
    if (resolved == NULL)
      return set_failure(error, folder);
    g_free(target->path);
    target->path = g_strdup(resolved);
    free(resolved);
    if (stat(target->path, &status) == 0 && !S_ISDIR(status.st_mode))
      return refuse(folder, NULL, "is not a folder; name a new one", error);
  }
  target->parent = g_path_get_dirname(target->path);
  target->base = g_path_get_basename(target->path);
  return target->is_new ? output_place_check_folder(target->parent, error) : inspect(target, error);
}

bool report_folder_check(const char *folder, GError **error) {
  g_auto(Target) target = {0};
  return find_target(folder, &target, error);
}

static bool check_stop(GError **error) {
  const char *signal_name = stop_requested();
  if (signal_name != NULL)
    g_set_error(error, RIG_ERROR, RIG_ERROR_STATE, "stopped by %s", signal_name);
  return signal_name == NULL;
}

static bool write_all(const ReportFiles *files, const char *folder, GError **error) {
  for (gsize i = 0; i < report_files_count(files); i++) {
    gsize size;
    const char *data = report_files_data(files, i, &size);
    g_autofree char *path = g_build_filename(folder, report_files_path(files, i), NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    if (!check_stop(error) || !files_make_folder(parent, PRIVATE_FOLDER, error) ||
        !files_write(path, data, size, FILES_PRIVATE, error))
      return false;
  }
  return check_stop(error);
}

/* Exchanges two names of one file system; by three renames where it cannot do that in one. */
static bool exchange(const char *new_path, const char *path, GError **error) {
  if (renameat2(AT_FDCWD, new_path, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
    return set_failure(error, path);
  g_autofree char *old = g_strconcat(new_path, ".old", NULL);
  if (g_rename(path, old) != 0)
    return set_failure(error, path);
  if (g_rename(new_path, path) != 0) {
    set_failure(error, path);
    g_rename(old, path);
    return false;
  }
  return g_rename(old, new_path) == 0 || set_failure(error, old);
}

/* Brings one entry of the new report to its place; an earlier one goes where the new one came from. */
static bool exchange_entry(const char *from, const char *to, const char *name, GError **error) {
  g_autofree char *new_path = g_build_filename(from, name, NULL), *path = g_build_filename(to, name, NULL);
  bool is_new = g_file_test(new_path, G_FILE_TEST_EXISTS), was = g_file_test(path, G_FILE_TEST_EXISTS);
  if (is_new && was)
    return exchange(new_path, path, error);
  if (is_new)
    return g_rename(new_path, path) == 0 || set_failure(error, path);
  return !was || g_rename(path, new_path) == 0 || set_failure(error, path);
}

static const char *const exchanged[] = {REPORT_TABLES, REPORT_FIGURES, REPORT_PAGE, REPORT_FOLDER_LIST};

/* Takes the first n exchanges back, the last first, and the earlier list; what changed the names once changes them
 * back. Where that fails too, the temporary folder holds a part of the earlier report, and must stay. */
static bool put_back(const char *from, const Target *target, gsize n, GError **error) {
  for (gsize i = n; i-- > 0;)
    if (!exchange_entry(from, target->path, exchanged[i], NULL)) {
      g_prefix_error(error, "parts of the earlier report are in %s: ", from);
      return false;
    }
  if (target->own != NULL)
    report_folder_list_write(target->path, target->own, NULL); /* else the longer one stays, which does no harm */
  else {
    g_autofree char *list = g_build_filename(target->path, REPORT_FOLDER_LIST, NULL);
    g_unlink(list);
  }
  return true;
}

/* *stuck: the temporary folder must stay. */
static bool put_in_place(const char *from, const Target *target, GHashTable *all, bool *stuck, GError **error) {
  if (target->is_new)
    return g_rename(from, target->path) == 0 || set_failure(error, target->path);
  if (!target->inside)
    return exchange(from, target->path, error);
  /* The list goes last; until then the earlier one names both reports' files, so that a kill between two renames leaves
   * nothing that a later run takes for somebody else's. */
  if (!report_folder_list_write(target->path, all, error))
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS(exchanged); i++)
    if (!exchange_entry(from, target->path, exchanged[i], error)) {
      *stuck = !put_back(from, target, i, error);
      return false;
    }
  return true;
}

/* The highest folder above the target that does not exist, or NULL. Free with g_free. */
static char *first_missing(const char *folder) {
  char *missing = NULL;
  for (char *at = g_strdup(folder);; at = g_path_get_dirname(missing)) {
    if (g_file_test(at, G_FILE_TEST_EXISTS)) {
      g_free(at);
      return missing;
    }
    g_free(missing);
    missing = at;
  }
}

static void remove_made(const char *folder, const char *first) {
  g_autofree char *at = g_strdup(folder);
  while (first != NULL && g_rmdir(at) == 0 && strcmp(at, first) != 0) {
    char *parent = g_path_get_dirname(at);
    g_free(at);
    at = parent;
  }
}

static bool write_report(const ReportFiles *files, const Target *target, GError **error) {
  const char *place = target->inside ? target->path : target->parent;
  g_autofree char *temporary = NULL;
  int lock = -1;
  g_autoptr(GHashTable) own = report_folder_list_of(files, NULL);
  g_autoptr(GHashTable) all = report_folder_list_of(files, target->own);
  if (!report_folder_temporary(place, target->base, &temporary, &lock, error))
    return false;
  bool stuck = false;
  bool done = report_folder_list_write(temporary, own, error) && write_all(files, temporary, error) &&
              put_in_place(temporary, target, all, &stuck, error);
  if (!stuck && (!done || !target->is_new))
    report_folder_list_remove(temporary, all);
  close(lock);
  if (done)
    report_folder_remove_leftovers(place, target->base);
  return done;
}

bool report_folder_write(const ReportFiles *files, const char *folder, GError **error) {
  g_auto(Target) target = {0};
  if (!find_target(folder, &target, error))
    return false;
  g_autofree char *missing = first_missing(target.parent);
  if ((!target.is_new || files_make_folder(target.parent, PRIVATE_FOLDER, error)) &&
      write_report(files, &target, error))
    return true;
  remove_made(target.parent, missing);
  g_prefix_error(error, "%s: not written: ", folder);
  return false;
}
