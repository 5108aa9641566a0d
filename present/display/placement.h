/* Where the frame lies in a window that may have another size, and whose coordinates may not be pixels (HiDPI: a window
 * of 800 x 600 units on 1600 x 1200 px). */
#ifndef DREAMRIG_PRESENT_PLACEMENT_H
#define DREAMRIG_PRESENT_PLACEMENT_H

typedef struct {
  int x, y, width, height;   /* of the frame in the window, px */
  double scale_x, scale_y;   /* px for one of the window's units */
  double shrink_x, shrink_y; /* the frame's px for one px of the window */
} Placement;

typedef struct {
  int width, height;
} Size;

/* The frame in the middle, as large as its shape allows. `window` is in the window's own units, `drawable` in px; sides
 * below 1 count as 1. */
Placement placement_new(Size frame, Size drawable, Size window);
/* The point in the window's units over one of the frame's px; the inverse of placement_to_frame. */
void placement_to_window(const Placement *placement, double frame_x, double frame_y, double *x, double *y);
/* The frame's px under a point given in the window's units; outside of the frame where the point is. */
void placement_to_frame(const Placement *placement, double x, double y, double *frame_x, double *frame_y);

#endif
