#include "synth/dream/sheet_text.h"

#include <pango/pangocairo.h>

static PangoLayout *new_layout(cairo_t *cairo, int width, const SheetTextStyle *style, const char *text) {
  PangoLayout *layout = pango_cairo_create_layout(cairo);
  PangoFontDescription *font = pango_font_description_from_string("DejaVu Sans");
  pango_font_description_set_absolute_size(font, style->size_px * (double)PANGO_SCALE);
  pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  pango_layout_set_width(layout, width * PANGO_SCALE);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
  pango_layout_set_alignment(layout, style->align == SHEET_TEXT_CENTRE ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

void sheet_text(Image *image, int x, int y, int width, int height, const SheetTextStyle *style, const char *text) {
  g_assert(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= image->width && y + height <= image->height);
  cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
  cairo_t *cairo = cairo_create(mask);
  PangoLayout *layout = new_layout(cairo, width, style, text);
  cairo_set_source_rgba(cairo, 0, 0, 0, 1);
  pango_cairo_show_layout(cairo, layout);
  g_object_unref(layout);
  cairo_destroy(cairo);
  cairo_surface_flush(mask);
  const unsigned char *coverage = cairo_image_surface_get_data(mask);
  const gsize stride = (gsize)cairo_image_surface_get_stride(mask);
  for (gsize j = 0; coverage && j < (gsize)height; j++)
    for (gsize i = 0; i < (gsize)width; i++) {
      const float alpha = (float)coverage[j * stride + i] / 255.0f;
      float *pixel = image->pixels + (((gsize)y + j) * (gsize)image->width + (gsize)x + i) * 3;
      for (int channel = 0; channel < 3; channel++)
        pixel[channel] += alpha * (style->grey - pixel[channel]);
    }
  cairo_surface_destroy(mask);
}
