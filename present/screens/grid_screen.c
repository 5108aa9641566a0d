#include "present/screens/grid_screen.h"

#include <math.h>

#include "present/draw/card.h"
#include "present/draw/mark_draw.h"
#include "present/screens/button.h"

#define ITEM_SHARE 0.40 /* of the width, for the items' texts; more columns take some of it */
#define LEAST_ITEM_SHARE 0.28
#define COLUMN_UNITS 100.0 /* wanted for an option */
#define ITEM_UNITS 19.0    /* size of the texts */
#define HEADER_UNITS 16.0
#define HEADER_GAP 6.0 /* between neighbours */
#define ROW_PADDING 14.0
#define LEAST_ROW 32.0
#define EDGE 12.0
#define BUTTON_GAP 22.0

typedef struct {
  Text *text;
  double y, height;
  gsize choice; /* 1-based */
} Row;

typedef struct {
  Screen base;
  Card card;
  Row *rows;
  Text **headers;
  gsize n_rows, n_options;
  double item_width, column_width, header_height; /* px */
  bool required;
  gsize focus; /* 1-based; 0: none yet */
  Button button;
  const ProtocolQuestion *question; /* while it is laid out */
} GridScreen;

static bool can_confirm(const GridScreen *self) {
  for (gsize i = 0; i < self->n_rows && self->required; i++)
    if (self->rows[i].choice == 0)
      return false;
  return true;
}

static double column_x(const GridScreen *self, gsize option) {
  double across = (double)option * self->column_width;
  return self->base.theme.rtl ? self->card.x + self->card.width - self->item_width - across - self->column_width
                              : self->card.x + self->item_width + across;
}

static Box cell(const GridScreen *self, gsize item, gsize option) {
  const Row *row = &self->rows[item];
  return (Box){column_x(self, option), row->y, self->column_width, row->height};
}

static double item_x(const GridScreen *self) {
  double edge = EDGE * self->card.scale;
  return self->base.theme.rtl ? self->card.x + self->card.width - self->item_width + edge : self->card.x + edge;
}

static void draw_base(Screen *screen, Frame *frame) {
  GridScreen *self = (GridScreen *)screen;
  const Theme *theme = &screen->theme;
  screen_fill(theme, frame);
  cairo_t *cr = frame_paint(frame);
  card_draw(&self->card, cr, theme);
  for (gsize i = 0; i < self->n_options; i++)
    text_draw(self->headers[i], cr, column_x(self, i) + HEADER_GAP / 2 * self->card.scale,
              self->card.content_y + self->header_height - text_height(self->headers[i]));
  for (gsize i = 0; i < self->n_rows; i++) {
    const Row *row = &self->rows[i];
    if (i % 2 == 0) {
      Box box = {self->card.x, row->y, self->card.width, row->height};
      theme_shade(cr, theme, &box, 0, THEME_SLIGHT_SHADE, self->card.scale);
    }
    theme_set_source(cr, &theme->text);
    text_draw(row->text, cr, item_x(self), row->y + (row->height - text_height(row->text)) / 2);
  }
  cairo_destroy(cr);
}

static void draw_parts(Screen *screen, Frame *frame) {
  GridScreen *self = (GridScreen *)screen;
  cairo_t *cr = frame_paint(frame);
  for (gsize i = 0; i < self->n_rows; i++)
    for (gsize option = 0; option < self->n_options; option++) {
      Box box = cell(self, i, option);
      mark_draw(cr, &screen->theme, box.x + box.width / 2, box.y + box.height / 2, self->card.scale,
                self->rows[i].choice == option + 1, false);
    }
  if (self->focus > 0) {
    const Row *row = &self->rows[self->focus - 1];
    Box ring = {self->card.x, row->y + 1, self->card.width, row->height - 2};
    theme_rounded(cr, &ring, 8 * self->card.scale);
    theme_set_source(cr, &screen->theme.text);
    cairo_set_line_width(cr, 2 * self->card.scale);
    cairo_stroke(cr);
  }
  button_draw(cr, &screen->theme, &self->button.box, can_confirm(self), self->button.pressed);
  cairo_destroy(cr);
}

/* Left or right: by -1 or 1 on the screen. */
static void move_choice(GridScreen *self, int by) {
  self->focus = MAX(self->focus, 1);
  Row *row = &self->rows[self->focus - 1];
  int step = self->base.theme.rtl ? -by : by, n = (int)self->n_options;
  int choice = row->choice == 0 ? (step > 0 ? 1 : n) : CLAMP((int)row->choice + step, 1, n);
  row->choice = (gsize)choice;
}

/* Or goes to the first item that lacks an answer. */
static ScreenResult confirm(GridScreen *self) {
  if (can_confirm(self))
    return SCREEN_DONE;
  gsize item = 0;
  while (self->rows[item].choice != 0)
    item++;
  self->focus = item + 1;
  return SCREEN_CHANGED;
}

static ScreenResult handle_key(GridScreen *self, const Event *event) {
  switch (event->key) {
  case KEY_UP:
    self->focus = self->focus == 0 ? self->n_rows : MAX(self->focus - 1, 1);
    return SCREEN_CHANGED;
  case KEY_DOWN:
    self->focus = MIN(self->focus + 1, self->n_rows);
    return SCREEN_CHANGED;
  case KEY_TAB:
    self->focus = event->shift ? (self->focus <= 1 ? self->n_rows : self->focus - 1) : self->focus % self->n_rows + 1;
    return SCREEN_CHANGED;
  case KEY_LEFT:
    move_choice(self, -1);
    return SCREEN_CHANGED;
  case KEY_RIGHT:
    move_choice(self, 1);
    return SCREEN_CHANGED;
  case KEY_CHARACTER:
    if (event->repeat || event->character < '1' || event->character > '9' ||
        (gsize)(event->character - '0') > self->n_options)
      return SCREEN_SAME;
    self->focus = MAX(self->focus, 1);
    self->rows[self->focus - 1].choice = (gsize)(event->character - '0');
    self->focus = MIN(self->focus + 1, self->n_rows);
    return SCREEN_CHANGED;
  default:
    return screen_is_confirm_key(event) ? confirm(self) : SCREEN_SAME;
  }
}

