/* Sizes, colours and the few shapes that all screens share. */
#ifndef DREAMRIG_PRESENT_THEME_H
#define DREAMRIG_PRESENT_THEME_H

#include <cairo.h>
#include <stdbool.h>

#include "present/draw/text.h"
#include "protocols/protocol.h"

typedef struct {
  double x, y, width, height;
} Box;

bool box_contains(const Box *box, double x, double y);

typedef struct {
  double red, green, blue; /* 0..1 */
} Colour;

typedef struct {
  int width, height;       /* of the frame */
  Box patch;               /* for the photodiode; width 0: none */
  bool lit;                /* of a screen's own theme: the patch is white, as it shows a trial's image */
  double unit;             /* px; the screens are designed for 800 units of height and 1200 of width */
  double text_size;        /* of what is read, a share of its normal size */
  Colour background, text; /* the protocol's, as its contrast wants them */
  Colour card;             /* behind longer texts, where the contrast is best */
  Colour muted, faint;     /* secondary text; a track */
  bool strong;             /* high contrast: outlines instead of shades */
  double progress;         /* share of the session that is done, of a screen's own theme; NaN: not shown */
  bool rtl;                /* the participant reads from right to left: layouts are mirrored */
  char *const *phrases;    /* the protocol's, borrowed; NULL: the built-in English ones */
} Theme;

/* The background's levels, for what is filled before or around a frame. */
void theme_background(const ProtocolScreen *screen, guint8 rgb[3]);
/* Colours and sizes alone, with the built-in phrases. */
Theme theme_new(const ProtocolScreen *screen, int width, int height);
/* With the protocol's phrases, which must outlive it. */
Theme theme_of(const Protocol *protocol, int width, int height);
const char *theme_phrase(const Theme *theme, Phrase phrase);
void theme_set_source(cairo_t *cr, const Colour *colour);
void theme_rounded(cairo_t *cr, const Box *box, double radius); /* adds the path */

/* A box behind text that stands out by this share of the text's colour, or by an outline where the contrast is high:
 * a thick one from THEME_SHADE on. `scale`: px a unit. */
#define THEME_SHADE 0.13
#define THEME_SLIGHT_SHADE 0.06
void theme_shade(cairo_t *cr, const Theme *theme, const Box *box, double radius, double share, double scale);

/* The smallest em that is legible: 14 px on a screen of 1920 x 1080, where a unit is 1.35 px. Layouts shrink down to
 * this, or as far in proportion where texts are larger than normal; what does not fit then is a fault of the
 * protocol's (fit.h). */
#define THEME_LEAST_UNITS (14 / 1.35)
double theme_least_units(const Theme *theme);
/* The em in px of a text of `units`, at `scale` px a unit, beside things that keep their size: with the theme's
 * text_size, but where that is below 1 no smaller than legible. */
double theme_text_px(const Theme *theme, double units, double scale);
#define THEME_TEXT_UNITS 22.0
#define THEME_BUTTON_UNITS 48.0

/* The button that says "Continue", at `scale` px a unit, with its centre at x and its top at y, as wide as its label
 * wants. */
Box button_box(const Theme *theme, double scale, double x, double y);
void button_draw(cairo_t *cr, const Theme *theme, const Box *box, bool enabled, bool pressed);

#endif
