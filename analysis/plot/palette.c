#include "analysis/plot/palette.h"

#include <math.h>

const char *palette_category(gsize index) {
  static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#5f6c7b"};
  return colours[index % G_N_ELEMENTS(colours)];
}

typedef struct {
  double r, g, b;
} Rgb;

/* Along `stops` (n, evenly spaced) at 0 <= position <= 1. */
static PaletteColour between(const Rgb *stops, gsize n, double position) {
  double at = CLAMP(position, 0, 1) * (double)(n - 1);
  gsize left = MIN((gsize)at, n - 2);
  double share = at - (double)left;
  const Rgb *a = &stops[left], *b = &stops[left + 1];
  PaletteColour colour;
  g_snprintf(colour.css, sizeof colour.css, "#%02x%02x%02x", (unsigned)lround(a->r + share * (b->r - a->r)) & 255u,
             (unsigned)lround(a->g + share * (b->g - a->g)) & 255u,
             (unsigned)lround(a->b + share * (b->b - a->b)) & 255u);
  return colour;
}

PaletteColour palette_diverging(double value) {
  static const Rgb stops[] = {{33, 102, 172}, {103, 169, 207}, {247, 247, 247}, {239, 138, 98}, {178, 24, 43}};
  if (isnan(value))
    return (PaletteColour){"#eceff3"};
  return between(stops, G_N_ELEMENTS(stops), (value + 1) / 2);
}

PaletteColour palette_sequential(double value) {
  static const Rgb stops[] = {{199, 224, 92}, {94, 201, 98}, {33, 145, 140}, {59, 82, 139}, {68, 1, 84}};
  if (isnan(value))
    return (PaletteColour){"#0072b2"};
  return between(stops, G_N_ELEMENTS(stops), value);
}
