/* What a participant did: the one form in which every display hands input to the session. */
#ifndef DREAMRIG_PRESENT_EVENT_H
#define DREAMRIG_PRESENT_EVENT_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
  EVENT_POINTER_MOVE,
  EVENT_POINTER_DOWN, /* the primary button; or a touch */
  EVENT_POINTER_UP,
  EVENT_KEY,  /* pressed, or repeated while held */
  EVENT_TEXT, /* typed, with whatever input method there is: Event.text; only while the screen wants text */
  EVENT_FOCUS_LOST,
  EVENT_FOCUS_GAINED,
  EVENT_RESIZED,         /* the window has another size now: Event.x and y, in px; the frame keeps its own */
  EVENT_EXPOSED,         /* the window lost its contents and wants the frame again */
  EVENT_DISPLAY_LOST,    /* a screen was unplugged */
  EVENT_DISPLAY_CHANGED, /* the window is on another screen now */
  EVENT_CLOSE,           /* the window's close button, or the display is gone */
} EventKind;

typedef enum {
  KEY_OTHER,
  KEY_CHARACTER, /* a digit or a letter: Event.character */
  KEY_ENTER,
  KEY_SPACE,
  KEY_ESCAPE,
  KEY_TAB,
  KEY_LEFT,
  KEY_RIGHT,
  KEY_UP,
  KEY_DOWN,
  KEY_PAGE_UP,
  KEY_PAGE_DOWN,
  KEY_HOME,
  KEY_END,
  KEY_BACKSPACE,
} Key;

typedef struct {
  EventKind kind;
  gint64 time_ns;        /* on the session's clock, when the program saw it */
  gint64 uncertainty_ns; /* it happened at most this much earlier (the gap since the last look) */
  double x, y;           /* pointer events: in the frame's pixels; may lie outside the frame */
  Key key;
  char character; /* '0'..'9', 'a'..'z' */
  bool shift, repeat;
  char text[32]; /* EVENT_TEXT: UTF-8 */
} Event;

#endif
