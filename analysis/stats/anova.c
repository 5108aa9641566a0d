#include "analysis/stats/anova.h"

#include <math.h>

#include "analysis/stats/distributions.h"
#include "analysis/stats/memory.h"
#include "analysis/stats/t_test.h"
#include "stimuli/base/error.h"

/* Fills the groups and sums of squares. values is a workspace of (n). */
static bool sum_groups(const double *y, const gsize *group, gsize n, double *values, Anova *anova, GError **error) {
  gsize used = 0;
  bool constant = true; /* all values used are the same */
  for (gsize i = 0; i < n; i++) {
    if (group[i] == ANOVA_NO_GROUP || isnan(y[i]))
      continue;
    g_assert(group[i] < anova->n_groups);
    if (isinf(y[i])) {
      g_set_error(error, RIG_ERROR, RIG_ERROR_INPUT, "analysis of variance: value %" G_GSIZE_FORMAT " is infinite",
                  i + 1);
      return false;
    }
    values[used++] = y[i];
    if (y[i] != values[0])
      constant = false;
  }
  anova->n = used;
  anova->n_excluded = n - used;
  double grand = descriptive_mean(values, used);
  for (gsize g = 0; g < anova->n_groups; g++) {
    Description *d = &anova->groups[g];
    gsize size = 0;
    for (gsize i = 0; i < n; i++)
      if (group[i] == g && !isnan(y[i]))
        values[size++] = y[i];
    if (!descriptive_describe(values, size, DESCRIPTIVE_CONFIDENCE, d, error))
      return false;
    if (size == 0)
      continue;
    anova->n_filled++;
    for (gsize i = 0; i < size; i++)
      anova->ss_within += (values[i] - d->mean) * (values[i] - d->mean);
    if (!constant)
      anova->ss_between += (double)size * (d->mean - grand) * (d->mean - grand);
  }
  anova->ss_total = anova->ss_between + anova->ss_within;
  return true;
}

/* The largest SD that the rounding of values like these can have. */
static double rounding_sd(const Anova *anova) {
  double largest = 0;
  for (gsize g = 0; g < anova->n_groups; g++)
    if (anova->groups[g].n > 0)
      largest = fmax(largest, fmax(fabs(anova->groups[g].min), fabs(anova->groups[g].max)));
  return T_TEST_CONSTANT_SHARE * largest;
}

static void test_fisher(Anova *anova) {
  double rounding = rounding_sd(anova);
  anova->df_between = (double)anova->n_filled - 1;
  anova->df_within = (double)anova->n - (double)anova->n_filled;
  anova->ms_between = anova->df_between > 0 ? anova->ss_between / anova->df_between : NAN;
  anova->ms_within = anova->df_within > 0 ? anova->ss_within / anova->df_within : NAN;
  anova->f = anova->p = anova->eta2 = anova->omega2 = NAN;
  if (!(anova->df_between > 0))
    return;
  if (anova->ss_total > (double)anova->n * rounding * rounding)
    anova->eta2 = anova->ss_between / anova->ss_total;
  if (!(anova->ms_within > rounding * rounding))
    return;
  anova->f = anova->ms_between / anova->ms_within;
  anova->p = distribution_f_upper(anova->f, anova->df_between, anova->df_within);
  anova->omega2 = (anova->ss_between - anova->df_between * anova->ms_within) / (anova->ss_total + anova->ms_within);
}

static void test_welch(Anova *anova) {
  anova->welch_f = anova->welch_df1 = anova->welch_df2 = anova->welch_p = NAN;
  if (anova->n_filled < 2)
    return;
  double weights = 0, weighted = 0, rounding = rounding_sd(anova);
  for (gsize g = 0; g < anova->n_groups; g++) {
    const Description *d = &anova->groups[g];
    if (d->n == 0)
      continue;
    if (d->n < 2 || !(d->sd > rounding))
      return;
    double weight = (double)d->n / (d->sd * d->sd);
    weights += weight;
    weighted += weight * d->mean;
  }
  double mean = weighted / weights;
  double between = 0, lambda = 0;
  for (gsize g = 0; g < anova->n_groups; g++) {
    const Description *d = &anova->groups[g];
    if (d->n == 0)
      continue;
    double weight = (double)d->n / (d->sd * d->sd);
    between += weight * (d->mean - mean) * (d->mean - mean);
    lambda += (1 - weight / weights) * (1 - weight / weights) / ((double)d->n - 1);
  }
  double k = (double)anova->n_filled;
  lambda /= k * k - 1;
  anova->welch_df1 = k - 1;
  anova->welch_df2 = 1 / (3 * lambda);
  anova->welch_f = between / (k - 1) / (1 + 2 * (k - 2) * lambda);
  anova->welch_p = distribution_f_upper(anova->welch_f, anova->welch_df1, anova->welch_df2);
}

bool anova_one_way(const double *y, const gsize *group, gsize n, gsize n_groups, Anova **anova, GError **error) {
  g_autoptr(Anova) made = g_new0(Anova, 1);
  made->n_groups = n_groups;
  made->groups = memory_items(n_groups, sizeof *made->groups, error);
  if (made->groups == NULL)
    return false;
  g_autofree double *values = memory_doubles(n, 1, error);
  if (values == NULL || !sum_groups(y, group, n, values, made, error))
    return false;
  test_fisher(made);
  test_welch(made);
  *anova = g_steal_pointer(&made);
  return true;
}

void anova_free(Anova *anova) {
  if (anova == NULL)
    return;
  g_free(anova->groups);
  g_free(anova);
}