static ScreenResult handle_press(GridScreen *self, const Event *event) {
  for (gsize i = 0; i < self->n_rows; i++)
    for (gsize option = 0; option < self->n_options; option++) {
      Box box = cell(self, i, option);
      if (box_contains(&box, event->x, event->y)) {
        self->rows[i].choice = option + 1;
        self->focus = 0;
        return SCREEN_CHANGED;
      }
    }
  return button_handle(&self->button, event, can_confirm(self));
}

static ScreenResult handle(Screen *screen, const Event *event) {
  GridScreen *self = (GridScreen *)screen;
  switch (event->kind) {
  case EVENT_KEY:
    return handle_key(self, event);
  case EVENT_POINTER_DOWN:
    return handle_press(self, event);
  case EVENT_POINTER_UP:
  case EVENT_FOCUS_LOST:
    return button_handle(&self->button, event, can_confirm(self));
  default:
    return SCREEN_SAME;
  }
}

static void clear_texts(GridScreen *self) {
  for (gsize i = 0; i < self->n_options; i++)
    g_clear_pointer(&self->headers[i], text_free);
  for (gsize i = 0; i < self->n_rows; i++)
    g_clear_pointer(&self->rows[i].text, text_free);
}

static void grid_free(Screen *screen) {
  GridScreen *self = (GridScreen *)screen;
  clear_texts(self);
  card_clear(&self->card);
  g_free(self->headers);
  g_free(self->rows);
  g_free(self);
}

static const ScreenClass grid_class = {draw_base, draw_parts, handle, grid_free};

static bool breaks_words(const GridScreen *self) {
  for (gsize i = 0; i < self->n_options; i++)
    if (text_breaks_word(self->headers[i]))
      return true;
  for (gsize i = 0; i < self->n_rows; i++)
    if (text_breaks_word(self->rows[i].text))
      return true;
  return false;
}

/* A row's y counts from the content's top until the card is placed. */
static double lay_out(gpointer context, double scale) {
  GridScreen *self = context;
  const Theme *theme = &self->base.theme;
  double width = card_content_width(theme, CARD_WIDEST_UNITS), least = theme_least_units(theme) * theme->unit, y = 0;
  double columns = (double)self->n_options * COLUMN_UNITS * theme->unit;
  self->item_width = fmin(fmax(width - columns, width * LEAST_ITEM_SHARE), width * ITEM_SHARE);
  self->column_width = (width - self->item_width) / (double)self->n_options;
  self->header_height = 0;
  clear_texts(self);
  for (gsize i = 0; i < self->n_options; i++) {
    self->headers[i] = text_new(self->question->options[i], fmax(HEADER_UNITS * scale, least), TEXT_REGULAR,
                                self->column_width - HEADER_GAP * scale, TEXT_CENTER);
    self->header_height = fmax(self->header_height, text_height(self->headers[i]));
  }
  y = self->header_height + 8 * scale;
  for (gsize i = 0; i < self->n_rows; i++) {
    Row *row = &self->rows[i];
    row->text = text_new(self->question->items[i], fmax(ITEM_UNITS * scale, least), TEXT_REGULAR,
                         self->item_width - 2 * EDGE * scale, theme->rtl ? TEXT_FLUSH_RIGHT : TEXT_FLUSH_LEFT);
    row->y = y;
    row->height = fmax(text_height(row->text) + ROW_PADDING * scale, LEAST_ROW * scale);
    y += row->height;
  }
  /* Too high while a line ends within a word: the card then tries a smaller size, down to the smallest. */
  bool smallest = THEME_TEXT_UNITS * scale < 1.001 * least;
  return y + (BUTTON_GAP + THEME_BUTTON_UNITS) * scale + (!smallest && breaks_words(self) ? theme->height : 0);
}

Screen *grid_screen_new(const Theme *theme, const ProtocolQuestion *question) {
  GridScreen *self = g_new0(GridScreen, 1);
  self->base = (Screen){&grid_class, *theme, true, false, false};
  self->n_rows = question->n_items;
  self->n_options = question->n_options;
  self->rows = g_new0(Row, self->n_rows);
  self->headers = g_new0(Text *, self->n_options);
  self->required = question->required;
  self->question = question;
  self->card = card_new_wide(theme, CARD_WIDEST_UNITS, "", question->text, lay_out, self);
  self->question = NULL;
  self->base.crowded = self->card.crowded;
  const Row *last = &self->rows[self->n_rows - 1];
  double below = last->y + last->height + BUTTON_GAP * self->card.scale;
  self->button.box = button_box(theme, self->card.scale, theme->width / 2.0, self->card.content_y + below);
  for (gsize i = 0; i < self->n_rows; i++)
    self->rows[i].y += self->card.content_y;
  return &self->base;
}

gsize grid_screen_choice(const Screen *screen, gsize item) { return ((const GridScreen *)screen)->rows[item].choice; }

Box grid_screen_cell(const Screen *screen, gsize item, gsize option) {
  return cell((const GridScreen *)screen, item, option);
}

Box grid_screen_button(const Screen *screen) { return ((const GridScreen *)screen)->button.box; }
