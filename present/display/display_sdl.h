/* A window or a whole screen through SDL2.
 *
 * The frame keeps the size that the window had at first; where the window is resized, the frame is shown as large as
 * its shape allows, with the background around it, and the pointer's positions follow.
 *
 * SDL reports vsync even where there is none, so that the display climbs the ladder of flip sources (flip_ladder.h) at
 * the start: the best one whose measured refresh is steady tells the times of flips. They are "untrusted" where none
 * is, with a software renderer, under XWayland, and from the moment the window moves to another screen. */
#ifndef DREAMRIG_PRESENT_DISPLAY_SDL_H
#define DREAMRIG_PRESENT_DISPLAY_SDL_H

#include "present/display/display.h"

typedef struct {
  int width, height; /* of a window, in px; 0: the whole screen */
  int screen;        /* 1-based; 0: the first */
  const char *title;
  guint8 background[3]; /* shown while the refresh is measured */
} DisplaySdlOptions;

/* Opens it and measures its refresh (about a second). The clock must be a real one and is borrowed. One a process. */
Display *display_sdl_open(Clock *clock, const DisplaySdlOptions *options, GError **error);
/* Puts a pointer, key or text event into SDL's queue, as the window system would: it comes back from
 * display_next_event. The pointer's place is rounded to whole units of the window. */
void display_sdl_post(Display *display, const Event *event);
/* The screens that there are, numbered as DisplaySdlOptions.screen has them: "1: DP-1, 1920 x 1080 at 60 Hz; 2: ...".
 * Only while SDL's video is on. Free with g_free. */
char *display_sdl_screens(void);
/* The same, one string a screen, NULL-terminated. Free with g_strfreev. */
char **display_sdl_screen_list(void);

#endif
