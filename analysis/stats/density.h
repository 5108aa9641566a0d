/* Kernel density estimates of bounded ratings, for violins. Joint densities: joint_density.h.
 *
 * A Gaussian kernel; what would lie outside the scale is reflected at its ends, so that the density integrates to 1
 * over the scale (Silverman 1986, Density Estimation for Statistics and Data Analysis, section 2.10). */
#ifndef DREAMRIG_STATS_DENSITY_H
#define DREAMRIG_STATS_DENSITY_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
  double low, high; /* of the scale; low < high */
} DensityRange;

/* Silverman's rule of thumb, .9 min(sd, IQR / 1.34) n^-1/5, as R's bw.nrd0; where that is 0 or undefined (constant
 * values, fewer than two), a fiftieth of the range. Fails with RIG_ERROR_MEMORY only. Source: Silverman 1986, eq. 3.31.
 */
bool density_bandwidth(const double *values, gsize n, DensityRange range, double *bandwidth, GError **error);
/* density[n_points]: at n_points >= 2 equal steps from low to high. No values give 0 everywhere. */
void density_line(const double *values, gsize n, DensityRange range, double bandwidth, double *density, gsize n_points);

#endif
