/* Ratings of images by participants, made by whole-number arithmetic so that R has the same ones. In R:
 *   d <- expand.grid(i = 0:(I-1), p = 0:(P-1))
 *   within(d, { x <- ((i*13)%%19)/4; z <- ((i*i*7)%%23)/5; w <- x + z - 1
 *     layer <- paste0("L", i%%4); image <- paste0("m", i); participant <- paste0("s", p)
 *     type <- c("conv","mixed","pool")[1 + (i*5)%%3]
 *     y <- 40 + 3*x - 2*z + ((p*37)%%23-11)*.8 + ((i*29)%%17-8)*.9 + ((p*5)%%7-3)*.5*x +
 *          ((p*p*31+i*i*17+p*i*7+5*p+3*i)%%41-20)*.6 })
 * and s, y without what images and slopes add: y - ((i*29)%%17-8)*.9 - ((p*5)%%7-3)*.5*x. */
#ifndef DREAMRIG_TESTS_CROSSED_H
#define DREAMRIG_TESTS_CROSSED_H

#include "analysis/stats/mixed.h"

/* All of 12 participants and 10 images. */
Table *crossed_balanced(void);
/* In R: g <- subset(full(20, 16), (p*3 + i*5 + p*i) %% 4 != 0 | p == i), 288 rows. */
Table *crossed_incomplete(void);

/* Fits a formula to a table; both must be without fault. */
MixedModel *crossed_fit(const Table *table, const char *formula, bool ml);

#endif
