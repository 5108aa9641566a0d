#include "present/participant_sim.h"

#include <math.h>

#include "present/choice_screen.h"
#include "present/page_screen.h"
#include "present/rating_screen.h"

/* Writes a person's events ahead of time, one after another. */
typedef struct {
  SimulatedParticipant *who;
  Random *random;
  gint64 time_ns;
} Script;

static void wait_s(Script *script, double seconds) {
  script->time_ns += MAX((gint64)(seconds * (double)NS_PER_S), NS_PER_MS);
}

static void push(const Script *script, Event event) {
  event.time_ns = script->time_ns;
  display_null_push(script->who->display, &event);
}

static void key(Script *script, Key code, double after_s) {
  wait_s(script, after_s);
  push(script, (Event){.kind = EVENT_KEY, .key = code});
}

static void pointer(const Script *script, EventKind kind) {
  push(script, (Event){.kind = kind, .x = script->who->x, .y = script->who->y});
}

/* A movement with a bell-shaped speed (minimum jerk), one event every 16 ms. */
static void move(Script *script, double x, double y, double seconds) {
  double from_x = script->who->x, from_y = script->who->y;
  int n = MAX((int)(seconds / 0.016), 1);
  for (int i = 1; i <= n; i++) {
    double t = (double)i / n, way = t * t * t * (10 + t * (6 * t - 15));
    script->who->x = from_x + (x - from_x) * way;
    script->who->y = from_y + (y - from_y) * way;
    wait_s(script, 0.016);
    pointer(script, EVENT_POINTER_MOVE);
  }
}

static double delay(const Script *script, double median_s) {
  return participant_delay(script->who->traits, median_s, script->random);
}

static void click(Script *script, Box box) {
  double x = box.x + box.width * (0.3 + 0.4 * random_uniform(script->random));
  double y = box.y + box.height * (0.3 + 0.4 * random_uniform(script->random));
  move(script, x, y, delay(script, 0.5));
  wait_s(script, delay(script, 0.06));
  pointer(script, EVENT_POINTER_DOWN);
  wait_s(script, 0.07);
  pointer(script, EVENT_POINTER_UP);
}

/* Presses near the wanted place and drags the rest. */
static void rate_by_mouse(Script *script, const Slider *slider, double position) {
  double y = slider->track.y + slider->track.height / 2;
  double slip = 6 * random_normal(script->random), first = CLAMP(position + slip, 0, SLIDER_STEPS);
  move(script, slider_x(slider, first), y, delay(script, 0.6));
  pointer(script, EVENT_POINTER_DOWN);
  wait_s(script, delay(script, 0.12));
  move(script, slider_x(slider, position), y + 3, delay(script, 0.35));
  /* A drag from the thumb's edge keeps its distance to the thumb's centre, so that the last step is made by looking. */
  double grab = fabs(slider_x(slider, first) - slider_x(slider, slider->position)) <= slider->thumb_width / 2
                    ? slider_x(slider, first) - slider_x(slider, slider->position)
                    : 0;
  move(script, slider_x(slider, position) + grab, y + 3, 0.05);
  wait_s(script, delay(script, 0.08));
  pointer(script, EVENT_POINTER_UP);
}

static void rate_by_keys(Script *script, const Slider *slider, double position) {
  double at = isnan(slider->position) ? SLIDER_STEPS / 2 : slider->position;
  key(script, position < at ? KEY_LEFT : KEY_RIGHT, delay(script, 0.3)); /* touches, wherever it goes */
  at = CLAMP(at + (position < at ? -1 : 1), 0, SLIDER_STEPS);
  for (; position - at >= 10; at += 10)
    key(script, KEY_PAGE_UP, delay(script, 0.14));
  for (; at - position >= 10; at -= 10)
    key(script, KEY_PAGE_DOWN, delay(script, 0.14));
  for (; position - at >= 0.5; at += 1)
    key(script, KEY_RIGHT, 0.04);
  for (; at - position >= 0.5; at -= 1)
    key(script, KEY_LEFT, 0.04);
}

static void rate(Script *script, const SessionMoment *moment) {
  SimulatedParticipant *who = script->who;
  const Trial *trial = moment->trial;
  const LatentAffect *latent = &who->latents[trial->stimulus];
  gsize n = who->protocol->blocks[trial->block].n_scales;
  double positions[PROTOCOL_MAX_SCALES];
  /* Ratings are drawn in the protocol's order of scales, whichever is on top. */
  for (gsize s = 0; s < who->protocol->n_scales; s++)
    for (gsize i = 0; i < n; i++)
      if (trial->scales[i] == s)
        positions[i] = participant_rate(who->traits, latent, who->protocol->scales[s].figure, script->random);
  wait_s(script, delay(script, 1.4));
  for (gsize i = 0; i < n; i++) {
    const Slider *slider = rating_screen_slider(moment->screen, i);
    if (who->traits->keyboard) {
      key(script, KEY_TAB, delay(script, 0.3));
      rate_by_keys(script, slider, positions[i]);
    } else {
      rate_by_mouse(script, slider, positions[i]);
    }
    wait_s(script, delay(script, 0.4));
  }
  if (who->traits->keyboard)
    key(script, KEY_ENTER, delay(script, 0.3));
  else
    click(script, rating_screen_button(moment->screen));
}

static void answer(Script *script, const SessionMoment *moment) {
  const SimulatedParticipant *who = script->who;
  gsize n = who->protocol->questions[who->protocol->steps[moment->step].index].n_options;
  gsize choice = participant_choose(who->traits, n, script->random);
  wait_s(script, delay(script, 2.5));
  if (who->traits->keyboard) {
    for (gsize i = 0; i < choice; i++)
      key(script, KEY_DOWN, delay(script, 0.25));
    key(script, KEY_ENTER, delay(script, 0.4));
  } else {
    click(script, choice_screen_option(moment->screen, choice - 1));
    wait_s(script, delay(script, 0.3));
    click(script, choice_screen_button(moment->screen));
  }
}

static void entered(gpointer context, const SessionMoment *moment) {
  SimulatedParticipant *who = context;
  Random random;
  participant_trial_random(who->traits, moment->step, moment->trial != NULL ? moment->trial->number : 0, &random);
  Script script = {who, &random, clock_now_ns(who->display->clock)};
  display_null_clear(who->display);
  switch (moment->kind) {
  case MOMENT_PAGE:
    wait_s(&script, delay(&script, 4));
    if (who->traits->keyboard)
      key(&script, KEY_SPACE, 0.1);
    else
      click(&script, page_screen_button(moment->screen));
    break;
  case MOMENT_QUESTION:
    answer(&script, moment);
    break;
  case MOMENT_RATING:
    rate(&script, moment);
    break;
  case MOMENT_PAUSE:
    key(&script, KEY_ENTER, delay(&script, 5));
    break;
  case MOMENT_FIXATION:
  case MOMENT_IMAGE:
  case MOMENT_BLANK:
    break;
  }
}

SessionWatcher simulated_participant_watcher(SimulatedParticipant *participant) {
  return (SessionWatcher){entered, participant};
}
