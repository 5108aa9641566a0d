/* Latin squares balanced for neighbours: Williams designs.
 *
 * With n conditions a Williams design has n rows where n is even and 2n where it is odd. Over its rows every condition
 * comes at every place equally often (once, or twice), and directly follows every other condition equally often.
 *
 * Source: Williams 1949, Experimental designs balanced for the estimation of residual effects of treatments, Australian
 * Journal of Scientific Research A 2, 149-168, doi:10.1071/CH9490149. */
#ifndef DREAMRIG_ALLOCATION_LATIN_H
#define DREAMRIG_ALLOCATION_LATIN_H

#include <glib.h>

/* The number of rows of the design of n >= 1 conditions. */
gsize latin_rows(gsize n);
/* Row 0..latin_rows(n)-1 into order[n]: the conditions 0..n-1 in their order. */
void latin_row(gsize n, gsize row, gsize *order);

#endif
