#include "present/choice_screen.h"

#include <math.h>

#include "present/card.h"

#define MARK 56.0 /* units left of an option's text for its ring */
#define ROW_GAP 8.0
#define BUTTON_GAP 22.0

typedef struct {
  Box box;
  Text *text;
} Option;

typedef struct {
  Screen base;
  Card card;
  Option *options;
  char *const *texts; /* of the options, while they are laid out */
  gsize n_options;
  bool required;
  gsize choice; /* 1-based */
  gsize hover;  /* 1-based */
  Box button;
  bool pressed;
} ChoiceScreen;

static bool can_confirm(const ChoiceScreen *self) { return self->choice > 0 || !self->required; }

static void draw_base(Screen *screen, Frame *frame) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  screen_fill(&screen->theme, frame);
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->card, cr, &screen->theme);
  cairo_destroy(cr);
}

static void draw_option(cairo_t *cr, const ChoiceScreen *self, gsize i) {
  const Option *option = &self->options[i];
  const Theme *theme = &self->base.theme;
  double scale = self->card.scale;
  bool chosen = self->choice == i + 1;
  if (chosen || self->hover == i + 1) {
    theme_rounded(cr, &option->box, 10 * scale);
    cairo_set_source_rgba(cr, theme->text.red, theme->text.green, theme->text.blue, chosen ? 0.13 : 0.06);
    cairo_fill(cr);
  }
  double x = option->box.x + MARK / 2 * scale, y = option->box.y + option->box.height / 2;
  theme_set_source(cr, &theme->text);
  cairo_new_sub_path(cr);
  cairo_arc(cr, x, y, 11 * scale, 0, 2 * G_PI);
  cairo_set_line_width(cr, 2.2 * scale);
  cairo_stroke(cr);
  if (chosen) {
    cairo_arc(cr, x, y, 6 * scale, 0, 2 * G_PI);
    cairo_fill(cr);
  }
  text_draw(option->text, cr, option->box.x + MARK * scale, y - text_height(option->text) / 2);
}

static void draw_parts(Screen *screen, Frame *frame) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  for (gsize i = 0; i < self->n_options; i++)
    draw_option(cr, self, i);
  button_draw(cr, &screen->theme, &self->button, can_confirm(self), self->pressed);
  cairo_destroy(cr);
}

static gsize option_at(const ChoiceScreen *self, double x, double y) {
  for (gsize i = 0; i < self->n_options; i++)
    if (box_contains(&self->options[i].box, x, y))
      return i + 1;
  return 0;
}

static ScreenResult handle_key(ChoiceScreen *self, const Event *event) {
  gsize choice = self->choice, n = self->n_options;
  switch (event->key) {
  case KEY_UP:
  case KEY_LEFT:
    choice = choice == 0 ? n : MAX(choice - 1, 1);
    break;
  case KEY_DOWN:
  case KEY_RIGHT:
    choice = MIN(choice + 1, n);
    break;
  case KEY_HOME:
    choice = 1;
    break;
  case KEY_END:
    choice = n;
    break;
  case KEY_CHARACTER:
    if (event->character >= '1' && event->character <= '9' && (gsize)(event->character - '0') <= n)
      choice = (gsize)(event->character - '0');
    break;
  case KEY_ENTER:
  case KEY_SPACE:
    return screen_is_confirm_key(event) && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  default:
    break;
  }
  bool changed = choice != self->choice;
  self->choice = choice;
  return changed ? SCREEN_CHANGED : SCREEN_SAME;
}

static ScreenResult handle(Screen *screen, const Event *event) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  if (event->kind == EVENT_KEY)
    return handle_key(self, event);
  gsize hover = self->hover, choice = self->choice;
  bool pressed = self->pressed;
  bool on_button = box_contains(&self->button, event->x, event->y) && can_confirm(self);
  switch (event->kind) {
  case EVENT_POINTER_MOVE:
    self->hover = option_at(self, event->x, event->y);
    break;
  case EVENT_POINTER_DOWN:
    self->pressed = on_button;
    if (option_at(self, event->x, event->y) > 0)
      self->choice = option_at(self, event->x, event->y);
    break;
  case EVENT_POINTER_UP:
    self->pressed = false;
    if (pressed && on_button)
      return SCREEN_DONE;
    break;
  case EVENT_FOCUS_LOST:
    self->pressed = false;
    break;
  default:
    break;
  }
  return hover != self->hover || choice != self->choice || pressed != self->pressed ? SCREEN_CHANGED : SCREEN_SAME;
}

static void choice_free(Screen *screen) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  for (gsize i = 0; i < self->n_options; i++)
    text_free(self->options[i].text);
  g_free(self->options);
  card_clear(&self->card);
  g_free(self);
}

static const ScreenClass choice_class = {draw_base, draw_parts, handle, choice_free};

/* Lays the options' texts out at `scale` px a unit; returns the height of all rows and the button in px. */
static double lay_out_options(gpointer context, double scale) {
  ChoiceScreen *self = context;
  double width = CARD_CONTENT_UNITS * self->base.theme.unit, height = 0;
  for (gsize i = 0; i < self->n_options; i++) {
    Option *option = &self->options[i];
    text_free(option->text);
    option->text =
        text_new(self->texts[i], THEME_TEXT_UNITS * scale, TEXT_REGULAR, width - (MARK + 16) * scale, TEXT_LEFT);
    option->box.width = width;
    option->box.height = fmax(text_height(option->text) + 18 * scale, 46 * scale);
    height += option->box.height + ROW_GAP * scale;
  }
  return height + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale;
}

Screen *choice_screen_new(const Theme *theme, const char *text, char *const *options, gsize n_options, bool required) {
  ChoiceScreen *self = g_new0(ChoiceScreen, 1);
  self->base = (Screen){&choice_class, *theme, true, false};
  self->options = g_new0(Option, n_options);
  self->n_options = n_options;
  self->required = required;
  self->texts = options;
  self->card = card_new(theme, "", text, lay_out_options, self);
  self->texts = NULL;
  self->base.crowded = self->card.crowded;
  double y = self->card.content_y;
  for (gsize i = 0; i < n_options; i++) {
    self->options[i].box.x = self->card.x;
    self->options[i].box.y = y;
    y += self->options[i].box.height + ROW_GAP * self->card.scale;
  }
  self->button = button_box(theme, self->card.scale, theme->width / 2.0, y + BUTTON_GAP * self->card.scale);
  return &self->base;
}

gsize choice_screen_choice(const Screen *screen) { return ((const ChoiceScreen *)screen)->choice; }

Box choice_screen_option(const Screen *screen, gsize option) {
  return ((const ChoiceScreen *)screen)->options[option].box;
}

Box choice_screen_button(const Screen *screen) { return ((const ChoiceScreen *)screen)->button; }
