#include "present/display/display.h"

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

void display_set_pointer(Display *display, bool visible) {
  if (display->class->set_pointer != NULL)
    display->class->set_pointer(display, visible);
}

void display_set_text_input(Display *display, bool wanted) {
  if (display->class->set_text_input != NULL)
    display->class->set_text_input(display, wanted);
}

void display_prepare(Display *display, const Frame *frame) {
  if (display->class->prepare != NULL)
    display->class->prepare(display, frame);
}

char *display_summary(const Display *display) {
  return display->class->summary != NULL ? display->class->summary(display) : NULL;
}
