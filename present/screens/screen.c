#include "present/screens/screen.h"

#include <math.h>

void screen_free(Screen *screen) {
  if (screen != NULL)
    screen->class->free(screen);
}

/* Into every frame, so that the stimulus and its mark are flipped together. */
static void draw_patch(const Theme *theme, Frame *frame) {
  const Box *patch = &theme->patch;
  guint32 pixel = theme->lit ? 0xffffffffu : 0xff000000u;
  for (int y = (int)patch->y; y < (int)(patch->y + patch->height); y++)
    for (int x = (int)patch->x; x < (int)(patch->x + patch->width); x++)
      frame->pixels[(gsize)y * (gsize)frame->width + (gsize)x] = pixel;
}

void screen_draw(Screen *screen, Frame *base, bool *fresh, Frame *frame) {
  if (base == NULL) {
    screen->class->draw_base(screen, frame);
  } else {
    if (!*fresh)
      screen->class->draw_base(screen, base);
    *fresh = true;
    frame_copy(base, frame);
  }
  if (screen->class->draw_parts != NULL)
    screen->class->draw_parts(screen, frame);
  draw_patch(&screen->theme, frame);
}

ScreenResult screen_handle(Screen *screen, const Event *event) { return screen->class->handle(screen, event); }

bool screen_is_confirm_key(const Event *event) {
  return event->kind == EVENT_KEY && !event->repeat && (event->key == KEY_ENTER || event->key == KEY_SPACE);
}

void screen_fill(const Theme *theme, Frame *frame) {
  const Colour *colour = &theme->background;
  guint32 pixel = 0xff000000u | (guint32)lround(colour->red * 255) << 16 | (guint32)lround(colour->green * 255) << 8 |
                  (guint32)lround(colour->blue * 255);
  gsize n = (gsize)frame->width * (gsize)frame->height;
  for (gsize i = 0; i < n; i++)
    frame->pixels[i] = pixel;
}
