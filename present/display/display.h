/* Where frames are shown and where input comes from. The session knows nothing else of the machine, so that the null
 * display with a simulated clock runs exactly its code. */
#ifndef DREAMRIG_PRESENT_DISPLAY_H
#define DREAMRIG_PRESENT_DISPLAY_H

#include <glib.h>
#include <stdbool.h>

#include "present/display/clock.h"
#include "present/display/flip.h"
#include "present/draw/frame.h"
#include "present/input/event.h"

typedef struct {
  const char *driver;   /* "null", "x11", "wayland", "KMSDRM"... */
  const char *renderer; /* "opengl", "software"... */
  const char *screen;   /* its number and name: "1: DP-1"; NULL: none */
  double nominal_hz;    /* what the system says; 0: nothing */
  double measured_hz;   /* from the intervals of the start-up flips; 0: not measured */
  double interval_sd_ms;
  int n_intervals, n_dropped; /* as RefreshFacts has them */
  FlipRung rung;              /* what tells the times of flips: from now on */
  bool trusted;               /* whether it is worth anything: it is not FLIP_UNTRUSTED */
  const char *note;           /* why not, in plain words; "" where it is */
} DisplayInfo;

typedef struct Display Display;

/* What an implementation provides. The Display is the first member of its own struct. */
typedef struct {
  void (*show)(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip);
  bool (*next_event)(Display *display, gint64 deadline_ns, Event *event);
  void (*set_pointer)(Display *display, bool visible); /* NULL: there is none to see */
  void (*free)(Display *display);
  void (*set_text_input)(Display *display, bool wanted); /* NULL: text events come without it */
  void (*prepare)(Display *display, const Frame *frame); /* NULL: nothing to prepare */
  char *(*summary)(const Display *display);              /* NULL: nothing to tell */
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

/* Uploads a frame, so that the next display_show of it has only to flip. */
void display_prepare(Display *display, const Frame *frame);
/* Shows the frame at the first refresh at or after wanted_ns (0: as soon as possible) and waits until it is shown.
 * `frame` may be NULL only where the display wants no pixels. */
void display_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip);
/* Waits for input until deadline_ns (G_MAXINT64: for ever). False: the deadline passed without any. Looks at least
 * every millisecond. */
bool display_next_event(Display *display, gint64 deadline_ns, Event *event);
void display_set_pointer(Display *display, bool visible);
/* Whether keys make EVENT_TEXT too; an input method (for Chinese, say) works only then. */
void display_set_text_input(Display *display, bool wanted);

/* How the flips so far went, as flip_ladder_summary has it; NULL where that says nothing. Free with g_free. */
char *display_summary(const Display *display);

#endif
