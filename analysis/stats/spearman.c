#include "analysis/stats/spearman.h"

#include <math.h>

#include "analysis/stats/distributions.h"

/* The share of the n! orders with a sum of at least s. orders[set][sum] is the number of ways in which the first pairs,
 * as many as the set has ranks, take these ranks with this sum. */
static double counted(double s, gsize n) {
  gsize n_sets = (gsize)1 << n, width = n * (n * n - 1) / 3 + 1;
  g_autofree double *orders = g_new0(double, n_sets *width);
  orders[0] = 1;
  for (gsize set = 0; set + 1 < n_sets; set++) {
    const double *from = orders + set * width;
    gsize pair = 0;
    for (gsize rank = 0; rank < n; rank++)
      pair += set >> rank & 1;
    for (gsize rank = 0; rank < n; rank++) {
      if (set >> rank & 1)
        continue;
      double *to = orders + (set | (gsize)1 << rank) * width;
      gsize distance = rank > pair ? rank - pair : pair - rank;
      for (gsize sum = 0; sum + distance * distance < width; sum++)
        to[sum + distance * distance] += from[sum];
    }
  }
  double as_large = 0, all = 0;
  for (gsize sum = 0; sum < width; sum++) {
    double count = orders[(n_sets - 1) * width + sum];
    all += count;
    as_large += (double)sum >= s ? count : 0;
  }
  return as_large / all;
}

/* Best and Roberts' series in 1 / n about the normal distribution of r sqrt(n - 1), with their constants. */
static double edgeworth(double s, gsize n) {
  double size = (double)n, b = 1 / size;
  double x = (6 * (s - 1) * b / (size * size - 1) - 1) * sqrt(size - 1), y = x * x;
  double inner = 0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y);
  double middle = -0.0758 + b * (0.1033 + 0.3932 * b) - y * b * (0.0879 + 0.0151 * b - y * inner);
  double correction = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * middle);
  /* Any sum that occurs is that of at least one of the n! orders. */
  return CLAMP(correction / exp(y / 2) + distribution_normal_upper(x), exp(-lgamma(size + 1)), 1);
}

double spearman_upper(double s, gsize n) {
  double size = (double)n, most = size * (size * size - 1) / 3;
  double even = 2 * ceil(s / 2); /* other sums do not occur */
  if (even <= 0)
    return 1;
  if (even > most)
    return 0;
  return n <= SPEARMAN_COUNTED ? counted(even, n) : edgeworth(even, n);
}
