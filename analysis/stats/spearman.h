/* The distribution of Spearman's rank correlation where the variables are independent. */
#ifndef DREAMRIG_STATS_SPEARMAN_H
#define DREAMRIG_STATS_SPEARMAN_H

#include <glib.h>

/* All orders of the ranks are counted up to this many pairs; beyond, an Edgeworth series stands for them. */
#define SPEARMAN_COUNTED 14
/* R's cor.test tests by t from this many pairs on, or with ties; so do we. */
#define SPEARMAN_T_FROM 1290

/* P(S >= s) for the sum S of squared differences between the ranks of n >= 2 pairs without ties: 0 for identical
 * orders, n (n^2 - 1) / 3 for opposite ones; r = 1 - 6 S / (n (n^2 - 1)). It falls as s grows.
 *
 * Beyond SPEARMAN_COUNTED pairs it is as R's cor.test, but for the far tail, where the series falls below 0 (R's p
 * is then 0) or rises again: from where it first meets the t approximation or no longer falls, that approximation
 * (cor.test's with exact = FALSE) takes its place (at least 1 / n!). This is one-tailed at 3e-5 for 15 pairs, 7e-6 for 20, 5e-10 for 80.
 * Against all orders of 15 to 17 pairs the series is within 2 % where p (one-tailed) is 5e-4 or more and a third too
 * small at 1e-4 of 15 pairs; t is too small by a factor of 2 to 3 from 1e-4 to 5e-6 and of 10 at 1e-8.
 * Source: Best & Roberts 1975, AS 89, doi:10.2307/2347111; we count all n! orders by the sets of ranks that are used up
 * rather than one by one. */
double spearman_upper(double s, gsize n);

#endif
