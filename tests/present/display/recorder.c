#include "tests/present/display/recorder.h"

/* A screen is told of after its first flip, so that a frame counts when the next one, or the next screen, comes. */
static void count_frame(Recorder *recorder) {
  const Frame *frame = display_null_frame(recorder->inner);
  if (recorder->fresh)
    g_checksum_update(recorder->sum, (const guchar *)frame->pixels,
                      (gssize)((gsize)frame->width * (gsize)frame->height * sizeof *frame->pixels));
  recorder->n_frames += recorder->fresh;
  recorder->fresh = false;
}

static void record_show(Display *display, const Frame *frame, gint64 wanted_ns, Flip *flip) {
  Recorder *recorder = (Recorder *)display;
  count_frame(recorder);
  display_show(recorder->inner, frame, wanted_ns, flip);
  recorder->fresh = true;
}

static void end_screen(Recorder *recorder) {
  if (recorder->name != NULL)
    g_string_append_printf(recorder->lines, "%s %u %s\n", recorder->name, recorder->n_frames,
                           g_checksum_get_string(recorder->sum));
  g_checksum_reset(recorder->sum);
  recorder->n_frames = 0;
  g_clear_pointer(&recorder->name, g_free);
}

static bool record_next_event(Display *display, gint64 deadline_ns, Event *event) {
  return display_next_event(((Recorder *)display)->inner, deadline_ns, event);
}

static void record_set_pointer(Display *display, bool visible) {
  display_set_pointer(((Recorder *)display)->inner, visible);
}

static void record_free(Display *display) {
  Recorder *recorder = (Recorder *)display;
  display_free(recorder->inner);
  g_string_free(recorder->lines, TRUE);
  g_checksum_free(recorder->sum);
  g_free(recorder->name);
  g_free(recorder);
}

static const DisplayClass recorder_class = {record_show, record_next_event, record_set_pointer, record_free, NULL, NULL,
                                            NULL};

Recorder *recorder_new(Clock *clock, int width, int height) {
  Recorder *recorder = g_new0(Recorder, 1);
  recorder->inner = display_null_new(clock, width, height, 60, true);
  recorder->base = *recorder->inner;
  recorder->base.class = &recorder_class;
  recorder->base.info.trusted = false;
  recorder->lines = g_string_new(NULL);
  recorder->sum = g_checksum_new(G_CHECKSUM_SHA256);
  return recorder;
}

void recorder_begin(Recorder *recorder, const char *name) {
  end_screen(recorder);
  recorder->name = g_strdup(name);
}

void recorder_end(Recorder *recorder) {
  count_frame(recorder);
  end_screen(recorder);
}
