/* Checks of where a result will go, before the work that makes it: nothing is created or changed by them. */
#ifndef DREAMRIG_OUTPUT_PLACE_H
#define DREAMRIG_OUTPUT_PLACE_H

#include <glib.h>
#include <stdbool.h>

/* Whether files can be written into the folder, or where it does not exist yet, whether it can be made: the nearest
 * folder above it must be one to write into. Fails with RIG_ERROR_OUTPUT. */
bool output_place_check_folder(const char *folder, GError **error);
/* The same of the folder of a file; and the file must not be one of the inputs (n_inputs paths, which need not exist),
 * by whatever other path, link or name it is given. Fails with RIG_ERROR_INPUT where it is. */
bool output_place_check_file(const char *path, const char *const *inputs, gsize n_inputs, GError **error);

/* The same of all files that a command will write (n_outputs names; NULL: not asked for), none of which may be one of
 * the inputs (NULL: none) or another output. */
bool output_place_check_files(const char *const *outputs, gsize n_outputs, const char *const *inputs, gsize n_inputs,
                              GError **error);

#endif
