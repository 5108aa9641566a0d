/* The three groups of data.h. */
#ifndef DREAMRIG_TESTS_STATS_GROUPS_H
#define DREAMRIG_TESTS_STATS_GROUPS_H

#include "analysis/stats/descriptive.h"

/* The values of y in a group, in order; returns their number. */
gsize groups_values(gsize group, double *values);
Description groups_description(gsize group);

#endif
