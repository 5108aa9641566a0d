/* A question that is answered on one slider. */
#ifndef DREAMRIG_PRESENT_SCALE_SCREEN_H
#define DREAMRIG_PRESENT_SCALE_SCREEN_H

#include "present/draw/slider.h"
#include "present/screens/screen.h"

/* slider_key's keys and the pointer move it; Enter, Space or Continue confirm once it was touched, or at once where no
 * answer is required. start: in the scale's units, NaN: hidden. mirrored: the low end is at the right. */
Screen *scale_screen_new(const Theme *theme, const ProtocolQuestion *question, double start, bool mirrored);
/* In the scale's units; NaN: untouched, which is no answer. */
double scale_screen_value(const Screen *screen);
const Slider *scale_screen_slider(const Screen *screen);
Box scale_screen_button(const Screen *screen);

#endif
