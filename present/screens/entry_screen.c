#include "present/screens/entry_screen.h"

#include <math.h>
#include <string.h>

#include "present/draw/card.h"
#include "present/screens/button.h"
#include "stimuli/base/number.h"

#define FIELD_UNITS 24.0 /* size of what is typed */
#define LINE_UNITS 36.0
#define FIELD_PADDING 10.0
#define NUMBER_WIDTH 260.0
#define HINT_UNITS 18.0
#define HINT_GAP 8.0
#define BUTTON_GAP 26.0
#define LONG_LINE 10.0 /* widths of the field, which the most characters of a number never fill */

typedef struct {
  Screen base;
  Card card;
  const ProtocolQuestion *question; /* while the card is laid out */
  GString *typed;
  Text *range;  /* of a number, as far as the protocol has one; NULL: it has none */
  Text *limits; /* of a number, shown once what is typed is beyond them */
  Box field;
  Button button;
  double min, max; /* of a number: never infinite */
  gsize decimals, lines;
  bool number, required;
} EntryScreen;

/* --- What is typed --- */

char *entry_screen_text(const Screen *screen) {
  return g_strstrip(g_strdup(((const EntryScreen *)screen)->typed->str));
}

double entry_screen_number(const Screen *screen) {
  const EntryScreen *self = (const EntryScreen *)screen;
  g_autofree char *text = entry_screen_text(screen);
  const char *point = strchr(text, '.');
  double value = 0;
  bool good = self->number && number_parse_double(text, &value) && value >= self->min && value <= self->max &&
              (point == NULL || strlen(point + 1) <= self->decimals);
  return good ? value : NAN;
}

static bool is_beyond_limits(const EntryScreen *self) {
  g_autofree char *text = entry_screen_text(&self->base);
  double value = 0;
  return self->number && number_parse_double(text, &value) && (value < self->min || value > self->max);
}

static bool can_confirm(const EntryScreen *self) {
  g_autofree char *text = entry_screen_text(&self->base);
  if (*text == '\0')
    return !self->required;
  return !self->number || !isnan(entry_screen_number(&self->base));
}

/* The ASCII form of a character that numbers have; 0 for others. */
static char number_character(gunichar c) {
  int digit = g_unichar_digit_value(c);
  if (digit >= 0)
    return (char)('0' + digit);
  if (c == '.' || c == ',' || c == 0x66b) /* the Arabic decimal separator */
    return '.';
  return c == '-' || c == 0x2212 ? '-' : '\0';
}

static bool add_typed(EntryScreen *self, const char *text) {
  gsize before = self->typed->len;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
    gunichar character = g_utf8_get_char(c);
    bool room = g_utf8_strlen(self->typed->str, -1) < (self->number ? 20 : ENTRY_MAX_CHARACTERS);
    if (!room || g_unichar_iscntrl(character))
      continue;
    char ascii = number_character(character);
    if (!self->number)
      g_string_append_unichar(self->typed, character);
    else if (ascii != '\0')
      g_string_append_c(self->typed, ascii);
  }
  return self->typed->len != before;
}

static bool take_last(EntryScreen *self) {
  if (self->typed->len == 0)
    return false;
  const char *last = g_utf8_find_prev_char(self->typed->str, self->typed->str + self->typed->len);
  g_string_truncate(self->typed, (gsize)(last - self->typed->str));
  return true;
}

/* --- Screen --- */

static void draw_base(Screen *screen, Frame *frame) {
  EntryScreen *self = (EntryScreen *)screen;
  screen_fill(&screen->theme, frame);
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->card, cr, &screen->theme);
  cairo_destroy(cr);
}

/* A number stays on one line, which is wider than the field where it is long. */
static Text *lay_out_typed(const EntryScreen *self, double room) {
  bool right = self->base.theme.rtl && self->typed->len == 0;
  double width = self->number && !right ? LONG_LINE * room : room;
  return text_new(self->typed->str, FIELD_UNITS * self->card.scale, TEXT_REGULAR, width,
                  right ? TEXT_FLUSH_RIGHT : TEXT_START);
}

static void draw_hint(const EntryScreen *self, cairo_t *cr) {
  const Text *hint = is_beyond_limits(self) ? self->limits : self->range;
  if (hint == NULL)
    return;
  theme_set_source(cr, &self->base.theme.muted);
  text_draw(hint, cr, self->card.x, self->field.y + self->field.height + HINT_GAP * self->card.scale);
}

static void draw_typed(const EntryScreen *self, cairo_t *cr) {
  double scale = self->card.scale, padding = FIELD_PADDING * scale, width = self->field.width - 2 * padding;
  g_autoptr(Text) text = lay_out_typed(self, width);
  TextCaret caret = text_end(text);
  double room = self->field.height - padding, top = self->field.y + padding / 2;
  double x = self->field.x + padding - (self->number ? fmax(caret.x - width, 0) : 0); /* its end is seen */
  double y = top + fmin(self->lines == 1 ? (room - text_height(text)) / 2 : 0, room - text_height(text));
  cairo_rectangle(cr, self->field.x + padding / 2, self->field.y, self->field.width - padding, self->field.height);
  cairo_clip(cr);
  text_draw(text, cr, x, y);
  cairo_rectangle(cr, x + caret.x - scale, y + caret.y, 2 * scale, caret.height);
  cairo_fill(cr);
  cairo_reset_clip(cr);
}

