/* What a simulated participant does at one screen: events written ahead of time, one after another. Internal to the
 * simulated participant. */
#ifndef DREAMRIG_PRESENT_PARTICIPANT_SCRIPT_H
#define DREAMRIG_PRESENT_PARTICIPANT_SCRIPT_H

#include "present/draw/slider.h"
#include "present/participant/participant_sim.h"

typedef struct {
  SimulatedParticipant *who;
  Random *random;
  gint64 time_ns;
} Script;

void script_wait_s(Script *script, double seconds);
/* A time with this median, at the participant's pace. */
double script_delay(const Script *script, double median_s);
void script_key(Script *script, Key code, double after_s);
void script_click(Script *script, Box box);
/* Types UTF-8 text, a character at a time. */
void script_type(Script *script, const char *text);
/* Brings a slider to a position on the screen (0..SLIDER_STEPS). */
void script_slide_by_mouse(Script *script, const Slider *slider, double position);
void script_slide_by_keys(Script *script, const Slider *slider, double position);

/* Reads and confirms a page; answers a question of any kind. */
void script_page(Script *script, const SessionMoment *moment);
void script_question(Script *script, const SessionMoment *moment);

#endif
