#include "analysis/stats/spearman.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "analysis/stats/distributions.h"

/* How many of n ranks a set of them (bits) holds; *odd: whether the sums of the first pairs, as many as these, with
 * these ranks are odd, which is the same whatever their order. */
static gsize ranks_in(gsize set, gsize n, gsize *odd) {
  gsize pair = 0;
  *odd = 0;
  for (gsize rank = 0; rank < n; rank++)
    if (set >> rank & 1)
      *odd ^= (rank ^ pair++) & 1;
  return pair;
}

/* Adds the ways to give the next pair a rank that the set does not hold. to[slot of a set] and from: (width) ways by
 * half the sum. */
static void extend(gsize set, gsize n, const double *from, const gsize *slot, gsize width, double *to) {
  gsize odd, pair = ranks_in(set, n, &odd);
  for (gsize rank = 0; rank < n; rank++) {
    if (set >> rank & 1)
      continue;
    gsize distance = rank > pair ? rank - pair : pair - rank, more = (distance * distance + odd) / 2;
    double *ways = to + slot[set | (gsize)1 << rank] * width;
    for (gsize half = 0; half + more < width; half++)
      ways[half + more] += from[half];
  }
}

/* The share of the n! orders with a sum of at most `most`, which is even. */
static double counted(gsize most, gsize n) {
  gsize n_sets = (gsize)1 << n, width = most / 2 + 1, largest = 0, odd;
  gsize n_of_size[SPEARMAN_COUNTED + 1] = {0};
  g_autofree gsize *slot = g_new(gsize, n_sets); /* among the sets of as many ranks */
  for (gsize set = 0; set < n_sets; set++)
    slot[set] = n_of_size[ranks_in(set, n, &odd)]++;
  for (gsize size = 0; size <= n; size++)
    largest = MAX(largest, n_of_size[size]);
  g_autofree double *from = g_new0(double, largest *width), *to = g_new0(double, largest *width);
  from[0] = 1;
  for (gsize size = 0; size < n; size++) {
    memset(to, 0, largest * width * sizeof *to);
    for (gsize set = 0; set < n_sets; set++)
      if (ranks_in(set, n, &odd) == size)
        extend(set, n, from + slot[set] * width, slot, width, to);
    double *swap = from;
    from = to;
    to = swap;
  }
  double as_small = 0;
  for (gsize half = 0; half < width; half++)
    as_small += from[half];
  return as_small / exp(lgamma((double)n + 1));
}

/* Best and Roberts' series in 1 / n about the normal distribution of x = r sqrt(n - 1), with their constants. */
static double edgeworth(double x, gsize n) {
  double b = 1 / (double)n, y = x * x;
  double inner = 0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y);
  double middle = -0.0758 + b * (0.1033 + 0.3932 * b) - y * b * (0.0879 + 0.0151 * b - y * inner);
  double correction = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * middle);
  return correction / exp(y / 2) + distribution_normal_upper(x);
}

static double by_t(double r, gsize n) {
  double df = (double)n - 2;
  return r < 1 ? distribution_t_two_tailed(r * sqrt(df / ((1 - r) * (1 + r))), df) / 2 : 0;
}

#define STEPS 64      /* the series is looked at so often in a unit of x */
#define NEAR_ONE 1e-3 /* where t's p is larger, the two differ by thousandths either way and the series is right */

/* Whether the series is above t's p, and falls, from NEAR_ONE's place to the first step at or after x: what it does
 * beyond its first fault means nothing, even where it looks right again. */
static bool series_holds(double x, gsize n) {
  double root = sqrt((double)n - 1), before = 1;
  for (double step = 0;; step++) {
    double at = step / STEPS, p_t = by_t(at / root, n), p = edgeworth(at, n);
    if (p_t <= NEAR_ONE && !(p > p_t && p < before))
      return false;
    if (at >= x)
      return true;
    before = p;
  }
}

/* r of at least 0. */
static double approximated(double s, gsize n) {
  double size = (double)n, r = 6 * s / (size * (size * size - 1)) - 1;
  double x = (6 * (s - 1) / (size * (size * size - 1)) - 1) * sqrt(size - 1); /* s - 1: midway between sums */
  double p = edgeworth(x, n), p_t = by_t(r, n);
  /* Any sum that occurs is that of at least one of the n! orders. */
  return fmax(p_t > NEAR_ONE || (p > p_t && series_holds(x, n)) ? p : p_t, exp(-lgamma(size + 1)));
}

double spearman_upper(double s, gsize n) {
  double size = (double)n, most = size * (size * size - 1) / 3;
  double even = 2 * ceil(s / 2); /* other sums do not occur */
  if (even <= 0)
    return 1;
  if (even > most)
    return 0;
  /* As many orders have most - S as S. */
  bool upper = even > most / 2;
  if (n <= SPEARMAN_COUNTED)
    return upper ? counted((gsize)(most - even), n) : 1 - counted((gsize)(even - 2), n);
  return upper ? approximated(even, n) : 1 - approximated(most - even + 2, n);
}
