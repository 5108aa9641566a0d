/* The page behind Escape: the session waits; Enter, Escape, C or a click on Continue go on, Q and then Y end it. */
#ifndef DREAMRIG_PRESENT_PAUSE_SCREEN_H
#define DREAMRIG_PRESENT_PAUSE_SCREEN_H

#include "present/screens/screen.h"

Screen *pause_screen_new(const Theme *theme);
/* With a reason above the keys. */
Screen *pause_screen_new_because(const Theme *theme, const char *reason);
/* Once it is done: whether the session is to end. */
bool pause_screen_quits(const Screen *screen);
/* Where Continue is while it does not ask. */
Box pause_screen_button(const Screen *screen);

#endif
