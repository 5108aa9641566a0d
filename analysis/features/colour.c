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
  double cosines = 0, sines = 0, saturation = 0, brightness = 0, hues = 0, channels = 0;
  for (gsize i = 0; i < n; i++) {
    double r = CLAMP((double)image->pixels[3 * i], 0, 255), g = CLAMP((double)image->pixels[3 * i + 1], 0, 255),
           b = CLAMP((double)image->pixels[3 * i + 2], 0, 255);
    double largest = MAX(r, MAX(g, b)), chroma = largest - MIN(r, MIN(g, b));
    brightness += largest / 255;
    channels += r + g + b;
    if (chroma > 0) {
      double sextant = hue_sextant(r, g, b, largest, chroma), angle = sextant * (G_PI / 3);
      hues += sextant < 0 ? sextant + 6 : sextant;
      saturation += chroma / largest;
      cosines += cos(angle);
      sines += sin(angle);
      n_coloured++;
    }
  }
  means->saturation = saturation / (double)n;
  means->brightness = brightness / (double)n;
  means->hue_arithmetic_deg = hues * 60 / (double)n;
  means->rgb_mean = channels / (3 * (double)n);
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

void colour_lab(const Image *image, Plane *lightness, Plane *a, Plane *b) {
  Plane *planes[] = {lightness, a, b};
  for (int i = 0; i < 3; i++)
    plane_shape(planes[i], image->width, image->height);
  double linear[256];
  for (int i = 0; i < 256; i++)
    linear[i] = linear_light(i);
  gsize n = plane_size(lightness);
  for (gsize i = 0; i < n; i++) {
    double rgb[3];
    for (gsize c = 0; c < 3; c++) {
      double value = CLAMP((double)image->pixels[3 * i + c], 0, 255);
      int whole = (int)value;
      rgb[c] = whole == value ? linear[whole] : linear_light(value);
    }
    double x = lab_curve((0.412453 * rgb[0] + 0.357580 * rgb[1] + 0.180423 * rgb[2]) / 0.95047);
    double y = lab_curve(0.212671 * rgb[0] + 0.715160 * rgb[1] + 0.072169 * rgb[2]);
    double z = lab_curve((0.019334 * rgb[0] + 0.119193 * rgb[1] + 0.950227 * rgb[2]) / 1.08883);
    lightness->data[i] = 116 * y - 16;
    a->data[i] = 500 * (x - y);
    b->data[i] = 200 * (y - z);
  }
}

/* XYZ from linear RGB, divided by the white point. */
static const double rosenholtz_xyz[3][3] = {{0.4124 / 95.047, 0.3576 / 95.047, 0.1805 / 95.047},
                                            {0.2126 / 100, 0.7152 / 100, 0.0722 / 100},
                                            {0.0193 / 108.883, 0.1192 / 108.883, 0.9505 / 108.883}};
static const double port_xyz[3][3] = {{0.412453 / 95.047, 0.357580 / 95.047, 0.180423 / 95.047},
                                      {0.212671 / 100, 0.715160 / 100, 0.072169 / 100},
                                      {0.019334 / 108.833, 0.119193 / 108.833, 0.950227 / 108.833}};

static double linear_light_single(double byte) {
  float v = (float)byte / 255;
  return v >= 0.04045F ? powf((v + 0.055F) / 1.055F, 2.4F) : v / 12.92F;
}

void colour_clutter_lab(const Image *image, ClutterMode mode, Plane *lightness, Plane *a, Plane *b) {
  bool port = mode == CLUTTER_MODE_PORT;
  double (*linearise)(double) = port ? linear_light_single : linear_light;
  double linear[256];
  for (int i = 0; i < 256; i++)
    linear[i] = linearise(i);
  Plane *planes[] = {lightness, a, b};
  for (int i = 0; i < 3; i++)
    plane_shape(planes[i], image->width, image->height);

  gsize n = plane_size(lightness);
  for (gsize i = 0; i < n; i++) {
    double rgb[3], f[3];
    for (gsize c = 0; c < 3; c++) {
      double value = CLAMP((double)image->pixels[3 * i + c], 0, 255);
      int whole = (int)value;
      rgb[c] = whole == value ? linear[whole] : linearise(value);
    }
    for (gsize k = 0; k < 3; k++) {
      const double *row = port ? port_xyz[k] : rosenholtz_xyz[k];
      f[k] = lab_curve(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
    }
    lightness->data[i] = 116 * f[1] - 16;
    a->data[i] = 500 * (f[0] - f[1]);
    b->data[i] = 200 * (f[1] - f[2]);
    if (port)
      for (gsize k = 0; k < 3; k++)
        planes[k]->data[i] = (float)planes[k]->data[i];
  }
}
