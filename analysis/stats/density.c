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

/* The normal distribution's share below z. */
static double below(double z) { return .5 * erfc(-z * G_SQRT2 / 2); }

/* shares[n_cells]: of one value's kernel in each cell, with what was reflected; they add up to 1. */
static void share_out(double value, DensityRange range, double bandwidth, double *shares, gsize n_cells) {
  double step = (range.high - range.low) / (double)n_cells, sum = 0;
  for (gsize c = 0; c < n_cells; c++) {
    double from = range.low + step * (double)c, to = from + step;
    const double images[] = {value, 2 * range.low - value, 2 * range.high - value};
    shares[c] = 0;
    for (gsize k = 0; k < G_N_ELEMENTS(images); k++)
      shares[c] += below((to - images[k]) / bandwidth) - below((from - images[k]) / bandwidth);
    sum += shares[c];
  }
  for (gsize c = 0; c < n_cells; c++)
    shares[c] /= sum;
}

bool density_plane(const double *x, const double *y, gsize n, DensityRange x_range, DensityRange y_range,
                   double x_bandwidth, double y_bandwidth, double *density, gsize n_cells, GError **error) {
  g_autofree double *shares = memory_doubles(2, n_cells, error);
  if (shares == NULL)
    return false;
  double *row = shares + n_cells;
  memset(density, 0, n_cells * n_cells * sizeof *density);
  for (gsize i = 0; i < n; i++) {
    share_out(x[i], x_range, x_bandwidth, shares, n_cells);
    share_out(y[i], y_range, y_bandwidth, row, n_cells);
    for (gsize r = 0; r < n_cells; r++)
      for (gsize c = 0; c < n_cells; c++)
        density[r * n_cells + c] += row[r] * shares[c] / (double)n;
  }
  return true;
}
