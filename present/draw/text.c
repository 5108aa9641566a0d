#include "present/draw/text.h"

#include <pango/pangocairo.h>
#include <string.h>

struct Text {
  PangoLayout *layout;
  int width, height; /* pango units */
};

Text *text_new(const char *utf8, double size_px, TextWeight weight, double width_px, TextAlign align) {
  PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
  cairo_font_options_t *options = cairo_font_options_create();
  /* Unhinted outlines: the same shapes and widths whatever the desktop's settings are. */
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context, options);
  cairo_font_options_destroy(options);

  PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans");
  pango_font_description_set_absolute_size(font, size_px * PANGO_SCALE);
  pango_font_description_set_weight(font, weight == TEXT_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);

  Text *text = g_new0(Text, 1);
  text->layout = pango_layout_new(context);
  g_object_unref(context);
  pango_layout_set_font_description(text->layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(text->layout, utf8, -1);
  pango_layout_set_width(text->layout, (int)(width_px * PANGO_SCALE));
  pango_layout_set_wrap(text->layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing(text->layout, 1.25f);
  /* Pango's left is where a paragraph begins: the right side where it runs from right to left. */
  bool rtl = pango_layout_get_direction(text->layout, 0) == PANGO_DIRECTION_RTL;
  bool far = align == (rtl ? TEXT_FLUSH_LEFT : TEXT_FLUSH_RIGHT);
  pango_layout_set_alignment(text->layout, align == TEXT_CENTER ? PANGO_ALIGN_CENTER
                                           : far                ? PANGO_ALIGN_RIGHT
                                                                : PANGO_ALIGN_LEFT);
  pango_layout_get_size(text->layout, &text->width, &text->height);
  return text;
}

void text_free(Text *text) {
  if (text != NULL)
    g_object_unref(text->layout);
  g_free(text);
}

double text_width(const Text *text) { return (double)text->width / PANGO_SCALE; }

double text_height(const Text *text) { return (double)text->height / PANGO_SCALE; }

gsize text_missing_glyphs(const Text *text) { return (gsize)pango_layout_get_unknown_glyphs_count(text->layout); }

bool text_breaks_word(const Text *text) {
  int n_attributes = 0, n_lines = pango_layout_get_line_count(text->layout);
  const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly(text->layout, &n_attributes);
  const char *utf8 = pango_layout_get_text(text->layout);
  for (int i = 1; i < n_lines; i++) {
    int start = pango_layout_get_line_readonly(text->layout, i)->start_index;
    if (!attributes[g_utf8_pointer_to_offset(utf8, utf8 + start)].is_line_break)
      return true;
  }
  return false;
}

TextCaret text_end(const Text *text) {
  PangoRectangle caret;
  pango_layout_get_cursor_pos(text->layout, (int)strlen(pango_layout_get_text(text->layout)), &caret, NULL);
  return (TextCaret){(double)caret.x / PANGO_SCALE, (double)caret.y / PANGO_SCALE, (double)caret.height / PANGO_SCALE};
}

void text_draw(const Text *text, cairo_t *cr, double x, double y) {
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, text->layout);
}
