#include "present/screens/trial_view.h"

TrialView trial_view_new(const Protocol *protocol, const Theme *theme, const Trial *trial, gsize participant) {
  const ProtocolBlock *block = &protocol->blocks[trial->block];
  TrialView view = {.together = !protocol_image_first(block)};
  double percent = protocol->screen.image_percent;
  RatingSetup setup = {.n_scales = block->n_scales,
                       .image_percent = view.together ? percent : 0,
                       .affective = block->affective_slider,
                       .touch_optional = !block->require_touch};
  for (gsize i = 0; i < block->n_scales; i++) {
    setup.scales[i] = &protocol->scales[trial->scales[i]];
    setup.start[i] = trial->start[i];
    setup.mirrored[i] = protocol_scale_mirrored(protocol, setup.scales[i], participant);
  }
  view.rating = rating_screen_new(theme, &setup);
  Box box = rating_screen_image_box(view.rating);
  view.box_width = view.together ? (int)box.width : (int)(theme->width * 0.96);
  view.box_height = view.together ? (int)box.height : (int)(theme->height * percent / 100);
  view.image_x = view.together ? box.x + box.width / 2 : theme->width / 2.0;
  view.image_y = view.together ? box.y + box.height / 2 : theme->height / 2.0;
  return view;
}

void trial_view_clear(TrialView *view) { g_clear_pointer(&view->rating, screen_free); }
