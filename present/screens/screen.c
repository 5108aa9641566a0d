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

/* In the upper margin, which cards keep free. */
#define BAR_WIDTH 360.0
#define BAR_HEIGHT 8.0
#define BAR_TOP 10.0

static void draw_progress(const Theme *theme, Frame *frame) {
  if (isnan(theme->progress))
    return;
  double unit = theme->unit, width = round(BAR_WIDTH * unit), height = round(BAR_HEIGHT * unit);
  Box bar = {round((theme->width - width) / 2), round(BAR_TOP * unit), width, height}, done = bar;
  done.width = width * theme->progress;
  done.x += theme->rtl ? width - done.width : 0;
  cairo_t *cr = frame_paint(frame);
  theme_rounded(cr, &bar, height / 2);
  theme_set_source(cr, theme->strong ? &theme->card : &theme->faint);
  cairo_fill_preserve(cr);
  cairo_clip(cr);
  cairo_rectangle(cr, done.x, done.y, done.width, done.height);
  theme_set_source(cr, &theme->muted);
  cairo_fill(cr);
  cairo_reset_clip(cr);
  if (theme->strong) {
    theme_rounded(cr, &bar, height / 2);
    cairo_set_line_width(cr, 2 * unit);
    theme_set_source(cr, &theme->text);
    cairo_stroke(cr);
  }
  cairo_destroy(cr);
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
  draw_progress(&screen->theme, frame);
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
