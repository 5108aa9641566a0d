#include "analysis/stats/effect_size.h"

#include <math.h>

#include "analysis/stats/distributions.h"
#include "analysis/stats/t_test.h"

#define F_NCP_LIMIT 1e5

typedef struct {
  double value, df1, df2; /* df1 is NaN for t */
} Observed;

static double upper_tail(const Observed *observed, double ncp) {
  return isnan(observed->df1) ? distribution_t_noncentral_upper(observed->value, observed->df2, ncp)
                              : distribution_f_noncentral_upper(observed->value, observed->df1, observed->df2, ncp);
}

/* The noncentrality in low..high at which the observed value has this upper tail, which grows with ncp; NaN where the
 * tail there is not reached. Bisection: sure, and to the last digit in a hundred steps. */
static double solve_ncp(const Observed *observed, double tail, double low, double high) {
  if (!(upper_tail(observed, low) <= tail) || !(upper_tail(observed, high) >= tail))
    return NAN;
  for (int step = 0; step < 200 && low < high; step++) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high)
      break;
    if (upper_tail(observed, middle) < tail)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}

/* The limits of a t's noncentrality, times scale. */
static void t_interval(double t, double df, double scale, StandardisedDifference *effect) {
  const Observed observed = {t, NAN, df};
  double tail = (1 - DESCRIPTIVE_CONFIDENCE) / 2, furthest = 100 + 4 * fabs(t);
  effect->ci_low = solve_ncp(&observed, tail, -furthest, furthest) * scale;
  effect->ci_high = solve_ncp(&observed, 1 - tail, -furthest, furthest) * scale;
}

static double bias_factor(double df) { return exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2); }

/* scale turns t into d. */
static void finish(StandardisedDifference *effect, double df, double scale) {
  effect->g = df > 1 ? effect->d * bias_factor(df) : NAN;
  t_interval(effect->d / scale, df, scale, effect);
}

static const StandardisedDifference no_difference = {NAN, NAN, NAN, NAN};

void effect_size_one_sample(const Description *values, double reference, StandardisedDifference *effect) {
  *effect = no_difference;
  double scale = 1 / sqrt((double)values->n);
  if (values->n < 2 || !(values->sd * scale > T_TEST_CONSTANT_SHARE * fabs(values->mean)))
    return;
  effect->d = (values->mean - reference) / values->sd;
  finish(effect, (double)values->n - 1, scale);
}

void effect_size_two_samples(const Description *first, const Description *second, StandardisedDifference *effect) {
  *effect = no_difference;
  if (first->n < 2 || second->n < 2)
    return;
  double n1 = (double)first->n, n2 = (double)second->n, df = n1 + n2 - 2;
  double pooled = sqrt(((n1 - 1) * first->sd * first->sd + (n2 - 1) * second->sd * second->sd) / df);
  double scale = sqrt(1 / n1 + 1 / n2);
  if (!(pooled * scale > T_TEST_CONSTANT_SHARE * fmax(fabs(first->mean), fabs(second->mean))))
    return;
  effect->d = (first->mean - second->mean) / pooled;
  finish(effect, df, scale);
}

void effect_size_variance(double f, double df1, double df2, double n, VarianceShare *effect) {
  *effect = (VarianceShare){NAN, NAN, NAN, NAN};
  if (!isfinite(f) || f < 0 || !(df1 > 0) || !(df2 > 0) || !(n > 0))
    return;
  effect->eta2 = df1 * f / (df1 * f + df2);
  effect->omega2 = df1 * (f - 1) / (df1 * (f - 1) + n);
  const Observed observed = {f, df1, df2};
  double tail = (1 - DESCRIPTIVE_CONFIDENCE) / 2;
  /* Where even no effect makes the observed value unlikely small, the limit is 0. */
  double central = upper_tail(&observed, 0);
  /* The upper limit of one df2 is the furthest, near 5.02 df1 f: chi squared's 97.5 %. */
  double high_start = fmin(F_NCP_LIMIT, 100 + 8 * df1 * f);
  double low = central >= tail ? 0 : solve_ncp(&observed, tail, 0, high_start);
  double high = central >= 1 - tail ? 0 : solve_ncp(&observed, 1 - tail, 0, high_start);
  effect->ci_low = low / (low + n);
  effect->ci_high = high / (high + n);
}
