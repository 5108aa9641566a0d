#include "analysis/features/identification.h"

#include <math.h>
#include <stdbool.h>

/* One factor a value. */
static double *weights(gsize n_images, gsize n_values, const double *d, const gsize *block_sizes, gsize n_blocks) {
  double *w = g_new0(double, n_values);
  gsize value = 0;
  for (gsize block = 0; block < n_blocks; block++)
    for (gsize k = 0; k < block_sizes[block]; k++, value++) {
      double mean = 0, squares = 0;
      for (gsize i = 0; i < n_images; i++)
        mean += d[i * n_values + value] / (double)n_images;
      for (gsize i = 0; i < n_images; i++)
        squares += (d[i * n_values + value] - mean) * (d[i * n_values + value] - mean);
      double deviation = sqrt(squares / (double)n_images);
      w[value] = deviation > 1e-12 ? 1 / (deviation * sqrt((double)block_sizes[block])) : 0;
    }
  g_assert(value == n_values);
  return w;
}

void identification_run(gsize n_images, gsize n_values, const double *descriptions, const gsize *block_sizes,
                        gsize n_blocks, const int *classes, const int *seeds, Identification *results) {
  g_autofree double *w = weights(n_images, n_values, descriptions, block_sizes, n_blocks);
  for (gsize i = 0; i < n_images; i++) {
    double nearest = INFINITY;
    bool partner = false;
    results[i] = IDENTIFICATION_MISSED;
    for (gsize j = 0; j < n_images; j++) {
      if (seeds[j] == seeds[i])
        continue;
      partner = partner || classes[j] == classes[i];
      double distance = 0;
      for (gsize k = 0; k < n_values; k++) {
        double difference = w[k] * (descriptions[i * n_values + k] - descriptions[j * n_values + k]);
        distance += difference * difference;
      }
      if (distance < nearest) {
        nearest = distance;
        results[i] = classes[j] == classes[i] ? IDENTIFICATION_FOUND : IDENTIFICATION_MISSED;
      }
    }
    if (!partner)
      results[i] = IDENTIFICATION_NONE;
  }
}
