/* Whole folders, compared byte by byte. */
#ifndef DREAMRIG_TESTS_DREAM_FOLDER_H
#define DREAMRIG_TESTS_DREAM_FOLDER_H

#include <glib.h>

/* "PATH DIGEST" lines of every file below the folder, hidden ones too, sorted. g_free it. */
char *folder_listing(const char *folder);

#endif
