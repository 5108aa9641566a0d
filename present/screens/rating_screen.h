/* The screen of a trial's answer: the stimulus (or not) above one slider a scale, each with its figures, and Continue,
 * which works only after every slider was touched, or at once where touching is optional.
 *
 * Source of the affective look: Betella & Verschure 2016, doi:10.1371/journal.pone.0148037: horizontal, grey, both
 * sliders shown together, pictograms at the ends, a cue of intensity beneath. The pictograms are ours (sam.h), and so
 * is that an untouched slider keeps the screen up by default: there it only flags the rating. */
#ifndef DREAMRIG_PRESENT_RATING_SCREEN_H
#define DREAMRIG_PRESENT_RATING_SCREEN_H

#include "present/draw/slider.h"
#include "present/screens/screen.h"

typedef struct {
  const ProtocolScale *scales[PROTOCOL_MAX_SCALES]; /* from top to bottom; borrowed */
  double start[PROTOCOL_MAX_SCALES];                /* in the scale's units; NaN: hidden */
  bool mirrored[PROTOCOL_MAX_SCALES];               /* the low end is at the right */
  gsize n_scales;
  bool affective;       /* looks like the Affective Slider; the scales are arousal and valence */
  bool touch_optional;  /* Continue works at once; what is untouched then is no answer */
  double image_percent; /* of the frame's height that the image may take; 0: no image */
} RatingSetup;

/* Tab and Shift + Tab go from slider to slider, slider_key's keys move the one in focus (the top one at first). */
Screen *rating_screen_new(const Theme *theme, const RatingSetup *setup);
/* As it was when new, for a trial that begins again: every slider untouched at its start, none in focus. */
void rating_screen_restart(Screen *screen);
/* The box in which the stimulus must fit; it shrinks where the sliders need the room. */
Box rating_screen_image_box(const Screen *screen);
/* Borrowed; shown in the middle of that box. */
void rating_screen_set_picture(Screen *screen, const Picture *picture);

const Slider *rating_screen_slider(const Screen *screen, gsize i);
/* A slider's position in its scale's units; NaN while hidden. */
double rating_screen_value(const Screen *screen, gsize i);
bool rating_screen_all_touched(const Screen *screen);
Box rating_screen_button(const Screen *screen);

#endif
