/* The data that the tests of the statistics share; R's answers to them are in the tests.
 *
 * Made in R 4.2.2 by: set.seed(20240611); n <- 23; a <- round(rnorm(n, 50, 12), 2); b <- round(0.7*a + rnorm(n, 3, 5),
 * 2); c <- round(runif(n, 2, 9), 3); y <- round(20 + 0.4*a - 0.25*b + 1.7*c + rnorm(n, 0, 4), 2) */
#ifndef DREAMRIG_TESTS_STATS_DATA_H
#define DREAMRIG_TESTS_STATS_DATA_H

#include <glib.h>

#define DATA_N 23
static const double data_a[DATA_N] = {29.95, 59.29, 25.37, 50.19, 39.99, 51.58, 39.33, 50.33,
                                      42.78, 33.02, 59.37, 67.07, 38.46, 21.17, 48.45, 54.51,
                                      42.11, 49.42, 39.21, 51.08, 49.06, 51.28, 36.59};
static const double data_b[DATA_N] = {25.79, 51.23, 18.7,  36.1,  31.42, 42.73, 31.68, 33.46, 29.45, 29.77, 52.2, 47.68,
                                      37.76, 18.82, 41.69, 33.85, 35.87, 38.53, 34.17, 37.4,  43.34, 44.56, 28.31};
static const double data_c[DATA_N] = {8.213, 5.532, 7.896, 7.696, 2.805, 8.8,   4.69, 5.233, 2.516, 7.734, 3.283, 6.224,
                                      3.63,  6.469, 5.004, 8.745, 4.469, 2.948, 5.61, 4.814, 6.243, 4.178, 5.229};
static const double data_y[DATA_N] = {35.62, 44.94, 41.52, 42.96, 37.26, 41.79, 32.77, 42.03, 40.9,  41.21, 39.3, 54.64,
                                      34.45, 25.66, 37.39, 47.68, 30.5,  32.37, 36.29, 38.1,  41.68, 33.65, 40.73};
/* Groups of 8, 10 and 5. */
static const gsize data_group[DATA_N] = {0, 1, 2, 1, 0, 2, 2, 1, 0, 0, 1, 2, 1, 1, 0, 2, 1, 0, 1, 2, 1, 1, 0};

#endif
