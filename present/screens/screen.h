/* A screen: something that can draw itself into a frame and react to input, and is done at some time. Pages, questions,
 * ratings and stills are screens; the session shows them one after another on a display. */
#ifndef DREAMRIG_PRESENT_SCREEN_H
#define DREAMRIG_PRESENT_SCREEN_H

#include "present/draw/frame.h"
#include "present/draw/theme.h"
#include "present/input/event.h"

typedef struct Screen Screen;

typedef enum {
  SCREEN_SAME,    /* nothing to see */
  SCREEN_CHANGED, /* wants to be drawn again */
  SCREEN_DONE,    /* confirmed */
} ScreenResult;

typedef struct {
  void (*draw_base)(Screen *screen, Frame *frame);  /* what stays while it is shown; fills the frame */
  void (*draw_parts)(Screen *screen, Frame *frame); /* what input changes, over the base; may be NULL */
  ScreenResult (*handle)(Screen *screen, const Event *event);
  void (*free)(Screen *screen);
} ScreenClass;

struct Screen {
  const ScreenClass *class;
  Theme theme;
  bool wants_pointer;
  bool crowded;    /* its texts do not fit at a legible size */
  bool wants_text; /* EVENT_TEXT besides keys */
};

void screen_free(Screen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screen, screen_free)
/* Draws it whole, with the bar of its theme's progress and the photodiode's patch. `base` (NULL: none) keeps the
 * unchanging part: *fresh says whether it is there already. */
void screen_draw(Screen *screen, Frame *base, bool *fresh, Frame *frame);
ScreenResult screen_handle(Screen *screen, const Event *event);
/* Whether this is the screen that confirms: Enter or Space, not held down. */
bool screen_is_confirm_key(const Event *event);

/* A filled background, nothing else. */
void screen_fill(const Theme *theme, Frame *frame);

#endif
