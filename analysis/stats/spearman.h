/* The distribution of Spearman's rank correlation where the variables are independent. */
#ifndef DREAMRIG_STATS_SPEARMAN_H
#define DREAMRIG_STATS_SPEARMAN_H

#include <glib.h>

/* All orders of the ranks are counted up to this many pairs; beyond, an Edgeworth series stands for them. */
#define SPEARMAN_COUNTED 9
/* R's cor.test tests by these tails below this many pairs, and by t from there on, or with ties. */
#define SPEARMAN_T_FROM 1290

/* P(S >= s) for the sum S of squared differences between the ranks of n >= 2 pairs without ties: 0 for identical
 * orders, n (n^2 - 1) / 3 for opposite ones; r = 1 - 6 S / (n (n^2 - 1)). As R's cor.test, but at
 * least 1 / n! where the series gives less.
 * Source: Best & Roberts 1975, AS 89, doi:10.2307/2347111; we count all n! orders by the sets of ranks that are used up
 * rather than one by one. */
double spearman_upper(double s, gsize n);

#endif
