#include "present/display/flip_sources.h"

typedef struct {
  FlipSource base;
  void (*finish)(gpointer context);
  gpointer context;
} FinishSource;

/* A pixel drawn into the next frame cannot be finished before this frame's buffer is free, and that is, where the swap
 * waits for the screen at all, once the frame is on it. */
static void after(FlipSource *source, Clock *clock, gint64 until_ns G_GNUC_UNUSED, FlipStamp *stamp) {
  const FinishSource *self = (const FinishSource *)source;
  self->finish(self->context);
  *stamp = (FlipStamp){.answered = true, .time_ns = clock_now_ns(clock)};
}

static void finish_free(FlipSource *source) { g_free(source); }

FlipSource *flip_finish_new(void (*finish)(gpointer context), gpointer context) {
  FinishSource *self = g_new(FinishSource, 1);
  *self = (FinishSource){{FLIP_FINISH, NULL, after, finish_free}, finish, context};
  return &self->base;
}
