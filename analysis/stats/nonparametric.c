#include "analysis/stats/nonparametric.h"

#include <math.h>

#include "analysis/stats/anova.h"
#include "analysis/stats/correlation.h"
#include "analysis/stats/descriptive.h"
#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"

/* The sum of t^3 - t over runs of t tied values; sorts the values. */
static double tie_sum(double *values, gsize n) {
  double sum = 0;
  descriptive_sort(values, n);
  for (gsize first = 0; first < n;) {
    gsize tied = correlation_tied(values + first, n - first);
    double t = (double)tied;
    sum += t * t * t - t;
    first += tied;
  }
  return sum;
}

static void test_rank_sum(RankSum *test, double ties) {
  double m = (double)test->n_first, n = (double)test->n_second, mean = m * n / 2;
  test->exact = ties == 0 && m < NONPARAMETRIC_EXACT_BELOW && n < NONPARAMETRIC_EXACT_BELOW;
  if (test->exact) {
    double tail = test->w > mean ? 1 - distribution_rank_sum_lower(test->w - 1, m, n)
                                 : distribution_rank_sum_lower(test->w, m, n);
    test->p = fmin(1, 2 * tail);
    return;
  }
  double variance = m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1)));
  if (!(variance > 0)) {
    test->undefined = "all values are the same";
    return;
  }
  double z = test->w - mean;
  z = (z - (z > 0 ? 0.5 : z < 0 ? -0.5 : 0)) / sqrt(variance);
  test->p = fmin(1, 2 * distribution_normal_upper(fabs(z)));
}

static gsize copy_known(double *to, const double *from, gsize n) {
  gsize known = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan(from[i]))
      to[known++] = from[i];
  return known;
}

bool nonparametric_rank_sum(const double *x, gsize n_x, const double *y, gsize n_y, RankSum *test, GError **error) {
  g_autofree double *values = memory_doubles(n_x + n_y, 2, error);
  if (values == NULL)
    return false;
  RankSum made = {.w = NAN, .p = NAN, .rank_biserial = NAN};
  made.n_first = copy_known(values, x, n_x);
  made.n_second = copy_known(values + made.n_first, y, n_y);
  gsize n = made.n_first + made.n_second;
  double *ranks = values + n_x + n_y;
  if (!correlation_rank(values, n, ranks, error))
    return false;
  if (made.n_first == 0 || made.n_second == 0) {
    made.undefined = "a group has no values";
  } else {
    double first = (double)made.n_first, sum = 0;
    for (gsize i = 0; i < made.n_first; i++)
      sum += ranks[i];
    made.w = sum - first * (first + 1) / 2;
    made.rank_biserial = 2 * made.w / (first * (double)made.n_second) - 1;
    test_rank_sum(&made, tie_sum(values, n));
  }
  *test = made;
  return true;
}

bool nonparametric_kruskal_wallis(const double *y, const gsize *group, gsize n, gsize n_groups, KruskalWallis *test,
                                  GError **error) {
  g_autofree double *values = memory_doubles(n, 2, error), *sums = memory_doubles(n_groups, 2, error);
  g_autofree gsize *groups = memory_items(n, sizeof *groups, error);
  if (values == NULL || sums == NULL || groups == NULL)
    return false;
  KruskalWallis made = {.h = NAN, .df = NAN, .p = NAN, .epsilon2 = NAN};
  for (gsize i = 0; i < n; i++)
    if (group[i] != ANOVA_NO_GROUP && !isnan(y[i])) {
      groups[made.n] = group[i];
      values[made.n++] = y[i];
    }
  double *ranks = values + n, *sizes = sums + n_groups;
  if (!correlation_rank(values, made.n, ranks, error))
    return false;
  for (gsize i = 0; i < made.n; i++) {
    sums[groups[i]] += ranks[i];
    sizes[groups[i]]++;
  }
  double squares = 0, total = (double)made.n;
  for (gsize g = 0; g < n_groups; g++)
    if (sizes[g] > 0) {
      made.n_filled++;
      squares += sums[g] * sums[g] / sizes[g];
    }
  double ties = tie_sum(values, made.n);
  if (made.n_filled < 2) {
    made.undefined = "a comparison takes at least two groups with values";
  } else if (ties >= total * total * total - total) {
    made.undefined = "all values are the same";
  } else {
    made.h = (12 * squares / (total * (total + 1)) - 3 * (total + 1)) / (1 - ties / (total * total * total - total));
    made.df = (double)made.n_filled - 1;
    made.p = distribution_chi2_upper(fmax(0, made.h), made.df);
    made.epsilon2 = made.h / (total - 1);
  }
  *test = made;
  return true;
}
