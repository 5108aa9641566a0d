/* A set's images, and whose a file is that has the name of one.
 *
 * Before an image is written, a hidden file .ID.pending is, with the image's digest; it goes once the image's row is in
 * the table. So an image without a row is known to be of a killed run of the set, and every other file of that name is
 * somebody else's. */
#ifndef DREAMRIG_DREAM_SET_IMAGE_H
#define DREAMRIG_DREAM_SET_IMAGE_H

#include "stimuli/image.h"
#include "synth/dream/set_rows.h"

/* Writes the image as row->file, and gives its digest. */
bool set_image_write(const Image *image, const char *folder, const SetRow *row, char **sha256, GError **error);
/* To be called when the row is in the table. */
void set_image_forget(const char *folder, const SetRow *row);
/* Where the table has no row of the image: fails with RIG_ERROR_STATE when something of its name is in the folder that
 * is not an image of a killed run. */
bool set_image_check_way(const char *folder, const SetRow *row, GError **error);

#endif
