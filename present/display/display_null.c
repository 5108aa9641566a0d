#include "present/display/display_null.h"

#include <math.h>

#include "present/input/event_queue.h"

typedef struct {
  Display base;
  double period_ns;
  GArray *queue; /* Event, by time */
  Frame *shown;
} NullDisplay;

static void null_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  NullDisplay *self = (NullDisplay *)display;
  gint64 now = clock_now_ns(display->clock);
  double from = (double)MAX(now, wanted_ns);
  /* The slack of 1 us takes up the rounding of whole nanoseconds: a time computed from a flip is that flip's refresh.
   */
  gint64 refresh = (gint64)ceil((from - 1000) / self->period_ns);
  gint64 time = (gint64)llround((double)refresh * self->period_ns);
  clock_wait_until(display->clock, time);
  *flip = (Flip){.time_ns = MAX(time, now), .source = flip_rung_name(FLIP_SIMULATED)};
  if (wanted_ns > 0 && now > wanted_ns)
    flip->missed = (int)MIN(((double)(now - wanted_ns)) / self->period_ns, G_MAXINT);
  if (frame == NULL)
    return;
  if (self->shown == NULL)
    self->shown = frame_new(display->width, display->height, NULL);
  if (self->shown != NULL)
    frame_copy(frame, self->shown);
}

static bool null_next_event(Display *display, gint64 deadline_ns, Event *event) {
  NullDisplay *self = (NullDisplay *)display;
  const Event *first = event_queue_first(self->queue);
  if (first != NULL) {
    if (first->time_ns <= deadline_ns) {
      *event = *first;
      g_array_remove_index(self->queue, 0);
      clock_wait_until(display->clock, event->time_ns);
      event->time_ns = clock_now_ns(display->clock);
      return true;
    }
  } else if (deadline_ns == G_MAXINT64) {
    *event = (Event){.kind = EVENT_CLOSE, .time_ns = clock_now_ns(display->clock)};
    return true;
  }
  clock_wait_until(display->clock, deadline_ns);
  return false;
}

static void null_free(Display *display) {
  NullDisplay *self = (NullDisplay *)display;
  g_array_free(self->queue, TRUE);
  frame_free(self->shown);
  g_free(self);
}

static const DisplayClass null_class = {null_show, null_next_event, NULL, null_free, NULL, NULL, NULL};

Display *display_null_new(Clock *clock, int width, int height, double refresh_hz, bool wants_pixels) {
  g_assert(clock_is_simulated(clock) && refresh_hz > 0);
  NullDisplay *self = g_new0(NullDisplay, 1);
  self->base = (Display){.class = &null_class,
                         .clock = clock,
                         .width = width,
                         .height = height,
                         .wants_pixels = wants_pixels,
                         .info = {.driver = "null",
                                  .renderer = "none",
                                  .nominal_hz = refresh_hz,
                                  .measured_hz = refresh_hz,
                                  .rung = FLIP_SIMULATED,
                                  .trusted = true,
                                  .note = "a simulated display"}};
  self->period_ns = (double)NS_PER_S / refresh_hz;
  self->queue = event_queue_new();
  return &self->base;
}

void display_null_push(Display *display, const Event *event) {
  event_queue_push(((NullDisplay *)display)->queue, event);
}

void display_null_clear(Display *display) { g_array_set_size(((NullDisplay *)display)->queue, 0); }

const Frame *display_null_frame(const Display *display) { return ((const NullDisplay *)display)->shown; }
