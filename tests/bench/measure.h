/* What a command costs, for the speed measurements. */
#ifndef DREAMRIG_TESTS_BENCH_MEASURE_H
#define DREAMRIG_TESTS_BENCH_MEASURE_H

#include <stdbool.h>

/* Runs the command without its output; its processor and wall seconds, and its largest resident size. False where it
 * cannot be run or fails. */
bool measure(char **argv, double *processor, double *wall, double *mib);

#endif
