/* Sizes, colours and the few shapes that all screens share. */
#ifndef DREAMRIG_PRESENT_THEME_H
#define DREAMRIG_PRESENT_THEME_H

#include <cairo.h>
#include <stdbool.h>

#include "present/text.h"
#include "protocols/protocol.h"

typedef struct {
  double x, y, width, height;
} Box;

bool box_contains(const Box *box, double x, double y);

typedef struct {
  double red, green, blue; /* 0..1 */
} Colour;

typedef struct {
  int width, height;         /* of the frame */
  double unit;               /* px; the screens are designed for 800 units of height and 1200 of width */
  Colour background, text;   /* the protocol's */
  Colour card;               /* behind longer texts, where the contrast is best */
  Colour muted, faint, line; /* secondary text; a track or a disabled button; thin lines */
} Theme;

Theme theme_new(const ProtocolScreen *screen, int width, int height);
void theme_set_source(cairo_t *cr, const Colour *colour);
void theme_rounded(cairo_t *cr, const Box *box, double radius); /* adds the path */

#define THEME_TEXT_UNITS 22.0
#define THEME_BUTTON_UNITS 48.0

/* A button with its centre at x and its top at y, as wide as its label wants. */
Box button_box(const Theme *theme, const char *label, double x, double y);
void button_draw(cairo_t *cr, const Theme *theme, const Box *box, const char *label, bool enabled, bool pressed);

#endif
