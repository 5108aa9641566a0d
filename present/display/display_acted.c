#include "present/display/display_acted.h"

#include "present/input/event_queue.h"

typedef struct {
  Display base;
  Display *real;
  DisplayPost post;
  GArray *queue; /* Event, by time */
} ActedDisplay;

/* What the session reads of a display changes while it runs (it may lose its trust). */
static void follow(ActedDisplay *self) { self->base.info = self->real->info; }

static void acted_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  ActedDisplay *self = (ActedDisplay *)display;
  display_show(self->real, frame, wanted_ns, flip);
  follow(self);
}

static void post_due(ActedDisplay *self) {
  gint64 now = clock_now_ns(self->base.clock);
  for (const Event *first; (first = event_queue_first(self->queue)) != NULL && first->time_ns <= now;) {
    self->post(self->real, first);
    g_array_remove_index(self->queue, 0);
  }
}

static bool acted_next_event(Display *display, gint64 deadline_ns, Event *event) {
  ActedDisplay *self = (ActedDisplay *)display;
  for (;;) {
    post_due(self);
    const Event *next = event_queue_first(self->queue);
    bool any = display_next_event(self->real, next != NULL ? MIN(deadline_ns, next->time_ns) : deadline_ns, event);
    follow(self);
    if (any || clock_now_ns(display->clock) >= deadline_ns)
      return any;
  }
}

static void acted_set_pointer(Display *display, bool visible) {
  display_set_pointer(((ActedDisplay *)display)->real, visible);
}

static void acted_set_text_input(Display *display, bool wanted) {
  display_set_text_input(((ActedDisplay *)display)->real, wanted);
}

static void acted_prepare(Display *display, const Frame *frame) {
  display_prepare(((ActedDisplay *)display)->real, frame);
}

static char *acted_summary(const Display *display) { return display_summary(((const ActedDisplay *)display)->real); }

static void acted_free(Display *display) {
  ActedDisplay *self = (ActedDisplay *)display;
  display_free(self->real);
  g_array_free(self->queue, TRUE);
  g_free(self);
}

static const DisplayClass acted_class = {acted_show,           acted_next_event, acted_set_pointer, acted_free,
                                         acted_set_text_input, acted_prepare,    acted_summary};

Display *display_acted_new(Display *real, DisplayPost post) {
  ActedDisplay *self = g_new0(ActedDisplay, 1);
  self->base = *real;
  self->base.class = &acted_class;
  self->real = real;
  self->post = post;
  self->queue = event_queue_new();
  return &self->base;
}

void display_acted_push(Display *display, const Event *event) {
  event_queue_push(((ActedDisplay *)display)->queue, event);
}

void display_acted_clear(Display *display) { g_array_set_size(((ActedDisplay *)display)->queue, 0); }
