#include "analysis/stats/density.h"

#include <math.h>
#include <string.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/memory.h"

bool density_bandwidth(const double *values, gsize n, DensityRange range, double *bandwidth, GError **error) {
  Description description;
  if (!descriptive_describe(values, n, DESCRIPTIVE_CONFIDENCE, &description, error))
    return false;
  double spread = description.sd, quartiles = (description.q3 - description.q1) / 1.34;
  if (quartiles > 0 && quartiles < spread)
    spread = quartiles;
  *bandwidth = spread > 0 ? .9 * spread * pow((double)description.n, -.2) : (range.high - range.low) / 50;
  return true;
}

static double kernel(double distance, double bandwidth) {
  double z = distance / bandwidth;
  return exp(-.5 * z * z) / (bandwidth * sqrt(2 * G_PI));
}

void density_line(const double *values, gsize n, DensityRange range, double bandwidth, double *density,
                  gsize n_points) {
  g_assert(n_points >= 2);
  memset(density, 0, n_points * sizeof *density);
  for (gsize p = 0; p < n_points && n > 0; p++) {
    double at = range.low + (range.high - range.low) * (double)p / (double)(n_points - 1), sum = 0;
    for (gsize i = 0; i < n; i++)
      sum += kernel(at - values[i], bandwidth) + kernel(at - (2 * range.low - values[i]), bandwidth) +
             kernel(at - (2 * range.high - values[i]), bandwidth);
    density[p] = sum / (double)n;
  }
}
