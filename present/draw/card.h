/* The light panel that carries a title, a text and whatever a screen puts beneath them. */
#ifndef DREAMRIG_PRESENT_CARD_H
#define DREAMRIG_PRESENT_CARD_H

#include "present/draw/theme.h"

typedef struct {
  Text *title, *text; /* NULL where empty */
  Box box;
  double scale;                      /* px a unit in this card: the theme's, or less where the content is long */
  double x, width;                   /* of the content */
  double title_y, text_y, content_y; /* content_y: where the space for the rest begins */
  bool crowded;                      /* it does not fit at the smallest legible size */
} Card;

#define CARD_CONTENT_UNITS 800.0
#define CARD_WIDEST_UNITS 1040.0

/* The height in px of what a screen puts beneath the texts at `scale` px a unit. */
typedef double (*CardMeasure)(gpointer context, double scale);
/* Of the button alone, 14 units below the text. */
double card_measure_button(gpointer unused, double scale);

/* The width in px of a card's content that is normally this wide: more where texts are larger. */
double card_content_width(const Theme *theme, double width_units);

/* Lays the card out in the middle of the frame, at the theme's text_size or the largest scale below at which it fits,
 * or at the smallest legible one.
 * measure is called last with the scale taken; it may be NULL: nothing. Free with card_clear. */
Card card_new(const Theme *theme, const char *title, const char *text, CardMeasure measure, gpointer context);
/* The same with a content of this width in units, CARD_CONTENT_UNITS to CARD_WIDEST_UNITS. */
Card card_new_wide(const Theme *theme, double width_units, const char *title, const char *text, CardMeasure measure,
                   gpointer context);
void card_clear(Card *card);
void card_draw(const Card *card, cairo_t *cr, const Theme *theme);

#endif