static void draw_parts(Screen *screen, Frame *frame) {
  EntryScreen *self = (EntryScreen *)screen;
  const Theme *theme = &screen->theme;
  double scale = self->card.scale;
  cairo_t *cr = frame_paint(frame);
  theme_shade(cr, theme, &self->field, 8 * scale, THEME_SLIGHT_SHADE, scale);
  theme_rounded(cr, &self->field, 8 * scale);
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, (theme->strong ? 3 : 2) * scale);
  cairo_stroke(cr);
  draw_typed(self, cr);
  draw_hint(self, cr);
  button_draw(cr, theme, &self->button.box, can_confirm(self), self->button.pressed);
  cairo_destroy(cr);
}

static ScreenResult handle(Screen *screen, const Event *event) {
  EntryScreen *self = (EntryScreen *)screen;
  switch (event->kind) {
  case EVENT_TEXT:
    return add_typed(self, event->text) ? SCREEN_CHANGED : SCREEN_SAME;
  case EVENT_KEY:
    if (event->key == KEY_BACKSPACE)
      return take_last(self) ? SCREEN_CHANGED : SCREEN_SAME;
    return event->key == KEY_ENTER && !event->repeat && can_confirm(self) ? SCREEN_DONE : SCREEN_SAME;
  default:
    return button_handle(&self->button, event, can_confirm(self));
  }
}

static void entry_free(Screen *screen) {
  EntryScreen *self = (EntryScreen *)screen;
  g_string_free(self->typed, TRUE);
  text_free(self->range);
  text_free(self->limits);
  card_clear(&self->card);
  g_free(self);
}

static const ScreenClass entry_class = {draw_base, draw_parts, handle, entry_free};

/* Where a bound is infinite there is none to tell; NULL for neither. */
static char *range_text(double min, double max) {
  char low[NUMBER_SIZE], high[NUMBER_SIZE];
  number_format(min, low);
  number_format(max, high);
  if (isfinite(min) && isfinite(max))
    return g_strdup_printf("\xe2\x80\x8e%s \xe2\x80\x93 %s", low, high); /* a left-to-right mark: numbers run so */
  if (isfinite(min))
    return g_strdup_printf("\xe2\x80\x8e\xe2\x89\xa5 %s", low);
  return isfinite(max) ? g_strdup_printf("\xe2\x80\x8e\xe2\x89\xa4 %s", high) : NULL;
}

static double field_height(const EntryScreen *self, double scale) {
  return ((double)self->lines * LINE_UNITS + 2 * FIELD_PADDING) * scale;
}

static Text *hint_new(const EntryScreen *self, double min, double max, double scale) {
  g_autofree char *range = range_text(min, max);
  if (range == NULL)
    return NULL;
  return text_new(range, HINT_UNITS * scale, TEXT_REGULAR, card_content_width(&self->base.theme, CARD_CONTENT_UNITS),
                  self->base.theme.rtl ? TEXT_FLUSH_RIGHT : TEXT_FLUSH_LEFT);
}

static double hint_height(const EntryScreen *self, double scale) {
  return self->limits != NULL ? text_height(self->limits) + HINT_GAP * scale : 0;
}

static double lay_out(gpointer context, double scale) {
  EntryScreen *self = context;
  g_clear_pointer(&self->range, text_free);
  g_clear_pointer(&self->limits, text_free);
  if (self->number) {
    self->range = hint_new(self, self->question->scale.min, self->question->scale.max, scale);
    self->limits = hint_new(self, self->min, self->max, scale);
  }
  return field_height(self, scale) + hint_height(self, scale) + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale;
}

Screen *entry_screen_new(const Theme *theme, const ProtocolQuestion *question) {
  EntryScreen *self = g_new0(EntryScreen, 1);
  self->base = (Screen){&entry_class, *theme, true, false, true};
  self->typed = g_string_new(NULL);
  self->number = question->kind == QUESTION_NUMBER;
  self->required = question->required;
  self->min = fmax(question->scale.min, -PROTOCOL_NUMBER_MOST);
  self->max = fmin(question->scale.max, PROTOCOL_NUMBER_MOST);
  self->decimals = question->decimals;
  self->lines = self->number ? 1 : question->lines;
  self->question = question;
  self->card = card_new(theme, "", question->text, lay_out, self);
  self->question = NULL;
  self->base.crowded = self->card.crowded;
  double scale = self->card.scale, width = self->number ? NUMBER_WIDTH * scale : self->card.width;
  double x = theme->rtl ? self->card.x + self->card.width - width : self->card.x;
  self->field = (Box){round(x), round(self->card.content_y), round(width), round(field_height(self, scale))};
  self->button.box =
      button_box(theme, scale, theme->width / 2.0,
                 self->card.content_y + self->field.height + hint_height(self, scale) + BUTTON_GAP * scale);
  return &self->base;
}

Box entry_screen_button(const Screen *screen) { return ((const EntryScreen *)screen)->button.box; }

Box entry_screen_field(const Screen *screen) { return ((const EntryScreen *)screen)->field; }
