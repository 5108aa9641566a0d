#include "analysis/features/fourier_slope.h"

#include "analysis/features/fft_planner.h"
#include "analysis/features/line_fit.h"
#include "stimuli/base/error.h"

#include <complex.h> /* before fftw3.h: makes fftw_complex the C type */

#include <fftw3.h>
#include <math.h>

/* Less than this share of the whole power is rounding. */
#define LEAST_POWER 1e-28

static int power_of_two(int n) {
  int power = 1;
  while (2 * power <= n)
    power *= 2;
  return power;
}

/* spectrum: (n, n / 2 + 1). The other half has the same power at the opposite frequencies. */
static double ring_slope(const fftw_complex *spectrum, int n, double *power, double *count) {
  int half = n / 2;
  double total = 0;
  for (int v = -half; v < half; v++)
    for (int u = -half; u < half; u++) {
      int row = u < 0 ? -v : v;
      fftw_complex value = spectrum[((row + n) % n) * (half + 1) + abs(u)];
      double p = creal(value) * creal(value) + cimag(value) * cimag(value);
      int ring = (int)rint(sqrt((double)(u * u + v * v)));
      total += p;
      if (ring <= half) {
        power[ring] += p;
        count[ring]++;
      }
    }
  LineFit line = {0};
  for (int ring = MAX((int)rint(n / 50.0) - 1, 1); ring < n / 4; ring++) {
    double mean = power[ring] / count[ring];
    if (!(mean > LEAST_POWER * total))
      return NAN;
    line_fit_add(&line, log(ring), log(mean));
  }
  return line_fit_slope(&line) / 2;
}

bool fourier_slope(const Plane *lightness, double *slope, GError **error) {
  int n = power_of_two(MIN(lightness->width, lightness->height));
  *slope = NAN;
  if (n < FOURIER_SLOPE_MIN_SIDE)
    return true;
  gsize size = (gsize)n * (gsize)n;
  double *values = fftw_malloc(size * sizeof *values);
  fftw_complex *spectrum = fftw_malloc((gsize)n * (gsize)(n / 2 + 1) * sizeof *spectrum);
  g_autofree double *rings = g_new0(double, (gsize)n + 2);
  fftw_plan plan = NULL;
  if (values != NULL && spectrum != NULL) {
    fft_planner_lock();
    plan = fftw_plan_dft_r2c_2d(n, n, values, spectrum, FFTW_ESTIMATE);
    fft_planner_unlock();
  }
  if (plan != NULL) {
    int left = lightness->width / 2 - n / 2, top = lightness->height / 2 - n / 2;
    for (int y = 0; y < n; y++)
      for (int x = 0; x < n; x++)
        values[(gsize)y * (gsize)n + (gsize)x] =
            floor(lightness->data[(gsize)(y + top) * (gsize)lightness->width + (gsize)(x + left)] / 100 * 255) / 255;
    fftw_execute(plan);
    *slope = ring_slope(spectrum, n, rings, rings + n / 2 + 1);
    fft_planner_lock();
    fftw_destroy_plan(plan);
    fft_planner_unlock();
  } else {
    g_set_error(error, RIG_ERROR, RIG_ERROR_MEMORY, "no memory for the spectrum of %d x %d pixels", n, n);
  }
  fftw_free(values);
  fftw_free(spectrum);
  return plan != NULL;
}
