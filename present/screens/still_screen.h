/* A screen that only shows: nothing, the fixation cross, a stimulus alone, or a few words. Input does nothing to it
 * but where it says so. */
#ifndef DREAMRIG_PRESENT_STILL_SCREEN_H
#define DREAMRIG_PRESENT_STILL_SCREEN_H

#include "present/screens/screen.h"

Screen *still_screen_new_blank(const Theme *theme);
/* The cross where the image's middle will be, in px. */
Screen *still_screen_new_fixation(const Theme *theme, double x, double y);
/* The picture in the middle of the frame; borrowed, NULL where nobody draws. */
Screen *still_screen_new_picture(const Theme *theme, const Picture *picture);
/* The same until a confirming key or a press anywhere: free viewing. */
Screen *still_screen_new_viewing(const Theme *theme, const Picture *picture);
/* A few words in the middle, in the text's colour. */
Screen *still_screen_new_words(const Theme *theme, const char *words);

#endif
