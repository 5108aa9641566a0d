/* A display on which a simulated participant acts: every screen is really shown, and the participant's events arrive at
 * their times through the window system's own queue, as a person's would. */
#ifndef DREAMRIG_PRESENT_DISPLAY_ACTED_H
#define DREAMRIG_PRESENT_DISPLAY_ACTED_H

#include "present/display/display.h"

/* Hands an event to the real display's input. */
typedef void (*DisplayPost)(Display *real, const Event *event);

/* Takes `real` over. */
Display *display_acted_new(Display *real, DisplayPost post);
/* Queues an event for its time_ns on the display's clock; they come in the order of their times. */
void display_acted_push(Display *display, const Event *event);
/* Forgets what is queued. */
void display_acted_clear(Display *display);

#endif
