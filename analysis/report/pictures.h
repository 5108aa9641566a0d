/* Small copies of stimuli for the page. */
#ifndef DREAMRIG_REPORT_PICTURES_H
#define DREAMRIG_REPORT_PICTURES_H

#include <glib.h>
#include <stdbool.h>

/* Appends an <img> whose data is in the page itself: the image, at most `side` px wide and high. */
bool pictures_add(GString *html, const char *path, const char *description, int side, GError **error);

/* The same picture as a PNG of its own. */
bool pictures_png(const char *path, int side, GByteArray **png, GError **error);

#endif
