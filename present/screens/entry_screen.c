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

typedef struct {
  Screen base;
  Card card;
  GString *typed;
  Text *hint; /* the range of a number; NULL: none */
  Box field;
  Button button;
  double min, max;
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
  if (self->hint != NULL) {
    theme_set_source(cr, &screen->theme.muted);
    text_draw(self->hint, cr, self->card.x, self->field.y + self->field.height + HINT_GAP * self->card.scale);
  }
  cairo_destroy(cr);
}

static Text *lay_out_typed(const EntryScreen *self) {
  double scale = self->card.scale;
  return text_new(self->typed->str, FIELD_UNITS * scale, TEXT_REGULAR, self->field.width - 2 * FIELD_PADDING * scale,
                  self->base.theme.rtl && self->typed->len == 0 ? TEXT_FLUSH_RIGHT : TEXT_START);
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
  g_autoptr(Text) text = lay_out_typed(self);
  double x = self->field.x + FIELD_PADDING * scale, room = self->field.height - FIELD_PADDING * scale;
  double top = self->field.y + FIELD_PADDING / 2 * scale;
  double y = top + fmin(self->lines == 1 ? (room - text_height(text)) / 2 : 0, room - text_height(text));
  cairo_rectangle(cr, self->field.x, self->field.y, self->field.width, self->field.height);
  cairo_clip(cr);
  text_draw(text, cr, x, y);
  TextCaret caret = text_end(text);
  cairo_rectangle(cr, x + caret.x - scale, y + caret.y, 2 * scale, caret.height);
  cairo_fill(cr);
  cairo_reset_clip(cr);
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
  text_free(self->hint);
  card_clear(&self->card);
  g_free(self);
}

static const ScreenClass entry_class = {draw_base, draw_parts, handle, entry_free};

static char *range_text(const EntryScreen *self) {
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(low, sizeof low, "%.10g", self->min);
  g_ascii_formatd(high, sizeof high, "%.10g", self->max);
  if (isfinite(self->min) && isfinite(self->max))
    return g_strdup_printf("\xe2\x80\x8e%s \xe2\x80\x93 %s", low, high); /* a left-to-right mark: numbers run so */
  if (isfinite(self->min))
    return g_strdup_printf("\xe2\x80\x8e\xe2\x89\xa5 %s", low);
  return isfinite(self->max) ? g_strdup_printf("\xe2\x80\x8e\xe2\x89\xa4 %s", high) : NULL;
}

static double field_height(const EntryScreen *self, double scale) {
  return ((double)self->lines * LINE_UNITS + 2 * FIELD_PADDING) * scale;
}

static double lay_out(gpointer context, double scale) {
  EntryScreen *self = context;
  g_autofree char *range = self->number ? range_text(self) : NULL;
  g_clear_pointer(&self->hint, text_free);
  if (range != NULL)
    self->hint =
        text_new(range, HINT_UNITS * scale, TEXT_REGULAR, card_content_width(&self->base.theme, CARD_CONTENT_UNITS),
                 self->base.theme.rtl ? TEXT_FLUSH_RIGHT : TEXT_FLUSH_LEFT);
  double hint = self->hint != NULL ? text_height(self->hint) + HINT_GAP * scale : 0;
  return field_height(self, scale) + hint + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale;
}

Screen *entry_screen_new(const Theme *theme, const ProtocolQuestion *question) {
  EntryScreen *self = g_new0(EntryScreen, 1);
  self->base = (Screen){&entry_class, *theme, true, false, true};
  self->typed = g_string_new(NULL);
  self->number = question->kind == QUESTION_NUMBER;
  self->required = question->required;
  self->min = question->scale.min;
  self->max = question->scale.max;
  self->decimals = question->decimals;
  self->lines = self->number ? 1 : question->lines;
  self->card = card_new(theme, "", question->text, lay_out, self);
  self->base.crowded = self->card.crowded;
  double scale = self->card.scale, width = self->number ? NUMBER_WIDTH * scale : self->card.width;
  double x = theme->rtl ? self->card.x + self->card.width - width : self->card.x;
  self->field = (Box){round(x), round(self->card.content_y), round(width), round(field_height(self, scale))};
  double hint = self->hint != NULL ? text_height(self->hint) + HINT_GAP * scale : 0;
  self->button.box = button_box(theme, scale, theme->width / 2.0,
                                self->card.content_y + self->field.height + hint + BUTTON_GAP * scale);
  return &self->base;
}

Box entry_screen_button(const Screen *screen) { return ((const EntryScreen *)screen)->button.box; }
