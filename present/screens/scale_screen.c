#include "present/screens/scale_screen.h"

#include <math.h>

#include "present/draw/card.h"
#include "present/draw/slider_draw.h"
#include "present/screens/button.h"

#define TRACK_WIDTH 700.0
#define TRACK_HEIGHT 10.0
#define THUMB_WIDTH 16.0
#define THUMB_HEIGHT 34.0
#define LABEL_UNITS 20.0
#define LABEL_GAP 10.0
#define ABOVE 12.0
#define BUTTON_GAP 28.0

typedef struct {
  Screen base;
  Card card;
  Slider slider;
  double min, max;
  bool required;
  Text *left, *right; /* NULL: none */
  double labels_y;
  Button button;
  bool focus_visible;
  const ProtocolQuestion *question; /* while it is laid out */
} ScaleScreen;

static bool can_confirm(const ScaleScreen *self) { return self->slider.touched || !self->required; }

static void draw_base(Screen *screen, Frame *frame) {
  ScaleScreen *self = (ScaleScreen *)screen;
  const Box *track = &self->slider.track;
  screen_fill(&screen->theme, frame);
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->card, cr, &screen->theme);
  double half = track->width / 2;
  if (self->left != NULL)
    text_draw(self->left, cr, track->x, self->labels_y);
  if (self->right != NULL)
    text_draw(self->right, cr, track->x + half, self->labels_y);
  cairo_destroy(cr);
}

static void draw_parts(Screen *screen, Frame *frame) {
  ScaleScreen *self = (ScaleScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  slider_draw(cr, &screen->theme, self->card.scale, &self->slider, self->focus_visible);
  button_draw(cr, &screen->theme, &self->button.box, can_confirm(self), self->button.pressed);
  cairo_destroy(cr);
}

static ScreenResult handle_key(ScaleScreen *self, const Event *event) {
  if (event->key == KEY_TAB) {
    self->focus_visible = true;
    return SCREEN_CHANGED;
  }
  if (event->key == KEY_ENTER || event->key == KEY_SPACE)
    return screen_is_confirm_key(event) && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  if (!slider_key(&self->slider, event))
    return SCREEN_SAME;
  self->focus_visible = true;
  return SCREEN_CHANGED;
}

static ScreenResult handle(Screen *screen, const Event *event) {
  ScaleScreen *self = (ScaleScreen *)screen;
  double before = self->slider.position;
  switch (event->kind) {
  case EVENT_KEY:
    return handle_key(self, event);
  case EVENT_POINTER_DOWN:
    if (slider_hit(&self->slider, event->x, event->y)) {
      slider_press(&self->slider, event->x);
      self->focus_visible = false;
      return SCREEN_CHANGED;
    }
    return button_handle(&self->button, event, can_confirm(self));
  case EVENT_POINTER_MOVE:
    if (self->slider.dragging)
      slider_drag(&self->slider, event->x);
    return self->slider.dragging && self->slider.position != before ? SCREEN_CHANGED : SCREEN_SAME;
  case EVENT_POINTER_UP:
  case EVENT_FOCUS_LOST:
    slider_release(&self->slider);
    return button_handle(&self->button, event, can_confirm(self));
  default:
    return SCREEN_SAME;
  }
}

static void scale_free(Screen *screen) {
  ScaleScreen *self = (ScaleScreen *)screen;
  text_free(self->left);
  text_free(self->right);
  card_clear(&self->card);
  g_free(self);
}

static const ScreenClass scale_class = {draw_base, draw_parts, handle, scale_free};

static double track_width(const Theme *theme, double scale) {
  return round(fmin(TRACK_WIDTH * scale, card_content_width(theme, CARD_CONTENT_UNITS) - 2 * THUMB_WIDTH * scale));
}

static Text *lay_out_label(const char *text, const Theme *theme, double scale, TextAlign align) {
  double width = track_width(theme, scale) / 2 - 8 * scale;
  return *text == '\0' ? NULL : text_new(text, LABEL_UNITS * scale, TEXT_REGULAR, width, align);
}

/* The labels' own y counts from the content's top until the card is placed. */
static double lay_out(gpointer context, double scale) {
  ScaleScreen *self = context;
  const ProtocolScale *ends = &self->question->scale;
  g_clear_pointer(&self->left, text_free);
  g_clear_pointer(&self->right, text_free);
  const Theme *theme = &self->base.theme;
  self->left = lay_out_label(self->slider.mirrored ? ends->right : ends->left, theme, scale, TEXT_FLUSH_LEFT);
  self->right = lay_out_label(self->slider.mirrored ? ends->left : ends->right, theme, scale, TEXT_FLUSH_RIGHT);
  double labels =
      fmax(self->left != NULL ? text_height(self->left) : 0, self->right != NULL ? text_height(self->right) : 0);
  self->labels_y = (ABOVE + THUMB_HEIGHT + LABEL_GAP) * scale;
  return self->labels_y + labels + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale;
}

Screen *scale_screen_new(const Theme *theme, const ProtocolQuestion *question, double start, bool mirrored) {
  ScaleScreen *self = g_new0(ScaleScreen, 1);
  self->base = (Screen){&scale_class, *theme, true, false, false};
  self->min = question->scale.min;
  self->max = question->scale.max;
  self->slider.mirrored = mirrored;
  self->required = question->required;
  self->question = question;
  self->card = card_new(theme, "", question->text, lay_out, self);
  self->question = NULL;
  self->base.crowded = self->card.crowded;
  double scale = self->card.scale, top = self->card.content_y, width = track_width(theme, scale);
  double height = round(TRACK_HEIGHT * scale);
  self->slider.track = (Box){round((theme->width - width) / 2),
                             round(top + (ABOVE + THUMB_HEIGHT / 2) * scale - height / 2), width, height};
  self->slider.thumb_width = THUMB_WIDTH * scale;
  self->slider.thumb_height = THUMB_HEIGHT * scale;
  slider_place(&self->slider, start, self->min, self->max);
  self->labels_y += top;
  double labels =
      fmax(self->left != NULL ? text_height(self->left) : 0, self->right != NULL ? text_height(self->right) : 0);
  self->button.box = button_box(theme, scale, theme->width / 2.0, self->labels_y + labels + BUTTON_GAP * scale);
  return &self->base;
}

double scale_screen_value(const Screen *screen) {
  const ScaleScreen *self = (const ScaleScreen *)screen;
  return self->slider.touched ? slider_value(&self->slider, self->min, self->max) : NAN;
}

const Slider *scale_screen_slider(const Screen *screen) { return &((const ScaleScreen *)screen)->slider; }

Box scale_screen_button(const Screen *screen) { return ((const ScaleScreen *)screen)->button.box; }
