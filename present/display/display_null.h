/* A display without a screen: refreshes on a simulated clock, input from a queue. For tests, simulated participants and
 * pictures of the screens. */
#ifndef DREAMRIG_PRESENT_DISPLAY_NULL_H
#define DREAMRIG_PRESENT_DISPLAY_NULL_H

#include "present/display/display.h"

/* Refreshes at multiples of 1/refresh_hz of the simulated clock, which is borrowed. wants_pixels: whether frames are to
 * be drawn at all. */
Display *display_null_new(Clock *clock, int width, int height, double refresh_hz, bool wants_pixels);
/* Queues an event for its time_ns; events of one time keep the order in which they came. An event of the past arrives
 * now. Waiting for ever on an empty queue gives EVENT_CLOSE: the participant has left. */
void display_null_push(Display *display, const Event *event);
/* Forgets what is queued. */
void display_null_clear(Display *display);
/* The frame shown last, or NULL; owned by the display. Only where it wants pixels. For tests, which see what a
 * participant would. */
const Frame *display_null_frame(const Display *display);

#endif
