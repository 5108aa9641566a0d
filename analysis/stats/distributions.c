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

double distribution_t_upper(double t, double df) {
  if (isnan(t) || !valid_df(df))
    return NAN;
  return pt(t, df, 0, 0);
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

const char *distribution_stars(double p) {
  if (p < 0.001)
    return "***";
  if (p < 0.01)
    return "**";
  if (p < 0.05)
    return "*";
  return "";
}
