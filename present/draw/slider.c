#include "present/draw/slider.h"

#include <math.h>

double slider_x(const Slider *slider, double position) {
  return slider->track.x + slider->track.width * position / SLIDER_STEPS;
}

/* Divided last, so that a step between whole ends is the double nearest to it: 0.8, not 0.7999999999999998. */
double slider_value(const Slider *slider, double min, double max) {
  double position = slider->mirrored ? SLIDER_STEPS - slider->position : slider->position;
  return ((SLIDER_STEPS - position) * min + position * max) / SLIDER_STEPS;
}

void slider_place(Slider *slider, double value, double min, double max) {
  double position = (value - min) * SLIDER_STEPS / (max - min);
  slider->position = slider->mirrored ? SLIDER_STEPS - position : position;
}

bool slider_hit(const Slider *slider, double x, double y) {
  double above = (slider->thumb_height - slider->track.height) / 2 + slider->thumb_height * 0.25;
  Box reach = {slider->track.x - slider->thumb_width, slider->track.y - above,
               slider->track.width + 2 * slider->thumb_width, slider->track.height + 2 * above};
  return box_contains(&reach, x, y);
}

void slider_drag(Slider *slider, double x) {
  double position = (x - slider->grab - slider->track.x) / slider->track.width * SLIDER_STEPS;
  slider->position = CLAMP(round(position), 0, SLIDER_STEPS);
}

void slider_press(Slider *slider, double x) {
  slider->touched = true;
  slider->dragging = true;
  slider->grab = 0;
  if (!isnan(slider->position)) {
    double off = x - slider_x(slider, slider->position);
    if (fabs(off) <= slider->thumb_width / 2) {
      slider->grab = off;
      return;
    }
  }
  slider_drag(slider, x);
}

void slider_release(Slider *slider) { slider->dragging = false; }

bool slider_key(Slider *slider, const Event *event) {
  double from = isnan(slider->position) ? SLIDER_STEPS / 2 : slider->position;
  double step = event->shift ? 10 : 1, up = slider->mirrored ? -1 : 1;
  switch (event->key) {
  case KEY_LEFT:
    from -= step;
    break;
  case KEY_RIGHT:
    from += step;
    break;
  case KEY_DOWN:
    from -= up * step;
    break;
  case KEY_UP:
    from += up * step;
    break;
  case KEY_PAGE_DOWN:
    from -= up * 10;
    break;
  case KEY_PAGE_UP:
    from += up * 10;
    break;
  case KEY_HOME:
    from = 0;
    break;
  case KEY_END:
    from = SLIDER_STEPS;
    break;
  default:
    return false;
  }
  slider->position = CLAMP(from, 0, SLIDER_STEPS);
  slider->touched = true;
  slider->dragging = false;
  return true;
}
