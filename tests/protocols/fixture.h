/* A stimulus set and protocol files for the tests of protocols, journal and BIDS. */
#ifndef DREAMRIG_TESTS_FIXTURE_H
#define DREAMRIG_TESTS_FIXTURE_H

#include "protocols/protocol.h"

/* Writes FOLDER/set with n images "i00", "i01", ... of layers "l0", "l1", "l2" in turn. */
void fixture_set(const char *folder, gsize n);
/* Writes text to FOLDER/NAME and returns its path; g_free it. */
char *fixture_write(const char *folder, const char *name, const char *text);
/* A page, a question of three options, a practice block of two images, a main block with these lines added, two scales,
 * all right in itself; g_free it. */
char *fixture_text(const char *main_lines);
/* All faults of a protocol text in a folder with fixture_set of six images, the file being named "p" and the set "set";
 * g_strfreev them. */
char **fixture_faults(const char *text);
/* Fails unless the faults of fixture_text with `piece` replaced by `by` (NULL: with `by` at its end) are the lines of
 * `wanted`. */
void fixture_check_fault(const char *piece, const char *by, const char *wanted);
/* fixture_set of n images and the protocol fixture_text in FOLDER. */
Protocol *fixture_protocol(const char *folder, gsize n, const char *main_lines);

#endif
