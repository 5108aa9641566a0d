/* The light panel that carries a title, a text and whatever a screen puts beneath them. */
#ifndef DREAMRIG_PRESENT_CARD_H
#define DREAMRIG_PRESENT_CARD_H

#include "present/theme.h"

typedef struct {
  Text *title, *text; /* NULL where empty */
  Box box;
  double scale;                      /* px a unit in this card: the theme's, or less where the content is long */
  double x, width;                   /* of the content */
  double title_y, text_y, content_y; /* content_y: where the space for the rest begins */
} Card;

#define CARD_CONTENT_UNITS 800.0

/* Lays the card out in the middle of the frame with content_units of height below the texts, at the largest scale at
 * which it fits. Free with card_clear. */
Card card_new(const Theme *theme, const char *title, const char *text, double content_units);
void card_clear(Card *card);
void card_draw(const Card *card, cairo_t *cr, const Theme *theme);

#endif
