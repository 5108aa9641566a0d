/* A prompt and its options, one of which may be chosen, or any. */
#ifndef DREAMRIG_PRESENT_CHOICE_SCREEN_H
#define DREAMRIG_PRESENT_CHOICE_SCREEN_H

#include "present/screens/screen.h"

typedef struct {
  const char *title, *text; /* either may be "" */
  char *const *options;
  gsize n_options;
  bool required; /* a choice is needed to go on */
  bool multiple; /* any options: clicks and digits switch them, Space too where the arrows are */
} ChoiceSetup;

/* Nothing of the setup is kept. */
Screen *choice_screen_new_setup(const Theme *theme, const ChoiceSetup *setup);
/* Click, digits 1..9 and arrows choose; Enter, Space or Continue confirm once there is a choice, or without one where
 * it is not required. */
Screen *choice_screen_new(const Theme *theme, const char *text, char *const *options, gsize n_options, bool required);
/* Whether an option (0-based) is chosen. */
bool choice_screen_is_chosen(const Screen *screen, gsize option);
/* The chosen option, 1-based; 0: none. Of several the first. */
gsize choice_screen_choice(const Screen *screen);
/* Where an option (0-based) can be clicked. */
Box choice_screen_option(const Screen *screen, gsize option);
Box choice_screen_button(const Screen *screen);

#endif
