/* The session's stimuli, decoded and scaled before they are needed by a thread of its own, in bounded memory. */
#ifndef DREAMRIG_PRESENT_PICTURE_STORE_H
#define DREAMRIG_PRESENT_PICTURE_STORE_H

#include "present/draw/frame.h"
#include "stimuli/manifest.h"

typedef struct PictureStore PictureStore;

#define PICTURE_STORE_BUDGET ((gsize)512 << 20) /* bytes; what sessions use */

/* Keeps at most about budget_bytes of pictures, least recently used ones going first. The set is borrowed,
 * and so is sha256[row], the digest (lower-case hex) that each row's file must have when it is read: what is shown is
 * then what the data say. `exact` is picture_fit's. Fails where the machine gives it no thread. */
bool picture_store_new(const StimulusSet *set, char *const *sha256, gsize budget_bytes, bool exact,
                       PictureStore **store, GError **error);
void picture_store_free(PictureStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PictureStore, picture_store_free)

/* Reads each of these rows' files once, so that a session does not meet a bad one half-way. The message names the
 * file. */
bool picture_store_check(const StimulusSet *set, const gsize *rows, gsize n_rows, GError **error);
/* How many files were asked to be read, and how many of these reads are over: nothing touches the disk between two
 * moments at which both numbers are equal and the same. */
void picture_store_reads(PictureStore *store, guint64 *begun, guint64 *finished);
/* Begins to decode a row's image as picture_fit puts it into a box. */
void picture_store_prefetch(PictureStore *store, gsize row, int box_width, int box_height);
/* The same, waiting for it; fails where the file is gone, damaged or another by now. The picture is the store's and
 * stays until the next call. */
bool picture_store_get(PictureStore *store, gsize row, int box_width, int box_height, const Picture **picture,
                       GError **error);

#endif
