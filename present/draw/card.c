#include "present/draw/card.h"

#include <math.h>

#define PADDING 52.0
#define GAP 26.0
#define MARGIN 28.0 /* to the frame's edge */
#define OUTLINE 3.0 /* where the contrast is high */

static Text *lay_out(const char *text, double size, TextWeight weight, double width) {
  return text[0] == '\0' ? NULL : text_new(text, size, weight, width, TEXT_START);
}

Card card_new(const Theme *theme, const char *title, const char *text, CardMeasure measure, gpointer context) {
  return card_new_wide(theme, CARD_CONTENT_UNITS, title, text, measure, context);
}

double card_content_width(const Theme *theme, double width_units) {
  return fmin(width_units * fmax(theme->text_size, 1), CARD_WIDEST_UNITS) * theme->unit;
}

Card card_new_wide(const Theme *theme, double width_units, const char *title, const char *text, CardMeasure measure,
                   gpointer context) {
  Card card = {.width = card_content_width(theme, width_units)};
  card.x = (theme->width - card.width) / 2;
  double height = 0, room = theme->height - 2 * MARGIN * theme->unit;
  double smallest = theme_least_units(theme) / THEME_TEXT_UNITS;
  for (double share = fmax(theme->text_size, smallest);; share = fmax(share - 0.05, smallest)) {
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
    double content = measure != NULL ? measure(context, card.scale) : 0;
    height = y + content + (PADDING - (content > 0 ? 0 : GAP)) * card.scale;
    card.crowded = height > room;
    if (!card.crowded || share <= smallest)
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

double card_measure_button(gpointer context G_GNUC_UNUSED, double scale) { return (THEME_BUTTON_UNITS + 14) * scale; }

void card_clear(Card *card) {
  g_clear_pointer(&card->title, text_free);
  g_clear_pointer(&card->text, text_free);
}

void card_draw(const Card *card, cairo_t *cr, const Theme *theme) {
  theme_rounded(cr, &card->box, 18 * theme->unit);
  theme_set_source(cr, &theme->card);
  cairo_fill_preserve(cr);
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, OUTLINE * theme->unit);
  if (theme->strong)
    cairo_stroke(cr);
  cairo_new_path(cr);
  if (card->title != NULL)
    text_draw(card->title, cr, card->x, card->title_y);
  if (card->text != NULL)
    text_draw(card->text, cr, card->x, card->text_y);
}
