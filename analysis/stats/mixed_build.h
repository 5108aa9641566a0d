/* The cross-products of a mixed model's columns, which its evaluations start from. For mixed_system.c. */
#ifndef DREAMRIG_STATS_MIXED_BUILD_H
#define DREAMRIG_STATS_MIXED_BUILD_H

/* Columns of the eliminated group that are subtracted in one matrix product. */
#define MIXED_PANEL 256

#endif
