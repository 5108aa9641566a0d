#include "analysis/stats/distributions.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static bool valid_df(double df) { return isfinite(df) && df > 0; }

double distribution_t_two_tailed(double t, double df) {
  if (isnan(t) || !valid_df(df))
    return NAN;
  return fmin(1, 2 * pt(fabs(t), df, 0, 0));
}

double distribution_t_quantile(double p, double df) {
  if (!(p > 0 && p < 1) || !valid_df(df))
    return NAN;
  return qt(p, df, 1, 0);
}

double distribution_f_upper(double f, double df1, double df2) {
  if (isnan(f) || f < 0 || !valid_df(df1) || !valid_df(df2))
    return NAN;
  return pf(f, df1, df2, 0, 0);
}

double distribution_normal_quantile(double p) {
  if (!(p > 0 && p < 1))
    return NAN;
  return qnorm(p, 0, 1, 1, 0);
}

double distribution_normal_upper(double z) { return pnorm(z, 0, 1, 0, 0); }

double distribution_f_quantile(double p, double df1, double df2) {
  if (!(p > 0 && p < 1) || !valid_df(df1) || !valid_df(df2))
    return NAN;
  return qf(p, df1, df2, 1, 0);
}

double distribution_chi2_upper(double x, double df) {
  if (isnan(x) || x < 0 || !valid_df(df))
    return NAN;
  return pchisq(x, df, 0, 0);
}

double distribution_range_upper(double q, double groups, double df) {
  if (isnan(q) || !(groups >= 2) || !isfinite(groups) || !valid_df(df) || df < 2)
    return NAN;
  return ptukey(q, 1, groups, df, 0, 0);
}

double distribution_range_quantile(double p, double groups, double df) {
  if (!(p > 0 && p < 1) || !(groups >= 2) || !isfinite(groups) || !valid_df(df) || df < 2)
    return NAN;
  return qtukey(p, 1, groups, df, 1, 0);
}

double distribution_rank_sum_lower(double w, double m, double n) {
  if (isnan(w) || !(m >= 1 && m <= 50 && n >= 1 && n <= 50))
    return NAN;
  return pwilcox(w, m, n, 1, 0);
}

#define SERIES_NCP 37.62 /* beyond, mathlib takes an approximation that is far off for few degrees of freedom */

/* P(T >= t) of t > 0 and a large ncp: T >= t where z + ncp >= t s, z standard normal and s the root of chi squared over
 * df. Trapezoids are exact to rounding for integrands this smooth: beyond the series' ncp no z within 9 makes z + ncp
 * change its sign. */
static double integrate_t_upper(double t, double df, double ncp) {
  if (ncp < 0)
    return 0;
  double step = 0.25 * fmin(1, fmax(t, 10) / sqrt(2 * df)), sum = 0; /* of the normal's and of t s's SD */
  int half = (int)ceil(fmin(9 / step, 1e5));
  for (int k = -half; k <= half; k++) {
    double z = k * step, s = (z + ncp) / t;
    sum += dnorm(z, 0, 1, 0) * pchisq(df * s * s, df, 1, 0);
  }
  return fmin(1, sum * step);
}

/* mathlib prints a warning where it sees digits go: not for upper tails of positive t, nor for lower tails of F. */
double distribution_t_noncentral_upper(double t, double df, double ncp) {
  if (isnan(t) || !valid_df(df) || !isfinite(ncp))
    return NAN;
  if (t < 0)
    return 1 - distribution_t_noncentral_upper(-t, df, -ncp);
  return fabs(ncp) > SERIES_NCP && t > 0 ? integrate_t_upper(t, df, ncp) : pnt(t, df, ncp, 0, 0);
}

double distribution_f_noncentral_upper(double f, double df1, double df2, double ncp) {
  if (isnan(f) || f < 0 || !valid_df(df1) || !valid_df(df2) || !(ncp >= 0 && ncp <= 1e5))
    return NAN;
  return fmax(0, 1 - pnf(f, df1, df2, ncp, 1, 0));
}

const char *distribution_stars(double p) {
  if (p < 0.001)
    return "***";
  if (p < 0.01)
    return "**";
  if (p < 0.05)
    return "*";
  return "";
}
