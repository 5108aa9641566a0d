#include "present/screens/button.h"

ScreenResult button_handle(Button *button, const Event *event, bool enabled) {
  bool was_pressed = button->pressed;
  switch (event->kind) {
  case EVENT_POINTER_DOWN:
    button->pressed = enabled && box_contains(&button->box, event->x, event->y);
    return button->pressed ? SCREEN_CHANGED : SCREEN_SAME;
  case EVENT_POINTER_UP:
  case EVENT_FOCUS_LOST:
    button->pressed = false;
    if (was_pressed && enabled && event->kind == EVENT_POINTER_UP && box_contains(&button->box, event->x, event->y))
      return SCREEN_DONE;
    return was_pressed ? SCREEN_CHANGED : SCREEN_SAME;
  default:
    return SCREEN_SAME;
  }
}
