/* Tail probabilities and quantiles, exactly as R has them: R's own mathlib behind checks of the arguments (it prints a
 * warning where an argument is out of its domain; these give NaN and print nothing).
 *
 * Degrees of freedom may be fractional (Welch). NaN for any argument that is NaN, and for degrees of freedom that are
 * not finite and positive.
 *
 * Source: R 4.2 nmath, pt, qt, pf (Rmath.h). */
#ifndef DREAMRIG_STATS_DISTRIBUTIONS_H
#define DREAMRIG_STATS_DISTRIBUTIONS_H

/* P(|T| >= |t|), Student's t. Infinite t gives 0. */
double distribution_t_two_tailed(double t, double df);
/* P(T >= t). */
double distribution_t_upper(double t, double df);
/* The t with P(T <= t) = p, 0 < p < 1; NaN for other p. */
double distribution_t_quantile(double p, double df);
/* P(F >= f), Fisher's F. f below 0 gives NaN. */
double distribution_f_upper(double f, double df1, double df2);
/* The z with P(Z <= z) = p, standard normal, 0 < p < 1; NaN for other p. */
double distribution_normal_quantile(double p);

/* The stars of a p-value: "***" below .001, "**" below .01, "*" below .05, else "" (also for NaN). */
const char *distribution_stars(double p);

#endif
