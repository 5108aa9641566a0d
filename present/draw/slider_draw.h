/* How a slider looks, on every screen that has one. */
#ifndef DREAMRIG_PRESENT_SLIDER_DRAW_H
#define DREAMRIG_PRESENT_SLIDER_DRAW_H

#include "present/draw/slider.h"

/* Track, thumb (an outline while untouched: it is where the slider starts, not an answer) and, where focused, a ring.
 * `scale`: px a unit. */
void slider_draw(cairo_t *cr, const Theme *theme, double scale, const Slider *slider, bool focused);

#endif
