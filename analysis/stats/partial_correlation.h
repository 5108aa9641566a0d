/* Correlations of two variables with others held constant. */
#ifndef DREAMRIG_STATS_PARTIAL_CORRELATION_H
#define DREAMRIG_STATS_PARTIAL_CORRELATION_H

#include "analysis/stats/correlation.h"

/* The correlation of x and y given controls[i], (n) each, over the complete cases: that of the residuals of either on
 * the controls (for Spearman's, all as mid-ranks); t has n - 2 - controls degrees of freedom, and so has the interval;
 * Spearman's p is by t, too.
 * n_controls may be 0. A control that depends on those before it does not count. r is NaN where the controls leave
 * nothing of a variable, or no degrees of freedom. *n_used: controls that counted. Fails with RIG_ERROR_MEMORY only.
 * Source: Fisher 1924, Metron 3:329. */
bool partial_correlation(CorrelationKind kind, const double *x, const double *y, const double *const *controls,
                         gsize n_controls, gsize n, Correlation *correlation, gsize *n_used, GError **error);

#endif
