/* Intervals of proportions. */
#ifndef DREAMRIG_STATS_PROPORTION_H
#define DREAMRIG_STATS_PROPORTION_H

#include <glib.h>

/* Wilson's 95 % interval of successes among n >= 1. Source: Wilson 1927, doi:10.1080/01621459.1927.10502953. */
void proportion_interval(gsize successes, gsize n, double *low, double *high);

#endif
