#include "present/display.h"

#include <math.h>

void display_free(Display *display) {
  if (display != NULL)
    display->class->free(display);
}

void display_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  g_assert(frame != NULL || !display->wants_pixels);
  display->class->show(display, frame, wanted_ns, flip);
}

bool display_next_event(Display *display, gint64 deadline_ns, Event *event) {
  return display->class->next_event(display, deadline_ns, event);
}

void display_set_pointer(Display *display, bool visible) { display->class->set_pointer(display, visible); }

bool display_refresh_is_trusted(const DisplayInfo *info) {
  return info->n_intervals >= 50 && info->interval_sd_ms < 0.2 && info->nominal_hz > 0 && info->measured_hz > 0 &&
         fabs(1 / info->measured_hz - 1 / info->nominal_hz) < 0.2 / info->nominal_hz;
}
