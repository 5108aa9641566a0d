/* Files that appear whole or not at all, digests, and where the rig's bundled files are. */
#ifndef DREAMRIG_BASE_FILES_H
#define DREAMRIG_BASE_FILES_H

#include <glib.h>
#include <stdbool.h>

#define FILES_PUBLIC 0644
#define FILES_PRIVATE 0600 /* participant data */

/* Writes through a temporary file in the same folder, fsync, rename, fsync of the folder: after a kill or a full disk
 * either the old file or the new one is there, and no temporary file stays. A symbolic link stays one: the file that it
 * names is written, also where that is not there yet. Character devices and pipes with a reader (/dev/stdout) are
 * written to; anything else that is not a regular file is refused. The message names the path and the cause. */
bool files_write(const char *path, const void *data, gsize size, int mode, GError **error);
/* Fails as files_write would where that can be known before the work whose result is to be written: a folder of that
 * name, a folder that is absent or cannot be written to. Leaves no trace. */
bool files_check_output(const char *path, GError **error);
/* Reads a whole regular file of at most max_size bytes. Free *data with g_free; a NUL byte follows it. */
bool files_read(const char *path, gsize max_size, char **data, gsize *size, GError **error);
/* The names of all of a folder's entries, in ascending order of their bytes. Free with g_strfreev. Fails with
 * RIG_ERROR_INPUT, naming the folder. */
bool files_list(const char *folder, char ***names, GError **error);
/* Creates the folder and its parents (mode 0755 or 0700), and checks that it can be written to. */
bool files_make_folder(const char *path, int mode, GError **error);
/* Lower-case hex SHA-256. Free with g_free. */
bool files_sha256(const char *path, char **hex, GError **error);
char *files_sha256_data(const void *data, gsize size);
/* An advisory exclusive lock on a file (created, mode 0600), held until files_unlock or the process ends. Fails with
 * RIG_ERROR_STATE when another program holds it. */
bool files_lock(const char *path, int *lock, GError **error);
void files_unlock(int lock);
/* The path of a bundled file ("protocols/demo.protocol"): $DREAMRIG_DATADIR, else PREFIX/share/dreamrig for a
 * program in PREFIX/bin, else the source tree the program was built in. Free with g_free; fails when it is in none of
 * them. */
bool files_bundled(const char *relative, char **path, GError **error);

#endif
