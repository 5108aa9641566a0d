/* A trial's rating screen and the box for its stimulus, as the protocol's block and screen want them. */
#ifndef DREAMRIG_PRESENT_TRIAL_VIEW_H
#define DREAMRIG_PRESENT_TRIAL_VIEW_H

#include "present/screens/rating_screen.h"
#include "protocols/trials.h"

typedef struct {
  bool together; /* the image stays above the sliders; else it is shown before them */
  Screen *rating;
  int box_width, box_height; /* for picture_fit */
  double image_x, image_y;   /* the image's middle, px */
} TrialView;

/* participant: TrialList.participant. */
TrialView trial_view_new(const Protocol *protocol, const Theme *theme, const Trial *trial, gsize participant);
void trial_view_clear(TrialView *view);

#endif
