/* A single-choice question: a prompt and its options, one of which may be chosen. */
#ifndef DREAMRIG_PRESENT_CHOICE_SCREEN_H
#define DREAMRIG_PRESENT_CHOICE_SCREEN_H

#include "present/screen.h"

/* Click, digits 1..9 and arrows choose; Enter, Space or Continue confirm once there is a choice, or without one where
 * it is not required. */
Screen *choice_screen_new(const Theme *theme, const char *text, char *const *options, gsize n_options, bool required);
/* The chosen option, 1-based; 0: none. */
gsize choice_screen_choice(const Screen *screen);
/* Where an option (0-based) can be clicked. */
Box choice_screen_option(const Screen *screen, gsize option);
Box choice_screen_button(const Screen *screen);

#endif
