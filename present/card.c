#include "present/card.h"

#include <math.h>

#define PADDING 52.0
#define GAP 26.0
#define MARGIN 28.0 /* to the frame's edge */
#define SMALLEST 0.25

static Text *lay_out(const char *text, double size, TextWeight weight, double width) {
  return text[0] == '\0' ? NULL : text_new(text, size, weight, width, TEXT_LEFT);
}

Card card_new(const Theme *theme, const char *title, const char *text, double content_units) {
  Card card = {.width = CARD_CONTENT_UNITS * theme->unit};
  card.x = (theme->width - card.width) / 2;
  double height = 0;
  for (double share = 1;; share -= 0.05) {
    card.scale = theme->unit * share;
    card.title = lay_out(title, 32 * card.scale, TEXT_BOLD, card.width);
    card.text = lay_out(text, THEME_TEXT_UNITS * card.scale, TEXT_REGULAR, card.width);
    double y = PADDING * card.scale;
    card.title_y = y;
    if (card.title != NULL)
      y += text_height(card.title) + GAP * card.scale;
    card.text_y = y;
    if (card.text != NULL)
      y += text_height(card.text) + GAP * card.scale;
    card.content_y = y;
    height = y + (content_units + PADDING - (content_units > 0 ? 0 : GAP)) * card.scale;
    if (height <= theme->height - 2 * MARGIN * theme->unit || share <= SMALLEST)
      break;
    card_clear(&card);
  }
  double top = round(fmax((theme->height - height) / 2, 0));
  double padding = PADDING * theme->unit;
  card.box = (Box){round(card.x - padding), top, round(card.width + 2 * padding), round(height)};
  card.title_y += top;
  card.text_y += top;
  card.content_y += top;
  return card;
}

void card_clear(Card *card) {
  g_clear_pointer(&card->title, text_free);
  g_clear_pointer(&card->text, text_free);
}

void card_draw(const Card *card, cairo_t *cr, const Theme *theme) {
  theme_rounded(cr, &card->box, 18 * theme->unit);
  theme_set_source(cr, &theme->card);
  cairo_fill(cr);
  theme_set_source(cr, &theme->text);
  if (card->title != NULL)
    text_draw(card->title, cr, card->x, card->title_y);
  if (card->text != NULL)
    text_draw(card->text, cr, card->x, card->text_y);
}
