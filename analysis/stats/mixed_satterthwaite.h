/* Derivatives of the deviance and of the fixed effects' covariance with respect to the variance parameters, and
 * Satterthwaite's degrees of freedom from them. For mixed.c.
 *
 * Source: Kuznetsova et al. 2017, doi:10.18637/jss.v082.i13, section 3; Giesbrecht & Burns 1985,
 * doi:10.2307/2530872. Derivatives are fourth-order central differences in theta, exact in sigma. */
#ifndef DREAMRIG_STATS_MIXED_SATTERTHWAITE_H
#define DREAMRIG_STATS_MIXED_SATTERTHWAITE_H

#include "analysis/stats/mixed_system.h"

typedef struct {
  gsize k, rank;      /* parameters of theta; fixed effects */
  double *covariance; /* (rank, rank) of the coefficients at the optimum */
  double *jacobian;   /* (k + 1, rank, rank) its derivatives by theta and sigma */
  double *inverse;    /* (k + 1, k + 1) covariance of (theta, sigma): twice the generalised inverse of the Hessian */
  double *newton;   /* (k) the Newton step that leads to the minimum: theta - newton; 0 of parameters at their bound */
  double decrement; /* what a Newton step from here would take off the deviance; negative where it is no minimum */
} MixedDerivatives;

/* At theta, with sigma as given. Fails with RIG_ERROR_MEMORY; *defined is false where the deviance could not be
 * computed around theta. Free with mixed_derivatives_clear. */
bool mixed_derivatives(MixedSystem *system, const double *theta, double sigma, bool reml, MixedDerivatives *derivatives,
                       bool *defined, GError **error);
void mixed_derivatives_clear(MixedDerivatives *derivatives);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MixedDerivatives, mixed_derivatives_clear)

/* Degrees of freedom of the coefficient with this index; NaN where they are not defined. */
double mixed_satterthwaite(const MixedDerivatives *derivatives, gsize coefficient);

#endif
