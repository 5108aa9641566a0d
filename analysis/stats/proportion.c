#include "analysis/stats/proportion.h"

#include <math.h>

#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"

void proportion_interval(gsize successes, gsize n, double *low, double *high) {
  double z = distribution_normal_quantile((1 + DESCRIPTIVE_CONFIDENCE) / 2);
  double count = (double)n, p = (double)successes / count;
  double centre = (p + z * z / (2 * count)) / (1 + z * z / count);
  double half = z / (1 + z * z / count) * sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  *low = centre - half;
  *high = centre + half;
}
