#include "analysis/features/steerable_pyramid.h"

#include "analysis/features/fft_planner.h"
#include "stimuli/base/error.h"

#include <complex.h> /* before fftw3.h: makes fftw_complex the C type */

#include <fftw3.h>
#include <math.h>
#include <string.h>

typedef struct {
  int width, height;
  fftw_plan inverse; /* band -> band, in place */
  double *high;      /* (height, width) the level's highpass mask, centred */
  double *low;       /* the mask applied before the level: the lowpass of the level above, centred */
} Level;

/* Spectra are centred: frequency 0 is at (width / 2, height / 2). */
struct SteerablePyramid {
  ClutterMode mode;
  Level levels[STEERABLE_LEVELS + 1]; /* the last one holds the lowpass band */
  fftw_plan forward;
  fftw_complex *spectrum; /* of the current level */
  fftw_complex *band;
  Plane result;
};

static gsize level_size(const Level *level) { return (gsize)level->width * (gsize)level->height; }

/* Position i of a centred axis of n frequencies; the original axis's Nyquist frequency is 1. */
static double frequency(const SteerablePyramid *pyramid, int i, int n, int n_original) {
  int centre = n / 2;
  double shift = pyramid->mode == CLUTTER_MODE_PORT && n_original % 2 == 1 ? -1.0 / n_original : 0;
  return (i - centre) / (n_original / 2.0) + shift;
}

/* log2 of the radius; the radius at frequency 0, where the logarithm has no value, is its left neighbour's. */
static double log_radius(const SteerablePyramid *pyramid, const Level *level, int x, int y) {
  int width = pyramid->levels[0].width, height = pyramid->levels[0].height;
  bool at_zero = x == level->width / 2 && y == level->height / 2;
  return log2(hypot(frequency(pyramid, at_zero ? x - 1 : x, level->width, width),
                    frequency(pyramid, y, level->height, height)));
}

/* The raised cosine of the transition band -1..0 octaves, 0 below and 1 above. */
static double high_response(double octaves) { return cos(G_PI / 2 * CLAMP(octaves, -1, 0)); }
static double low_response(double octaves) {
  double high = high_response(octaves);
  return sqrt(MAX(1 - high * high, 0));
}

static void make_masks(SteerablePyramid *pyramid, int index) {
  Level *level = &pyramid->levels[index];
  for (int y = 0; y < level->height; y++)
    for (int x = 0; x < level->width; x++) {
      double octaves = log_radius(pyramid, level, x, y);
      gsize i = (gsize)y * (gsize)level->width + (gsize)x;
      level->low[i] = low_response(octaves + index);
      level->high[i] = high_response(octaves + index + 1);
    }
}

static int halved(int n) { return (n + 1) / 2; }

static double *doubles_new(gsize n) { return fftw_malloc(n * sizeof(double)); }

static bool allocate(SteerablePyramid *pyramid) {
  gsize n = level_size(&pyramid->levels[0]);
  pyramid->spectrum = fftw_malloc(n * sizeof(fftw_complex));
  pyramid->band = fftw_malloc(n * sizeof(fftw_complex));
  pyramid->result.data = doubles_new(n);
  bool complete = pyramid->spectrum != NULL && pyramid->band != NULL && pyramid->result.data != NULL;
  for (int i = 0; i <= STEERABLE_LEVELS; i++) {
    Level *level = &pyramid->levels[i];
    level->high = doubles_new(level_size(level));
    level->low = doubles_new(level_size(level));
    complete = complete && level->high != NULL && level->low != NULL;
  }
  return complete;
}

/* FFTW_ESTIMATE: measuring would choose plans, and so the last digits, by the time of day. */
static bool make_plans(SteerablePyramid *pyramid) {
  fftw_complex *band = pyramid->band;
  fft_planner_lock();
  pyramid->forward =
      fftw_plan_dft_2d(pyramid->levels[0].height, pyramid->levels[0].width, band, band, FFTW_FORWARD, FFTW_ESTIMATE);
  bool complete = pyramid->forward != NULL;
  for (int i = 0; i <= STEERABLE_LEVELS; i++) {
    Level *level = &pyramid->levels[i];
    level->inverse = fftw_plan_dft_2d(level->height, level->width, band, band, FFTW_BACKWARD, FFTW_ESTIMATE);
    complete = complete && level->inverse != NULL;
  }
  fft_planner_unlock();
  return complete;
}

SteerablePyramid *steerable_pyramid_new(int width, int height, ClutterMode mode, GError **error) {
  if (MIN(width, height) < STEERABLE_MIN_SIDE) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT,
                "subband entropy needs at least %d x %d pixels; the image has %d x %d", STEERABLE_MIN_SIDE,
                STEERABLE_MIN_SIDE, width, height);
    return NULL;
  }
  SteerablePyramid *pyramid = g_new0(SteerablePyramid, 1);
  pyramid->mode = mode;
  for (int i = 0; i <= STEERABLE_LEVELS; i++) {
    pyramid->levels[i].width = i == 0 ? width : halved(pyramid->levels[i - 1].width);
    pyramid->levels[i].height = i == 0 ? height : halved(pyramid->levels[i - 1].height);
  }
  if (!allocate(pyramid) || !make_plans(pyramid)) {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for the subbands of an image of %d x %d", width, height);
    steerable_pyramid_free(pyramid);
    return NULL;
  }
  for (int i = 0; i <= STEERABLE_LEVELS; i++)
    make_masks(pyramid, i);
  return pyramid;
}

