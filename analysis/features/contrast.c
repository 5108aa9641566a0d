#include "analysis/features/contrast.h"

#include <math.h>

#define LEVELS 256

static double channel(const Image *image, gsize pixel, gsize c) {
  return CLAMP((double)image->pixels[3 * pixel + c], 0, 255);
}

static gsize pixels_of(const Image *image) { return (gsize)image->width * (gsize)image->height; }

double contrast_rms(const Image *image) {
  static const double weights[3] = {.2989, .5870, .1140};
  gsize n = pixels_of(image);
  double contrast = 0;
  for (gsize c = 0; c < 3; c++) {
    double sum = 0, squares = 0;
    for (gsize i = 0; i < n; i++)
      sum += channel(image, i, c);
    double mean = sum / (double)n;
    for (gsize i = 0; i < n; i++) {
      double deviation = channel(image, i, c) - mean;
      squares += deviation * deviation;
    }
    contrast += weights[c] * sqrt(squares / ((double)n - 1)) / 255;
  }
  return contrast;
}

double contrast_lightness_entropy(const Plane *lightness) {
  gsize n = plane_size(lightness), counts[LEVELS] = {0};
  double largest = 0;
  for (gsize i = 0; i < n; i++)
    largest = MAX(largest, lightness->data[i]);
  double scale = largest > 0 ? 1 / largest : 1;
  for (gsize i = 0; i < n; i++)
    counts[(gsize)CLAMP(rint(lightness->data[i] * scale * (LEVELS - 1)), 0, LEVELS - 1)]++;
  double entropy = 0;
  for (gsize level = 0; level < LEVELS; level++)
    if (counts[level] > 0) {
      double p = (double)counts[level] / (double)n;
      entropy -= p * log2(p);
    }
  return fabs(entropy); /* one level: no negative zero */
}

double contrast_colourfulness(const Image *image) {
  gsize n = pixels_of(image);
  double sums[2] = {0}, squares[2] = {0};
  for (gsize i = 0; i < n; i++) {
    double r = channel(image, i, 0), g = channel(image, i, 1), b = channel(image, i, 2);
    const double opponents[2] = {r - g, (r + g) / 2 - b};
    for (gsize k = 0; k < 2; k++) {
      sums[k] += opponents[k];
      squares[k] += opponents[k] * opponents[k];
    }
  }
  double mean_rg = sums[0] / (double)n, mean_yb = sums[1] / (double)n;
  double variance = squares[0] / (double)n - mean_rg * mean_rg + squares[1] / (double)n - mean_yb * mean_yb;
  return sqrt(MAX(variance, 0)) + 0.3 * hypot(mean_rg, mean_yb);
}
