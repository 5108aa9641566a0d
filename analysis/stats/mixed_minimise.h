/* The search for the variance parameters of a mixed model: the lowest deviance over theta. For mixed.c.
 *
 * Where effects of a level correlate, the deviance can have several minima, and the bound of zero on the diagonal of T
 * makes more: at T_kk = 0 the sign of the entries below it decides whether the deviance falls inwards. Such models are
 * searched from several starts without the bound (a column's sign does not matter to TT'), and the lowest is kept.
 * Models of variances alone, whose deviance makes no such trouble, are searched once. */
#ifndef DREAMRIG_STATS_MIXED_MINIMISE_H
#define DREAMRIG_STATS_MIXED_MINIMISE_H

#include "analysis/stats/mixed_system.h"

/* Fills theta (n_parameters), diagonals not negative, and counts the evaluations. False where no search ended by its
 * tolerances; theta is then the best point seen. */
bool mixed_minimise(MixedSystem *system, bool reml, double *theta, gsize *n_evaluations);

#endif
