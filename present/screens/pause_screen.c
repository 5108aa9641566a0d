#include "present/screens/pause_screen.h"

#include "present/draw/card.h"
#include "present/screens/button.h"

typedef struct {
  Screen base;
  Card cards[2]; /* paused; asking whether to end */
  Button button;
  bool asking, quits;
} PauseScreen;

static void draw_base(Screen *screen, Frame *frame) { screen_fill(&screen->theme, frame); }

static void draw_parts(Screen *screen, Frame *frame) {
  PauseScreen *self = (PauseScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->cards[self->asking], cr, &screen->theme);
  if (!self->asking)
    button_draw(cr, &screen->theme, &self->button.box, true, self->button.pressed);
  cairo_destroy(cr);
}

static ScreenResult handle_key(PauseScreen *self, const Event *event) {
  if (event->repeat)
    return SCREEN_SAME;
  char character = event->key == KEY_CHARACTER ? event->character : '\0';
  if (self->asking) {
    self->asking = false;
    self->quits = character == 'y';
    return self->quits ? SCREEN_DONE : SCREEN_CHANGED;
  }
  if (character == 'q') {
    self->asking = true;
    return SCREEN_CHANGED;
  }
  return event->key == KEY_ENTER || event->key == KEY_ESCAPE || character == 'c' ? SCREEN_DONE : SCREEN_SAME;
}

static ScreenResult handle(Screen *screen, const Event *event) {
  PauseScreen *self = (PauseScreen *)screen;
  if (event->kind == EVENT_KEY)
    return handle_key(self, event);
  return button_handle(&self->button, event, !self->asking);
}

static void pause_free(Screen *screen) {
  PauseScreen *self = (PauseScreen *)screen;
  card_clear(&self->cards[0]);
  card_clear(&self->cards[1]);
  g_free(self);
}

static const ScreenClass pause_class = {draw_base, draw_parts, handle, pause_free};

Screen *pause_screen_new(const Theme *theme) {
  PauseScreen *self = g_new0(PauseScreen, 1);
  self->base = (Screen){&pause_class, *theme, true, false, false};
  self->cards[0] = card_new(theme, theme_phrase(theme, PHRASE_PAUSED), theme_phrase(theme, PHRASE_PAUSED_HELP),
                            card_measure_button, NULL);
  self->cards[1] = card_new(theme, theme_phrase(theme, PHRASE_QUIT), theme_phrase(theme, PHRASE_QUIT_HELP), NULL, NULL);
  self->base.crowded = self->cards[0].crowded || self->cards[1].crowded;
  double scale = self->cards[0].scale;
  self->button.box = button_box(theme, scale, theme->width / 2.0, self->cards[0].content_y + 14 * scale);
  return &self->base;
}

Screen *pause_screen_new_because(const Theme *theme, const char *reason) {
  PauseScreen *self = (PauseScreen *)pause_screen_new(theme);
  g_autofree char *text = g_strdup_printf("%s\n\n%s", reason, theme_phrase(theme, PHRASE_PAUSED_HELP));
  card_clear(&self->cards[0]);
  self->cards[0] = card_new(theme, theme_phrase(theme, PHRASE_PAUSED), text, card_measure_button, NULL);
  self->base.crowded = self->base.crowded || self->cards[0].crowded;
  double scale = self->cards[0].scale;
  self->button.box = button_box(theme, scale, theme->width / 2.0, self->cards[0].content_y + 14 * scale);
  return &self->base;
}

bool pause_screen_quits(const Screen *screen) { return ((const PauseScreen *)screen)->quits; }

Box pause_screen_button(const Screen *screen) { return ((const PauseScreen *)screen)->button.box; }
