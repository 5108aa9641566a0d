#include "present/screens/page_screen.h"

#include "present/draw/card.h"
#include "present/screens/button.h"

typedef struct {
  Screen base;
  Card card;
  Button button;
} PageScreen;

static void draw_base(Screen *screen, Frame *frame) {
  PageScreen *self = (PageScreen *)screen;
  screen_fill(&screen->theme, frame);
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->card, cr, &screen->theme);
  cairo_destroy(cr);
}

static void draw_parts(Screen *screen, Frame *frame) {
  PageScreen *self = (PageScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  button_draw(cr, &screen->theme, &self->button.box, true, self->button.pressed);
  cairo_destroy(cr);
}

static ScreenResult handle(Screen *screen, const Event *event) {
  PageScreen *self = (PageScreen *)screen;
  if (screen_is_confirm_key(event))
    return SCREEN_DONE;
  return button_handle(&self->button, event, true);
}

static void page_free(Screen *screen) {
  card_clear(&((PageScreen *)screen)->card);
  g_free(screen);
}

static const ScreenClass page_class = {draw_base, draw_parts, handle, page_free};

Screen *page_screen_new(const Theme *theme, const char *title, const char *text) {
  PageScreen *self = g_new0(PageScreen, 1);
  self->base = (Screen){&page_class, *theme, true, false, false};
  self->card = card_new(theme, title, text, card_measure_button, NULL);
  self->base.crowded = self->card.crowded;
  double scale = self->card.scale;
  self->button.box = button_box(theme, scale, theme->width / 2.0, self->card.content_y + 14 * scale);
  return &self->base;
}

Box page_screen_button(const Screen *screen) { return ((const PageScreen *)screen)->button.box; }
