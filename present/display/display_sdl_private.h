/* What display_sdl.c (output, opening) and display_sdl_events.c (input) share. */
#ifndef DREAMRIG_PRESENT_DISPLAY_SDL_PRIVATE_H
#define DREAMRIG_PRESENT_DISPLAY_SDL_PRIVATE_H

#include <SDL.h>

#include "present/display/display_sdl.h"
#include "present/display/flip_ladder.h"
#include "present/display/placement.h"

typedef struct {
  Display base;
  SDL_Window *window;
  SDL_Renderer *renderer;
  SDL_Texture *textures[2]; /* one is shown, the other is filled while it is */
  int filled;               /* which of them the next flip shows */
  bool prepared;            /* whether it holds the next frame */
  FlipLadder ladder;
  char *driver, *renderer_name, *screen_name;
  int screen;           /* SDL's number of the screen that the flips were measured on */
  gint64 last_look_ns;  /* when input was last pumped */
  guint8 background[3]; /* around the frame where the window has another shape */
  Placement place;
} SdlDisplay;

/* Puts the frame into the window as it is now. */
void display_sdl_place(SdlDisplay *self, Size *drawable);
bool display_sdl_next_event(Display *display, gint64 deadline_ns, Event *event);

/* display_sdl_flips.c: what this window has that tells of flips. */
#define DISPLAY_SDL_SOURCES 4
/* The sources that are there, best first, NULL elsewhere. */
void display_sdl_sources(SdlDisplay *self, FlipSource *sources[DISPLAY_SDL_SOURCES]);
/* Why no source can be trusted here; NULL: nothing is known against them. Free with g_free. */
char *display_sdl_condemned(const SdlDisplay *self, const SDL_RendererInfo *renderer);
/* "opengl (Mesa Intel(R) UHD Graphics 630)". Free with g_free. */
char *display_sdl_renderer(const SDL_RendererInfo *renderer);

/* Nothing that was measured holds any more. */
void display_sdl_distrust(SdlDisplay *self, const char *note);

#endif
