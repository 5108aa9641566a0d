#include "present/screens/still_screen.h"

#include <math.h>

typedef struct {
  Screen base;
  bool cross;
  double cross_x, cross_y;
  const Picture *picture;
  bool ends; /* at a confirming key or a press */
  Text *words;
} StillScreen;

static void draw_base(Screen *screen, Frame *frame) {
  StillScreen *self = (StillScreen *)screen;
  screen_fill(&screen->theme, frame);
  if (self->cross) {
    double x = floor(self->cross_x), y = floor(self->cross_y);
    double arm = round(16 * screen->theme.unit), half = fmax(round(1.5 * screen->theme.unit), 1);
    cairo_t *cr = frame_paint(frame);
    theme_set_source(cr, &screen->theme.text);
    cairo_rectangle(cr, x - arm, y - half, 2 * arm, 2 * half);
    cairo_rectangle(cr, x - half, y - arm, 2 * half, 2 * arm);
    cairo_fill(cr);
    cairo_destroy(cr);
  }
  if (self->words != NULL) {
    cairo_t *cr = frame_paint(frame);
    theme_set_source(cr, &screen->theme.text);
    text_draw(self->words, cr, 0, (frame->height - text_height(self->words)) / 2);
    cairo_destroy(cr);
  }
  if (self->picture != NULL)
    frame_blit(frame, self->picture, (frame->width - self->picture->width) / 2,
               (frame->height - self->picture->height) / 2);
}

static ScreenResult handle(Screen *screen, const Event *event) {
  bool confirms = screen_is_confirm_key(event) || event->kind == EVENT_POINTER_DOWN;
  return ((const StillScreen *)screen)->ends && confirms ? SCREEN_DONE : SCREEN_SAME;
}

static void still_free(Screen *screen) {
  text_free(((StillScreen *)screen)->words);
  g_free(screen);
}

static const ScreenClass still_class = {draw_base, NULL, handle, still_free};

static Screen *still_screen_new(const Theme *theme, bool cross, const Picture *picture) {
  StillScreen *self = g_new0(StillScreen, 1);
  self->base = (Screen){&still_class, *theme, false, false, false};
  self->cross = cross;
  self->picture = picture;
  return &self->base;
}

Screen *still_screen_new_blank(const Theme *theme) { return still_screen_new(theme, false, NULL); }

Screen *still_screen_new_fixation(const Theme *theme, double x, double y) {
  Screen *screen = still_screen_new(theme, true, NULL);
  ((StillScreen *)screen)->cross_x = x;
  ((StillScreen *)screen)->cross_y = y;
  return screen;
}

Screen *still_screen_new_picture(const Theme *theme, const Picture *picture) {
  return still_screen_new(theme, false, picture);
}

Screen *still_screen_new_viewing(const Theme *theme, const Picture *picture) {
  Screen *screen = still_screen_new(theme, false, picture);
  ((StillScreen *)screen)->ends = true;
  return screen;
}

Screen *still_screen_new_words(const Theme *theme, const char *words) {
  Screen *screen = still_screen_new(theme, false, NULL);
  ((StillScreen *)screen)->words =
      text_new(words, 32 * theme->unit * theme->text_size, TEXT_BOLD, theme->width, TEXT_CENTER);
  return screen;
}
