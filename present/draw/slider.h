/* A slider's state: where the thumb is and what a press, a drag or a key does to it. No drawing.
 *
 * A press on the track or an arrow key counts as touching it even where the value stays: the answer is then the
 * participant's own. A hidden thumb appears where the track is pressed, or in the middle at the first arrow key. */
#ifndef DREAMRIG_PRESENT_SLIDER_H
#define DREAMRIG_PRESENT_SLIDER_H

#include "present/draw/theme.h"
#include "present/input/event.h"

#define SLIDER_STEPS PROTOCOL_SLIDER_STEPS /* positions are 0..SLIDER_STEPS from left to right */

typedef struct {
  Box track;                        /* the bar; the thumb's centre runs from its left to its right end */
  double thumb_width, thumb_height; /* px */
  double position;                  /* NaN: hidden */
  bool mirrored;                    /* the low end is at the right */
  bool touched, dragging;
  double grab; /* from the thumb's centre to where the drag holds it, px */
} Slider;

/* The x of a position's centre. */
double slider_x(const Slider *slider, double position);
/* The value of the position on a scale from min to max; NaN where hidden. */
double slider_value(const Slider *slider, double min, double max);
/* Puts the thumb where a value of that scale is; NaN hides it. */
void slider_place(Slider *slider, double value, double min, double max);
/* Whether a press there is meant for this slider: the track with the thumb's reach around it. */
bool slider_hit(const Slider *slider, double x, double y);
/* A press (slider_hit must hold): touches; outside the thumb it also moves there. Starts a drag. */
void slider_press(Slider *slider, double x);
/* The pointer at x while dragging, which may be outside the window: clamped to the ends, whole steps. */
void slider_drag(Slider *slider, double x);
void slider_release(Slider *slider);
/* Arrows 1, Shift + arrows and Page Up/Down 10, Home and End. Left, Right, Home and End go by the screen; Up and Page
 * Up raise the value, on whichever side the high end is. False for other keys. */
bool slider_key(Slider *slider, const Event *event);

#endif
