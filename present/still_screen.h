/* A screen that only shows: nothing, the fixation cross, or a stimulus alone. Input does nothing to it. */
#ifndef DREAMRIG_PRESENT_STILL_SCREEN_H
#define DREAMRIG_PRESENT_STILL_SCREEN_H

#include "present/screen.h"

Screen *still_screen_new_blank(const Theme *theme);
Screen *still_screen_new_fixation(const Theme *theme);
/* The picture in the middle of the frame; borrowed, NULL where nobody draws. */
Screen *still_screen_new_picture(const Theme *theme, const Picture *picture);

#endif
