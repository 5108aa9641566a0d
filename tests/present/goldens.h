/* Comparing pictures with those in tests/golden.
 *
 * What a letter's pixels are depends on the libraries that draw it and on the font. golden/present/versions.txt names
 * those that the goldens were made with (Debian 12's). With the same ones every pixel must be equal; with others, each
 * picture's difference may be up to GOLDENS_OTHER_LIBRARIES_RMS, and the test says so.
 *
 * A picture that differs is kept in the build folder's goldens/, with a picture of the difference (8 times as strong).
 * After a change that is meant, `make goldens` (DREAMRIG_GOLDENS=write) writes the goldens and versions.txt anew: look
 * at each before committing it. Nothing else ever writes one. */
#ifndef DREAMRIG_TESTS_PRESENT_GOLDENS_H
#define DREAMRIG_TESTS_PRESENT_GOLDENS_H

#include <glib.h>
#include <stdbool.h>

/* Of 255 levels, over all pixels and channels. A blur of 0.4 px on a page of text makes 3, a shift of the page by
 * one pixel 9 to 16, a moved slider 11. */
#define GOLDENS_OTHER_LIBRARIES_RMS 6.0

/* Whether goldens are to be written, not compared. */
bool goldens_writing(void);
/* tests/golden/FOLDER/NAME. Free with g_free. */
char *golden_path(const char *folder, const char *name);
/* The libraries and fonts of this machine, a line each. Free with g_free. */
char *goldens_versions_here(void);
/* The RMS that this machine's libraries may make: 0, or GOLDENS_OTHER_LIBRARIES_RMS with a message. Writes versions.txt
 * where `write`. */
double goldens_allowed_rms(bool write);
/* The build folder's goldens/, made where it is not there. Free with g_free. */
char *goldens_kept_folder(void);
/* What is wrong with the drawn PNG, or NULL; then it lies in `folder` as NAME, with its difference. Free with g_free.
 */
char *golden_fault(const char *drawn, const char *golden, const char *folder, const char *name, double allowed);

#endif
