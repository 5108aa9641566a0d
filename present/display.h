/* Where frames are shown and where input comes from. The session knows nothing else of the machine, so that the null
 * display with a simulated clock runs exactly its code. */
#ifndef DREAMRIG_PRESENT_DISPLAY_H
#define DREAMRIG_PRESENT_DISPLAY_H

#include <glib.h>
#include <stdbool.h>

#include "present/clock.h"
#include "present/event.h"
#include "present/frame.h"

/* How a flip's time was come by, and what it is worth. */
typedef struct {
  gint64 time_ns;
  gint64 uncertainty_ns; /* the frame appeared within this much of time_ns; -1: nobody knows */
  const char *source;    /* "simulated", "swap" (after a swap that measurably waits for the screen) or "untrusted" */
  int missed;            /* refreshes that passed since the wanted one, as far as the source can tell; -1: unknown */
} Flip;

typedef struct {
  const char *driver;   /* "null", "x11", "wayland", "KMSDRM"... */
  const char *renderer; /* "opengl", "software"... */
  double nominal_hz;    /* what the system says; 0: nothing */
  double measured_hz;   /* from the intervals of the start-up flips; 0: not measured */
  double interval_sd_ms;
  int n_intervals;
  bool trusted; /* whether the start-up measurement met the criteria of display_refresh_is_trusted */
} DisplayInfo;

typedef struct Display Display;

/* What an implementation provides. The Display is the first member of its own struct. */
typedef struct {
  void (*show)(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip);
  bool (*next_event)(Display *display, gint64 deadline_ns, Event *event);
  void (*set_pointer)(Display *display, bool visible);
  void (*free)(Display *display);
} DisplayClass;

struct Display {
  const DisplayClass *class;
  Clock *clock; /* not owned */
  int width, height;
  bool wants_pixels; /* false: frames are not looked at, and nobody need draw them */
  DisplayInfo info;
};

void display_free(Display *display);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Display, display_free)

/* Shows the frame at the first refresh at or after wanted_ns (0: as soon as possible) and waits until it is shown.
 * `frame` may be NULL only where the display wants no pixels. */
void display_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip);
/* Waits for input until deadline_ns (G_MAXINT64: for ever). False: the deadline passed without any. Looks at least
 * every millisecond. */
bool display_next_event(Display *display, gint64 deadline_ns, Event *event);
void display_set_pointer(Display *display, bool visible);

/* Psychtoolbox's start-up criteria: at least 50 intervals, their SD below 0.2 ms, their mean within 20 % of nominal. */
bool display_refresh_is_trusted(const DisplayInfo *info);

#endif
