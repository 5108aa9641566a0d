#include "present/draw/theme.h"

#include <math.h>

bool box_contains(const Box *box, double x, double y) {
  return x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height;
}

static Colour colour_of(const guint8 rgb[3]) { return (Colour){rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0}; }

static Colour mixed(Colour from, Colour to, double share) {
  return (Colour){from.red + (to.red - from.red) * share, from.green + (to.green - from.green) * share,
                  from.blue + (to.blue - from.blue) * share};
}

/* A corner that is lower or on the right lies so whatever the language's direction. */
static Box patch_of(const ProtocolScreen *screen, int width, int height) {
  if (screen->photodiode == PHOTODIODE_NONE)
    return (Box){0};
  bool right = screen->photodiode == PHOTODIODE_TOP_RIGHT || screen->photodiode == PHOTODIODE_BOTTOM_RIGHT;
  bool bottom = screen->photodiode == PHOTODIODE_BOTTOM_LEFT || screen->photodiode == PHOTODIODE_BOTTOM_RIGHT;
  double side = MIN(screen->photodiode_px, MIN(width, height));
  return (Box){right ? width - side : 0, bottom ? height - side : 0, side, side};
}

Theme theme_new(const ProtocolScreen *screen, int width, int height) {
  Theme theme = {.width = width, .height = height, .unit = fmin(height / 800.0, width / 1200.0)};
  theme.patch = patch_of(screen, width, height);
  theme.background = colour_of(screen->background);
  theme.text = colour_of(screen->foreground);
  /* Cards go away from the text's colour: lighter behind dark text, darker behind light text. */
  double brightness = 0.2126 * theme.text.red + 0.7152 * theme.text.green + 0.0722 * theme.text.blue;
  Colour away = brightness < 0.5 ? (Colour){1, 1, 1} : (Colour){0, 0, 0};
  theme.card = mixed(theme.background, away, 0.58);
  theme.muted = mixed(theme.card, theme.text, 0.68);
  theme.faint = mixed(theme.background, theme.text, 0.26);
  theme.line = mixed(theme.card, theme.text, 0.30);
  return theme;
}

void theme_set_source(cairo_t *cr, const Colour *colour) {
  cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
}

void theme_rounded(cairo_t *cr, const Box *box, double radius) {
  double left = box->x + radius, right = box->x + box->width - radius;
  double top = box->y + radius, bottom = box->y + box->height - radius;
  cairo_new_sub_path(cr);
  cairo_arc(cr, right, top, radius, -G_PI_2, 0);
  cairo_arc(cr, right, bottom, radius, 0, G_PI_2);
  cairo_arc(cr, left, bottom, radius, G_PI_2, G_PI);
  cairo_arc(cr, left, top, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

Theme theme_of(const Protocol *protocol, int width, int height) {
  Theme theme = theme_new(&protocol->screen, width, height);
  theme.phrases = protocol->phrases;
  theme.rtl = protocol->rtl;
  return theme;
}

const char *theme_phrase(const Theme *theme, Phrase phrase) {
  return theme->phrases != NULL ? theme->phrases[phrase] : phrase_built_in(phrase, NULL);
}

static Text *button_text(const Theme *theme, double scale) {
  return text_new(theme_phrase(theme, PHRASE_CONTINUE), 20 * scale, TEXT_BOLD, 400 * scale, TEXT_FLUSH_LEFT);
}

Box button_box(const Theme *theme, double scale, double x, double y) {
  g_autoptr(Text) text = button_text(theme, scale);
  double width = fmax(text_width(text) + 56 * scale, 170 * scale);
  return (Box){round(x - width / 2), round(y), round(width), round(THEME_BUTTON_UNITS * scale)};
}

void button_draw(cairo_t *cr, const Theme *theme, const Box *box, bool enabled, bool pressed) {
  double scale = box->height / THEME_BUTTON_UNITS;
  g_autoptr(Text) text = button_text(theme, scale);
  Colour fill = enabled ? (pressed ? theme->muted : theme->text) : mixed(theme->background, theme->text, 0.14);
  Colour ink = enabled ? theme->card : mixed(theme->background, theme->text, 0.42);
  theme_rounded(cr, box, 10 * scale);
  theme_set_source(cr, &fill);
  cairo_fill(cr);
  theme_set_source(cr, &ink);
  text_draw(text, cr, box->x + (box->width - text_width(text)) / 2, box->y + (box->height - text_height(text)) / 2);
}
