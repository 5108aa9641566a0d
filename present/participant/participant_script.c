#include "present/participant/participant_script.h"

#include <math.h>
#include <string.h>

void script_wait_s(Script *script, double seconds) {
  double speed = script->who->speed > 0 ? script->who->speed : 1;
  script->time_ns += MAX((gint64)(seconds / speed * (double)NS_PER_S), (gint64)((double)NS_PER_MS / speed));
}

static void push(const Script *script, Event event) {
  SimulatedParticipant *who = script->who;
  event.time_ns = script->time_ns;
  (who->push != NULL ? who->push : display_null_push)(who->display, &event);
}

void script_key(Script *script, Key code, double after_s) {
  script_wait_s(script, after_s);
  push(script, (Event){.kind = EVENT_KEY, .key = code});
}

static void pointer(const Script *script, EventKind kind) {
  /* Whole pixels, as a window system has them. */
  push(script, (Event){.kind = kind, .x = round(script->who->x), .y = round(script->who->y)});
}

/* A movement with a bell-shaped speed (minimum jerk), one event every 16 ms. */
static void script_move(Script *script, double x, double y, double seconds) {
  double from_x = script->who->x, from_y = script->who->y;
  int n = MAX((int)(seconds / 0.016), 1);
  for (int i = 1; i <= n; i++) {
    double t = (double)i / n, way = t * t * t * (10 + t * (6 * t - 15));
    script->who->x = from_x + (x - from_x) * way;
    script->who->y = from_y + (y - from_y) * way;
    script_wait_s(script, 0.016);
    pointer(script, EVENT_POINTER_MOVE);
  }
}

double script_delay(const Script *script, double median_s) {
  return participant_delay(script->who->traits, median_s, script->random);
}

void script_click(Script *script, Box box) {
  double x = box.x + box.width * (0.3 + 0.4 * random_uniform(script->random));
  double y = box.y + box.height * (0.3 + 0.4 * random_uniform(script->random));
  script_move(script, x, y, script_delay(script, 0.5));
  script_wait_s(script, script_delay(script, 0.06));
  pointer(script, EVENT_POINTER_DOWN);
  script_wait_s(script, 0.07);
  pointer(script, EVENT_POINTER_UP);
}

/* Presses near the wanted place and drags the rest. */
void script_slide_by_mouse(Script *script, const Slider *slider, double position) {
  double y = slider->track.y + slider->track.height / 2;
  double slip = 6 * random_normal(script->random), first = CLAMP(position + slip, 0, SLIDER_STEPS);
  script_move(script, slider_x(slider, first), y, script_delay(script, 0.6));
  pointer(script, EVENT_POINTER_DOWN);
  script_wait_s(script, script_delay(script, 0.12));
  script_move(script, slider_x(slider, position), y + 3, script_delay(script, 0.35));
  /* A drag from the thumb's edge keeps its distance to the thumb's centre, so that the last step is made by looking. */
  double grab = fabs(slider_x(slider, first) - slider_x(slider, slider->position)) <= slider->thumb_width / 2
                    ? slider_x(slider, first) - slider_x(slider, slider->position)
                    : 0;
  script_move(script, slider_x(slider, position) + grab, y + 3, 0.05);
  script_wait_s(script, script_delay(script, 0.08));
  pointer(script, EVENT_POINTER_UP);
}

void script_slide_by_keys(Script *script, const Slider *slider, double position) {
  double at = isnan(slider->position) ? SLIDER_STEPS / 2 : slider->position;
  script_key(script, position < at ? KEY_LEFT : KEY_RIGHT, script_delay(script, 0.3)); /* touches, wherever it goes */
  at = CLAMP(at + (position < at ? -1 : 1), 0, SLIDER_STEPS);
  for (; position - at >= 10; at += 10)
    script_key(script, slider->mirrored ? KEY_PAGE_DOWN : KEY_PAGE_UP, script_delay(script, 0.14));
  for (; at - position >= 10; at -= 10)
    script_key(script, slider->mirrored ? KEY_PAGE_UP : KEY_PAGE_DOWN, script_delay(script, 0.14));
  for (; position - at >= 0.5; at += 1)
    script_key(script, KEY_RIGHT, 0.04);
  for (; at - position >= 0.5; at -= 1)
    script_key(script, KEY_LEFT, 0.04);
}

void script_type(Script *script, const char *text) {
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
    Event event = {.kind = EVENT_TEXT};
    memcpy(event.text, c, (gsize)(g_utf8_next_char(c) - c));
    script_wait_s(script, script_delay(script, 0.18));
    push(script, event);
  }
}
