/* The button that ends a screen: held by a press inside it, done by the release inside it. */
#ifndef DREAMRIG_PRESENT_BUTTON_H
#define DREAMRIG_PRESENT_BUTTON_H

#include "present/screens/screen.h"

typedef struct {
  Box box; /* from button_box */
  bool pressed;
} Button;

/* What a press, a release or a lost focus does to it; SCREEN_SAME for every other event. Only an enabled button can be
 * pressed, and only one that is still enabled ends the screen. */
ScreenResult button_handle(Button *button, const Event *event, bool enabled);

#endif
