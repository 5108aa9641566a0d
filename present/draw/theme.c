#include "present/draw/theme.h"

#include <math.h>

#include "protocols/luminance.h"

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

static void grey_out(guint8 rgb[3]) {
  guint8 grey = luminance_grey(luminance_of(rgb));
  rgb[0] = rgb[1] = rgb[2] = grey;
}

static bool is_dark_on_light(const ProtocolScreen *screen) {
  return luminance_of(screen->foreground) < luminance_of(screen->background);
}

void theme_background(const ProtocolScreen *screen, guint8 rgb[3]) {
  for (int i = 0; i < 3; i++)
    rgb[i] = screen->contrast != CONTRAST_HIGH ? screen->background[i] : is_dark_on_light(screen) ? 255 : 0;
  if (screen->contrast == CONTRAST_GREYSCALE)
    grey_out(rgb);
}

static void foreground(const ProtocolScreen *screen, guint8 rgb[3]) {
  for (int i = 0; i < 3; i++)
    rgb[i] = screen->contrast != CONTRAST_HIGH ? screen->foreground[i] : is_dark_on_light(screen) ? 0 : 255;
  if (screen->contrast == CONTRAST_GREYSCALE)
    grey_out(rgb);
}

Theme theme_new(const ProtocolScreen *screen, int width, int height) {
  Theme theme = {.width = width, .height = height, .unit = fmin(height / 800.0, width / 1200.0), .progress = NAN};
  guint8 behind[3], before[3];
  theme_background(screen, behind);
  foreground(screen, before);
  theme.patch = patch_of(screen, width, height);
  theme.text_size = screen->text_percent / 100;
  theme.strong = screen->contrast == CONTRAST_HIGH;
  theme.background = colour_of(behind);
  theme.text = colour_of(before);
  /* Cards go away from the text's colour: lighter behind dark text, darker behind light text. */
  double brightness = 0.2126 * theme.text.red + 0.7152 * theme.text.green + 0.0722 * theme.text.blue;
  Colour away = brightness < 0.5 ? (Colour){1, 1, 1} : (Colour){0, 0, 0};
  theme.card = mixed(theme.background, away, 0.58);
  theme.muted = theme.strong ? theme.text : mixed(theme.card, theme.text, 0.68);
  theme.faint = theme.strong ? theme.text : mixed(theme.background, theme.text, 0.26);
  return theme;
}

double theme_least_units(const Theme *theme) { return THEME_LEAST_UNITS * fmax(theme->text_size, 1); }

double theme_text_px(const Theme *theme, double units, double scale) {
  double normal = units * scale;
  return fmax(normal * theme->text_size, fmin(normal, THEME_LEAST_UNITS * theme->unit));
}

void theme_shade(cairo_t *cr, const Theme *theme, const Box *box, double radius, double share, double scale) {
  if (radius > 0)
    theme_rounded(cr, box, radius);
  else
    cairo_rectangle(cr, box->x, box->y, box->width, box->height);
  if (theme->strong) {
    theme_set_source(cr, &theme->text);
    cairo_set_line_width(cr, (share < THEME_SHADE ? 1 : 3) * scale);
    cairo_stroke(cr);
    return;
  }
  cairo_set_source_rgba(cr, theme->text.red, theme->text.green, theme->text.blue, share);
  cairo_fill(cr);
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

/* Black and white alone: what can be pressed is filled, what can't or is pressed has an outline only. */
static void draw_strong_button(cairo_t *cr, const Theme *theme, const Box *box, bool filled, bool pressed) {
  double scale = box->height / THEME_BUTTON_UNITS;
  theme_rounded(cr, box, 10 * scale);
  theme_set_source(cr, filled ? &theme->text : &theme->card);
  cairo_fill_preserve(cr);
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, (pressed ? 5 : 2) * scale);
  cairo_stroke(cr);
}

void button_draw(cairo_t *cr, const Theme *theme, const Box *box, bool enabled, bool pressed) {
  double scale = box->height / THEME_BUTTON_UNITS;
  g_autoptr(Text) text = button_text(theme, scale);
  bool filled = enabled && !(theme->strong && pressed);
  Colour fill = enabled ? (pressed ? theme->muted : theme->text) : mixed(theme->background, theme->text, 0.14);
  Colour ink = filled ? theme->card : theme->strong ? theme->text : mixed(theme->background, theme->text, 0.42);
  if (theme->strong) {
    draw_strong_button(cr, theme, box, filled, pressed);
  } else {
    theme_rounded(cr, box, 10 * scale);
    theme_set_source(cr, &fill);
    cairo_fill(cr);
  }
  theme_set_source(cr, &ink);
  text_draw(text, cr, box->x + (box->width - text_width(text)) / 2, box->y + (box->height - text_height(text)) / 2);
}
