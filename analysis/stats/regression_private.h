/* What the two ways into a regression (data, correlations) share. */
#ifndef DREAMRIG_STATS_REGRESSION_PRIVATE_H
#define DREAMRIG_STATS_REGRESSION_PRIVATE_H

#include "analysis/stats/regression.h"

/* A regression with named terms and every number NaN. */
Regression *regression_new(const char *const *names, gsize n_predictors);
/* Fills se, t, p and the interval of a term whose beta is set. */
void regression_test_term(RegressionTerm *term, double se, double df);

#endif
