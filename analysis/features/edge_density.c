#include "analysis/features/edge_density.h"

#include "analysis/features/planes.h"
#include "analysis/features/resample.h"
#include "stimuli/base/error.h"

#include <math.h>

#define PIXELS (300 * 400)
/* Filters come in pairs of opposite sign, so that half of them, with the response's size, are all 24. */
#define FILTERS 12
#define FREQUENCY 0.125
/* Beyond this the rounded Gaussian of the source is 0. */
#define HALF 7
#define SIDE (2 * HALF + 1)

static double rounded(double value) { return rint(value * 1e4) / 1e4; }

static void gabor(double angle, double *kernel) {
  double octaves = 16; /* 2^4: a half response bandwidth of 4 octaves */
  double sigma = 1 / (G_PI * FREQUENCY) * sqrt(log(2) / 2) * (octaves + 1) / (octaves - 1);
  double across = 2 * G_PI * FREQUENCY;
  for (int y = -HALF; y <= HALF; y++)
    for (int x = -HALF; x <= HALF; x++) {
      double envelope = exp(-(x * x + y * y) / (2 * sigma * sigma));
      double slant = x * across * sin(angle) + y * across * cos(angle);
      kernel[(y + HALF) * SIDE + x + HALF] = rounded(rounded(envelope) * cos(slant + G_PI / 2));
    }
}

/* Position beyond the edge, where the image goes on mirrored with its edge pixel repeated. */
static int mirrored(int position, int n) {
  if (position < 0)
    return -1 - position;
  return position >= n ? 2 * n - 1 - position : position;
}

static void pad(const Plane *in, Plane *out) {
  plane_shape(out, in->width + 2 * HALF, in->height + 2 * HALF);
  for (int y = 0; y < out->height; y++)
    for (int x = 0; x < out->width; x++)
      out->data[y * out->width + x] =
          in->data[mirrored(y - HALF, in->height) * in->width + mirrored(x - HALF, in->width)];
}

/* The mean over the unpadded pixels of the largest response. */
static double best_mean(const Plane *padded, Plane *scratch, Plane *response, Plane *best) {
  int width = padded->width - 2 * HALF, height = padded->height - 2 * HALF;
  double kernel[SIDE * SIDE], total = 0;
  for (int filter = 0; filter < FILTERS; filter++) {
    gabor(G_PI * filter / FILTERS, kernel);
    plane_convolve(padded, kernel, HALF, scratch, response);
    for (gsize i = 0; i < plane_size(padded); i++)
      best->data[i] = MAX(filter == 0 ? 0 : best->data[i], fabs(response->data[i]));
  }
  for (int y = 0; y < height; y++) {
    double sum = 0;
    for (int x = 0; x < width; x++)
      sum += best->data[(y + HALF) * padded->width + x + HALF];
    total += sum;
  }
  return total / ((double)width * height);
}

bool edge_density(const Image *image, double *density, GError **error) {
  double scale = sqrt(PIXELS / ((double)image->width * image->height));
  int width = (int)(image->width * scale), height = (int)(image->height * scale);
  if (MIN(width, height) <= HALF) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "edge density: an image of %d x %d is too narrow", image->width,
                image->height);
    return false;
  }
  int widest = MAX(image->width, width) + 4 * HALF, highest = MAX(image->height, height) + 4 * HALF;
  g_autoptr(Planes) large = planes_new(2, widest, highest, error);
  if (large == NULL)
    return false;
  g_autoptr(Planes) small = planes_new(4, width + 4 * HALF, height + 4 * HALF, error);
  if (small == NULL)
    return false;
  Plane *grey = &large->planes[0], *scratch = &large->planes[1], *s = small->planes;
  resample_grey(image, grey);
  resample(grey, RESAMPLE_LANCZOS, width, height, scratch, &s[0]);
  pad(&s[0], &s[1]);
  *density = best_mean(&s[1], &s[2], &s[0], &s[3]);
  return true;
}
