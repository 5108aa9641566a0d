#include "analysis/features/colour.h"

#include <math.h>

/* Below this mean resultant length the hues point everywhere and their mean direction is rounding noise. */
#define LEAST_RESULTANT 1e-9

/* 0..6 for a pixel whose largest and smallest channel differ by chroma > 0. */
static double hue_sextant(double r, double g, double b, double largest, double chroma) {
  if (largest == r)
    return (g - b) / chroma;
  if (largest == g)
    return 2 + (b - r) / chroma;
  return 4 + (r - g) / chroma;
}

void colour_means(const Image *image, ColourMeans *means) {
  gsize n = (gsize)image->width * (gsize)image->height, n_coloured = 0;
  double cosines = 0, sines = 0, saturation = 0, brightness = 0;
  for (gsize i = 0; i < n; i++) {
    double r = CLAMP((double)image->pixels[3 * i], 0, 255), g = CLAMP((double)image->pixels[3 * i + 1], 0, 255),
           b = CLAMP((double)image->pixels[3 * i + 2], 0, 255);
    double largest = MAX(r, MAX(g, b)), chroma = largest - MIN(r, MIN(g, b));
    brightness += largest / 255;
    if (chroma > 0) {
      double angle = hue_sextant(r, g, b, largest, chroma) * (G_PI / 3);
      saturation += chroma / largest;
      cosines += cos(angle);
      sines += sin(angle);
      n_coloured++;
    }
  }
  means->saturation = saturation / (double)n;
  means->brightness = brightness / (double)n;
  if (n_coloured == 0 || hypot(cosines, sines) / (double)n_coloured < LEAST_RESULTANT) {
    means->hue_deg = NAN;
    return;
  }
  double degrees = atan2(sines, cosines) * (180 / G_PI);
  if (degrees < 0)
    degrees += 360;
  means->hue_deg = degrees >= 360 ? 0 : degrees; /* a tiny negative angle plus 360 rounds to 360 */
}

static double linear_light(double byte) {
  double v = byte / 255;
  return v > 0.04045 ? pow((v + 0.055) / 1.055, 2.4) : v / 12.92;
}

static double lab_curve(double t) { return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116; }

void colour_clutter_lab(const Image *image, Plane *lightness, Plane *a, Plane *b) {
  double linear[256];
  for (int i = 0; i < 256; i++)
    linear[i] = linear_light(i);
  Plane *planes[] = {lightness, a, b};
  for (int i = 0; i < 3; i++)
    plane_shape(planes[i], image->width, image->height);

  gsize n = plane_size(lightness);
  for (gsize i = 0; i < n; i++) {
    double rgb[3];
    for (gsize c = 0; c < 3; c++) {
      double value = CLAMP((double)image->pixels[3 * i + c], 0, 255);
      int whole = (int)value;
      rgb[c] = whole == value ? linear[whole] : linear_light(value);
    }
    double x = lab_curve((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 95.047);
    double y = lab_curve((0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]) / 100);
    double z = lab_curve((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 108.883);
    lightness->data[i] = 116 * y - 16;
    a->data[i] = 500 * (x - y);
    b->data[i] = 200 * (y - z);
  }
}
