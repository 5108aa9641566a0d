#include "present/screens/choice_screen.h"

#include <math.h>

#include "present/draw/card.h"
#include "present/draw/mark_draw.h"
#include "present/screens/button.h"

#define MARK 56.0    /* units left of an option's text for its ring */
#define END_GAP 16.0 /* units at the text's other side */
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
  bool required, multiple;
  bool *chosen; /* (n_options) */
  gsize focus;  /* 1-based, of the arrow keys; 0: none yet */
  gsize hover;  /* 1-based */
  Button button;
} ChoiceScreen;

static gsize first_chosen(const ChoiceScreen *self) {
  for (gsize i = 0; i < self->n_options; i++)
    if (self->chosen[i])
      return i + 1;
  return 0;
}

static bool can_confirm(const ChoiceScreen *self) { return first_chosen(self) > 0 || !self->required; }

/* 1-based. */
static void choose(ChoiceScreen *self, gsize option) {
  for (gsize i = 0; i < self->n_options && !self->multiple; i++)
    self->chosen[i] = false;
  self->chosen[option - 1] = !self->chosen[option - 1];
}

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
  bool chosen = self->chosen[i], rtl = theme->rtl;
  if (chosen || self->hover == i + 1) {
    double share = chosen ? THEME_SHADE : THEME_SLIGHT_SHADE;
    theme_shade(cr, theme, &option->box, 10 * scale, share, scale);
  }
  theme_set_source(cr, &theme->text);
  if (self->multiple && self->focus == i + 1) {
    theme_rounded(cr, &option->box, 10 * scale);
    cairo_set_line_width(cr, 1.5 * scale);
    cairo_stroke(cr);
  }
  double x = option->box.x + (rtl ? option->box.width - MARK / 2 * scale : MARK / 2 * scale);
  double y = option->box.y + option->box.height / 2;
  mark_draw(cr, theme, x, y, scale, chosen, self->multiple);
  text_draw(option->text, cr, option->box.x + (rtl ? END_GAP : MARK) * scale, y - text_height(option->text) / 2);
}

static void draw_parts(Screen *screen, Frame *frame) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  for (gsize i = 0; i < self->n_options; i++)
    draw_option(cr, self, i);
  button_draw(cr, &screen->theme, &self->button.box, can_confirm(self), self->button.pressed);
  cairo_destroy(cr);
}

static gsize option_at(const ChoiceScreen *self, double x, double y) {
  for (gsize i = 0; i < self->n_options; i++)
    if (box_contains(&self->options[i].box, x, y))
      return i + 1;
  return 0;
}

/* An arrow: one option's choice moves with it; among several it only moves the focus. */
static void go_to(ChoiceScreen *self, gsize option) {
  self->focus = option;
  if (!self->multiple && !self->chosen[option - 1])
    choose(self, option);
}

static ScreenResult handle_key(ChoiceScreen *self, const Event *event) {
  gsize n = self->n_options, at = self->multiple ? self->focus : first_chosen(self);
  switch (event->key) {
  case KEY_UP:
  case KEY_LEFT:
    go_to(self, at == 0 ? n : MAX(at - 1, 1));
    return SCREEN_CHANGED;
  case KEY_DOWN:
  case KEY_RIGHT:
    go_to(self, MIN(at + 1, n));
    return SCREEN_CHANGED;
  case KEY_HOME:
    go_to(self, 1);
    return SCREEN_CHANGED;
  case KEY_END:
    go_to(self, n);
    return SCREEN_CHANGED;
  case KEY_CHARACTER:
    if (event->repeat || event->character < '1' || event->character > '9' || (gsize)(event->character - '0') > n)
      return SCREEN_SAME;
    if (self->multiple)
      choose(self, (gsize)(event->character - '0'));
    else
      go_to(self, (gsize)(event->character - '0'));
    return SCREEN_CHANGED;
  case KEY_SPACE:
    if (self->multiple) {
      if (!event->repeat && self->focus > 0)
        choose(self, self->focus);
      return SCREEN_CHANGED;
    }
    return screen_is_confirm_key(event) && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  case KEY_ENTER:
    return screen_is_confirm_key(event) && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  default:
    return SCREEN_SAME;
  }
}

