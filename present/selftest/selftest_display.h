/* What the self-tests that open a screen share. */
#ifndef DREAMRIG_PRESENT_SELFTEST_DISPLAY_H
#define DREAMRIG_PRESENT_SELFTEST_DISPLAY_H

#include "present/commands.h"
#include "present/display/display_sdl.h"

#define SELFTEST_MAX_FLIPS 10000

/* The whole screen N (0: the first) in grey, without the pointer, and a grey frame of its size. Free both. */
bool selftest_open(Clock *clock, int screen, Display **display, Frame **frame, GError **error);
/* The lines of a report about driver, refresh and flips. */
void selftest_print_display(const Display *display);

#endif
