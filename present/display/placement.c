#include "present/display/placement.h"

#include <glib.h>
#include <math.h>

Placement placement_new(Size frame, Size drawable, Size window) {
  double share = MIN((double)drawable.width / frame.width, (double)drawable.height / frame.height);
  Placement placement = {.width = MAX((int)lround(frame.width * share), 1),
                         .height = MAX((int)lround(frame.height * share), 1),
                         .scale_x = (double)drawable.width / MAX(window.width, 1),
                         .scale_y = (double)drawable.height / MAX(window.height, 1)};
  placement.x = (drawable.width - placement.width) / 2;
  placement.y = (drawable.height - placement.height) / 2;
  placement.shrink_x = (double)frame.width / placement.width;
  placement.shrink_y = (double)frame.height / placement.height;
  return placement;
}

void placement_to_window(const Placement *placement, double frame_x, double frame_y, double *x, double *y) {
  *x = (frame_x / placement->shrink_x + placement->x) / placement->scale_x;
  *y = (frame_y / placement->shrink_y + placement->y) / placement->scale_y;
}

void placement_to_frame(const Placement *placement, double x, double y, double *frame_x, double *frame_y) {
  *frame_x = (x * placement->scale_x - placement->x) * placement->shrink_x;
  *frame_y = (y * placement->scale_y - placement->y) * placement->shrink_y;
}