void steerable_pyramid_free(SteerablePyramid *pyramid) {
  if (pyramid == NULL)
    return;
  fft_planner_lock();
  if (pyramid->forward != NULL)
    fftw_destroy_plan(pyramid->forward);
  for (int i = 0; i <= STEERABLE_LEVELS; i++)
    if (pyramid->levels[i].inverse != NULL)
      fftw_destroy_plan(pyramid->levels[i].inverse);
  fft_planner_unlock();
  for (int i = 0; i <= STEERABLE_LEVELS; i++) {
    fftw_free(pyramid->levels[i].high);
    fftw_free(pyramid->levels[i].low);
  }
  fftw_free(pyramid->spectrum);
  fftw_free(pyramid->band);
  fftw_free(pyramid->result.data);
  g_free(pyramid);
}

/* The index in FFTW's order (frequency 0 first) of position i of a centred axis. */
static int uncentred(int i, int n) { return (i + n - n / 2) % n; }

static void forward(SteerablePyramid *pyramid, const Plane *plane) {
  const Level *level = &pyramid->levels[0];
  g_assert(plane->width == level->width && plane->height == level->height);
  for (gsize i = 0; i < level_size(level); i++)
    pyramid->band[i] = plane->data[i];
  fftw_execute_dft(pyramid->forward, pyramid->band, pyramid->band);
  for (int y = 0; y < level->height; y++)
    for (int x = 0; x < level->width; x++) {
      gsize to = (gsize)y * (gsize)level->width + (gsize)x;
      gsize from = (gsize)uncentred(y, level->height) * (gsize)level->width + (gsize)uncentred(x, level->width);
      pyramid->spectrum[to] = pyramid->band[from] * level->low[to];
    }
}

/* Turns the band's spectrum, in FFTW's order, into the real part of the band. */
static void inverse(SteerablePyramid *pyramid, const Level *level) {
  fftw_execute_dft(level->inverse, pyramid->band, pyramid->band);
  plane_shape(&pyramid->result, level->width, level->height);
  double scale = 1.0 / (double)level_size(level);
  for (gsize i = 0; i < level_size(level); i++)
    pyramid->result.data[i] = creal(pyramid->band[i]) * scale;
}

/* What the first level's lowpass takes away. */
static void highpass_band(SteerablePyramid *pyramid, const Plane *plane) {
  const Level *level = &pyramid->levels[0];
  for (gsize i = 0; i < level_size(level); i++)
    pyramid->band[i] = plane->data[i];
  fftw_execute_dft(pyramid->forward, pyramid->band, pyramid->band);
  for (int y = 0; y < level->height; y++)
    for (int x = 0; x < level->width; x++)
      pyramid->band[(gsize)uncentred(y, level->height) * (gsize)level->width + (gsize)uncentred(x, level->width)] *=
          high_response(log_radius(pyramid, level, x, y));
  inverse(pyramid, level);
}

static void oriented_band(SteerablePyramid *pyramid, const Level *level, int orientation) {
  /* 2^(2 order) (order!)^2 / (orientations (2 order)!) for order 3: the bands' energies add up to the image's. */
  double gain = sqrt(0.8), angle = G_PI * orientation / STEERABLE_ORIENTATIONS;
  double cosine = cos(angle), sine = sin(angle);
  int width = pyramid->levels[0].width, height = pyramid->levels[0].height;
  for (int y = 0; y < level->height; y++) {
    double v = frequency(pyramid, y, level->height, height);
    fftw_complex *row = pyramid->band + (gsize)uncentred(y, level->height) * (gsize)level->width;
    for (int x = 0; x < level->width; x++) {
      double u = frequency(pyramid, x, level->width, width), radius = sqrt(u * u + v * v);
      double along = radius > 0 ? (u * cosine + v * sine) / radius : cosine;
      gsize i = (gsize)y * (gsize)level->width + (gsize)x;
      row[uncentred(x, level->width)] = I * (pyramid->spectrum[i] * (gain * along * along * along * level->high[i]));
    }
  }
  inverse(pyramid, level);
}

/* Keeps the middle of the spectrum, half as wide and high, and takes the low half of the transition band away. The
 * target never lies behind the source, so that it can be done in place. */
static void halve_spectrum(SteerablePyramid *pyramid, const Level *from, const Level *to) {
  int left = from->width / 2 - to->width / 2, top = from->height / 2 - to->height / 2;
  for (int y = 0; y < to->height; y++)
    for (int x = 0; x < to->width; x++) {
      gsize i = (gsize)y * (gsize)to->width + (gsize)x;
      pyramid->spectrum[i] = pyramid->spectrum[(gsize)(y + top) * (gsize)from->width + (gsize)(x + left)] * to->low[i];
    }
}

void steerable_pyramid_split(SteerablePyramid *pyramid, const Plane *plane, SteerableBand receive, gpointer context) {
  forward(pyramid, plane);
  for (int i = 0; i < STEERABLE_LEVELS; i++) {
    const Level *level = &pyramid->levels[i];
    for (int orientation = 0; orientation < STEERABLE_ORIENTATIONS; orientation++) {
      oriented_band(pyramid, level, orientation);
      receive(&pyramid->result, context);
    }
    halve_spectrum(pyramid, level, level + 1);
  }
  const Level *last = &pyramid->levels[STEERABLE_LEVELS];
  for (int y = 0; y < last->height; y++)
    for (int x = 0; x < last->width; x++)
      pyramid->band[(gsize)uncentred(y, last->height) * (gsize)last->width + (gsize)uncentred(x, last->width)] =
          pyramid->spectrum[(gsize)y * (gsize)last->width + (gsize)x];
  inverse(pyramid, last);
  receive(&pyramid->result, context);
  if (pyramid->mode == CLUTTER_MODE_PORT) {
    highpass_band(pyramid, plane);
    receive(&pyramid->result, context);
  }
}
