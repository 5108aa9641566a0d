/* A window or a whole screen through SDL2.
 *
 * The frame keeps the size that the window had at first; where the window is resized, the frame is shown as large as
 * its shape allows, with the background around it, and the pointer's positions follow.
 *
 * SDL reports vsync even where there is none, so that the display measures its own refresh at the start and calls the
 * times of its flips "untrusted" where the measurement does not meet display_refresh_is_trusted, and "swap" (the time
 * after a swap that measurably waits for the screen, which can be one refresh early) where it does. */
#ifndef DREAMRIG_PRESENT_DISPLAY_SDL_H
#define DREAMRIG_PRESENT_DISPLAY_SDL_H

#include "present/display.h"

typedef struct {
  int width, height; /* of a window, in px; 0: the whole screen */
  int screen;        /* 1-based; 0: the first */
  const char *title;
  guint8 background[3]; /* shown while the refresh is measured */
} DisplaySdlOptions;

/* Opens it and measures its refresh (about a second). The clock must be a real one and is borrowed. One a process. */
Display *display_sdl_open(Clock *clock, const DisplaySdlOptions *options, GError **error);
/* Why flips are untrusted, in plain words; "" where they are trusted. */
const char *display_sdl_note(const Display *display);

#endif