static ScreenResult handle_press(ChoiceScreen *self, const Event *event) {
  gsize option = option_at(self, event->x, event->y);
  if (option == 0)
    return button_handle(&self->button, event, can_confirm(self));
  if (self->multiple || !self->chosen[option - 1])
    choose(self, option);
  return SCREEN_CHANGED;
}

static ScreenResult handle(Screen *screen, const Event *event) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  gsize hover = self->hover;
  switch (event->kind) {
  case EVENT_KEY:
    return handle_key(self, event);
  case EVENT_POINTER_DOWN:
    return handle_press(self, event);
  case EVENT_POINTER_MOVE:
    self->hover = option_at(self, event->x, event->y);
    return hover != self->hover ? SCREEN_CHANGED : SCREEN_SAME;
  default:
    return button_handle(&self->button, event, can_confirm(self));
  }
}

static void choice_free(Screen *screen) {
  ChoiceScreen *self = (ChoiceScreen *)screen;
  for (gsize i = 0; i < self->n_options; i++)
    text_free(self->options[i].text);
  g_free(self->options);
  g_free(self->chosen);
  card_clear(&self->card);
  g_free(self);
}

static const ScreenClass choice_class = {draw_base, draw_parts, handle, choice_free};

/* Lays the options' texts out at `scale` px a unit; returns the height of all rows and the button in px. */
static double lay_out_options(gpointer context, double scale) {
  ChoiceScreen *self = context;
  double width = card_content_width(&self->base.theme, CARD_CONTENT_UNITS), height = 0;
  for (gsize i = 0; i < self->n_options; i++) {
    Option *option = &self->options[i];
    text_free(option->text);
    option->text = text_new(self->texts[i], THEME_TEXT_UNITS * scale, TEXT_REGULAR, width - (MARK + END_GAP) * scale,
                            self->base.theme.rtl ? TEXT_FLUSH_RIGHT : TEXT_FLUSH_LEFT);
    option->box.width = width;
    option->box.height = fmax(text_height(option->text) + 18 * scale, 46 * scale);
    height += option->box.height + ROW_GAP * scale;
  }
  return height + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale;
}

Screen *choice_screen_new_setup(const Theme *theme, const ChoiceSetup *setup) {
  ChoiceScreen *self = g_new0(ChoiceScreen, 1);
  gsize n_options = setup->n_options;
  self->base = (Screen){&choice_class, *theme, true, false, false};
  self->options = g_new0(Option, n_options);
  self->chosen = g_new0(bool, n_options);
  self->n_options = n_options;
  self->required = setup->required;
  self->multiple = setup->multiple;
  self->texts = setup->options;
  self->card = card_new(theme, setup->title, setup->text, lay_out_options, self);
  self->texts = NULL;
  self->base.crowded = self->card.crowded;
  double y = self->card.content_y;
  for (gsize i = 0; i < n_options; i++) {
    self->options[i].box.x = self->card.x;
    self->options[i].box.y = y;
    y += self->options[i].box.height + ROW_GAP * self->card.scale;
  }
  self->button.box = button_box(theme, self->card.scale, theme->width / 2.0, y + BUTTON_GAP * self->card.scale);
  return &self->base;
}

Screen *choice_screen_new(const Theme *theme, const char *text, char *const *options, gsize n_options, bool required) {
  ChoiceSetup setup = {.title = "", .text = text, .options = options, .n_options = n_options, .required = required};
  return choice_screen_new_setup(theme, &setup);
}

bool choice_screen_is_chosen(const Screen *screen, gsize option) {
  return ((const ChoiceScreen *)screen)->chosen[option];
}

gsize choice_screen_choice(const Screen *screen) { return first_chosen((const ChoiceScreen *)screen); }

Box choice_screen_option(const Screen *screen, gsize option) {
  return ((const ChoiceScreen *)screen)->options[option].box;
}

Box choice_screen_button(const Screen *screen) { return ((const ChoiceScreen *)screen)->button.box; }
