#include "present/draw/slider_draw.h"

#include <math.h>

void slider_draw(cairo_t *cr, const Theme *theme, double scale, const Slider *slider, bool focused) {
  theme_rounded(cr, &slider->track, fmin(slider->track.height / 2, 5 * scale));
  theme_set_source(cr, theme->strong ? &theme->card : &theme->faint);
  cairo_fill_preserve(cr);
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, 2.5 * scale);
  if (theme->strong)
    cairo_stroke(cr);
  cairo_new_path(cr);
  double reach = 9 * scale;
  if (focused) {
    Box ring = {slider->track.x - reach - slider->thumb_width / 2,
                slider->track.y + slider->track.height / 2 - slider->thumb_height / 2 - reach / 2,
                slider->track.width + 2 * reach + slider->thumb_width, slider->thumb_height + reach};
    theme_rounded(cr, &ring, 10 * scale);
    theme_set_source(cr, &theme->text);
    cairo_set_line_width(cr, (theme->strong ? 4 : 2) * scale);
    cairo_stroke(cr);
  }
  if (isnan(slider->position))
    return;
  double x = slider_x(slider, slider->position), y = slider->track.y + slider->track.height / 2;
  Box thumb = {x - slider->thumb_width / 2, y - slider->thumb_height / 2, slider->thumb_width, slider->thumb_height};
  theme_rounded(cr, &thumb, 5 * scale);
  theme_set_source(cr, slider->touched ? &theme->text : &theme->card);
  cairo_fill_preserve(cr);
  theme_set_source(cr, &theme->text);
  cairo_set_line_width(cr, 2 * scale);
  cairo_stroke(cr);
}
