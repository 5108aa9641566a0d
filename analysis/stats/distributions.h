/* Tail probabilities and quantiles, exactly as R has them but for a noncentral t far out: R's own mathlib behind checks
 * of the arguments (it prints a warning where an argument is out of its domain; these give NaN and print nothing).
 *
 * Degrees of freedom may be fractional (Welch). NaN for any argument that is NaN, and for degrees of freedom that are
 * not finite and positive.
 *
 * Source: R 4.2 nmath: pt, qt, pf, qf, pnorm, qnorm, pchisq, ptukey, qtukey, pwilcox, pnt, pnf (Rmath.h). */
#ifndef DREAMRIG_STATS_DISTRIBUTIONS_H
#define DREAMRIG_STATS_DISTRIBUTIONS_H

/* P(|T| >= |t|), Student's t. Infinite t gives 0. */
double distribution_t_two_tailed(double t, double df);
/* The t with P(T <= t) = p, 0 < p < 1; NaN for other p. */
double distribution_t_quantile(double p, double df);
/* P(F >= f), Fisher's F. f below 0 gives NaN. */
double distribution_f_upper(double f, double df1, double df2);
/* The z with P(Z <= z) = p, standard normal, 0 < p < 1; NaN for other p. */
double distribution_normal_quantile(double p);

/* P(Z >= z), standard normal. */
double distribution_normal_upper(double z);
/* The f with P(F <= f) = p, 0 < p < 1; NaN for other p. */
double distribution_f_quantile(double p, double df1, double df2);
/* P(X >= x), chi squared; x below 0 gives NaN. */
double distribution_chi2_upper(double x, double df);
/* The studentized range of `groups` means: P(Q >= q), and the q with P(Q <= q) = p. NaN below 2 groups or df 2. */
double distribution_range_upper(double q, double groups, double df);
double distribution_range_quantile(double p, double groups, double df);
/* P(W <= w) of the rank-sum statistic W of samples of m and n without ties, 0..mn. m, n >= 1 and at most 50 (memory).
 * Not safe from several threads: mathlib keeps its counts. */
double distribution_rank_sum_lower(double w, double m, double n);
/* P(T >= t) of noncentral t. Beyond |ncp| 37.62, where R leaves the series for a normal approximation, it is integrated
 * instead, to some 1e-13. */
double distribution_t_noncentral_upper(double t, double df, double ncp);
/* P(F >= f) of noncentral F, 0 <= ncp <= 1e5; NaN beyond. */
double distribution_f_noncentral_upper(double f, double df1, double df2, double ncp);

/* The stars of a p-value: "***" below .001, "**" below .01, "*" below .05, else "" (also for NaN). */
const char *distribution_stars(double p);

#endif
